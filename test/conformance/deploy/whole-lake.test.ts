import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PIPELINE } from '../../../src/access/authorize.ts';
import { FEATURES } from '../../../src/features.ts';
import { openEvents } from '../../../src/pipeline/event-bus.ts';
import { openLake } from '../../../src/pipeline/lake.ts';
import { runLake } from '../../../src/pipeline/run.ts';
import { failuresOf } from '../../../src/pipeline/step-log.ts';
import { openLocalPlatform } from '../../../src/platform/local/platform.ts';
import type { Platform } from '../../../src/ports/platform.ts';
import { currentTermWeek, generateCollege } from '../../../src/simulators/college/generate.ts';
import { DAY } from '../../end-to-end/small-campus.ts';
import { asDashboard } from '../../end-to-end/warehouse-dump.ts';
import { type Received, subscribe } from '../aws/subscriber.ts';
import { type DeployedLake, deployLake } from './deployed-lake.ts';
import type { Execution } from './executions.ts';
import { killFunctions } from './kill-functions.ts';
import { type Contents, contentsOf, type Own, warehouseOf, withoutOwn } from './lake-contents.ts';

/**
 * Every stack of the app, deployed by the CDK's command line; the deployed state machine and functions load a college
 * from Canvas and from a SIS, stage it, build and check the models, publish them, load the warehouse and tell the
 * team. What there is afterwards is what the same plan leaves on one machine, row for row: on a calm night, and on
 * one on which functions are killed, DMS breaks off and Athena is busy.
 */

/** Some three hundred statements of Trino's, on whatever machine there is. */
const NIGHT_MS = 40 * 60_000;
/** Functions that ask Athena. */
const ASKING = ['lake-test-stage', 'lake-test-models'];

const start = currentTermWeek(5);
const since = Date.now();
const aws: Own & { runs: string[] } = { runs: [], since };
const local: Own & { runs: string[] } = { runs: [], since };
/** What the team was told, by home. */
const told = { aws: [] as Received[], local: [] as Received[] };
let lake: DeployedLake;
let mail: () => Promise<Received[]>;

beforeAll(async () => {
  lake = await deployLake(generateCollege({ students: 40, seed: 5 }), start);
  mail = await subscribe(lake.ministack, lake.places.topicArn);
});
afterAll(() => lake?.stop());

async function nightOnAws(): Promise<Execution> {
  const execution = await lake.run();
  const record = await lake.platform.ledger.read<{ run: string }>('run/current');
  aws.runs.push(record!.value.run);
  told.aws.push(...(await mail()));
  return execution;
}

async function nightOnOneMachine(): Promise<void> {
  await onOneMachine(async (platform) => {
    const events = openEvents();
    const signal = new AbortController().signal;
    const opened = openLake({
      ...lake.local,
      platform,
      session: PIPELINE,
      features: FEATURES,
      events,
      signal,
    });
    const { record, failures } = await runLake({ lake: opened, events });
    expect(failures).toEqual([]);
    local.runs.push(record.run);
  });
}

/** One machine has no topic; here it has one, so that its words can be compared. */
async function onOneMachine<T>(work: (platform: Platform) => Promise<T>): Promise<T> {
  const platform = await openLocalPlatform(lake.local.campus, { features: FEATURES });
  const topic: Platform['topic'] = {
    publish: async ({ subject, text }) => void told.local.push({ Subject: subject, Message: text }),
  };
  return work({ ...platform, topic }).finally(() => platform.close());
}

/** The warehouse as a dashboard sees it: with the read-only login that the stack has made. */
async function dashboardOnAws(): Promise<Record<string, string[]>> {
  const { user, secretArn } = lake.places.warehouse!.reader;
  const password = await lake.platform.secrets.get({ secretsManager: secretArn, field: 'password' });
  const { hostname: host, port, pathname } = new URL(lake.redshift.server.url);
  // Not in a URL: a password that is made up can hold a `%`.
  const client = new pg.Client({ host, port: Number(port), database: pathname.slice(1), user, password });
  await client.connect();
  return warehouseOf(client, aws).finally(() => client.end());
}

async function expectTheSame(): Promise<Contents> {
  const there = await contentsOf(lake.platform, aws);
  const here = await onOneMachine((platform) => contentsOf(platform, local));
  for (const table of Object.keys(here.tables).sort())
    expect({ table, rows: there.tables[table] }).toEqual({ table, rows: here.tables[table] });
  expect(there).toEqual(here);
  const served = await asDashboard(lake.local.campus, (client) => warehouseOf(client, local));
  expect(await dashboardOnAws()).toEqual(served);
  expect(Object.keys(served)).toEqual(
    expect.arrayContaining(['campus.first_semester_attention', 'mart.attention_by_program']),
  );
  return there;
}

describe('the whole lake, deployed', () => {
  it('holds after a first night what a lake on one machine holds', { timeout: NIGHT_MS }, async () => {
    const execution = await nightOnAws();
    await nightOnOneMachine();

    expect(await failuresOf(lake.platform.ledger, aws.runs[0]!)).toEqual([]);
    expect(execution).toMatchObject({ status: 'SUCCEEDED' });
    const { raw, tables } = await expectTheSame();
    expect(Object.values(tables).filter((rows) => rows.length > 1).length).toBeGreaterThan(25);
    expect(Object.keys(raw).filter((key) => key.endsWith('.parquet')).length).toBeGreaterThan(8);
  });

  it('tells the team what one machine tells', () => {
    const plain = (messages: readonly Received[], own: Own) =>
      messages.map(({ Subject, Message }) => ({
        Subject,
        Message: withoutOwn(Message, own).replace(/ended at .*? succeeded in .*?\\n/, 'succeeded\\n'),
      }));

    expect(told.aws).toHaveLength(1);
    expect(told.aws[0]!.Subject).toContain('Good: Small College');
    expect(plain(told.aws, aws)).toEqual(plain(told.local, local));
  });

  it('holds the same after a night of changes, with functions killed, DMS broken off and Athena busy', {
    timeout: NIGHT_MS,
  }, async () => {
    await lake.simulated.advanceTo(start + DAY);
    const killing = new AbortController();
    const killed = killFunctions(lake.ministack, {
      functions: ASKING,
      times: 3,
      seen: () => Math.floor(lake.athena.statements.length / 20),
      signal: killing.signal,
    });
    lake.athena.busy(4);
    const execution = await nightOnAws();
    killing.abort();
    await nightOnOneMachine();

    expect(await killed).toBeGreaterThan(2);
    expect(await failuresOf(lake.platform.ledger, aws.runs[1]!)).toEqual([]);
    expect(execution).toMatchObject({ status: 'SUCCEEDED' });
    await expectTheSame();
  });

  it('shows what Canvas has when the SIS is dark, and says why and what to do', {
    timeout: NIGHT_MS,
  }, async () => {
    await lake.simulated.advanceTo(start + 2 * DAY);
    await lake.dms.breakOff('connection to the SIS timed out');
    const execution = await nightOnAws();
    await lake.dms.breakOff(undefined);

    const run = aws.runs[2]!;
    const tables = lake.local.catalog.of('sis').map(({ id }) => id);
    const failures = await failuresOf(lake.platform.ledger, run);
    expect(failures.map(({ about }) => about).sort()).toEqual([...tables].sort());
    for (const { message } of failures) expect(message).toContain('connection timed out');
    expect(execution.status).toBe('FAILED');
    expect(execution.cause).toContain(failures[0]!.hint);
    const [row] = await lake.platform.ledger.rows('runs', run);
    expect(row).toMatchObject({ status: 'failed', failures: tables.length, published: true });
    const onTheRun = told.aws.findLast(({ Subject }) => Subject.includes('FAILED: Small College'));
    expect(onTheRun?.Message).toContain('connection timed out');
    const subjects = told.aws.map(({ Subject }) => Subject).join('\n');
    expect(subjects).toContain('A table was not copied: sis');
    // What Canvas brought is there: staged tonight, where the tables of the SIS are those of the night before.
    const loads = (await lake.platform.ledger.rows('loads', run)).map(({ dataset }) => dataset);
    expect(loads.sort()).toEqual(
      lake.local.catalog
        .of('canvas')
        .map(({ id }) => id)
        .sort(),
    );
  });
});
