import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { PIPELINE } from '../../../src/access/authorize.ts';
import { type LoadedCampus, loadCampus } from '../../../src/campus/load.ts';
import { FEATURES } from '../../../src/features.ts';
import type { Json } from '../../../src/json.ts';
import { listStates } from '../../../src/loads/dataset-state.ts';
import type { LoadManifest } from '../../../src/loads/load.ts';
import { openEvents } from '../../../src/pipeline/event-bus.ts';
import { openLake } from '../../../src/pipeline/lake.ts';
import { planFor } from '../../../src/pipeline/plan.ts';
import { runLake } from '../../../src/pipeline/run.ts';
import { failuresOf } from '../../../src/pipeline/step-log.ts';
import { openAwsClients } from '../../../src/platform/aws/clients.ts';
import { awsPlacesSchema } from '../../../src/platform/aws/places.ts';
import { openAwsPlatform } from '../../../src/platform/aws/platform.ts';
import { openLocalPlatform } from '../../../src/platform/local/platform.ts';
import type { Platform } from '../../../src/ports/platform.ts';
import type { FaultName } from '../../../src/simulators/canvas/faults/fault-kinds.ts';
import { type CanvasSimulator, startCanvasSimulator } from '../../../src/simulators/canvas/server.ts';
import { VirtualClock } from '../../../src/simulators/virtual-clock.ts';
import { DAY_MS, smallCollege } from '../../lms/small-college.ts';
import { type Ministack, startForFunctions } from '../aws/ministack.ts';
import { deploy } from './cdk.ts';
import { type Execution, execute, stepFunctions } from './executions.ts';
import { killFunctions } from './kill-functions.ts';
import { lmsPart } from './lms-plan.ts';

/**
 * The project's own stacks, deployed by the CDK's command line; its state machine, its functions and its adapters
 * load from the Canvas simulator. What lies in the raw zone and in the ledger afterwards is what a run on one machine
 * leaves of the same source, byte for byte, also when functions are killed and Canvas misbehaves.
 */

const STACKS = ['lake-test-storage', 'lake-test-notify', 'lake-test-serve', 'lake-test-pipeline'];
const TABLES = ['users', 'submissions', 'wikis'];

const college = smallCollege();
const clock = new VirtualClock(college.opens + 10 * DAY_MS);
let simulator: CanvasSimulator;
let ministack: Ministack;
let folder: string;
let machine: string;
let aws: Platform;
let local: Platform;
let loaded: LoadedCampus;
/** Runs of the two targets that belong together, and the name that both get in comparisons. */
const runs: { local: string; aws: string }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lms-deployed-'));
  simulator = await startCanvasSimulator({ college, clock, rowsPerFile: 25 });
  ministack = await startForFunctions('0.05');
  Object.assign(process.env, ministack.env);
  const file = await writeCampus();
  loaded = await loadCampus(file);
  const clients = openAwsClients('us-east-1');
  for (const [name, SecretString] of [
    ['lms-id', simulator.clientId],
    ['lms-secret', simulator.clientSecret],
  ])
    await clients.secretsManager.send(new CreateSecretCommand({ Name: name, SecretString }));

  const { outputs } = await deploy(ministack, 'test/conformance/deploy/lms-app.ts', {
    context: { campus: file, seconds: '60' },
    stacks: STACKS,
  });
  const told = outputs['lake-test-pipeline']!;
  machine = told.StateMachine!;
  aws = openAwsPlatform(awsPlacesSchema.parse(JSON.parse(told.Places!)), loaded.campus, { clients });
  local = await openLocalPlatform(loaded.campus, { features: FEATURES });
});

afterAll(async () => {
  for (const name of Object.keys(ministack?.env ?? {})) delete process.env[name];
  await aws?.close();
  await local?.close();
  await ministack?.stop();
  await simulator?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

async function writeCampus(): Promise<string> {
  const file = path.join(folder, 'campus.yaml');
  const campus = {
    name: 'Small College',
    timeZone: 'America/Chicago',
    aws: { name: 'lake-test', databasePrefix: '' },
    sources: {
      canvas: {
        kind: 'canvas',
        url: simulator.url,
        clientId: { secretsManager: 'lms-id' },
        clientSecret: { secretsManager: 'lms-secret' },
        namespaces: ['canvas'],
        jobsPerMinute: 60_000,
      },
    },
  };
  const datasets = TABLES.map((table) => ({
    name: table,
    namespace: 'canvas',
    table,
    key: ['id'],
    columns: [{ name: 'id', type: 'bigint', nullable: false, privacy: 'none' }],
  }));
  await mkdir(path.join(folder, 'catalog'));
  await mkdir(path.join(folder, 'models'));
  await writeFile(file, stringify(campus));
  await writeFile(path.join(folder, 'catalog/canvas.yaml'), stringify({ source: 'canvas', datasets }));
  return file;
}

async function runOnAws(): Promise<Execution> {
  const execution = await execute(stepFunctions(ministack), machine);
  const record = await aws.ledger.read<{ run: string }>('run/current');
  runs.push({ local: '', aws: record!.value.run });
  return execution;
}

/** On one machine the secrets of the small campus are simply known. */
async function runOnOneMachine(): Promise<void> {
  const known: Record<string, string> = {
    'lms-id': simulator.clientId,
    'lms-secret': simulator.clientSecret,
  };
  const secrets = { get: async (ref: object) => known[(ref as { secretsManager: string }).secretsManager]! };
  const events = openEvents();
  const signal = new AbortController().signal;
  const platform = { ...local, secrets };
  const lake = openLake({ ...loaded, platform, session: PIPELINE, features: FEATURES, events, signal });
  const outcome = await runLake({ lake, events, plan: lmsPart(planFor(loaded.campus, FEATURES)) });
  expect(outcome.failures).toEqual([]);
  runs.at(-1)!.local = outcome.record.run;
}

/** What the target holds: every raw object with its digest, the datasets' states, the loads; runs by their number. */
async function contents(platform: Platform, target: 'local' | 'aws') {
  const plain = (value: unknown) =>
    runs.reduce((text, run, n) => text.replaceAll(run[target], `run-${n}`), JSON.stringify(value));
  const objects: Record<string, string> = {};
  for (const key of await platform.objects.list('raw/')) {
    const bytes = await buffer(await platform.objects.get(key));
    const shown = key.endsWith('manifest.json')
      ? plain({ ...(JSON.parse(bytes.toString()) as LoadManifest), startedAt: '' })
      : createHash('sha256').update(bytes).digest('hex');
    objects[JSON.parse(plain(key)) as string] = shown;
  }
  const states = (await listStates(platform.ledger)).map(({ committed, ...state }) =>
    plain({ ...state, ...committed, loadedAt: '' }),
  );
  const loads = (await platform.ledger.rows('loads')).map(({ started_at, committed_at, ...row }) =>
    plain(row),
  );
  const steps = (await platform.ledger.rows('steps')).map(
    ({ started_at, ended_at, attempt, output, ...row }) => plain(row as Json),
  );
  return { objects, states, loads: loads.sort(), steps: steps.sort() };
}

async function expectTheSame(): Promise<void> {
  expect(await contents(aws, 'aws')).toEqual(await contents(local, 'local'));
}

describe('the deployed lake', () => {
  it('loads snapshots as one machine does, byte for byte', async () => {
    const execution = await runOnAws();
    await runOnOneMachine();

    const run = runs[0]!.aws;
    expect(await failuresOf(aws.ledger, run)).toEqual([]);
    expect(execution).toMatchObject({ status: 'SUCCEEDED' });
    const { objects, loads } = await contents(aws, 'aws');
    expect(Object.keys(objects).length).toBeGreaterThan(8);
    expect(loads).toHaveLength(TABLES.length);
    expect(await aws.objects.list('runs/')).toEqual([]);
    expect(await aws.ledger.rows('runs')).toMatchObject([
      { run, status: 'succeeded', failures: 0, attempts: 1 },
    ]);
    await expectTheSame();
  });

  it('loads increments, while functions are killed in the middle of their work', async () => {
    clock.advance(3 * DAY_MS);
    simulator.faults.add({ what: 'file-slow', seconds: 1, when: { times: null } });
    const killing = new AbortController();
    const killed = killFunctions(ministack, {
      functions: ['lake-test-lms'],
      times: 2,
      // Files are on their way.
      seen: () => simulator.faults.struck.length,
      signal: killing.signal,
    });
    const execution = await runOnAws();
    killing.abort();
    simulator.faults.clear();
    await runOnOneMachine();

    expect(await killed).toBeGreaterThan(0);
    expect(execution).toMatchObject({ status: 'SUCCEEDED' });
    await expectTheSame();
  });

  it.each([
    ['connection-reset', 'url-expired', 'file-cut', 'half-json'],
    ['job-expired', 'file-truncated', 'store-busy', 'token-short-lived'],
  ] as FaultName[][])('loads the same through %s, %s, %s and %s', async (...faults) => {
    clock.advance(2 * DAY_MS);
    for (const what of faults) simulator.faults.add({ what, when: { times: 1 } });
    const execution = await runOnAws();
    simulator.faults.clear();
    await runOnOneMachine();

    expect(simulator.faults.struck.length).toBeGreaterThan(2);
    expect(await failuresOf(aws.ledger, runs.at(-1)!.aws)).toEqual([]);
    expect(execution).toMatchObject({ status: 'SUCCEEDED' });
    await expectTheSame();
  });

  it('fails with cause and next action where only a person can help, and the next run makes it good', async () => {
    clock.advance(2 * DAY_MS);
    simulator.faults.add({ what: 'table-not-found', when: { table: 'users', times: null } });
    const failed = await execute(stepFunctions(ministack), machine);
    const run = (await aws.ledger.read<{ run: string }>('run/current'))!.value.run;
    simulator.faults.clear();

    const failures = await failuresOf(aws.ledger, run);
    expect(failures).toMatchObject([{ about: 'canvas.users' }]);
    expect(failed.status).toBe('FAILED');
    expect(failed.cause).toContain(failures[0]!.message);
    expect(failed.cause).toContain(failures[0]!.hint);
    expect((await aws.ledger.rows('runs')).at(-1)).toMatchObject({ status: 'failed', failures: 1 });

    expect(await runOnAws()).toMatchObject({ status: 'SUCCEEDED' });
    const state = (await listStates(aws.ledger)).find((s) => s.dataset === 'canvas.users');
    expect(state?.pending.at(-1)?.load).toBe(runs.at(-1)!.aws);
  });
});
