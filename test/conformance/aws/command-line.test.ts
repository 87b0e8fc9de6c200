import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CreateStateMachineCommand, ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LakeError } from '../../../src/errors.ts';
import { publish } from '../../../src/pipeline/publication.ts';
import { writeRunRecord } from '../../../src/pipeline/run-record.ts';
import { StepLog } from '../../../src/pipeline/step-log.ts';
import { openDynamoLedger } from '../../../src/platform/aws/ledger.ts';
import { openS3Objects } from '../../../src/platform/aws/objects.ts';
import type { AwsPlaces } from '../../../src/platform/aws/places.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import type { LedgerStore } from '../../../src/ports/ledger.ts';
import type { ObjectStore } from '../../../src/ports/objects.ts';
import { clientConfig } from './clients.ts';
import { type Ministack, REGION, startMinistack } from './ministack.ts';
import { dynamoClient, newTable } from './tables.ts';

const CAMPUS = `name: Test College
timeZone: America/Chicago
sources:
  canvas:
    kind: canvas
    clientId: { secretsManager: lake/canvas, field: id }
    clientSecret: { secretsManager: lake/canvas, field: secret }
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

let ministack: Ministack;
let folder: string;
let ledger: LedgerStore;
let objects: ObjectStore;
let stateMachineArn: string;
let sfn: SFNClient;

beforeAll(async () => {
  ministack = await startMinistack();
  folder = await mkdtemp('/tmp/command-line-');
  await mkdir(path.join(folder, 'catalog'));
  await mkdir(path.join(folder, 'models'));
  await writeFile(path.join(folder, 'campus.yaml'), CAMPUS);
  await writeFile(path.join(folder, 'catalog/canvas.yaml'), CATALOG);
});
afterAll(async () => {
  await ministack.stop();
  await rm(folder, { recursive: true });
});

/** What a deployed lake has of what the commands need. */
async function deploy(): Promise<void> {
  const config = clientConfig(ministack.endpoint);
  const s3 = new S3Client(config);
  const zones = ['raw', 'staged', 'curated', 'records', 'results'] as const;
  for (const zone of zones) await s3.send(new CreateBucketCommand({ Bucket: `lake-${zone}` }));
  const buckets = Object.fromEntries(zones.map((zone) => [zone, `lake-${zone}`])) as AwsPlaces['buckets'];
  const dynamo = dynamoClient(ministack.endpoint);
  const { TopicArn } = await new SNSClient(config).send(new CreateTopicCommand({ Name: 'lake' }));
  const places: AwsPlaces = {
    region: REGION,
    account: '000000000000',
    buckets,
    ledgerTable: await newTable(dynamo, 'pk', 'sk'),
    limitsTable: await newTable(dynamo, 'bucket'),
    databasePrefix: '',
    workgroup: 'lake',
    topicArn: TopicArn!,
  };
  objects = openS3Objects({ s3, buckets });
  ledger = openDynamoLedger({ dynamo, table: places.ledgerTable, objects, clock: systemClock });
  sfn = new SFNClient(config);
  const machine = await sfn.send(
    new CreateStateMachineCommand({
      name: 'lake-run',
      roleArn: 'arn:aws:iam::000000000000:role/lake',
      definition: JSON.stringify({
        StartAt: 'Wait',
        States: { Wait: { Type: 'Wait', Seconds: 8, End: true } },
      }),
    }),
  );
  stateMachineArn = machine.stateMachineArn!;
  const template = {
    Resources: { Topic: { Type: 'AWS::SNS::Topic' } },
    Outputs: {
      Places: { Value: JSON.stringify(places) },
      StateMachine: { Value: stateMachineArn },
    },
  };
  await new CloudFormationClient(config).send(
    new CreateStackCommand({ StackName: 'campus-lake-pipeline', TemplateBody: JSON.stringify(template) }),
  );
  const SecretString = '{"id":"me","secret":"hush"}';
  await new SecretsManagerClient(config).send(new CreateSecretCommand({ Name: 'lake/canvas', SecretString }));
}

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function lake(...words: readonly string[]): Promise<Said> {
  const root = path.resolve(import.meta.dirname, '../../..');
  const command = [path.join(root, 'bin/lake.mjs'), ...words, '--target', 'aws'];
  const env = { PATH: process.env.PATH, HOME: folder, NO_COLOR: '1', ...ministack.env };
  const options = { cwd: root, env: { ...env, LAKE_CAMPUS: path.join(folder, 'campus.yaml') } };
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, command, options);
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: stdout, err: stderr };
  }
}

describe('the commands on AWS', () => {
  it('say what to do where nothing is deployed', async () => {
    const said = await lake('status');

    expect(said.code).toBe(2);
    expect(said.err).toContain('there is no stack campus-lake-pipeline');
    expect(said.err).toContain('npx cdk deploy --all');
  });

  it('answer from the deployed lake as they do from one on this machine', async () => {
    await deploy();
    const before = await lake('status', '--json');
    const at = '2026-11-22T08:30:00.000Z';
    const version = {
      table: 'canvas.users',
      columns: [{ name: 'id', type: 'bigint' as const }],
      rows: 1234,
      storage: {},
    };
    await publish(
      { ledger, objects },
      { id: 'p1', run: 'p1', at, asOf: at, tables: { 'canvas.users': version }, facts: {} },
    );

    const after = await lake('status', '--json');
    const tables = await lake('tables');

    expect(JSON.parse(before.out)).toMatchObject({
      failures: [],
      datasets: [{ dataset: 'canvas.users', late: true }],
    });
    expect(JSON.parse(after.out).publication).toBe('p1');
    expect(tables.out).toMatch(/canvas\.users │ +1,234/);
    expect([before.code, after.code, tables.code]).toEqual([0, 0, 0]);
    expect(before.err).toBe('');
  });

  it('start the run there and follow it to its end', async () => {
    const running = lake('run', '--json');
    const executionArn = await onlyExecution();
    await work('r1', executionArn);

    const { code, out } = await running;

    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      run: 'r1',
      status: 'failed',
      failures: [{ about: 'canvas.users', step: 'stage', message: 'a bad file.' }],
    });
  });

  it('show while they follow what they show at home', async () => {
    await ledger.delete('run/current');
    const running = lake('run');
    const executionArn = await onlyExecution();
    await work('r2', executionArn);

    const { err } = await running;

    expect(err).toContain('Load canvas …');
    expect(err).toContain('canvas.users: a new snapshot');
    expect(err).toMatch(/Load canvas done in .* \(0 of 1, 1 failed\)/);
  });

  it('ask the account what it shows of the deployment, and say what it does not', async () => {
    const said = await lake('prove', '--json');

    const { answers, account, byHand } = JSON.parse(said.out) as {
      answers: { name: string; verdict: string; seen: string; hint?: string }[];
      account: string;
      byHand: string[];
    };
    const of = (name: string) => answers.find((one) => one.name === name);
    expect(account).toBe('000000000000');
    // Buckets that nobody has closed, a table that cannot be restored, and a run that failed.
    expect(of('buckets')).toMatchObject({ verdict: 'refuted', seen: expect.stringContaining('lake-raw') });
    expect(of('recovery')).toMatchObject({ verdict: 'refuted' });
    expect(of('alarms')).toMatchObject({ verdict: 'open' });
    expect(of('warehouse')).toMatchObject({ verdict: 'open', seen: 'there is no warehouse' });
    expect(of('access')).toMatchObject({ verdict: 'open', seen: 'aws.access.mode is iam' });
    expect(answers.filter(({ verdict, hint }) => verdict !== 'proven' && !hint)).toEqual([]);
    expect(byHand.length).toBeGreaterThan(0);
    expect(said.code).toBe(1);
    // Every probe answers, and what could not be asked here is neither shown nor refuted.
    expect(Object.fromEntries(answers.map(({ name, verdict }) => [name, verdict]))).toEqual({
      stacks: 'proven',
      rights: 'refuted',
      buckets: 'refuted',
      recovery: 'refuted',
      alarms: 'open',
      run: 'proven',
      sql: 'open',
      tables: 'open',
      drift: 'open',
      spark: 'open',
      warehouse: 'open',
      access: 'open',
    });
    // The roles of a pipeline that is not deployed.
    expect(of('rights')).toMatchObject({
      seen: expect.stringContaining('stage: dynamodb:PutItem is refused'),
    });

    const words = await lake('prove');

    expect(words.code).toBe(1);
    for (const { name, verdict } of answers)
      expect(words.out).toMatch(new RegExp(`^${verdict} +${name} `, 'm'));
    const count = (verdict: string) => answers.filter((one) => one.verdict === verdict).length;
    expect(words.out).toContain(
      `${count('proven')} proven, ${count('refuted')} refuted, ${count('open')} open.`,
    );
    // Neither says what the secrets are.
    expect(said.out + said.err + words.out + words.err).not.toContain('hush');
  });

  it('examine the account before anything is done', async () => {
    const said = await lake('doctor', '--json');

    const { findings } = JSON.parse(said.out) as {
      findings: { status: string; about: string; text: string }[];
    };
    const of = (about: string) => findings.filter((one) => one.about === about);
    expect(of('identity')).toMatchObject([{ status: 'ok', text: expect.stringContaining(REGION) }]);
    expect(of('deployed')).toMatchObject([{ status: 'ok' }]);
    expect(of('bootstrap')).toMatchObject([
      { status: 'fail', text: expect.stringContaining('not bootstrapped') },
    ]);
    expect(of('secrets')).toMatchObject([{ status: 'ok', text: '2 of them, all in Secrets Manager' }]);
    expect(said.out).not.toContain('hush');
    expect(said.code).toBe(1);
  });
});

/** The execution that is under way. */
async function onlyExecution(): Promise<string> {
  for (let looks = 0; looks < 200; looks++) {
    const query = new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING' });
    const { executions = [] } = await sfn.send(query);
    if (executions[0]) return executions[0].executionArn!;
    await sleep(100);
  }
  throw new Error('no execution was started');
}

/** What the functions of an execution leave in the ledger. */
async function work(run: string, holder: string): Promise<void> {
  const startedAt = new Date().toISOString();
  await writeRunRecord(ledger, { run, attempt: 1, status: 'running', startedAt, holder }, undefined);
  const log = await StepLog.open(ledger, { run, attempt: 1 });
  const at = { startedAt: 0, endedAt: 1 };
  log.remark('canvas.users', 'a new snapshot', 0);
  await log.succeeded(
    { path: 'main/Load canvas/lms-plan', step: 'lms-plan', item: '', ...at },
    {
      datasets: [{ dataset: 'canvas.users' }],
    },
  );
  const record = {
    path: 'main/Load canvas/canvas[canvas.users]/stage',
    step: 'stage',
    item: 'canvas.users',
    ...at,
  };
  await log.failed(record, new LakeError('a bad file'));
}
