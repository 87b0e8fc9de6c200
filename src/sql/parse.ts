import type { Dialect } from '@polyglot-sql/sdk';
import type { Parameter } from '../ports/parameter.ts';
import { admit, reasonAgainst, restored } from './admission/admit.ts';
import { type SourceLocation, SqlError } from './errors.ts';
import { marked, type PlacedValue, withValues } from './parameters.ts';
import { polyglot } from './polyglot.ts';
import { refuseOtherForms } from './statement-forms.ts';
import { syntaxError } from './syntax-error.ts';
import { type Ast, type AstObject, isObject, nameOf, placeOf, visit } from './tree.ts';
import { spelledForParser } from './typed-literals.ts';

/** One statement of Athena's SQL, parsed. */
export interface ParsedStatement {
  readonly text: string;
  readonly ast: AstObject;
  readonly kind: 'select' | 'show' | 'describe';
  /** The tables that it names, each once, in the order of the text. */
  readonly tables: readonly TableReference[];
  /** Values of parameters, which stand in the tree already, and in the text as marks. Absent: none. */
  readonly values?: readonly PlacedValue[];
}

export interface TableReference {
  /** `database.table`, lower case as Athena reads it; without a database where the text gives none. */
  readonly name: string;
  readonly place?: SourceLocation;
}

const SELECTS = new Set(['select', 'union', 'intersect', 'except', 'subquery', 'values']);

/** Statements parsed lately, by their text: a model is read when it is planned, checked and built. */
const known = new Map<string, ParsedStatement>();
const KNOWN_AT_MOST = 200;

/**
 * Parses one SELECT (or SHOW, DESCRIBE) in Athena's SQL. The tree is shared: nobody may change it.
 * @param parameters values for its parameters. Default: none
 * @throws SqlError with the place of the mistake
 *
 * @example
 * ```ts
 * import { parseStatement } from './parse.ts';
 *
 * const statement = await parseStatement('SELECT id FROM canvas.users');
 * console.log(statement.tables.map(({ name }) => name)); // [ 'canvas.users' ]
 * ```
 */
export async function parseStatement(
  text: string,
  parameters: readonly Parameter[] = [],
): Promise<ParsedStatement> {
  const key = parameters.length === 0 ? text : JSON.stringify([text, parameters]);
  const parsed = known.get(key) ?? (await parseAnew(text, parameters));
  known.set(key, parsed);
  if (known.size > KNOWN_AT_MOST) known.delete(known.keys().next().value!);
  return parsed;
}

async function parseAnew(written: string, parameters: readonly Parameter[]): Promise<ParsedStatement> {
  const { text, values } = marked(written, parameters);
  const about = refuseOtherForms(text);
  // The parser knows these of other engines only; they are answered by their words.
  if (about !== undefined) return { text, ast: {}, kind: about, tables: [] };
  const { parse } = await polyglot();
  const spelled = spelledForParser(text);
  const parsed = parse(spelled.text, 'trino' as Dialect);
  if (!parsed.success || !Array.isArray(parsed.ast)) throw syntaxError(text, parsed.errorStart);
  const statements = parsed.ast as unknown as AstObject[];
  if (statements.length !== 1) {
    throw new SqlError(`One statement at a time, please: this is ${statements.length}.`, {
      hint: 'ask them one after the other; a semicolon ends a statement',
    });
  }
  const ast = restored(statements[0]!, text) as AstObject;
  const kind = Object.keys(ast)[0] ?? '';
  if (!SELECTS.has(kind)) {
    const [what, hint] = reasonAgainst(kind);
    throw new SqlError(`${what}.`, { place: { line: 1, column: 1 }, hint });
  }
  admit(ast, spelled.text);
  const filled = withValues(spelled.typed(ast), values, text) as AstObject;
  return { text, ast: filled, kind: 'select', tables: tablesOf(ast, text), values };
}

/** The tables that a tree names, names of WITH and aliases apart. */
export function tablesOf(ast: Ast, text: string): TableReference[] {
  const found = new Map<string, TableReference>();
  visit(ast, (object, above) => {
    const table = object.table;
    // `table` is also the qualifier of a column: there it is a bare identifier.
    if (!isObject(table) || !isObject(table.name)) return;
    const own = nameOf(table.name)?.toLowerCase();
    if (own === undefined) return;
    const database = nameOf(table.schema)?.toLowerCase();
    if (database === undefined && isCommonTable(own, above)) return;
    const name = database === undefined ? own : `${database}.${own}`;
    if (!found.has(name)) found.set(name, { name, place: placeOf(table.schema ?? table.name, text) });
  });
  return [...found.values()];
}

/** Whether a WITH above gives this name: of the same WITH, only to what follows, and to itself where it is recursive. */
function isCommonTable(name: string, above: readonly AstObject[]): boolean {
  return above.some((object) => {
    const clause = isObject(object.with) ? object.with : undefined;
    const ctes = Array.isArray(clause?.ctes) ? clause.ctes.filter(isObject) : [];
    const within = ctes.findIndex((cte) => above.includes(cte));
    const seen = within < 0 ? ctes : ctes.slice(0, within + (clause?.recursive === true ? 1 : 0));
    return seen.some((cte) => nameOf(cte.alias)?.toLowerCase() === name);
  });
}
