import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateBucketCommand, ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openS3Objects } from '../../../src/platform/aws/objects.ts';
import type { AwsPlaces } from '../../../src/platform/aws/places.ts';
import type { ObjectStore } from '../../../src/ports/objects.ts';
import { objectStoreContract } from '../../contract/object-store.ts';
import { clientConfig } from './clients.ts';
import { type Ministack, startMinistack } from './ministack.ts';

type Buckets = AwsPlaces['buckets'];

let ministack: Ministack;
let s3: S3Client;
beforeAll(async () => {
  ministack = await startMinistack();
  s3 = new S3Client(clientConfig(ministack.endpoint));
});
afterAll(() => ministack.stop());

async function newBuckets(): Promise<Buckets> {
  const tail = randomUUID();
  const names = ['raw', 'staged', 'curated', 'records', 'results'].map((zone) => [zone, `${zone}-${tail}`]);
  for (const [, name] of names) await s3.send(new CreateBucketCommand({ Bucket: name }));
  return Object.fromEntries(names) as Buckets;
}

objectStoreContract({
  open: async () => openS3Objects({ s3, buckets: await newBuckets() }),
  close: async () => undefined,
});

describe('objects in S3', () => {
  let buckets: Buckets;
  let store: ObjectStore;
  beforeEach(async () => {
    buckets = await newBuckets();
    store = openS3Objects({ s3, buckets });
  });

  const uploads = async () =>
    (await s3.send(new ListMultipartUploadsCommand({ Bucket: buckets.raw }))).Uploads ?? [];

  /** `parts` of 8 MiB and a little more; `at` is called before each. */
  const large = (parts: number, at: (part: number) => void = () => undefined) =>
    Readable.from(
      (async function* () {
        for (let part = 0; part < parts; part++) {
          at(part);
          yield Buffer.alloc(8 * 1024 * 1024, part);
        }
        yield Buffer.from('the end');
      })(),
    );

  it('lie in the bucket of their zone, and everything else in that of the records', async () => {
    for (const key of ['raw/a', 'staged/a', 'curated/a', 'publications/a', 'rawhide/a']) {
      await store.putText(key, key);
    }

    expect(store.uri('raw/a')).toBe(`s3://${buckets.raw}/raw/a`);
    expect(store.uri('rawhide/a')).toBe(`s3://${buckets.records}/rawhide/a`);
    expect(await store.list('')).toEqual(['curated/a', 'publications/a', 'raw/a', 'rawhide/a', 'staged/a']);
    expect(await store.list('raw')).toEqual(['raw/a', 'rawhide/a']);
    await store.delete(['raw/a', 'rawhide/a', 'curated/a']);
    expect(await store.list('')).toEqual(['publications/a', 'staged/a']);
  });

  it('are sent in parts when they are large, and come back byte for byte', async () => {
    const expected = createHash('sha256');
    for await (const chunk of large(4)) expected.update(chunk);

    const stored = await store.put('raw/large', large(4));

    const found = createHash('sha256');
    for await (const chunk of await store.get('raw/large')) found.update(chunk);
    const digest = expected.digest('hex');
    expect(stored).toEqual({ key: 'raw/large', bytes: 4 * 8 * 1024 * 1024 + 7, sha256: digest });
    expect(found.digest('hex')).toBe(digest);
  });

  it('leave no parts behind when the source breaks off or the caller aborts in the middle', async () => {
    const stop = new AbortController();
    const breaks = large(4, (part) => {
      if (part === 3) throw new Error('the line broke');
    });
    const aborted = large(4, (part) => {
      if (part === 3) stop.abort(new Error('enough'));
    });

    await expect(store.put('raw/large', breaks)).rejects.toThrow('the line broke');
    await expect(store.put('raw/large', aborted, { signal: stop.signal })).rejects.toThrow();

    expect(await store.list('')).toEqual([]);
    expect(await uploads()).toEqual([]);
  });

  it('end at once when a source that says nothing is aborted', async () => {
    const stop = new AbortController();
    const silent = new Readable({ read: () => undefined });
    const writing = store.put('raw/silent', silent, { signal: stop.signal });

    await sleep(20);
    stop.abort();

    await expect(writing).rejects.toThrow();
    expect(silent.destroyed).toBe(true);
  });

  it('are listed beyond the thousand that one answer holds, and deleted as many', async () => {
    const keys = Array.from({ length: 2_050 }, (_, i) => `t/${String(i).padStart(5, '0')}`);
    for (let at = 0; at < keys.length; at += 50) {
      await Promise.all(keys.slice(at, at + 50).map((key) => store.putText(key, 'x')));
    }

    expect(await store.list('t/')).toEqual(keys);
    await store.delete(keys);
    expect(await store.list('')).toEqual([]);
  });

  it('say which object and why when the service refuses', async () => {
    const nowhere = openS3Objects({ s3, buckets: { ...buckets, raw: 'no-such-bucket' } });

    await expect(nowhere.putText('raw/a', 'x')).rejects.toThrow(
      /Writing s3:\/\/no-such-bucket\/raw\/a failed: NoSuchBucket/,
    );
    await expect(nowhere.list('raw/')).rejects.toThrow(/Listing s3:\/\/no-such-bucket/);
  });
});
