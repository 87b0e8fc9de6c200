import type { TableSet, TableVersion } from '../../../ports/tables.ts';
import type { SourceLocation } from '../../../sql/errors.ts';
import type { ParsedStatement } from '../../../sql/parse.ts';
import { type Ast, isObject, nameOf, placeAt, visit } from '../../../sql/tree.ts';
import { ident } from './sql-text.ts';
import { versionSelect } from './version-sql.ts';

/** A statement with its tables replaced by versions of them. */
export interface Bound {
  readonly sql: string;
  /** Where a place of `sql` (line and column as Athena counts them) stands in the text as it was written. */
  placeInText(place: SourceLocation): SourceLocation;
}

interface Splice {
  /** Offsets in characters of the text as written. */
  readonly start: number;
  readonly end: number;
  readonly with: string;
}

/**
 * The statement as it was written, each table in it replaced by a SELECT of its version: the text is Athena's own
 * SQL already, so nothing else of it is touched. What is put in has no line ends, so lines stay what they were.
 * @param selectOf how a version is read. Default: as Athena reads it
 */
export function bindTables(
  statement: ParsedStatement,
  tables: TableSet,
  selectOf: (version: TableVersion) => string = versionSelect,
): Bound {
  const characters = [...statement.text];
  const splices: Splice[] = [];
  visit(statement.ast, (object) => {
    const splice =
      tableSplice(object.table, tables, characters, selectOf) ?? columnSplice(object.column, tables);
    if (splice) splices.push(splice);
  });
  for (const { start, end, sql } of statement.values ?? []) splices.push({ start, end, with: sql });
  splices.sort((a, b) => a.start - b.start);
  let sql = '';
  let at = 0;
  /** For each splice: where what it put in begins and ends in the new text. */
  const moved: { from: number; to: number; splice: Splice }[] = [];
  let length = 0;
  for (const splice of splices) {
    const kept = characters.slice(at, splice.start).join('');
    sql += kept + splice.with;
    const from = length + (splice.start - at);
    length = from + [...splice.with].length;
    moved.push({ from, to: length, splice });
    at = splice.end;
  }
  const written = sql + characters.slice(at).join('');
  return {
    sql: written.replace(/[\s;]+$/, ''),
    placeInText: (place) => placeBack(place, written, statement.text, moved),
  };
}

function tableSplice(
  table: Ast | undefined,
  tables: TableSet,
  text: readonly string[],
  selectOf: (version: TableVersion) => string,
): Splice | undefined {
  if (!isObject(table) || !isObject(table.name) || !isObject(table.schema)) return undefined;
  const name = `${nameOf(table.schema)}.${nameOf(table.name)}`.toLowerCase();
  const version = Object.hasOwn(tables, name) ? tables[name] : undefined;
  const start = spanOf(table.schema)?.start;
  const end = spanOf(table.name)?.end;
  if (!version || start === undefined || end === undefined) return undefined;
  // Where the text gives no alias the table goes by its own name.
  const alias = isObject(table.alias) ? '' : ` AS ${ident(nameOf(table.name)!.toLowerCase())}`;
  const select = `(${selectOf(version).replaceAll(/\s*\n\s*/g, ' ')})`;
  return { start, end: Math.min(end, text.length), with: select + alias };
}

/** `canvas.users.id` names a table that is now a subquery called `users`. */
function columnSplice(column: Ast | undefined, tables: TableSet): Splice | undefined {
  if (!isObject(column) || !isObject(column.table)) return undefined;
  const database = nameOf(column.table)?.toLowerCase();
  const name = `${database}.${nameOf(column.name)?.toLowerCase()}`;
  const span = spanOf(column.table);
  const next = spanOf(column.name);
  // The parser reads a three-part name as a field of a column: the first two parts are then a table's.
  if (!span || !next || !Object.hasOwn(tables, name)) return undefined;
  return { start: span.start, end: next.start, with: '' };
}

function spanOf(identifier: Ast | undefined): { start: number; end: number } | undefined {
  const span = isObject(identifier) ? identifier.span : undefined;
  if (!isObject(span) || typeof span.start !== 'number' || typeof span.end !== 'number') return undefined;
  return { start: span.start, end: span.end };
}

function placeBack(
  place: SourceLocation,
  sql: string,
  text: string,
  moved: readonly { from: number; to: number; splice: Splice }[],
): SourceLocation {
  const lines = sql.split('\n');
  const before = lines.slice(0, place.line - 1).reduce((sum, line) => sum + [...line].length + 1, 0);
  const offset = before + place.column - 1;
  let shift = 0;
  for (const { from, to, splice } of moved) {
    if (offset < from) break;
    if (offset < to) return placeAt(text, splice.start);
    shift = splice.end - to;
  }
  return placeAt(text, offset + shift);
}
