import { CreateBucketCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Ministack, REGION, startMinistack } from './ministack.ts';

let ministack: Ministack;
beforeAll(async () => {
  ministack = await startMinistack();
});
afterAll(() => ministack.stop());

it('serves AWS on loopback, empty at first', async () => {
  const s3 = new S3Client({
    endpoint: ministack.endpoint,
    region: REGION,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });

  const before = await s3.send(new ListBucketsCommand());
  await s3.send(new CreateBucketCommand({ Bucket: 'one' }));
  const after = await s3.send(new ListBucketsCommand());

  expect(new URL(ministack.endpoint).hostname).toBe('127.0.0.1');
  expect(before.Buckets ?? []).toEqual([]);
  expect(after.Buckets?.map((b) => b.Name)).toEqual(['one']);
});
