import type { DuckDBConnection } from '@duckdb/node-api';
import type { TableColumn } from '../../../ports/tables.ts';
import type { PseudonymKeys } from '../../../privacy/pseudonym.ts';
import { copyTo, draftFile, fileName, pathsOf } from './files.ts';
import { rowsOf } from './session.ts';
import { textList } from './sql-text.ts';
import type { FileSet } from './storage.ts';

/** What staging and building a version use: a connection of its own, and where things lie. */
export interface StagingSession {
  readonly root: string;
  readonly connection: DuckDBConnection;
  readonly pseudonymKeys?: PseudonymKeys;
  readonly compaction: CompactionPolicy;
}

/** When changes are compacted. */
export interface CompactionPolicy {
  /** Into a new base where they are more than this share of it, … */
  readonly share: number;
  /** … or where it has at most so many rows that writing it again costs nothing to speak of, unless it is minutes old. */
  readonly smallBase: number;
  /** Among themselves where they would lie in more files than these, at least one. */
  readonly files: number;
}

export const COMPACTION_POLICY: CompactionPolicy = { share: 0.15, files: 4, smallBase: 50_000 };

/** Where a part of a staged version lies: the version's id is in the name, so a repeat writes the same file. */
export const stagedKey = (table: string, versionId: string, part: string): string =>
  `staged/${table}/${fileName(versionId)}-${part}.parquet`;

export const curatedKey = (table: string, versionId: string): string =>
  `curated/${table}/${fileName(versionId)}/part-0.parquet`;

/** Writes rows with `_ts` and `_deleted` as one file of a merged table, whole or not at all. */
export async function writeGroup(
  session: StagingSession,
  select: string,
  columns: readonly TableColumn[],
  { table, key }: { readonly table: string; readonly key: string },
  inspect?: (path: string) => Promise<void>,
): Promise<FileSet> {
  const draft = await draftFile(session.root);
  try {
    const rows = await copyTo(session.connection, select, draft.path, table);
    await inspect?.(draft.path);
    const file = `read_parquet(${textList([draft.path])})`;
    if (rows === 0) return { files: [], columns: [...columns], rows, tombstones: 0 };
    const [row] = await rowsOf(
      session.connection,
      `SELECT count(*) FILTER (_deleted) AS tombstones, CAST(max(_ts) AS VARCHAR) AS newest FROM ${file}`,
    );
    await draft.publish(key);
    const { tombstones, newest } = row!;
    return {
      files: [key],
      columns: [...columns],
      rows,
      tombstones: Number(tombstones),
      newest: String(newest),
    };
  } finally {
    await draft.discard();
  }
}

/** Rows of Parquet files as their footers count them. */
export async function countRows(session: StagingSession, keys: readonly string[]): Promise<number> {
  if (keys.length === 0) return 0;
  const files = textList(pathsOf(session.root, keys));
  const [row] = await rowsOf(
    session.connection,
    `SELECT coalesce(sum(num_rows), 0)::BIGINT AS n FROM parquet_file_metadata(${files})`,
  );
  return Number(row?.n ?? 0);
}
