import { randomUUID } from 'node:crypto';
import { DatabaseMigrationServiceClient } from '@aws-sdk/client-database-migration-service';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parquetColumns } from '../../../src/platform/aws/athena/parquet-columns.ts';
import { readFooter } from '../../../src/platform/aws/athena/parquet-footer.ts';
import { ReplicationError } from '../../../src/platform/aws/dms/errors.ts';
import { openS3Objects } from '../../../src/platform/aws/objects.ts';
import { openDmsReplication } from '../../../src/platform/aws/replication.ts';
import { openSisPlaces } from '../../../src/platform/aws/sis-places.ts';
import type { ObjectStore } from '../../../src/ports/objects.ts';
import type { Replication } from '../../../src/ports/replication.ts';
import { mappingsFor, outcomeOf, replicationContract } from '../../contract/replication.ts';
import {
  LAKE_PASSWORD,
  type SisFixture,
  startSisFixture,
} from '../../platform/local/replication/sis-fixture.ts';
import { clientConfig } from './clients.ts';
import { type Dms, type DmsOptions, KINDS, SOURCE_ARN, startDms } from './dms.ts';
import { type Ministack, startMinistack } from './ministack.ts';

type Place = (typeof KINDS)[number]['place'];

let ministack: Ministack;
let sis: SisFixture;
let s3: S3Client;
beforeAll(async () => {
  ministack = await startMinistack();
  sis = await startSisFixture();
  s3 = new S3Client(clientConfig(ministack.endpoint));
});
afterAll(async () => {
  await sis.stop();
  await ministack.stop();
});

async function newObjects(): Promise<ObjectStore> {
  const bucket = randomUUID();
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  return openS3Objects({
    s3,
    buckets: { raw: bucket, staged: bucket, curated: bucket, records: bucket, results: bucket },
  });
}

function replicationOver(
  dms: Pick<Dms, 'endpoint'>,
  place: Place,
  objects: ObjectStore,
  tablesPerTask?: number,
): Replication {
  const client = new DatabaseMigrationServiceClient(clientConfig(dms.endpoint));
  // As a function is given it: the endpoints are found by their names.
  const { sourceEndpointArn: _from, targetEndpointArn: _to, changesEndpointArn: _changes, ...shared } = place;
  const drift = { database: 'lake_drift', everyDays: 7 };
  return openDmsReplication({
    dms: client,
    placeOf: openSisPlaces(client, { sis: { name: 'campus-lake', drift, ...shared } }),
    objects,
    sources: { sis: sis.source },
    tablesPerTask,
    async facts(key, table) {
      const { rows, schema } = await readFooter({ s3, objects }, objects.uri(key), table);
      const bytes = (await objects.head(key))!.bytes;
      return {
        rows,
        bytes,
        columns: parquetColumns(schema).map(({ name, type = 'varchar' }) => ({ name, type })),
      };
    },
  });
}

const TABLES = Array.from({ length: 7 }, (_, i) => `t${i}`);
beforeAll(() =>
  sis.admin.query(
    `CREATE SCHEMA dms; ${TABLES.map((t) => `CREATE TABLE dms.${t} AS SELECT g AS id FROM generate_series(1, 20) g;`).join(' ')}`,
  ),
);

describe.each(KINDS)('replication by DMS on $kind', ({ place }) => {
  // Schemas of the contract are numbered again by each kind.
  afterAll(() =>
    sis.admin.query(`DO $$ DECLARE s text; BEGIN
      FOR s IN SELECT nspname FROM pg_namespace WHERE nspname LIKE 'college%' LOOP
        EXECUTE format('DROP SCHEMA %I CASCADE', s);
      END LOOP; END $$`),
  );
  replicationContract({
    sql: (text) => sis.admin.query(text),
    async open() {
      const objects = await newObjects();
      const dms = await startDms({ source: sis.source, password: LAKE_PASSWORD, objects });
      return {
        replication: replicationOver(dms, place, objects),
        list: async (prefix) => (await objects.list(prefix)).filter((key) => !key.startsWith('replication/')),
        close: () => dms.stop(),
      };
    },
  });
});

describe.each(KINDS)('DMS on $kind', ({ kind, place, calls }) => {
  let dms: Dms;
  let objects: ObjectStore;
  afterEach(() => dms.stop());
  async function begin(options: Partial<DmsOptions> = {}): Promise<void> {
    objects = await newObjects();
    dms = await startDms({ source: sis.source, password: LAKE_PASSWORD, objects, ...options });
  }
  const count = (operation: string) => dms.asked.filter((name) => name === operation).length;
  const request = (load: string, tables: readonly string[]) => ({
    source: 'sis',
    load,
    prefix: `raw/sis/${load}`,
    mappings: mappingsFor('dms', tables),
  });

  it('splits the tables into tasks, and removes these when all is well', async () => {
    await begin();
    const replication = replicationOver(dms, place, objects, 3);

    const { task } = await replication.start(request('20261122T023000Z-4f1c', TABLES));
    const made = dms.tasks();
    const outcome = await outcomeOf(replication, task);
    await replication.poll(task);

    expect(made).toEqual(
      [1, 2, 3].map((n) => expect.stringMatching(`^lake-sis-20261122t023000z-4f1c-[0-9a-f]{8}-${n}$`)),
    );
    expect(outcome.tables.map(({ table, rows }) => [table, rows]).sort()).toEqual(TABLES.map((t) => [t, 20]));
    expect([count(calls.create), count(calls.start), count(calls.delete)]).toEqual([3, 3, 3]);
  });

  it('is brought to its end by any number of functions that know nothing of each other', async () => {
    await begin();
    const start = request('many', TABLES);
    const { task } = await replicationOver(dms, place, objects, 4).start(start);

    let status = await replicationOver(dms, place, objects, 4).poll(task);
    while (!status.done) {
      // Killed and started over in between.
      await replicationOver(dms, place, objects, 4).start(start);
      status = await replicationOver(dms, place, objects, 4).poll(task);
    }

    expect(status.tables.filter((table) => table.rows === 20)).toHaveLength(7);
    expect([count(calls.create), count(calls.start)]).toEqual([2, 2]);
  });

  it('resumes a task that breaks off, so often and no more', async () => {
    await begin({ breaks: 2 });
    const patient = replicationOver(dms, place, objects);
    const one = await patient.start(request('twice', ['t0']));
    expect((await outcomeOf(patient, one.task)).tables).toMatchObject([{ table: 't0', rows: 20 }]);
    await dms.stop();

    await begin({ breaks: 9 });
    const weary = replicationOver(dms, place, objects);
    const two = await weary.start(request('nine', ['t0']));
    const outcome = await outcomeOf(weary, two.task);

    expect(count(calls.start)).toBe(3);
    expect(outcome.tables).toEqual([
      {
        schema: 'dms',
        table: 't0',
        error: expect.stringMatching(/broke off before it: .*RECOVERABLE_ERROR/),
      },
    ]);
  });

  it('tells what DMS says when it does not reach the SIS, and tests again the next time', async () => {
    await begin();
    dms.unreachable(SOURCE_ARN, 'connection timed out');
    const replication = replicationOver(dms, place, objects);

    const first = await replication.start(request('dark', ['t0']));
    const dark = outcomeOf(replication, first.task);
    if (kind === 'serverless') {
      // Nothing tests a connection before the replication itself does.
      expect((await dark).tables).toEqual([
        { schema: 'dms', table: 't0', error: 'its DMS task broke off before it: connection timed out' },
      ]);
    } else {
      await expect(dark).rejects.toThrow(ReplicationError);
      await expect(dark).rejects.toThrow('DMS does not reach the SIS of sis: connection timed out');
    }
    dms.unreachable(SOURCE_ARN, undefined);
    const second = await replication.start(request('light', ['t0']));

    expect((await outcomeOf(replication, second.task)).tables).toMatchObject([{ table: 't0', rows: 20 }]);
    // The task of the load that never began is gone.
    await replication.poll(second.task);
    expect(dms.tasks().filter((id) => id.includes('dark'))).toEqual([]);
  });

  it('takes a table whose files hold fewer rows than DMS counted for failed', async () => {
    await begin();
    const replication = openDmsReplication({
      dms: new DatabaseMigrationServiceClient(clientConfig(dms.endpoint)),
      placeOf: async () => place,
      objects,
      sources: { sis: sis.source },
      facts: async () => ({ rows: 19, bytes: 1, columns: [] }),
    });

    const { task } = await replication.start(request('short', ['t0']));

    expect((await outcomeOf(replication, task)).tables).toEqual([
      { schema: 'dms', table: 't0', error: 'DMS counted 20 rows, and its 1 files hold 19' },
    ]);
    // It stays for whoever looks into it, unless it is billed for that.
    expect(count(calls.delete)).toBe(kind === 'serverless' ? 1 : 0);
  });

  it.runIf(kind === 'serverless')(
    'copies everything again when it broke off, and says so of what was forgotten',
    async () => {
      await begin({ breaks: 1 });
      const replication = replicationOver(dms, place, objects);

      const { task } = await replication.start(request('broken', ['t0', 't1']));
      const status = await outcomeOf(replication, task);
      const started = dms.given(calls.start).map(({ StartReplicationType: how }) => how);
      await dms.stop();
      await begin({ forgetful: true });
      const late = replicationOver(dms, place, objects);
      const slow = await late.start(request('slow', ['t0']));

      expect(started).toEqual(['start-replication', 'reload-target']);
      expect(status.tables.map(({ rows }) => rows)).toEqual([20, 20]);
      await expect(outcomeOf(late, slow.task)).rejects.toThrow(
        /DMS has forgotten what lake-sis-slow-\w+-1 has copied of sis/,
      );
    },
  );

  it('says so when nothing is deployed for a source, and of a load that nobody started', async () => {
    await begin();
    const replication = replicationOver(dms, place, objects);

    await expect(replication.start({ ...request('x', ['t0']), source: 'other' })).rejects.toThrow(
      'no DMS for other',
    );
    await expect(replication.poll('sis/never')).rejects.toThrow('There is no load sis/never');
  });
});
