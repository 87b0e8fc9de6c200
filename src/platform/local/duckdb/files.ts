import { randomUUID } from 'node:crypto';
import { chmod, rename, rm, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { makeFolder, PRIVATE_FILE, syncPath } from '../files/durable.ts';
import { EngineError } from './errors.ts';
import { withSum } from './file-sums.ts';
import { measuredCopy } from './profile.ts';
import { scratchFolder } from './session.ts';
import { text } from './sql-text.ts';

/** Row groups of this size keep a wide table's COPY within a few hundred megabytes. */
const PARQUET = `FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 122880`;

/** A file being written: nobody can name it until `publish` gives it its key. */
export interface DraftFile {
  readonly path: string;
  /** Moves the file to its key, durably. Replaces a file of the same key. @returns the SHA-256 of its bytes */
  publish(key: string): Promise<string>;
  discard(): Promise<void>;
}

export async function draftFile(root: string): Promise<DraftFile> {
  const folder = scratchFolder(root);
  await makeFolder(folder);
  const path = join(folder, `${process.pid}-${randomUUID()}.parquet`);
  return {
    path,
    async publish(key) {
      const target = join(root, key);
      await makeFolder(dirname(target));
      // DuckDB writes by the umask; until here, the folder of the drafts has kept others out.
      await chmod(path, PRIVATE_FILE);
      await syncPath(path);
      const sha256 = await withSum(path, target, () => rename(path, target));
      await syncPath(dirname(target));
      return sha256;
    },
    discard: () => rm(path, { force: true }),
  };
}

/** Writes a SELECT's rows as one Parquet file. @param table whose rows they are @returns rows written */
export async function copyTo(
  connection: DuckDBConnection,
  select: string,
  path: string,
  table: string,
): Promise<number> {
  const copy = `COPY (${select}) TO ${text(path)} (${PARQUET})`;
  return measuredCopy(connection, copy, { path, what: `write ${table}` });
}

/** Bytes of files together; one that is not there has none. */
export async function sizeOf(paths: readonly string[]): Promise<number> {
  const sizes = await Promise.all(
    paths.map((path) =>
      stat(path)
        .then(({ size }) => size)
        .catch(() => 0),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** The lake's own files as the paths that DuckDB opens. */
export const pathsOf = (root: string, keys: readonly string[]): string[] =>
  keys.map((key) => join(root, key));

/**
 * The key of a file that the caller names by path, as `ObjectStore.uri` gives it.
 * @throws EngineError when it lies outside of the lake's folder
 */
export function keyOf(root: string, path: string): string {
  const key = isAbsolute(path) ? relative(root, path) : path;
  if (key.startsWith('..') || isAbsolute(key)) {
    throw new EngineError(`The file ${path} lies outside of the lake's folder.`, {
      hint: 'the object store and the engine must be opened on the same folder',
    });
  }
  return key.split(sep).join('/');
}

/** A name that is safe in a file system, for ids that hold colons or slashes. */
export const fileName = (id: string): string => id.replaceAll(/[^A-Za-z0-9._-]/g, '_');
