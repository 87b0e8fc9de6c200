import { randomUUID } from 'node:crypto';
import {
  CreateBackupCommand,
  DescribeContinuousBackupsCommand,
  DynamoDBClient,
  RestoreTableFromBackupCommand,
  RestoreTableToPointInTimeCommand,
  UpdateContinuousBackupsCommand,
} from '@aws-sdk/client-dynamodb';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { DeleteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publish, readPublication } from '../../../src/pipeline/publication.ts';
import { restoreItems } from '../../../src/platform/aws/ledger/restore-items.ts';
import { openDynamoLedger } from '../../../src/platform/aws/ledger.ts';
import { openS3Objects } from '../../../src/platform/aws/objects.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import type { LedgerStore } from '../../../src/ports/ledger.ts';
import type { ObjectStore } from '../../../src/ports/objects.ts';
import { clientConfig } from './clients.ts';
import { type Ministack, startMinistack } from './ministack.ts';
import { dynamoClient, newTable } from './tables.ts';

/** Backups are good for what is restored from them: the ledger's, and the earlier versions of records. */

const RECORDS = 'lake-records';
let ministack: Ministack;
let dynamo: DynamoDBDocumentClient;
let control: DynamoDBClient;
let s3: S3Client;
let table: string;
let ledger: LedgerStore;
let objects: ObjectStore;

beforeAll(async () => {
  ministack = await startMinistack();
  const config = clientConfig(ministack.endpoint);
  dynamo = dynamoClient(ministack.endpoint);
  control = new DynamoDBClient(config);
  s3 = new S3Client({ ...config, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: RECORDS }));
  const VersioningConfiguration = { Status: 'Enabled' } as const;
  await s3.send(new PutBucketVersioningCommand({ Bucket: RECORDS, VersioningConfiguration }));
  table = await newTable(dynamo, 'pk', 'sk');
  objects = openS3Objects({
    s3,
    buckets: { raw: RECORDS, staged: RECORDS, curated: RECORDS, records: RECORDS, results: RECORDS },
  });
  ledger = openDynamoLedger({ dynamo, table, objects, clock: systemClock });
});
afterAll(() => ministack.stop());

const publication = (id: string) => ({
  id,
  run: id,
  at: '2026-11-30T02:30:00Z',
  asOf: '2026-11-30T02:30:00Z',
  tables: {},
  facts: {},
});
const long = 'x'.repeat(500_000);

/** Records, rows, a text too long for an item: and then a mistake. */
async function fillAndDamage(restore: (to: string) => Promise<unknown>): Promise<void> {
  await ledger.write(
    'dataset/canvas.users',
    { dataset: 'canvas.users', loading: { phase: 'idle' }, pending: [], table: { phase: 'none' } },
    undefined,
  );
  await ledger.write('note/long', long, undefined);
  await ledger.append('runs', [
    { id: 'a', status: 'succeeded' },
    { id: 'b', status: 'failed' },
  ]);
  const before = await seen();
  const restored = `${table}-${randomUUID().slice(0, 8)}`;
  await restore(restored);
  await ledger.delete('dataset/canvas.users');
  await dynamo.send(new DeleteCommand({ TableName: table, Key: { pk: 'ops#runs', sk: 'a' } }));
  await ledger.write('note/mistake', 'wrong', undefined);
  await ledger.append('runs', [{ id: 'c', status: 'wrong' }]);
  expect(await seen()).not.toEqual(before);

  const held = await ledger.lock('`lake repair`');
  const first = await restoreItems(dynamo, restored, table);
  const again = await restoreItems(dynamo, restored, table);
  await held.release();

  expect(first).toMatchObject({ removed: 2 });
  expect(again).toEqual({ put: first.put, removed: 0 });
  expect(await seen()).toEqual(before);
  for (const { key } of before.records) await ledger.delete(key);
}

const seen = async () => ({ records: await ledger.list(''), rows: await ledger.rows('runs') });

describe('A ledger that was damaged', () => {
  it('is what it was, from a backup', { timeout: 60_000 }, async () => {
    await fillAndDamage(async (TargetTableName) => {
      const name = { TableName: table, BackupName: 'daily' };
      const { BackupDetails } = await control.send(new CreateBackupCommand(name));
      const from = { TargetTableName, BackupArn: BackupDetails!.BackupArn };
      await control.send(new RestoreTableFromBackupCommand(from));
    });
  });

  it('is what it was, from a point in time', { timeout: 60_000 }, async () => {
    await control.send(
      new UpdateContinuousBackupsCommand({
        TableName: table,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    );
    const { ContinuousBackupsDescription: found } = await control.send(
      new DescribeContinuousBackupsCommand({ TableName: table }),
    );
    expect(found?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus).toBe('ENABLED');
    await fillAndDamage((TargetTableName) =>
      control.send(
        new RestoreTableToPointInTimeCommand({
          SourceTableName: table,
          TargetTableName,
          UseLatestRestorableTime: true,
        }),
      ),
    );
  });
});

describe('A publication whose document was overwritten or deleted', () => {
  it('is shown again from the earlier version that the bucket keeps', async () => {
    await publish({ ledger, objects }, publication('20261130T023000Z-0001'));
    const Key = 'publications/20261130T023000Z-0001.json';
    const versions = await s3.send(new ListObjectVersionsCommand({ Bucket: RECORDS, Prefix: Key }));
    const good = versions.Versions![0]!.VersionId!;
    await objects.putText(Key, 'cut sho');
    await expect(readPublication({ ledger, objects })).rejects.toThrow('damaged');
    await objects.delete([Key]);

    const CopySource = `${RECORDS}/${Key}?versionId=${good}`;
    await s3.send(new CopyObjectCommand({ Bucket: RECORDS, Key, CopySource }));

    expect(await readPublication({ ledger, objects })).toEqual(publication('20261130T023000Z-0001'));
  });
});
