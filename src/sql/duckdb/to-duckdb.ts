import type { Dialect } from '@polyglot-sql/sdk';
import type { TableSet } from '../../ports/tables.ts';
import { callOf } from '../calls.ts';
import { SqlError } from '../errors.ts';
import { keepsClauses } from '../kept-clauses.ts';
import type { ParsedStatement } from '../parse.ts';
import { perColumns } from '../per-columns.ts';
import { placeOfPart } from '../place.ts';
import { asStatements, polyglot } from '../polyglot.ts';
import { type Ast, type AstObject, isObject, listOf, rewrite } from '../tree.ts';
import { inferTypes, type Types } from '../types/infer.ts';
import { AREAS } from './areas/all.ts';
import { catching, caughtIn } from './catch-errors.ts';
import { withLambdaKeyword } from './lambda-syntax.ts';
import { nameColumns, nameResult } from './name-columns.ts';
import { narrowed } from './narrow-integers.ts';
import { withoutAliasesInOrderBy } from './order-by-aliases.ts';
import { refused } from './rewriting.ts';
import { standInNames } from './stand-in-names.ts';
import { withoutStars } from './without-stars.ts';

/**
 * Athena's SQL (Trino) as DuckDB's. Where the same words mean something else in DuckDB, the tree is changed first
 * to say what Trino means (see areas/); the rest is the translator's work.
 * @param tables those whose columns are known, for what depends on a type that no macro can see. Default: none
 */
export const toDuckDb = perColumns(async (statement: ParsedStatement, tables: TableSet): Promise<string> => {
  const { generate, transpile } = await polyglot();
  const types = inferTypes(statement, tables);
  const caught = caughtIn(statement.ast, types);
  const translated = (ast: Ast): Ast =>
    rewrite(ast, (object, was) => {
      const output = types.output(was);
      if (output) return { paren: { this: translated(output), trailing_comments: [] } };
      const changed = caught.has(was)
        ? caughtAsTrinoMeans(object, was, types, statement.text)
        : asTrinoMeans(object, was, types, statement.text);
      return isObject(changed) && isObject(changed.select)
        ? {
            select: withoutAliasesInOrderBy(nameColumns(withoutStars(changed.select, was.select, types))),
          }
        : changed;
    });
  const portable = translated(statement.ast);
  const named = rewrite(nameResult(portable, types.columns), (object) => {
    const listed = inList(object);
    return isObject(listed) ? narrowed(listed) : listed;
  });
  const { tree, restore } = standInNames(named, statement.text);
  const trino = generate(asStatements(tree), 'trino' as Dialect);
  if (!trino.success || !trino.sql?.[0]) throw untranslatable(trino.error);
  const duck = transpile(trino.sql[0], 'trino' as Dialect, 'duckdb' as Dialect);
  if (!duck.success || !duck.sql?.[0]) throw untranslatable(duck.error);
  if (!keepsClauses(tree, duck.sql[0])) throw untranslatable('A clause of an aggregate is lost.');
  return withLambdaKeyword(restore(duck.sql[0]));
});

/**
 * The translator writes `x IN (y)` of a column without the parentheses, and DuckDB then looks for x inside of y: the
 * column is listed twice.
 */
function inList(object: AstObject): Ast {
  const data = isObject(object.in) ? object.in : {};
  const [only, ...others] = listOf(data.expressions);
  return isObject(only) && isObject(only.column) && others.length === 0
    ? { in: { ...data, expressions: [only, only] } }
    : object;
}

const KINDS = byName(AREAS.map(({ kinds }) => kinds ?? {}));
const CALLS = byName(AREAS.map(({ calls }) => calls ?? {}));

/** What the areas say of a kind of node or of a call, in their order: the first that changes it decides. */
function byName<Given>(
  parts: readonly { readonly [name: string]: (given: Given) => Ast | undefined }[],
): ReadonlyMap<string, (given: Given) => Ast | undefined> {
  const found = new Map<string, (given: Given) => Ast | undefined>();
  for (const [name, rewriting] of parts.flatMap((part) => Object.entries(part))) {
    const before = found.get(name);
    found.set(name, before ? (given) => before(given) ?? rewriting(given) : rewriting);
  }
  return found;
}

/** @throws SqlError with the place of the node, for what is refused without one */
function asTrinoMeans(object: AstObject, was: AstObject, types: Types, text: string): Ast {
  try {
    return meant(object, was, types, text);
  } catch (error) {
    if (!(error instanceof SqlError) || error.place) throw error;
    const { message, hint, code } = error;
    throw new SqlError(message, { place: placeOfPart(was, text), hint, code });
  }
}

function meant(object: AstObject, was: AstObject, types: Types, text: string): Ast {
  const [[kind, data] = ['', undefined], ...others] = Object.entries(object);
  const refuse = (what: string, portable: string): never => refused(was, text, what, portable);
  if ('desc' in object && 'this' in object) {
    const ordered = { data: object, was, type: undefined, typeOf: types.of, text, refuse };
    return KINDS.get('ordered')?.(ordered) ?? object;
  }
  if (others.length > 0) return object;
  if (isObject(data)) {
    const changed = KINDS.get(kind)?.({
      data,
      was: was[kind] as AstObject,
      type: types.of(was),
      typeOf: types.of,
      text,
      refuse,
    });
    if (changed !== undefined) return changed;
  }
  const called = callOf(object);
  const written = callOf(was);
  if (!called || !written) return object;
  const changed = CALLS.get(called.name)?.({
    node: object,
    args: called.args,
    data: called.data,
    argType: (index) => types.of(written.args[index]),
    type: types.of(was),
    typeOf: types.of,
    written: written.args,
    refuse,
    text,
  });
  return changed ?? object;
}

function caughtAsTrinoMeans(object: AstObject, was: AstObject, types: Types, text: string): Ast {
  const caught = catching(object, was, types);
  return caught.was ? asTrinoMeans(caught.object, caught.was, types, text) : caught.object;
}

function untranslatable(cause: string | undefined): SqlError {
  return new SqlError('This SQL cannot be translated for the engine on this machine.', {
    hint: 'see docs/sql.md for what both targets understand',
    cause,
  });
}
