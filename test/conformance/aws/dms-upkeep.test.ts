import { DatabaseMigrationServiceClient } from '@aws-sdk/client-database-migration-service';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { deleteReplications, deleteTasks } from '../../../bin/aws/teardown/stop-work.ts';
import { checkCapture } from '../../../src/app/doctor/aws/check-capture.ts';
import { checkReplication } from '../../../src/app/doctor/aws/check-replication.ts';
import type { AwsDoctorContext } from '../../../src/app/doctor/aws/context.ts';
import type { Finding } from '../../../src/app/doctor/finding.ts';
import { openCloudAccount } from '../../../src/platform/aws/account/account.ts';
import { openTasks } from '../../../src/platform/aws/dms/open-tasks.ts';
import type { DmsTask, MigrationType } from '../../../src/platform/aws/dms/task.ts';
import type { AwsPlaces } from '../../../src/platform/aws/places.ts';
import { mappingsFor } from '../../contract/replication.ts';
import {
  LAKE_PASSWORD,
  type SisFixture,
  startSisFixture,
} from '../../platform/local/replication/sis-fixture.ts';
import { clientConfig } from './clients.ts';
import { CHANGES_ARN, type Dms, INSTANCE_ARN, KINDS, SOURCE_ARN, startDms, TARGET_ARN } from './dms.ts';
import { type Ministack, startMinistack } from './ministack.ts';
import { objectsInMemory } from './objects-in-memory.ts';

/** What a person does about DMS, on an instance and serverless: `lake doctor --target aws`, `lake teardown --target aws`. */

let sis: SisFixture;
let ministack: Ministack;
let dms: Dms;
let client: DatabaseMigrationServiceClient;
beforeAll(async () => {
  [sis, ministack] = await Promise.all([startSisFixture({ wal_level: 'logical' }), startMinistack()]);
  await sis.admin.query(
    'CREATE SCHEMA reg; CREATE TABLE reg.fee AS SELECT g AS id FROM generate_series(1, 20) g; ALTER TABLE reg.fee ADD PRIMARY KEY (id)',
  );
});
afterAll(async () => {
  await sis.stop();
  await ministack.stop();
});
beforeEach(async () => {
  dms = await startDms({
    source: sis.source,
    password: LAKE_PASSWORD,
    objects: objectsInMemory(),
    admin: sis.admin,
  });
  client = new DatabaseMigrationServiceClient(clientConfig(dms.endpoint));
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  vi.stubEnv('AWS_ENDPOINT_URL', ministack.endpoint);
  vi.stubEnv('AWS_ENDPOINT_URL_DATABASE_MIGRATION_SERVICE', dms.endpoint);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  client.destroy();
  await dms.stop();
  await sis.admin.query('SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots');
});

/** Time passes only where somebody waits. */
function patientClock() {
  let now = 0;
  return {
    now: () => now,
    sleep: async (ms: number) => {
      now += ms;
    },
  };
}

describe.each(KINDS)('DMS on $kind', ({ kind, place }) => {
  const MAPPINGS = JSON.stringify(mappingsFor('reg', ['fee']));
  const tasksOf = (type: MigrationType) =>
    openTasks(
      client,
      { ...place, targetEndpointArn: type === 'full-load' ? TARGET_ARN : CHANGES_ARN },
      'sis',
      type,
    );
  async function until(type: MigrationType, id: string, wanted: (task: DmsTask) => boolean): Promise<void> {
    await vi.waitFor(
      async () => {
        const task = (await tasksOf(type).list()).get(id);
        if (!task || !wanted(task)) throw new Error(`${id} is ${task?.status}`);
      },
      { timeout: 60_000, interval: 50 },
    );
  }
  async function begin(type: MigrationType, id: string, ends: string): Promise<void> {
    const tasks = tasksOf(type);
    await tasks.create(id, MAPPINGS, '{}');
    await until(type, id, ({ status }) => status === 'ready');
    if (kind === 'an instance') await test(type === 'full-load' ? TARGET_ARN : CHANGES_ARN);
    await tasks.start((await tasks.list()).get(id)!, 'start-replication');
    await until(type, id, ({ status }) => status === ends);
  }
  /** As the console tests a connection: the source's and a target's. */
  async function test(target: string): Promise<void> {
    const { DescribeConnectionsCommand, TestConnectionCommand } = await import(
      '@aws-sdk/client-database-migration-service'
    );
    for (const EndpointArn of [SOURCE_ARN, target]) {
      await client.send(new TestConnectionCommand({ EndpointArn, ReplicationInstanceArn: INSTANCE_ARN }));
      const Filters = [{ Name: 'endpoint-arn', Values: [EndpointArn] }];
      for (let look = 0; look < 2; look++) await client.send(new DescribeConnectionsCommand({ Filters }));
    }
  }
  const ended = () =>
    kind === 'an instance'
      ? deleteTasks(client, INSTANCE_ARN, patientClock())
      : deleteReplications(client, [TARGET_ARN, CHANGES_ARN], patientClock());
  async function examined(): Promise<Finding[]> {
    const context = {
      campus: {
        sources: { sis: { kind: 'postgres' } },
        aws: { replication: kind === 'serverless' ? { serverless: {} } : {} },
      },
      account: openCloudAccount({ aws: { region: 'us-east-1' } }, {
        replication: { sis: place },
      } as unknown as AwsPlaces),
      deployed: true,
    } as unknown as AwsDoctorContext;
    const findings: Finding[] = [];
    for await (const finding of checkReplication(context)) findings.push(finding);
    return findings;
  }
  const ofSis = async () =>
    (await examined()).filter(({ about }) => about === 'sis').map(({ status, text }) => [status, text]);

  it('lets a teardown end what was never started, what has finished and what still captures changes', async () => {
    await tasksOf('full-load').create('lake-sis-new', MAPPINGS, '{}');
    await begin('full-load', 'lake-sis-done', 'stopped');
    await begin('full-load-and-cdc', 'lake-sis-changes', 'running');

    expect(await ended()).toBe(3);
    expect(dms.tasks()).toEqual([]);
    const slots = await sis.admin.query('SELECT count(*)::int AS n FROM pg_replication_slots');
    expect(slots.rows).toEqual([{ n: 0 }]);
    expect(await ended()).toBe(0);
  });

  it('tells the doctor what is used up, and that nobody knows yet whether the SIS is reached', async () => {
    const findings = await examined();
    expect(findings.map(({ status, about }) => [status, about])).toEqual([
      ['ok', 'dms'],
      ['warn', 'dms'],
      ['warn', 'sis'],
    ]);
    expect(findings[0]!.text).toBe('its roles will be made');
    expect(findings[1]!.text).toBe('EndpointsPerInstance: 100 of 100 are used');
    expect(findings[2]!.text).toContain('whether DMS reaches it is not known');
  });

  it('tells the doctor that the SIS is reached', async () => {
    await begin('full-load-and-cdc', 'lake-sis-changes', 'running');
    expect(await ofSis()).toEqual([['ok', expect.stringContaining('DMS reaches it')]]);
  });

  it('tells the doctor in its own words why the SIS is not reached', async () => {
    dms.unreachable(SOURCE_ARN, 'no route to host');
    if (kind === 'an instance') await test(TARGET_ARN);
    else await begin('full-load', 'lake-sis-load', 'failed');
    expect(await ofSis()).toEqual([['fail', expect.stringContaining('no route to host')]]);
  });
});

describe('the log of a SIS whose changes are captured', () => {
  const looked = async (more: object = {}, tables = 3) => {
    const source = { ...sis.source, kind: 'postgres', replication: 'full-load-and-cdc', ...more };
    const context = {
      campus: {
        sources: { sis: source, other: { kind: 'canvas' } },
        aws: { replication: { tablesPerTask: 2 } },
      },
      catalog: { of: () => Array.from({ length: tables }, () => ({ key: ['id'] })) },
      secrets: { get: async () => LAKE_PASSWORD },
      account: openCloudAccount({}),
    } as unknown as AwsDoctorContext;
    const findings: Finding[] = [];
    for await (const finding of checkCapture(context)) findings.push(finding);
    return findings.map(({ status, text }) => `${status}: ${text}`);
  };
  const set = async (setting: string) => {
    await sis.admin.query(`ALTER SYSTEM SET ${setting}`);
    await sis.admin.query('SELECT pg_reload_conf()');
  };
  const user = () => sis.source.user;
  const readable = async () => {
    await sis.admin.query(`ALTER ROLE "${user()}" REPLICATION`);
    await set("max_slot_wal_keep_size = '1GB'");
  };

  it('is not asked about where it is copied whole', async () => {
    expect(await looked({ replication: 'full-load' })).toEqual([]);
  });

  it('may be read by a user who has the right, and is bounded', async () => {
    const unprepared = await looked();
    await readable();
    expect(unprepared).toEqual([
      `fail: the user ${user()} may not read the log`,
      expect.stringMatching(/^warn: nothing bounds the log/),
    ]);
    expect(await looked()).toEqual(['ok: its log can be read, for 2 tasks of DMS']);
  });

  it('is held back by slots that nobody reads, and has slots for so many tasks only', async () => {
    await readable();
    await sis.admin.query("SELECT pg_create_logical_replication_slot('forgotten', 'test_decoding')");
    const findings = await looked({}, 100);
    await sis.admin.query("SELECT pg_drop_replication_slot('forgotten')");
    expect(findings).toEqual([
      expect.stringMatching(/^warn: DMS needs 50 slots: \d+ are free/),
      'warn: nobody reads forgotten, and the SIS keeps its log for it',
    ]);
  });

  it('is said not to be known where the database is not reached', async () => {
    expect(await looked({ port: 1 })).toEqual([
      expect.stringMatching(/^warn: whether DMS may read its log is not known: Cannot connect/),
    ]);
  });
});
