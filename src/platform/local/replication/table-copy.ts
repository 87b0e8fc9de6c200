import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import path from 'node:path';
import { KEY_SUM_RECIPE } from '../../../loads/key-sum.ts';
import type { StoredObject } from '../../../ports/objects.ts';
import type { ReplicatedTable } from '../../../ports/replication.ts';
import type { MappedColumn, MappedTable } from '../../../sis/mapping/evaluate.ts';
import { makeFolder, PRIVATE_FILE, syncPath } from '../files/durable.ts';
import { pathOf } from '../object-keys.ts';
import { keepsKeysDistinct } from './key-sum-sql.ts';
import type { CopiedRows } from './lane.ts';

/** A part that lies as a draft: its rows, and the path where there are any. */
export interface CopiedPart extends CopiedRows {
  readonly draft: string;
}

/** The name that DMS gives a file of a full load: eight hexadecimal digits, from 1. */
export function loadFileName(number: number): string {
  return `LOAD${number.toString(16).toUpperCase().padStart(8, '0')}.parquet`;
}

/**
 * Moves the parts of a table, all of them whole, to where they are seen. As with DMS an empty table has no folder.
 * @param prefix key prefix of the load
 */
export async function publishTable(
  root: string,
  prefix: string,
  table: MappedTable,
  parts: readonly CopiedPart[],
  key?: readonly MappedColumn[],
): Promise<ReplicatedTable> {
  const filled = parts.filter((part) => part.rows > 0);
  const folder = `${prefix.replace(/\/$/, '')}/${table.schema}/${table.name}`;
  const files: StoredObject[] = [];
  if (filled.length > 0) await makeFolder(pathOf(root, folder));
  for (const [index, part] of filled.entries()) {
    const key = `${folder}/${loadFileName(index + 1)}`;
    const stored = { key, ...(await sealed(part.draft)) };
    await rename(part.draft, pathOf(root, key));
    files.push(stored);
  }
  if (filled.length > 0) await syncPath(path.dirname(pathOf(root, files[0]!.key)));
  return {
    schema: table.source.schema,
    table: table.source.name,
    files,
    rows: parts.reduce((sum, part) => sum + part.rows, 0),
    ...(key
      ? {
          keySum: {
            columns: key.map((column) => column.name),
            sum: String(parts.reduce((sum, part) => sum + part.keySum!, 0n)),
            recipe: KEY_SUM_RECIPE,
            ...(keepsKeysDistinct(table, key) ? { distinct: true as const } : {}),
          },
        }
      : {}),
    ...setAsideOf(parts),
    columns: table.columns.map((column) => ({ name: column.name, type: column.travel.lake })),
  };
}

/** What was set aside of all parts together. */
function setAsideOf(parts: readonly CopiedPart[]): Pick<ReplicatedTable, 'setAside'> {
  const all: Record<string, number> = {};
  for (const { setAside = {} } of parts)
    for (const [column, count] of Object.entries(setAside)) all[column] = (all[column] ?? 0) + count;
  return Object.keys(all).length > 0 ? { setAside: all } : {};
}

/** Size and digest of a file, which is on the disk for good afterwards. */
export async function sealed(file: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  const handle = await open(file, 'r');
  try {
    // DuckDB writes by the umask.
    await handle.chmod(PRIVATE_FILE);
    await handle.datasync();
  } finally {
    await handle.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}
