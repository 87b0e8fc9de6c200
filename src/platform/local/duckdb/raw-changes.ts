import type { DuckDBConnection } from '@duckdb/node-api';
import { ADDED_COLUMNS } from '../../../sis/change-columns.ts';
import { RawDataError } from './errors.ts';
import { dapSelect, type RawRead } from './raw-dap.ts';
import { dmsColumns, dmsSelect, reportedColumns, tryCasts } from './raw-dms.ts';
import { ident } from './sql-text.ts';

/** A SELECT over raw files that can be merged: the columns, `_ts` (which decides which row is newest) and `_deleted`. */
export function recordsSelect(connection: DuckDBConnection, read: RawRead): Promise<string> {
  return read.spec.layout === 'dap' ? dapSelect(connection, read) : changesSelect(connection, read);
}

/** What tells the order of the records of a layout, as the people who look into the files know it. */
export const orderOf = ({ spec }: RawRead): string =>
  spec.layout === 'dap' ? 'meta.ts' : ADDED_COLUMNS.sequence;

/** Rows of a full load have no operation, and stand before every change. */
async function changesSelect(connection: DuckDBConnection, read: RawRead): Promise<string> {
  const columns = await dmsColumns(connection, read);
  await tryCasts(connection, read, columns);
  const reported = await reportedColumns(connection, read);
  if (!reported.has(ADDED_COLUMNS.operation)) {
    return dmsSelect(read, columns, ["'' AS _ts", 'false AS _deleted']);
  }
  const { operation, sequence } = ADDED_COLUMNS;
  if (!reported.has(sequence)) {
    throw new RawDataError(
      `The changes of ${read.spec.table} come without the column "${sequence}", so nobody can tell which is newer.`,
      { about: read.spec.table, hint: 'was the DMS task made by the lake? Its own tasks add the column' },
    );
  }
  const op = ident(operation);
  const place = `CASE WHEN ${op} IS NULL THEN '' ELSE nullif(CAST(${ident(sequence)} AS VARCHAR), '') END`;
  return dmsSelect(read, columns, [`${place} AS _ts`, `coalesce(${op} = 'D', false) AS _deleted`]);
}
