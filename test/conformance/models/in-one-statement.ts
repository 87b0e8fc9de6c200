import type { Cell } from '../../../src/ports/query-engine.ts';
import type { TableColumn } from '../../../src/ports/tables.ts';

/** A table that a statement brings along. */
export interface InlineTable {
  readonly table: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly Cell[])[];
}

/** The tables as common table expressions before the SELECT, which then names them without their database. */
export function inOneStatement(select: string, tables: readonly InlineTable[]): string {
  const given = tables.map(({ table, columns, rows }) => {
    const values = (rows.length > 0 ? rows : [columns.map(() => null)]).map(
      (row) => `(${row.map(literal).join(', ')})`,
    );
    const list = columns.map(({ name, type }) => `CAST("${name}" AS ${type}) AS "${name}"`);
    const names = columns.map(({ name }) => `"${name}"`).join(', ');
    const none = rows.length > 0 ? '' : ' WHERE false';
    return `${inline(table)} AS (SELECT ${list.join(', ')} FROM (VALUES ${values.join(',\n')}) AS v(${names})${none})`;
  });
  const renamed = select.replaceAll(/\b(campus|canvas|sis|ops)\.([a-z_]+)\b/g, (name) => inline(name));
  return `WITH ${given.join(',\n')}\n${renamed}`;
}

const inline = (table: string): string => table.replace('.', '__');

function literal(cell: Cell): string {
  if (cell === null) return 'NULL';
  if (typeof cell === 'number') return Number.isInteger(cell) ? String(cell) : cell.toExponential();
  return typeof cell === 'string' ? `'${cell.replaceAll("'", "''")}'` : String(cell);
}

/** Trino's type as the lake names it: texts have no length, and timestamps no digits. */
export const lakeType = (type: string): string =>
  type.startsWith('decimal') ? type.replace(' ', '') : type.replace(/\(.*$/, '');

/** A value as both engines' answers can be compared: doubles to eleven digits, timestamps to the millisecond. */
export function shown(cell: unknown): string {
  if (cell === null) return '∅';
  if (typeof cell === 'number') return String(Number(cell.toPrecision(11)));
  return String(cell);
}
