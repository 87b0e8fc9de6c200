import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { byBytes, partsOfKey, UNFINISHED } from '../object-key.ts';

/** @throws ObjectKeyError for a key that would leave the store */
export function pathOf(root: string, key: string): string {
  return path.join(root, ...partsOfKey(key));
}

/** Every key that starts with the prefix, sorted by the bytes of its UTF-8. */
export async function keysUnder(root: string, prefix: string): Promise<string[]> {
  const lastSlash = prefix.lastIndexOf('/');
  const folder = prefix.slice(0, lastSlash + 1);
  const start = folder === '' ? root : pathOf(root, folder.slice(0, -1));
  const keys: string[] = [];
  await walk(start, folder, prefix, keys);
  return keys.sort(byBytes);
}

async function walk(folder: string, before: string, prefix: string, keys: string[]): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  for (const entry of entries) {
    const key = before + entry.name;
    if (key === UNFINISHED) continue;
    if (entry.isDirectory()) {
      const below = `${key}/`;
      if (below.startsWith(prefix) || prefix.startsWith(below)) {
        await walk(path.join(folder, entry.name), below, prefix, keys);
      }
    } else if (entry.isFile() && key.startsWith(prefix)) {
      keys.push(key);
    }
  }
}
