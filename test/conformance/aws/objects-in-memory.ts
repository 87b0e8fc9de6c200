import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { ObjectStore } from '../../../src/ports/objects.ts';

/** Objects of tests that are about something else. */
export function objectsInMemory(): ObjectStore & { keys(): string[] } {
  const held = new Map<string, Buffer>();
  const put = async (key: string, body: Readable) => {
    const bytes = await buffer(body);
    held.set(key, bytes);
    return { key, bytes: bytes.length, sha256: '' };
  };
  return {
    keys: () => [...held.keys()],
    put,
    putText: (key, text) => put(key, Readable.from([Buffer.from(text)])),
    getText: async (key) => held.get(key)?.toString(),
    get: async (key) => Readable.from([held.get(key) ?? Buffer.alloc(0)]),
    head: async (key) => (held.has(key) ? { bytes: held.get(key)!.length } : undefined),
    list: async (prefix) => [...held.keys()].filter((key) => key.startsWith(prefix)).sort(),
    delete: async (keys) => {
      for (const key of keys) held.delete(key);
    },
    uri: (key) => `memory://${key}`,
  };
}
