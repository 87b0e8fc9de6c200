import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ObjectStore } from '../../src/ports/objects.ts';
import { propertyRuns } from '../property-runs.ts';

export interface ObjectStoreHome {
  /** A new, empty store. */
  open(): Promise<ObjectStore>;
  close(): Promise<void>;
}

/** What every object store promises, in both targets. */
export function objectStoreContract(home: ObjectStoreHome): void {
  describe('promises of every object store', () => {
    let store: ObjectStore;
    beforeEach(async () => {
      store = await home.open();
    });
    afterEach(() => home.close());

    it('gives back the bytes that were put, and says how many and their digest', async () => {
      const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 31) % 256));
      const seen: number[] = [];

      const stored = await store.put('raw/canvas/users/part-0.gz', chunksOf(bytes, 70_000), {
        onBytes: (n) => seen.push(n),
      });

      expect(stored).toEqual({
        key: 'raw/canvas/users/part-0.gz',
        bytes: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      });
      expect(seen.reduce((a, b) => a + b)).toBe(bytes.length);
      expect(await buffer(await store.get(stored.key))).toEqual(bytes);
      expect(await store.head(stored.key)).toEqual({ bytes: bytes.length });
    });

    it('stores an object without bytes', async () => {
      const stored = await store.put('empty', Readable.from([]));

      expect(stored.bytes).toBe(0);
      expect(await store.getText('empty')).toBe('');
    });

    it('replaces an object of the same key', async () => {
      await store.putText('pointer.json', 'a long first text');
      await store.putText('pointer.json', 'short');

      expect(await store.getText('pointer.json')).toBe('short');
    });

    it('shows nothing of an object whose source breaks off, and keeps the one before', async () => {
      await store.putText('kept', 'before');
      const broken = () =>
        Readable.from(
          (async function* () {
            yield Buffer.alloc(100_000);
            throw new Error('the line broke');
          })(),
        );

      await expect(store.put('never', broken())).rejects.toThrow('the line broke');
      await expect(store.put('kept', broken())).rejects.toThrow('the line broke');

      expect(await store.head('never')).toBeUndefined();
      expect(await store.getText('kept')).toBe('before');
      expect(await store.list('')).toEqual(['kept']);
    });

    it('shows nothing of an object that is aborted', async () => {
      const stop = new AbortController();
      const body = Readable.from(
        (async function* () {
          yield Buffer.alloc(1_000);
          stop.abort(new Error('enough'));
          yield Buffer.alloc(1_000);
        })(),
      );

      await expect(store.put('aborted', body, { signal: stop.signal })).rejects.toThrow();

      expect(await store.list('')).toEqual([]);
    });

    it('hides an object until its last byte is there', async () => {
      let goOn: () => void = () => undefined;
      const gate = new Promise<void>((resolve) => {
        goOn = resolve;
      });
      const body = Readable.from(
        (async function* () {
          yield Buffer.from('first half, ');
          await gate;
          yield Buffer.from('second half');
        })(),
      );

      const writing = store.put('slow', body);
      await new Promise((resolve) => setTimeout(resolve, 20));
      const listedMeanwhile = await store.list('');
      goOn();
      await writing;

      expect(listedMeanwhile).toEqual([]);
      expect(await store.getText('slow')).toBe('first half, second half');
    });

    it('answers for what is not there', async () => {
      expect(await store.getText('a/b')).toBeUndefined();
      expect(await store.head('a/b')).toBeUndefined();
      expect(await store.list('a/')).toEqual([]);
      await expect(store.get('a/b')).rejects.toThrow('a/b');
      await expect(store.delete(['a/b'])).resolves.toBeUndefined();
    });

    it('lists by prefix, as text and not as folder, in the order of bytes', async () => {
      const keys = ['b', 'a/z', 'a/b/c', 'a-b', 'ab/c', 'a/é', 'a/Z', 'a/\u{1f393}', 'a/\ufb01'];
      for (const key of keys) await store.putText(key, key);

      expect(await store.list('a/')).toEqual(['a/Z', 'a/b/c', 'a/z', 'a/é', 'a/\ufb01', 'a/\u{1f393}']);
      expect(await store.list('a')).toEqual([
        'a-b',
        'a/Z',
        'a/b/c',
        'a/z',
        'a/é',
        'a/\ufb01',
        'a/\u{1f393}',
        'ab/c',
      ]);
      expect(await store.list('a/b')).toEqual(['a/b/c']);
      expect(await store.list('')).toHaveLength(keys.length);
    });

    it('deletes what it is told and nothing else', async () => {
      for (const key of ['t/one', 't/two', 'u/one']) await store.putText(key, key);

      await store.delete(['t/one', 'u/one', 'v/none']);

      expect(await store.list('')).toEqual(['t/two']);
      await store.putText('u/one', 'again');
      expect(await text(await store.get('u/one'))).toBe('again');
    });

    it('refuses keys that are no relative path', async () => {
      for (const key of [
        '../outside',
        'a/../../outside',
        '/etc/passwd',
        '',
        'a//b',
        'a/./b',
        'a/',
        'a\\b',
        'a\0b',
      ]) {
        await expect(store.putText(key, 'x'), JSON.stringify(key)).rejects.toThrow('not a key');
      }
      expect(await store.list('')).toEqual([]);
    });

    it('keeps many writers at once apart', async () => {
      const keys = Array.from({ length: 40 }, (_, i) => `same/folder/${i % 20}`);

      await Promise.all(keys.map((key) => store.put(key, chunksOf(Buffer.from(key.repeat(500)), 1_000))));

      for (const key of new Set(keys)) expect(await store.getText(key)).toBe(key.repeat(500));
    });

    it('behaves as a map from keys to texts', async () => {
      const key = fc.constantFrom('a', 'b/c', 'b/d', 'e/f/g', 'e/f/h');
      const command = fc.oneof(
        fc.record({ act: fc.constant('put' as const), key, text: fc.string() }),
        fc.record({ act: fc.constant('delete' as const), key }),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(command, { maxLength: 15 }), async (commands) => {
          await store.delete(await store.list(''));
          const model = new Map<string, string>();
          for (const c of commands) {
            if (c.act === 'put') {
              await store.putText(c.key, c.text);
              model.set(c.key, Buffer.from(c.text).toString());
            } else {
              await store.delete([c.key]);
              model.delete(c.key);
            }
          }
          expect(await store.list('')).toEqual([...model.keys()].sort());
          for (const [k, v] of model) expect(await store.getText(k)).toBe(v);
        }),
        { numRuns: propertyRuns(15) },
      );
    });
  });
}

function chunksOf(bytes: Buffer, size: number): Readable {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
  return Readable.from(chunks);
}
