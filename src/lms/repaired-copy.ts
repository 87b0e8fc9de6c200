import { pipeline } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';
import type { RawFile } from '../loads/load.ts';
import type { ObjectStore, StoredObject } from '../ports/objects.ts';
import { repairedKey } from './raw-layout.ts';
import { TextRepair } from './text-repair.ts';

/**
 * Writes the readable copy of a JSON Lines file next to it, which engines read in its place: text that is no Unicode
 * replaced, without byte order marks, without padding after its last gzip member. Streams, so memory is flat.
 */
export async function repairedCopy(
  objects: Pick<ObjectStore, 'get' | 'put'>,
  delivered: StoredObject,
  signal: AbortSignal,
): Promise<RawFile> {
  const repair = new TextRepair();
  // The reader sees the error; this callback only keeps it from being raised a second time.
  const ignore = () => {};
  const source = await objects.get(delivered.key);
  const unpacked = delivered.key.endsWith('.gz') ? pipeline(source, createGunzip(), ignore) : source;
  const body = pipeline(unpacked, repair, createGzip({ level: 1 }), ignore);
  const copy = await objects.put(repairedKey(delivered.key), body, { signal });
  return {
    ...copy,
    delivered,
    ...(Object.keys(repair.columns).length > 0 ? { repaired: repair.columns } : {}),
  };
}
