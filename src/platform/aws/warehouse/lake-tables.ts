import type { ListedTable } from '../../../ports/warehouse.ts';
import { MART } from './prepare.ts';
import { literal } from './sql.ts';

/** Bytes of rows in one statement: with the rest it stays below the 100 kB that the Data API takes. */
const BYTES_AT_ONCE = 80_000;

/** Statements that replace the rows of `mart.lake_tables`. */
export function listTables(listed: readonly ListedTable[]): string[] {
  const statements = [`DELETE FROM ${MART}.lake_tables`];
  for (const rows of inStatements(listed.map(rowOf))) {
    statements.push(
      `INSERT INTO ${MART}.lake_tables
         (table_name, row_count, data_as_of, loaded_at, last_good_run, owner, why_late)
       VALUES ${rows.join(', ')}`,
    );
  }
  return statements;
}

/** As few groups as the bytes allow: all of them are in one transaction, which takes 40 statements. */
function inStatements(rows: readonly string[]): string[][] {
  const groups: string[][] = [];
  let left = 0;
  for (const row of rows) {
    const bytes = Buffer.byteLength(row) + 2;
    if (bytes > left) {
      groups.push([]);
      left = BYTES_AT_ONCE;
    }
    groups.at(-1)!.push(row);
    left -= bytes;
  }
  return groups;
}

function rowOf({ table, rows, dataAsOf, loadedAt, lastGoodRun, owner, whyLate }: ListedTable): string {
  const values = [
    text(table, 256),
    String(rows),
    instant(dataAsOf),
    instant(loadedAt),
    text(lastGoodRun, 64),
    text(owner, 256),
    text(whyLate, 2000),
  ];
  return `(${values.join(', ')})`;
}

const instant = (iso: string | undefined): string =>
  iso === undefined ? 'NULL' : literal(new Date(iso).toISOString().replace('T', ' ').replace('Z', ''));

/** Redshift counts bytes, and reads a backslash as an escape. */
function text(value: string | undefined, bytes: number): string {
  if (value === undefined) return 'NULL';
  const cut = Buffer.from(value.replaceAll('\\', '/')).subarray(0, bytes);
  return literal(cut.toString().replace(/\ufffd+$/, ''));
}
