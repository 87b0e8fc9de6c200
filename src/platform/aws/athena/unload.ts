import type { TableColumn } from '../../ports.ts';
import { createTable, externalTable } from './glue-tables.ts';
import { freshName } from './names.ts';
import { firstRow } from './result-pages.ts';
import { runStatement, type StatementOptions } from './run-statement.ts';
import type { Shop } from './shop.ts';
import { tableName, text } from './sql-text.ts';
import type { FilesStorage, TablePlace } from './storage.ts';
import { hiveType } from './types.ts';

/** What stands before the SELECT. */
export const UNLOADED = 'UNLOAD (\n';

/**
 * Writes a SELECT's rows as Parquet into a folder that nobody has used. UNLOAD and not CREATE TABLE AS: it makes no
 * table (Athena may not, where Lake Formation governs) and may name its folder also where the workgroup says where
 * results go.
 */
export const unloadSql = (select: string, location: string): string =>
  `${UNLOADED}${select}
) TO ${text(location)} WITH (format = 'PARQUET', compression = 'ZSTD')`;

/** A new table of Parquet files from a SELECT whose columns are as the lake stores them. */
export async function unloadTable(
  shop: Shop,
  zone: 'staged' | 'curated',
  table: string,
  columns: readonly TableColumn[],
  select: string,
  versionId: string,
  options: StatementOptions,
): Promise<{ storage: FilesStorage; rows: number }> {
  const { place, folder } = freshName(shop.places, zone, table, versionId);
  const location = `${shop.objects.uri(folder)}/`;
  await runStatement(shop, unloadSql(select, location), options);
  await registerParquet(shop, place, location, false, columns);
  const counted = await firstRow(shop, `SELECT count(*) AS n FROM ${tableName(place)}`, options);
  return {
    storage: { kind: 'files', place, folder, location, isList: false, columns: [...columns] },
    rows: Number(counted.n),
  };
}

/** Makes Parquet files a table. */
export async function registerParquet(
  shop: Shop,
  place: TablePlace,
  location: string,
  isList: boolean,
  columns: readonly TableColumn[],
): Promise<void> {
  const typed = columns.map(({ name, type }) => ({ name, type: hiveType(type) }));
  const table = externalTable(place.name, { format: 'parquet', location, isList, columns: typed });
  await createTable(shop.glue, place.database, table);
}
