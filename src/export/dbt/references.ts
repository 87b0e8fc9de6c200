import type { Dialect } from '@polyglot-sql/sdk';
import { CURATED, RUN_TABLE } from '../../models/model.ts';
import { SqlError } from '../../sql/errors.ts';
import { tablesOf } from '../../sql/parse.ts';
import { polyglot } from '../../sql/polyglot.ts';
import { type Ast, type AstObject, isObject, nameOf, visit } from '../../sql/tree.ts';
import { plain, quoted } from './jinja.ts';

/** The model in place of `ops.run`: dbt knows no run of the lake. */
export const RUN_MODEL = 'ops_run';

/** A table of the lake as dbt names it: `ref('students')`, `source('canvas', 'users')`. */
export function dbtName(table: string): string {
  const [database = '', name = ''] = table.split('.');
  if (table === RUN_TABLE) return `ref(${quoted(RUN_MODEL)})`;
  return database === CURATED ? `ref(${quoted(name)})` : `source(${quoted(database)}, ${quoted(name)})`;
}

/** The same for a SELECT in another dialect, which is parsed again. @throws SqlError where it cannot be */
export async function withReferencesIn(text: string, dialect: 'duckdb'): Promise<string> {
  const { parse } = await polyglot();
  const parsed = parse(text, dialect as Dialect);
  if (parsed.success && parsed.ast) return withReferences(text, parsed.ast as unknown as Ast);
  throw new SqlError('The translated SQL cannot be read again, so its tables are not known.', {
    hint: 'see docs/sql.md for what both targets understand',
    cause: parsed.error,
  });
}

interface Edit {
  /** Offsets that count characters, as the parser does, not UTF-16 units. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * A SELECT as dbt reads it: every table that it names as `{{ ref(…) }}` or `{{ source(…) }}`, the rest as it is. The
 * places are those that the parser found, so a name in a text or a comment stays.
 * @param ast the tree of this very text
 */
export function withReferences(text: string, ast: Ast): string {
  const named = new Set(tablesOf(ast, text).map(({ name }) => name));
  const edits = new Map<number, Edit>();
  visit(ast, (object) => {
    const edit = tableEdit(object) ?? qualifierEdit(object, named);
    if (edit) edits.set(edit.start, edit);
  });
  const characters = [...text];
  const slice = (from: number, to: number) => plain(characters.slice(from, to).join(''));
  let done = 0;
  let written = '';
  for (const edit of [...edits.values()].sort((a, b) => a.start - b.start)) {
    written += slice(done, edit.start) + edit.text;
    done = edit.end;
  }
  return written + slice(done, characters.length);
}

/** `canvas.users` in FROM. One without an alias gets its own name as one: columns are asked for by it. */
function tableEdit({ table }: AstObject): Edit | undefined {
  if (!isObject(table) || !isObject(table.name) || !isObject(table.schema)) return undefined;
  const [database, name] = [nameOf(table.schema)!.toLowerCase(), nameOf(table.name)!.toLowerCase()];
  const alias = isObject(table.alias) ? '' : ` AS ${name}`;
  return {
    start: spanOf(table.schema).start,
    end: spanOf(table.name).end,
    text: `{{ ${dbtName(`${database}.${name}`)} }}${alias}`,
  };
}

/** `canvas.users.id`: the database may have another name under dbt, and the table's own is enough. */
function qualifierEdit({ dot }: AstObject, tables: ReadonlySet<string>): Edit | undefined {
  const inner = isObject(dot) && isObject(dot.this) ? dot.this.column : undefined;
  if (!isObject(inner) || !isObject(inner.table) || !isObject(inner.name)) return undefined;
  // A field of a struct is written alike.
  if (!tables.has(`${nameOf(inner.table)}.${nameOf(inner.name)}`.toLowerCase())) return undefined;
  return { start: spanOf(inner.table).start, end: spanOf(inner.name).start, text: '' };
}

function spanOf(identifier: AstObject): { start: number; end: number } {
  const span = identifier.span;
  if (isObject(span) && typeof span.start === 'number' && typeof span.end === 'number') {
    return { start: span.start, end: span.end };
  }
  throw new SqlError(`The place of "${nameOf(identifier) ?? ''}" in the SQL is not known.`, {
    hint: 'write the table as database.table',
  });
}
