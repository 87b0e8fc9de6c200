import type { DuckDBConnection } from '@duckdb/node-api';
import type { TableColumn } from '../../../ports/tables.ts';
import { RawDataError } from './errors.ts';
import { rowsOf } from './session.ts';
import { ident, idents } from './sql-text.ts';

/**
 * One row per key of a relation with `_ts` and `_deleted`: the newest. Of rows of one instant a removal wins, then
 * the greatest values: an order that depends on the rows alone, so that the same rows in any order give the same.
 */
export function newestPerKey(
  relation: string,
  key: readonly string[],
  columns: readonly TableColumn[],
): string {
  const rest = columns.filter((column) => !key.includes(column.name));
  const ties = ['_ts DESC', '_deleted DESC', ...rest.map((c) => `${ident(c.name)} DESC NULLS LAST`)];
  return `SELECT * FROM ${relation}
    QUALIFY row_number() OVER (PARTITION BY ${idents(key)} ORDER BY ${ties.join(', ')}) = 1`;
}

/** What rows are like as they came. */
interface Inspected {
  readonly rows: number;
  readonly tombstones: number;
  /** Whether a key comes more than once. */
  readonly repeats: boolean;
  /** The greatest `_ts`, as text. Absent where there are no rows. */
  readonly newest?: string;
}

/**
 * Looks at rows as they came: how many remove their key, whether keys repeat, and whether anything lacks its key,
 * its `_ts` or what became of it.
 * @param order what `_ts` is called in the raw files
 * @throws RawDataError when any of these is missing
 */
export async function inspectRows(
  connection: DuckDBConnection,
  relation: string,
  { table, key, order }: { table: string; key: readonly string[]; order: string },
): Promise<Inspected> {
  const keyless = key.length ? key.map((name) => `${ident(name)} IS NULL`).join(' OR ') : 'false';
  const [row] = await rowsOf(
    connection,
    `SELECT count(*) AS rows, count(*) FILTER (${keyless}) AS keyless,
       count(*) FILTER (_ts IS NULL) AS timeless, count(*) FILTER (_deleted IS NULL) AS undecided, count(*) FILTER (_deleted) AS tombstones,
       CAST(max(_ts) AS VARCHAR) AS newest FROM ${relation}`,
  );
  const rows = Number(row?.rows ?? 0);
  const tombstones = Number(row?.tombstones ?? 0);
  for (const [count, lacks, hint] of [
    [row?.keyless, `lack their key (${key.join(', ')})`, 'compare the key in the catalog with the source'],
    [row?.timeless, `lack ${order}`, 'ask the source: without it nobody can tell which record is newer'],
    [
      row?.undecided,
      'say what became of them in a word that is neither U nor D',
      'ask the source what it means',
    ],
  ] as const) {
    if (Number(count ?? 0) === 0) continue;
    throw new RawDataError(`${count} of ${rows} delivered records of ${table} ${lacks}.`, {
      about: table,
      hint: `${hint}; the raw files are kept as they are`,
    });
  }
  const newest = rows > 0 ? String(row!.newest) : undefined;
  if (key.length === 0) return { rows, tombstones, repeats: false, newest };
  const repeated = await rowsOf(
    connection,
    `SELECT 1 FROM ${relation} GROUP BY ${idents(key)} HAVING count(*) > 1 LIMIT 1`,
  );
  return { rows, tombstones, repeats: repeated.length > 0, newest };
}
