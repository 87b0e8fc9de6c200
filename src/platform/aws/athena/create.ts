import type { ColumnInfo } from '@aws-sdk/client-athena';
import type { BuildRequest, BuildStatus } from '../../../ports/query-engine.ts';
import type { TableColumn, TableSet, TableVersion } from '../../../ports/tables.ts';
import { convert } from './convert.ts';
import type { EngineContext } from './engine-context.ts';
import { countFiles, newFiles } from './new-files.ts';
import { planTable } from './plan-table.ts';
import { StatementFailed, startStatement, statementWithin } from './run-statement.ts';
import { explainWhileRunning } from './sql-error.ts';
import { ident } from './sql-text.ts';
import { asStorage, type FilesStorage } from './storage.ts';
import { trinoType } from './types.ts';
import { UNLOADED, unloadSql } from './unload.ts';

/** A table that Athena is building: its query, and the files that it writes. */
export type UnloadTicket = {
  readonly engine: 'athena';
  readonly table: string;
  readonly query: string;
  readonly storage: FilesStorage;
};

/** A table from one SELECT, its columns in the lake's types. See `QueryEngine.create`. */
export async function createTable(
  context: EngineContext,
  table: string,
  select: string,
  reads: TableSet,
  versionId: string,
): Promise<TableVersion> {
  const ticket = await submitUnload(context, { table, select, reads, versionId });
  const status = await pollUnload(context, ticket, Number.POSITIVE_INFINITY);
  if ('version' in status) return status.version;
  throw 'failed' in status ? status.failed : new Error(`${table} was not waited for`);
}

/** Starts the statement that writes a table. See `QueryEngine.submit`. */
export async function submitUnload(
  context: EngineContext,
  { table, select, reads, versionId }: Omit<BuildRequest, 'engine'>,
): Promise<UnloadTicket> {
  const { bound, explain, given, columns, options } = await planTable(context, table, select, reads);
  const list = given.map((column, i) => `${storedColumn(column, columns[i]!)} AS ${ident(columns[i]!.name)}`);
  // The SELECT begins a line and ends it: a comment at its end must not swallow what follows.
  const before = `SELECT ${list.join(', ')} FROM (\n`;
  const storage = await newFiles(context, 'curated', table, columns, versionId);
  const sql = unloadSql(`${before}${bound.sql}\n)`, storage.location);
  const query = await startStatement(context, sql, options).catch((error) => {
    throw explain(error, UNLOADED + before);
  });
  return { engine: 'athena', table, query, storage };
}

/** See `QueryEngine.poll`. */
export async function pollUnload(
  context: EngineContext,
  { table, query, storage }: UnloadTicket,
  waitMs: number,
): Promise<BuildStatus> {
  const options = { doing: `Building ${table}`, about: table };
  try {
    const ended = await statementWithin(context, query, options, waitMs);
    if (!ended) return { retryAfterSeconds: 10 };
  } catch (error) {
    if (error instanceof StatementFailed) return { failed: explainWhileRunning(error) };
    throw error;
  }
  const rows = await countFiles(context, storage, options);
  return { version: { table, columns: storage.columns, rows, storage: asStorage(storage) } };
}

/** Parquet behind an external table keeps milliseconds, and no times of day. */
function storedColumn(given: ColumnInfo, { type }: TableColumn): string {
  const name = ident(given.Name!);
  if (type === 'time') return convert(name, 'time', 'varchar');
  if (type !== 'timestamp') return `CAST(${name} AS ${trinoType(type)})`;
  const zoned = /with time zone/i.test(given.Type ?? '');
  return `CAST(${zoned ? `${name} AT TIME ZONE 'UTC'` : name} AS timestamp(3))`;
}
