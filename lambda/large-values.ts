import { createHash } from 'node:crypto';
import type { Json } from '../src/json.ts';
import type { ObjectStore } from '../src/ports/objects.ts';

/**
 * A state may hand on 256 KB and its input is written into the history again and again. Larger outputs wait in the
 * object store, and the frame names them.
 */
const LARGEST = 16 * 1024;

const folder = (run: string) => `runs/${run}/`;

/** A key for what belongs to one place of one run. */
function keyFor(run: string, kind: string, path: string): string {
  const hash = createHash('sha256').update(path).digest('hex').slice(0, 24);
  return `${folder(run)}${kind}-${hash}.json`;
}

/** The value itself, or the name of the object that now holds it. */
export async function keepSmall(objects: ObjectStore, run: string, path: string, value: Json): Promise<Json> {
  const text = JSON.stringify(value);
  if (Buffer.byteLength(text) <= LARGEST) return value;
  const { key } = await objects.putText(keyFor(run, 'output', path), text);
  return { $object: key };
}

/** The value that `keepSmall` was given. */
export async function inFull(objects: ObjectStore, value: Json | undefined): Promise<Json | undefined> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  if (typeof value.$object !== 'string') return value;
  const text = await objects.getText(value.$object);
  if (text === undefined) throw new Error(`${value.$object} is gone: the run that it belongs to has ended`);
  return JSON.parse(text) as Json;
}

/** Where a Distributed Map finds its items. */
export async function writeList(
  objects: ObjectStore,
  run: string,
  path: string,
  items: Json[],
): Promise<{ bucket: string; key: string }> {
  const { key } = await objects.putText(keyFor(run, 'list', path), JSON.stringify(items));
  // `s3://bucket/key`, as Step Functions wants the two apart.
  return { bucket: objects.uri(key).split('/')[2]!, key };
}

/** Removes all of it when the run has ended. */
export async function forgetLarge(objects: ObjectStore, run: string): Promise<void> {
  await objects.delete(await objects.list(folder(run)));
}
