import type { TableColumn } from '../../../ports/tables.ts';
import type { EngineContext } from './engine-context.ts';
import { countFiles, newFiles } from './new-files.ts';
import { runStatement, type StatementOptions } from './run-statement.ts';
import { text } from './sql-text.ts';
import type { FilesStorage } from './storage.ts';

/** The text before the SELECT. */
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
  context: EngineContext,
  zone: 'staged' | 'curated',
  table: string,
  columns: readonly TableColumn[],
  select: string,
  versionId: string,
  options: StatementOptions,
): Promise<{ storage: FilesStorage; rows: number }> {
  const storage = await newFiles(context, zone, table, columns, versionId);
  await runStatement(context, unloadSql(select, storage.location), options);
  return { storage, rows: await countFiles(context, storage, options) };
}
