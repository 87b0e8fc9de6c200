import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AthenaClient } from '@aws-sdk/client-athena';
import { DatabaseMigrationServiceClient } from '@aws-sdk/client-database-migration-service';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateDatabaseCommand, GetTableCommand, GlueClient } from '@aws-sdk/client-glue';
import { LakeFormationClient } from '@aws-sdk/client-lakeformation';
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failOver, openSide, planFailOver, type Side } from '../../../bin/aws/fail-over/fail-over.ts';
import { type LoadedCampus, loadCampus } from '../../../src/campus/load.ts';
import type { Json } from '../../../src/json.ts';
import { changeState, readState } from '../../../src/loads/dataset-state.ts';
import { newState } from '../../../src/loads/state.ts';
import { publish, readPublication } from '../../../src/pipeline/publication.ts';
import { writeRunRecord } from '../../../src/pipeline/run-record.ts';
import { keepLedger } from '../../../src/pipeline/steps/keep-ledger.ts';
import type { AwsClients } from '../../../src/platform/aws/clients.ts';
import { AwsCallError } from '../../../src/platform/aws/errors.ts';
import { dataPlaces } from '../../../src/platform/aws/recovery/stand-by.ts';
import type { TableVersion } from '../../../src/ports/tables.ts';
import { type Ministack, startMinistack } from './ministack.ts';

/** Two emulators stand for two Regions: one of them can go away. S3's replication is played, and loses its last files. */

const ACCOUNT = '000000000000';
const CAMPUS = `name: Test College
timeZone: America/Chicago
sources:
  canvas:
    kind: canvas
    clientId: { secretsManager: lake/canvas, field: id }
    clientSecret: { secretsManager: lake/canvas, field: secret }
aws:
  region: us-east-1
  recovery: { region: us-west-2 }
`;
const CATALOG = `source: canvas
datasets:
  - name: users
    namespace: canvas
    table: users
    key: [id]
    columns:
      - { name: id, type: bigint, privacy: none }
`;
const COLUMNS: TableVersion['columns'] = [{ name: 'id', type: 'bigint' }];
const ZONES = ['raw', 'staged', 'curated', 'records', 'results'];
const QUIET = { signal: new AbortController().signal, tell: () => {} };

let folder: string;
let east: Ministack;
let west: Ministack;
let first: Side;
let second: Side;

function clientsOf(endpoint: string, region: string): AwsClients {
  const config = {
    endpoint,
    region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 2,
  };
  return {
    athena: new AthenaClient(config),
    dms: new DatabaseMigrationServiceClient(config),
    dynamo: DynamoDBDocumentClient.from(new DynamoDBClient(config)),
    glue: new GlueClient(config),
    lakeFormation: new LakeFormationClient(config),
    redshift: new RedshiftDataClient(config),
    s3: new S3Client({ ...config, forcePathStyle: true }),
    secretsManager: new SecretsManagerClient(config),
    sns: new SNSClient(config),
  };
}

/** What the storage stack makes of a lake. */
async function stand(loaded: LoadedCampus, { endpoint }: Ministack): Promise<Side> {
  const { name, region } = loaded.campus.aws!;
  const clients = clientsOf(endpoint, region!);
  const places = dataPlaces({ name, region: region!, databasePrefix: '' }, ACCOUNT);
  for (const zone of ZONES)
    await clients.s3.send(
      new CreateBucketCommand({ Bucket: places.buckets[zone as keyof typeof places.buckets] }),
    );
  await clients.dynamo.send(
    new CreateTableCommand({
      TableName: places.ledgerTable,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
  for (const Name of ['canvas', 'campus', 'lake_versions', 'ops'])
    await clients.glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name } }));
  return openSide(loaded, ACCOUNT, clients);
}

/** A finished table of Parquet files, one of each name; what is in them nobody reads here. */
async function finished({ platform }: Side, table: string, attempt: string, files: readonly string[]) {
  const folder = `curated/${table}/${attempt}`;
  for (const file of files) await platform.objects.putText(`${folder}/${file}.parquet`, `${attempt} ${file}`);
  return {
    table,
    columns: COLUMNS,
    rows: 2,
    storage: {
      kind: 'files',
      place: { database: 'lake_versions', name: `${table.replace('.', '__')}__${attempt}` },
      folder,
      location: `${platform.objects.uri(folder)}/`,
      columns: COLUMNS as unknown as Json,
    },
  } as TableVersion;
}

/** A staged table, whose files name their bucket. */
const iceberg = ({ platform }: Side): TableVersion => ({
  table: 'canvas.users',
  columns: COLUMNS,
  rows: 2,
  storage: {
    kind: 'iceberg',
    place: { database: 'lake_versions', name: 'canvas__users__1' },
    folder: 'staged/canvas.users/1',
    snapshot: '1',
    committedAt: 1,
    metadata: platform.objects.uri('staged/canvas.users/1/metadata/1.json'),
    key: ['id'],
    columns: COLUMNS as unknown as Json,
    removed: null,
  },
});

/** A night of a lake, as a run leaves it: a load, the table that it made, a model, their publication. */
async function night(side: Side, run: string, at: string): Promise<void> {
  const { ledger, objects } = side.platform;
  const load = `raw/canvas/users/${run}`;
  await objects.putText(`${load}/1.jsonl.gz`, 'a record');
  const students = await finished(side, 'campus.students', run.toLowerCase().replace('-', '_'), ['a', 'b']);
  await changeState(ledger, 'canvas.users', () => ({
    ...newState('canvas.users'),
    table: { phase: 'passed', staged: { version: iceberg(side), load: run } },
  }));
  const model = { model: 'students', run, version: students };
  const before = await ledger.read<Json>('model/students');
  await ledger.write<Json>('model/students', model as unknown as Json, before?.version);
  await ledger.append('runs', [{ id: run, run, status: 'succeeded' }]);
  await ledger.append('loads', [{ id: `${run}/canvas.users`, run, rows: 2 }]);
  await ledger.append('access', [{ id: '00000001', who: 'nobody' }]);
  const record = await ledger.read<Json>('run/current');
  await writeRunRecord(ledger, { run, attempt: 1, status: 'succeeded', startedAt: at }, record?.version);
  await publish(side.platform, {
    id: run,
    run,
    at,
    asOf: at,
    tables: { 'canvas.users': iceberg(side), 'campus.students': students },
    facts: {},
  });
  const { campus, catalog } = side.loaded;
  await keepLedger.run({ run }, { campus, catalog, platform: side.platform } as never);
}

/** What S3 replicates: all zones but the staged ones. @param late keys that have not arrived */
async function replicate(from: Side, to: Side, late = /^$/): Promise<void> {
  for (const key of await from.platform.objects.list(''))
    if (!key.startsWith('staged/') && !late.test(key))
      await to.platform.objects.put(key, await from.platform.objects.get(key));
}

const locationOf = async ({ platform: _ }: Side, clients: AwsClients, Name: string): Promise<string> => {
  const { Table } = await clients.glue.send(new GetTableCommand({ DatabaseName: 'campus', Name }));
  return Table!.StorageDescriptor!.Location!;
};

beforeAll(async () => {
  folder = await mkdtemp('/tmp/fail-over-');
  await mkdir(path.join(folder, 'catalog'));
  await mkdir(path.join(folder, 'models'));
  await writeFile(path.join(folder, 'campus.yaml'), CAMPUS);
  await writeFile(path.join(folder, 'catalog/canvas.yaml'), CATALOG);
  // One after the other: two that look for a free port at once may find the same.
  east = await startMinistack();
  west = await startMinistack();
  first = await stand(await loadCampus(folder), east);
  second = await stand(await loadCampus(folder, undefined, 'recovery'), west);
});
afterAll(async () => {
  await first?.platform.close();
  await second?.platform.close();
  await Promise.all([east?.stop(), west?.stop()]);
  await rm(folder, { recursive: true });
});

describe('A second Region', () => {
  it('has nothing from which a lake could go on before the first copy has arrived', async () => {
    const plan = await planFailOver(first, second);

    expect(plan).toMatchObject({
      reachable: true,
      from: 'campus-lake in us-east-1',
      to: 'campus-lake-r in us-west-2',
    });
    expect(plan.arrived).toBeUndefined();
  });

  it('goes on from the newest night that has arrived whole, when the first one is away', async () => {
    const earlier = new Date(Date.now() - 26 * 3600_000);
    const last = new Date(Date.now() - 2 * 3600_000);
    const runOf = (at: Date) => `${at.toISOString().replace(/[-:]|\.\d+/g, '')}-0001`;
    await night(first, runOf(earlier), earlier.toISOString());
    await replicate(first, second);
    await night(first, runOf(last), last.toISOString());
    // One file of the last night is on its way when the Region goes.
    await replicate(first, second, new RegExp(`curated/.*${runOf(last).toLowerCase().replace('-', '_')}/b`));
    await east.stop();

    const plan = await planFailOver(first, second);
    const cut = new AbortController();
    const killed = await failOver(first, second, {
      signal: cut.signal,
      tell: (text) => text.startsWith('going on') && cut.abort(),
    }).catch((error: unknown) => error);
    const done = await failOver(first, second, QUIET);

    expect(plan).toMatchObject({ reachable: false, arrived: { run: runOf(earlier), missing: 0 } });
    expect(killed).toBeInstanceOf(Error);
    expect(done).toMatchObject({
      run: runOf(earlier),
      shown: ['campus.students'],
      // The raw files of the test have no manifest, by which the table could be made again.
      restaged: [],
      reloaded: ['canvas.users'],
      missing: 0,
      copied: 0,
    });
    expect(done.pointSeconds! / 3600).toBeCloseTo(26, 1);
    expect(done.timeSeconds).toBeLessThan(60);
    console.log(
      `recovery point ${done.pointSeconds} s (the copy of the night before), recovery time ${done.timeSeconds} s`,
    );

    const shown = await readPublication(second.platform);
    const { ledger, objects } = second.platform;
    expect(Object.keys(shown!.tables)).toEqual(['campus.students']);
    const clients = clientsOf(west.endpoint, 'us-west-2');
    expect(await locationOf(second, clients, 'students')).toContain(
      's3://campus-lake-r-curated-000000000000-us-west-2/',
    );
    expect(JSON.stringify(await ledger.list(''))).not.toContain('us-east-1');
    expect(await ledger.read('run/current')).toBeUndefined();
    expect((await readState(ledger, 'canvas.users')).state).toMatchObject({ snapshotNext: true });
    expect((await ledger.rows('runs')).map(({ id }) => id)).toContain(runOf(earlier));
    expect(await objects.list('staged/')).toEqual([]);
  });

  it('hands back what it has done since, when the first one answers again: nothing is lost', async () => {
    // A Region that comes back as it was: here an empty one, as after the worst.
    east = await startMinistack();
    const home = await stand(first.loaded, east);
    const now = new Date(Date.now() - 1000);
    await night(second, `${now.toISOString().replace(/[-:]|\.\d+/g, '')}-0002`, now.toISOString());

    const done = await failOver(second, home, QUIET);
    const again = await failOver(second, home, QUIET);

    expect(done).toMatchObject({ pointSeconds: 0, missing: 0, shown: ['campus.students'] });
    expect(done.copied).toBeGreaterThan(4);
    expect(again).toMatchObject({ shown: done.shown, rows: done.rows, run: done.run });
    const rows = async ({ platform }: Side, table: string) =>
      (await platform.ledger.rows(table)).map(({ id }) => id).sort();
    expect(await rows(home, 'loads')).toEqual(await rows(second, 'loads'));
    expect(await rows(home, 'access')).toEqual(['00000001']);
    const clients = clientsOf(east.endpoint, 'us-east-1');
    expect(await locationOf(home, clients, 'students')).toContain(
      's3://campus-lake-curated-000000000000-us-east-1/',
    );
    expect(JSON.stringify(await home.platform.ledger.list(''))).not.toContain('us-west-2');
    await home.platform.close();
  });

  it('is not taken for away where only a right is missing', async () => {
    const clients = clientsOf(west.endpoint, 'us-west-2');
    const refused = Object.assign(new Error('no'), {
      name: 'AccessDeniedException',
      $fault: 'client',
      $metadata: { httpStatusCode: 400 },
    });
    clients.dynamo.middlewareStack.add(() => () => Promise.reject(refused), { step: 'initialize' });
    const shut = openSide(second.loaded, ACCOUNT, clients);

    await expect(planFailOver(shut, second)).rejects.toThrow(AwsCallError);
    await shut.platform.close();
  });
});
