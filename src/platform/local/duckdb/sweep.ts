import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { TableVersion } from '../../../ports/tables.ts';
import { summedFile } from './file-sums.ts';
import { scratchFolder } from './session.ts';
import { filesOf } from './storage.ts';

/**
 * Removes staged, curated and scratch files that no version names and that are old enough.
 * @param atOnce tables of which they are old enough whenever they were made
 * @returns bytes freed
 */
export async function sweepFiles(
  root: string,
  keep: readonly TableVersion[],
  olderThan: number,
  atOnce: readonly string[] = [],
): Promise<number> {
  const kept = new Set(keep.flatMap(filesOf).map((key) => join(root, key)));
  let freed = 0;
  for (const folder of [join(root, 'staged'), join(root, 'curated'), scratchFolder(root)]) {
    freed += await sweepFolder(folder, kept, olderThan, false);
  }
  for (const table of atOnce) {
    for (const zone of ['staged', 'curated']) {
      freed += await sweepFolder(join(root, zone, table), kept, Number.POSITIVE_INFINITY, true);
    }
  }
  return freed;
}

async function sweepFolder(
  folder: string,
  kept: ReadonlySet<string>,
  olderThan: number,
  removable: boolean,
): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  let freed = 0;
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      freed += await sweepFolder(path, kept, olderThan, true);
      continue;
    }
    const found = kept.has(summedFile(path) ?? path) ? undefined : await stat(path).catch(() => undefined);
    if (!found || found.mtimeMs >= olderThan) continue;
    await rm(path, { force: true });
    freed += found.size;
  }
  // Only an empty folder can be removed this way, so a file that was just put there is safe.
  if (removable) await rmdir(folder).catch(() => undefined);
  return freed;
}
