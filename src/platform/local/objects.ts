import { createWriteStream } from 'node:fs';
import { open, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ObjectKeyError, ObjectMissingError } from '../../ports/errors.ts';
import type { ObjectStore, PutOptions, StoredObject } from '../../ports/objects.ts';
import { digesting } from '../digest.ts';
import { byBytes } from '../object-key.ts';
import { makeFolder, PRIVATE_FILE, syncPath } from './files/durable.ts';
import { Drafts } from './object-drafts.ts';
import { keysUnder, pathOf } from './object-keys.ts';

/** Objects as files of a folder, key for path. Drafts lie next to them in `.unfinished`, on the same file system. */
export function openLocalObjects(directory: string): ObjectStore {
  const root = path.resolve(directory);
  const drafts = new Drafts(root);

  async function put(key: string, body: Readable, options: PutOptions = {}): Promise<StoredObject> {
    const place = pathOf(root, key);
    const draft = await drafts.create();
    try {
      const { through, result } = digesting(options.onBytes);
      await pipeline(body, through, createWriteStream(draft, { flush: true, mode: PRIVATE_FILE }), {
        signal: options.signal,
      });
      await moveInto(draft, place, key);
      return { key, ...result() };
    } finally {
      await rm(draft, { force: true });
    }
  }

  return {
    put,
    putText: (key, text) => put(key, Readable.from([Buffer.from(text)])),
    async getText(key) {
      return readFile(pathOf(root, key), 'utf8').catch(undefinedWhereMissing);
    },
    async get(key) {
      const handle = await open(pathOf(root, key)).catch(undefinedWhereMissing);
      if (!handle) throw new ObjectMissingError(`There is no object ${key} in ${root}`, { about: key });
      return handle.createReadStream();
    },
    async head(key) {
      const found = await stat(pathOf(root, key)).catch(undefinedWhereMissing);
      return found?.isFile() ? { bytes: found.size } : undefined;
    },
    async list(prefix, after) {
      const keys = await keysUnder(root, prefix);
      return after === undefined ? keys : keys.filter((key) => byBytes(key, after) > 0);
    },
    async delete(keys) {
      for (const key of keys) {
        const place = pathOf(root, key);
        await rm(place, { force: true });
        await removeEmptyFolders(path.dirname(place), root);
      }
    },
    uri: (key) => pathOf(root, key),
  };
}

/** Renames and makes that durable. The folder may vanish in between when `delete` finds it empty: then again. */
async function moveInto(draft: string, place: string, key: string): Promise<void> {
  const folder = path.dirname(place);
  for (let tries = 1; ; tries++) {
    try {
      await makeFolder(folder);
      await rename(draft, place);
      await syncPath(folder);
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' && tries < 10) continue;
      if (code === 'EISDIR' || code === 'ENOTDIR' || code === 'EEXIST') {
        throw new ObjectKeyError(
          `The key ${key} cannot be stored: another key is a folder of it, or it of one`,
          {
            about: key,
            cause: error,
          },
        );
      }
      throw error;
    }
  }
}

async function removeEmptyFolders(folder: string, root: string): Promise<void> {
  for (let at = folder; at.length > root.length; at = path.dirname(at)) {
    try {
      await rmdir(at);
    } catch {
      return; // Not empty, or gone already.
    }
  }
}

function undefinedWhereMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw error;
}
