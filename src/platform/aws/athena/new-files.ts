import { basename } from 'node:path/posix';
import type { ObjectStore } from '../../../ports/objects.ts';
import type { TableColumn } from '../../../ports/tables.ts';
import type { EngineContext } from './engine-context.ts';
import { createOwnTable, externalTable } from './glue-tables.ts';
import { keyOfUri } from './iceberg-metadata.ts';
import { freshName } from './names.ts';
import { firstRow } from './result-pages.ts';
import type { StatementOptions } from './run-statement.ts';
import { tableName } from './sql-text.ts';
import type { FilesStorage, TableAddress } from './storage.ts';
import { hiveType } from './types.ts';

/**
 * A folder that nobody has used, for Parquet files to come, and the table over it. The table is there first: where
 * the making breaks off, the sweep finds the folder by it.
 */
export async function newFiles(
  context: EngineContext,
  zone: 'staged' | 'curated',
  table: string,
  columns: readonly TableColumn[],
  versionId: string,
): Promise<FilesStorage> {
  const { place, folder } = freshName(context, zone, table, versionId);
  const location = `${context.objects.uri(folder)}/`;
  await registerParquet(context, place, location, columns);
  return { kind: 'files', place, folder, location, columns: [...columns] };
}

/** Keys of the files that make up a folder's table: Athena and Spark leave out what begins with `_` or `.`. */
export async function filesIn(objects: ObjectStore, location: string): Promise<string[]> {
  const keys = await objects.list(keyOfUri(location));
  return keys.filter((key) => !/^[_.]/.test(basename(key)));
}

/** The rows of finished files: Athena reads their footers only. */
export async function countFiles(
  context: EngineContext,
  { place }: FilesStorage,
  options: StatementOptions,
): Promise<number> {
  const counted = await firstRow(context, `SELECT count(*) AS n FROM ${tableName(place)}`, options);
  return Number(counted.n);
}

/** Makes Parquet files a table. */
export async function registerParquet(
  context: EngineContext,
  place: TableAddress,
  location: string,
  columns: readonly TableColumn[],
): Promise<void> {
  const typed = columns.map(({ name, type }) => ({ name, type: hiveType(type) }));
  const table = externalTable(place.name, { format: 'parquet', location, columns: typed });
  await createOwnTable(context, place.database, table);
}
