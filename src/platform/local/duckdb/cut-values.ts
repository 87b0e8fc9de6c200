import type { DuckDBConnection } from '@duckdb/node-api';
import { cutValuesRefusal } from '../../../staging/cut-values.ts';
import { RawDataError } from './errors.ts';
import type { RawRead } from './raw-dap.ts';
import { rowsOf } from './session.ts';
import { ident } from './sql-text.ts';
import type { RawColumn } from './storage.ts';

/**
 * Refuses files with a value that may have been cut before it came into them.
 * @param from the files, as a relation
 * @throws RawDataError that names the columns and how many of their values are too long
 */
export async function refuseCutValues(
  connection: DuckDBConnection,
  { spec }: RawRead,
  columns: readonly RawColumn[],
  from: string,
): Promise<void> {
  const { lobLimit } = spec;
  if (lobLimit === undefined) return;
  const long = columns.filter(({ reported }) => reported === 'VARCHAR' || reported === 'BLOB');
  if (long.length === 0) return;
  const counts = long.map(({ source, reported }, i) => {
    const bytes = reported === 'VARCHAR' ? `encode(${ident(source)})` : ident(source);
    return `count(*) FILTER (octet_length(${bytes}) >= ${lobLimit}) AS m${i}`;
  });
  const [row] = await rowsOf(connection, `SELECT ${counts.join(', ')} FROM ${from}`);
  const refused = cutValuesRefusal(
    spec,
    long.map(({ source }, i) => [source, Number(row?.[`m${i}`] ?? 0)] as const),
  );
  if (refused) throw new RawDataError(refused.message, { about: spec.table, hint: refused.hint });
}
