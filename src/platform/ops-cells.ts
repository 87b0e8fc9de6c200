import type { LakeType } from '../campus/lake-type.ts';
import type { Json } from '../json.ts';
import type { OpsRow, OpsTable } from '../ports/ledger.ts';
import type { TableColumn, TableVersion } from '../ports/tables.ts';

/** The ledger's rows as a table: its columns (those declared, then what rows bring) and the cells, nested values as text. */
export function opsCells(
  declared: readonly TableColumn[],
  rows: readonly OpsRow[],
): { columns: TableColumn[]; cells: Json[][] } {
  const names = new Set(declared.map(({ name }) => name));
  const columns = [...declared, ...columnsOfRows(rows).filter(({ name }) => !names.has(name))];
  return { columns, cells: rows.map((row) => columns.map(({ name }) => asCell(row[name] ?? null))) };
}

/** A table of the ledger of which nothing was read: it tells its columns and cannot be asked. */
export const unreadOpsTable = (table: OpsTable, declared: readonly TableColumn[]): TableVersion => ({
  table: `ops.${table}`,
  columns: [...declared],
  rows: 0,
  storage: {},
});

const asCell = (value: Json): Json =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : value;

/** The columns that rows bring, in the order in which they bring them, typed by what stands in them. */
export function columnsOfRows(rows: readonly OpsRow[]): TableColumn[] {
  const values = new Map<string, Json[]>();
  for (const row of rows) {
    for (const [name, value] of Object.entries(row)) {
      const seen = values.get(name) ?? [];
      if (value !== null) seen.push(value);
      values.set(name, seen);
    }
  }
  return [...values].map(([name, seen]) => ({ name, type: typeOfValues(seen) }));
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

function typeOfValues(values: readonly Json[]): LakeType {
  if (values.length === 0) return 'varchar';
  if (values.every((value) => typeof value === 'boolean')) return 'boolean';
  if (values.every((value) => typeof value === 'number')) {
    return values.every((value) => Number.isInteger(value)) ? 'bigint' : 'double';
  }
  return values.every((value) => typeof value === 'string' && INSTANT.test(value)) ? 'timestamp' : 'varchar';
}

/** Columns of several sets, in the order in which they come; of one that has two types, as text. */
export function unionOfColumns(sets: readonly (readonly TableColumn[])[]): TableColumn[] {
  const types = new Map<string, TableColumn['type']>();
  for (const { name, type } of sets.flat()) {
    const known = types.get(name);
    types.set(name, known === undefined || known === type ? type : 'varchar');
  }
  return [...types].map(([name, type]) => ({ name, type }));
}
