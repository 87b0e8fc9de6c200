import type { ListedTable } from '../../../ports/warehouse.ts';
import { MART } from './prepare.ts';
import { literal } from './sql.ts';

/** So many rows in one statement: it stays far below the 100 kB that the Data API takes. */
const ROWS_AT_ONCE = 30;

/** Statements that replace the rows of `mart.lake_tables`. */
export function listTables(listed: readonly ListedTable[]): string[] {
  const statements = [`DELETE FROM ${MART}.lake_tables`];
  for (let at = 0; at < listed.length; at += ROWS_AT_ONCE) {
    const rows = listed.slice(at, at + ROWS_AT_ONCE).map(rowOf);
    statements.push(
      `INSERT INTO ${MART}.lake_tables
         (table_name, row_count, data_as_of, loaded_at, last_good_run, owner, why_late)
       VALUES ${rows.join(', ')}`,
    );
  }
  return statements;
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
