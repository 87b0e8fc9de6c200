import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { ObjectKeyError } from '../errors.ts';

/** Where drafts lie; no key may start with it. */
export const UNFINISHED = '.unfinished';

/** @throws ObjectKeyError for a key that would leave the store */
export function pathOf(root: string, key: string): string {
  const parts = key.split('/');
  const wrong = parts.some(
    (part) => part === '' || part === '.' || part === '..' || part.includes('\0') || part.includes('\\'),
  );
  if (wrong || parts[0] === UNFINISHED) {
    throw new ObjectKeyError(`${JSON.stringify(key)} is not a key of an object`, {
      about: key,
      hint: 'Keys are relative, with / between parts that are neither empty nor dots.',
    });
  }
  return path.join(root, ...parts);
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

const SURROGATE = /[\ud800-\udfff]/;

/** JavaScript compares UTF-16 units; that differs from the order of bytes only where surrogates are. */
function byBytes(a: string, b: string): number {
  if (SURROGATE.test(a) || SURROGATE.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : a > b ? 1 : 0;
}
