import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { ObjectMissingError } from '../../ports/errors.ts';
import type { ObjectStore, PutOptions, StoredObject } from '../../ports/objects.ts';
import { digesting } from '../digest.ts';
import { byBytes } from '../object-key.ts';
import { AwsCallError, called, isNamed } from './errors.ts';
import { bucketOf, bucketsUnder } from './object-buckets.ts';
import type { AwsPlaces } from './places.ts';

export interface S3ObjectsOptions {
  readonly s3: S3Client;
  readonly buckets: AwsPlaces['buckets'];
}

/** Held in memory for one object: parts of 8 MiB, three on their way. 10,000 parts make 78 GiB, S3's limit here. */
const PART_BYTES = 8 * 1024 * 1024;
const PARTS_AT_ONCE = 3;
/** What one call deletes at most. */
const DELETES = 1_000;

/**
 * Objects in S3, each zone in its bucket. S3 shows an object once its last part is complete, so a killed writer
 * leaves nothing to be seen; what it has sent is thrown away by the bucket's lifecycle.
 */
export function openS3Objects({ s3, buckets }: S3ObjectsOptions): ObjectStore {
  const place = (key: string) => ({ Bucket: bucketOf(buckets, key), Key: key });
  const uri = (key: string) => `s3://${bucketOf(buckets, key)}/${key}`;

  async function put(key: string, body: Readable, options: PutOptions = {}): Promise<StoredObject> {
    const { through, result } = digesting(options.onBytes);
    const target = place(key);
    // Ends the upload, with all its parts, when the source breaks off or the caller aborts: both fail `through`.
    const flow = pipeline(body, through, { signal: options.signal });
    flow.catch(() => undefined);
    const upload = new Upload({
      client: s3,
      params: { ...target, Body: through },
      partSize: PART_BYTES,
      queueSize: PARTS_AT_ONCE,
    });
    try {
      await called(`Writing ${uri(key)}`, key, upload.done());
      await flow;
    } catch (error) {
      through.destroy(error as Error);
      throw error;
    }
    return { key, ...result() };
  }

  async function open(key: string): Promise<Readable | undefined> {
    try {
      const { Body } = await s3.send(new GetObjectCommand(place(key)));
      return Body as Readable;
    } catch (error) {
      if (isNamed(error, 'NoSuchKey', 'NotFound')) return undefined;
      return called(`Reading ${uri(key)}`, key, Promise.reject(error));
    }
  }

  async function listBucket(bucket: string, prefix: string, after?: string): Promise<string[]> {
    const keys: string[] = [];
    const pages = paginateListObjectsV2(
      { client: s3 },
      { Bucket: bucket, Prefix: prefix, StartAfter: after },
    );
    for await (const { Contents = [] } of pages) for (const { Key } of Contents) keys.push(Key!);
    return keys.filter((key) => bucketOf(buckets, key) === bucket);
  }

  async function deleteIn(bucket: string, keys: readonly string[]): Promise<void> {
    for (let at = 0; at < keys.length; at += DELETES) {
      const Objects = keys.slice(at, at + DELETES).map((Key) => ({ Key }));
      const command = new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } });
      const { Errors = [] } = await called(`Deleting in s3://${bucket}`, bucket, s3.send(command));
      const [first] = Errors;
      if (!first) continue;
      throw new AwsCallError(`Deleting s3://${bucket}/${first.Key} failed: ${first.Code}: ${first.Message}`, {
        about: first.Key,
        hint: 'Let the role that calls delete in this bucket.',
      });
    }
  }

  return {
    put,
    putText: (key, text) => put(key, Readable.from([Buffer.from(text)])),
    async getText(key) {
      const body = await open(key);
      if (!body) return undefined;
      const chunks: Buffer[] = [];
      for await (const chunk of body) chunks.push(chunk);
      return Buffer.concat(chunks).toString();
    },
    async get(key) {
      const body = await open(key);
      if (!body) throw new ObjectMissingError(`There is no object ${uri(key)}`, { about: key });
      return body;
    },
    async head(key) {
      try {
        const { ContentLength = 0 } = await s3.send(new HeadObjectCommand(place(key)));
        return { bytes: ContentLength };
      } catch (error) {
        if (isNamed(error, 'NotFound', 'NoSuchKey')) return undefined;
        return called(`Looking for ${uri(key)}`, key, Promise.reject(error));
      }
    },
    async list(prefix, after) {
      const lists = bucketsUnder(buckets, prefix).map((bucket) =>
        called(`Listing s3://${bucket}/${prefix}`, prefix, listBucket(bucket, prefix, after)),
      );
      const keys = (await Promise.all(lists)).flat();
      return lists.length === 1 ? keys : keys.sort(byBytes);
    },
    async delete(keys) {
      const byBucket = new Map<string, string[]>();
      for (const key of keys) {
        const bucket = bucketOf(buckets, key);
        const inside = byBucket.get(bucket) ?? [];
        inside.push(key);
        byBucket.set(bucket, inside);
      }
      for (const [bucket, inside] of byBucket) await deleteIn(bucket, inside);
    },
    uri,
  };
}
