import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseMigrationServiceClient } from '@aws-sdk/client-database-migration-service';
import { parquetMetadata } from 'hyparquet';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { followRound } from '../../../lambda/follow-round.ts';
import type { CatalogDataset } from '../../../src/campus/campus.ts';
import type { CatalogColumn } from '../../../src/campus/catalog-schema.ts';
import { listStates, readState } from '../../../src/loads/dataset-state.ts';
import { stagedOf } from '../../../src/loads/state.ts';
import { publish, readPublication } from '../../../src/pipeline/publication.ts';
import { writeRunRecord } from '../../../src/pipeline/run-record.ts';
import { parquetColumns } from '../../../src/platform/aws/athena/parquet-columns.ts';
import { openDmsReplication } from '../../../src/platform/aws/replication.ts';
import { type LocalEngine, openLocalEngine } from '../../../src/platform/local/duckdb/engine.ts';
import { openLocalLedger } from '../../../src/platform/local/ledger.ts';
import { openLocalObjects } from '../../../src/platform/local/objects.ts';
import type { ObjectStore } from '../../../src/ports/objects.ts';
import type { Cell } from '../../../src/ports/query-engine.ts';
import type { Uses } from '../../../src/ports/step.ts';
import type { SisCopied } from '../../../src/sis/items.ts';
import { sisCommit, sisPoll, sisStart } from '../../../src/sis/steps.ts';
import { stage } from '../../../src/staging/stage.ts';
import { granted } from '../../granted.ts';
import { lakeOf, wholeLake } from '../../lake-of.ts';
import {
  LAKE_PASSWORD,
  type SisFixture,
  startSisFixture,
} from '../../platform/local/replication/sis-fixture.ts';
import { clientConfig } from './clients.ts';
import { CHANGES_ARN, type Dms, KINDS, startDms } from './dms.ts';

/**
 * Change capture from end to end: a real PostgreSQL and its log, an endpoint that does the work of DMS, the adapter, the
 * steps and the staged tables. Where the rows are merged by Athena is another suite (`../athena`).
 */

const column = (name: string, type: CatalogColumn['type'], privacy: CatalogColumn['privacy'] = 'none') => ({
  name,
  type,
  privacy,
});
const dataset = (table: string, key: string[], columns: CatalogColumn[]): CatalogDataset => ({
  source: 'sis',
  name: table,
  id: `sis.${table}`,
  namespace: 'reg',
  table,
  key,
  columns,
});
const FEE = dataset(
  'fee',
  ['id'],
  [
    column('id', 'bigint'),
    column('what', 'varchar'),
    column('amount', 'decimal(8,2)'),
    column('paid', 'boolean'),
    column('ssn', 'varchar', 'secret'),
  ],
);
const GRADE = dataset(
  'grade',
  ['student', 'course'],
  [column('student', 'integer'), column('course', 'varchar'), column('points', 'decimal(4,1)')],
);
const VISIT = dataset('visit', [], [column('who', 'integer'), column('note', 'varchar')]);
const HOLD = dataset('hold', ['id'], [column('id', 'integer'), column('reason', 'varchar')]);

let sis: SisFixture;
let root: string;
let dms: Dms;
let objects: ObjectStore;
let engine: LocalEngine;
let lake: Uses<
  | 'session'
  | 'signal'
  | 'report'
  | 'campus'
  | 'catalog'
  | 'objects'
  | 'engine'
  | 'ledger'
  | 'clock'
  | 'replication'
  | 'secrets'
>;
let notes: string[];
let datasets: CatalogDataset[];
/** How far the lake's clock is ahead of this machine's, in ms. */
let ahead = 0;
let place: (typeof KINDS)[number]['place'] = KINDS[0].place;
beforeAll(async () => {
  sis = await startSisFixture({ wal_level: 'logical' });
});
afterAll(() => sis.stop());

beforeEach(async () => {
  await sis.admin.query(`
    CREATE SCHEMA reg;
    CREATE TABLE reg.fee (id bigint PRIMARY KEY, what text, amount numeric(8,2), paid boolean, ssn text);
    INSERT INTO reg.fee SELECT g, 'fee ' || g, g, false, '000-00-000' || g FROM generate_series(1, 40) g;
    CREATE TABLE reg.grade (student int, course text, points numeric(4,1), PRIMARY KEY (student, course));
    CREATE TABLE reg.visit (who int, note text);
    INSERT INTO reg.visit VALUES (1, 'first'), (1, 'first');
    CREATE TABLE reg.hold (id int PRIMARY KEY, reason text);
    INSERT INTO reg.hold VALUES (1, 'books');
  `);
  root = await mkdtemp('/tmp/changes-');
  objects = openLocalObjects(root);
  engine = await openLocalEngine({ root, threads: 2 });
  dms = await startDms({ source: sis.source, password: LAKE_PASSWORD, objects, admin: sis.admin });
  datasets = [FEE, GRADE, VISIT];
  notes = [];
  ahead = 0;
  lake = newLake('full-load-and-cdc');
});
afterEach(async () => {
  await dms.stop();
  await engine.close();
  await sis.admin.query(
    'DROP SCHEMA reg CASCADE; SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots',
  );
  await rm(root, { recursive: true, force: true });
});

/** As each function opens it: nothing is kept in memory from one to the next. */
function newLake(
  replication: 'full-load' | 'full-load-and-cdc',
  more: { maxLobKb?: number } = {},
): Uses<
  | 'session'
  | 'signal'
  | 'report'
  | 'campus'
  | 'catalog'
  | 'objects'
  | 'engine'
  | 'ledger'
  | 'clock'
  | 'replication'
  | 'secrets'
> {
  let time = Date.now() + ahead;
  const sources = { sis: { ...sis.source, replication, ...more } };
  return lakeOf({
    campus: { root, sources, models: 'models', timeZone: 'America/Chicago', privacy: { defaults: {} } },
    catalog: {
      datasets,
      of: () => datasets,
      get: (id: string) => datasets.find((one) => one.id === id)!,
    },
    platform: {
      target: 'aws' as const,
      objects,
      engine,
      ledger: openLocalLedger(path.join(root, 'ledger')),
      secrets: {},
      clock: { now: () => time, sleep: async () => {} },
      replication: openDmsReplication({
        dms: new DatabaseMigrationServiceClient(clientConfig(dms.endpoint)),
        placeOf: async () => place,
        objects,
        sources,
        tablesPerTask: 2,
        // A minute between two looks.
        now: () => {
          time += 61_000;
          return time;
        },
        async facts(key) {
          const bytes = await readFile(path.join(root, key));
          const { num_rows, schema } = parquetMetadata(
            bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer,
          );
          const columns = parquetColumns(schema).map(({ name, type = 'varchar' }) => ({ name, type }));
          return { rows: Number(num_rows), bytes: bytes.length, columns };
        },
      }),
    },
    report: { note: (about: string, text: string) => notes.push(`${about}: ${text}`), progress: () => {} },
    signal: new AbortController().signal,
  });
}

/** The steps of one run. @returns datasets that failed, with the reason */
async function load(run: string): Promise<Record<string, string>> {
  const task = await sisStart.run({ run, source: 'sis' }, lake);
  let copied = await sisPoll.run(task, lake);
  for (let looks = 0; !('tables' in copied); looks++) {
    if (looks > 600) throw new Error('DMS does not come to an end');
    await sleep(20);
    copied = await sisPoll.run(task, lake);
  }
  for (const item of (copied as SisCopied).tables.filter(({ error }) => error === undefined)) {
    await sisCommit.run(item, lake);
    await stage.run({ run, dataset: item.dataset }, lake);
  }
  return Object.fromEntries((copied as SisCopied).failed.map(({ dataset: id, error }) => [id, error!]));
}

async function staged(table: string, order: string): Promise<Cell[][]> {
  const { state } = await readState(lake.platform.ledger, `sis.${table}`);
  const select = `SELECT * FROM sis.${table} ORDER BY ${order}`;
  const rows: Cell[][] = [];
  const found = await engine.query(select, granted({ [`sis.${table}`]: stagedOf(state)!.version }));
  for await (const batch of found.batches()) rows.push(...batch);
  return rows.map((row) => row.map((cell) => (typeof cell === 'bigint' ? Number(cell) : cell)));
}

/** The table at the source, without the column that is excluded. */
async function atSource(table: string, columns: string, order: string): Promise<unknown[][]> {
  const { rows } = await sis.admin.query({
    text: `SELECT ${columns} FROM reg.${table} ORDER BY ${order}`,
    rowMode: 'array',
  });
  return rows;
}
const feesAtSource = () => atSource('fee', 'id::int, what, amount::text, paid', 'id');
const kindsOf = async (run: string) =>
  Object.fromEntries(
    (await lake.platform.ledger.rows('loads', `${run}:`)).map(({ dataset: id, kind }) => [id, kind]),
  );

describe.each(KINDS)('changes of a SIS by DMS on $kind', (by) => {
  beforeAll(() => {
    place = by.place;
  });

  it('are followed from a full load on: rows come, change, go and come again, and what came is not read twice', async () => {
    await load('20261122T0230-a');
    const first = await staged('fee', 'id');
    await sis.admin.query(`
      INSERT INTO reg.fee VALUES (41, 'it''s new', 4.5, true, 'x'), (42, NULL, NULL, NULL, NULL);
      UPDATE reg.fee SET paid = true, amount = amount + 0.25 WHERE id <= 10;
      BEGIN; UPDATE reg.fee SET what = 'a' WHERE id = 3; UPDATE reg.fee SET what = 'b' WHERE id = 3; COMMIT;
      DELETE FROM reg.fee WHERE id BETWEEN 20 AND 29;
      INSERT INTO reg.fee VALUES (20, 'back', 1, false, 'x');
      INSERT INTO reg.grade VALUES (1, 'MATH', 3.5), (2, 'ART "A"', 2);
      UPDATE reg.grade SET points = 4 WHERE student = 1;
      INSERT INTO reg.visit VALUES (2, 'second')`);
    await load('20261123T0230-b');
    const second = await staged('fee', 'id');
    const grades = await staged('grade', 'student');
    await load('20261124T0230-c');

    expect(first).toHaveLength(40);
    expect(second).toEqual(await feesAtSource());
    expect(second).toHaveLength(33);
    expect(grades).toEqual([
      [1, 'MATH', '4.0'],
      [2, 'ART "A"', '2.0'],
    ]);
    // A table without a key is copied whole each time.
    expect(await staged('visit', 'who, note')).toEqual(await atSource('visit', 'who, note', 'who, note'));
    expect(await kindsOf('20261122T0230-a')).toMatchObject({
      'sis.fee': 'snapshot',
      'sis.visit': 'snapshot',
    });
    expect(await kindsOf('20261123T0230-b')).toMatchObject({
      'sis.fee': 'increment',
      'sis.visit': 'snapshot',
    });
    const quiet = await lake.platform.ledger.rows('loads', '20261124T0230-c:');
    expect(quiet.find((row) => row.dataset === 'sis.fee')).toMatchObject({
      kind: 'increment',
      files: 0,
      rows: 0,
    });
    // One task for the two tables with keys, started once; one for each copy of the other.
    const made = dms.given(by.calls.create);
    expect(made.map((one) => one.MigrationType ?? one.ReplicationType).sort()).toEqual([
      ...Array(3).fill('full-load'),
      'full-load-and-cdc',
    ]);
    expect(JSON.stringify(made)).not.toMatch(/"remove-column\\?"[^}]*"what/);
  });

  it('are followed between two loads: a round shows them all at once, and the next load goes on from there', async () => {
    const round = (isAlive = async () => false) => followRound({ lake: wholeLake(lake), isAlive });
    const shown = async (table: string, order: string) => {
      const { tables } = (await readPublication(lake.platform))!;
      const rows: Cell[][] = [];
      const select = `SELECT * FROM sis.${table} ORDER BY ${order}`;
      const found = await engine.query(select, granted({ [`sis.${table}`]: tables[`sis.${table}`]! }));
      for await (const batch of found.batches()) rows.push(...batch);
      return rows.map((row) => row.map((cell) => (typeof cell === 'bigint' ? Number(cell) : cell)));
    };
    const rounds = { name: 'FollowRounds', value: 1, dimensions: {} };
    await mkdir(path.join(root, 'models'));
    expect(await round()).toEqual({ round: 'nothing to follow yet', metrics: [rounds] });
    await load('20261122T0230-a');
    const at = '2026-11-22T08:30:00.000Z';
    const states = await listStates(lake.platform.ledger);
    const tables = Object.fromEntries(states.map((state) => [state.dataset, stagedOf(state)!.version]));
    await publish(lake.platform, { id: 'p1', run: 'p1', at, asOf: at, tables, facts: {} });
    const made = dms.given(by.calls.create).length;
    ahead = 3_600_000;
    lake = newLake('full-load-and-cdc');
    await sis.admin.query(`
      INSERT INTO reg.fee VALUES (41, 'ümlaut "q"', 4.5, true, 'x');
      DELETE FROM reg.fee WHERE id BETWEEN 20 AND 29;
      INSERT INTO reg.grade VALUES (1, 'MATH', 3.5);
      INSERT INTO reg.visit VALUES (2, 'second')`);

    const first = await round();

    expect(first).toMatchObject({ round: 'done', failed: [], publishedAt: expect.any(String) });
    expect((first.tables as string[]).toSorted()).toEqual(['sis.fee', 'sis.grade']);
    expect(await shown('fee', 'id')).toEqual(await feesAtSource());
    expect(await shown('grade', 'student')).toEqual([[1, 'MATH', '3.5']]);
    // One without a key is for the runs, and of nothing new nothing is shown.
    expect(await shown('visit', 'who')).toHaveLength(2);
    expect(await round()).toMatchObject({ round: 'done', tables: [], changes: 0, publishedAt: null });
    // A run that is under way is not disturbed, however long it takes; nor is one that was interrupted.
    const startedAt = new Date(lake.platform.clock.now()).toISOString();
    const held = { run: 'r9', attempt: 1, status: 'running' as const, holder: 'execution-9' };
    const longAgo = new Date(Date.parse(startedAt) - 9 * 3_600_000).toISOString();
    await writeRunRecord(lake.platform.ledger, { ...held, startedAt: longAgo }, undefined);
    await sis.admin.query(`UPDATE reg.fee SET paid = true WHERE id = 41`);
    expect(await round(async () => true)).toMatchObject({ round: 'held', metrics: [rounds] });
    expect(await round()).toMatchObject({ round: 'done', tables: ['sis.fee'] });

    await sis.admin.query(`UPDATE reg.fee SET what = 'by night' WHERE id = 2`);
    await load('20261123T0230-b');

    expect(await staged('fee', 'id')).toEqual(await feesAtSource());
    expect(await kindsOf('20261123T0230-b')).toMatchObject({ 'sis.fee': 'increment' });
    // Rounds make, start and change nothing at DMS: what the load of the night made anew is the copy of one table.
    expect(dms.given(by.calls.create).length - made).toBe(1);
    expect(await lake.platform.ledger.rows('visibility', '')).toEqual(
      expect.arrayContaining([expect.objectContaining({ table_name: 'sis.fee' })]),
    );
  });

  it('never bring what is excluded: the raw zone does not have it', async () => {
    await load('20261122T0230-a');
    await sis.admin.query(`INSERT INTO reg.fee VALUES (50, 'x', 1, true, '123-45-6789')`);
    await load('20261123T0230-b');

    const { state } = await readState(lake.platform.ledger, 'sis.fee');
    const raw = (await objects.list('raw/sis-changes/')).filter((key) => key.endsWith('.parquet'));
    const texts = await Promise.all(raw.map((key) => readFile(path.join(root, key), 'latin1')));
    expect(texts.length).toBeGreaterThan(1);
    expect(texts.join('')).not.toMatch(/ssn|123-45-6789/);
    expect(stagedOf(state)?.version.columns.map(({ name }) => name)).toEqual([
      'id',
      'what',
      'amount',
      'paid',
    ]);
  });

  it('give what the source has after any night, with runs that are killed and repeated in between', async () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    await load('20261101T0230-n0');
    for (let night = 1; night <= 4; night++) {
      for (let i = 0; i < 25; i++) {
        const id = random(12);
        const statement = [
          `INSERT INTO reg.fee VALUES (${id}, 'i${i}', ${i}, true, '') ON CONFLICT (id) DO UPDATE SET what = 'c${i}'`,
          `UPDATE reg.fee SET what = 'u${i}', paid = NULL WHERE id = ${id}`,
          `DELETE FROM reg.fee WHERE id = ${id}`,
        ][random(3)]!;
        await sis.admin.query(statement);
        // In the middle of the day somebody starts a run, and it is killed before it commits.
        if (i === 12) await sisStart.run({ run: `20261101T0230-k${night}`, source: 'sis' }, lake);
      }
      const run = `20261101T0230-n${night}`;
      const task = await sisStart.run({ run, source: 'sis' }, lake);
      await sisPoll.run(task, lake);
      // Killed, and continued by a process that knows nothing.
      lake = newLake('full-load-and-cdc');
      await load(run);
      // Twice over changes nothing.
      const again = await load(run);

      expect(again).toEqual({});
      expect(await staged('fee', 'id')).toEqual(await feesAtSource());
    }
  });

  it('go on when tables join and leave: the task is stopped, changed and resumed, and nothing is loaded twice', async () => {
    await load('20261122T0230-a');
    await sis.admin.query(`UPDATE reg.fee SET what = 'before' WHERE id = 1`);
    datasets = [FEE, HOLD, VISIT];
    lake = newLake('full-load-and-cdc');
    await load('20261123T0230-b');
    await sis.admin.query(
      `UPDATE reg.hold SET reason = 'library'; INSERT INTO reg.hold VALUES (2, 'fees'); UPDATE reg.fee SET what = 'after' WHERE id = 2`,
    );
    await load('20261124T0230-c');

    expect(await staged('hold', 'id')).toEqual([
      [1, 'library'],
      [2, 'fees'],
    ]);
    expect(await staged('fee', 'id')).toEqual(await feesAtSource());
    expect(await kindsOf('20261123T0230-b')).toMatchObject({
      'sis.fee': 'increment',
      'sis.hold': 'snapshot',
    });
    expect(await kindsOf('20261124T0230-c')).toMatchObject({
      'sis.fee': 'increment',
      'sis.hold': 'increment',
    });
    const changing = dms.asked.filter((name) => name === by.calls.stop || name === by.calls.modify);
    expect(changing).toEqual([by.calls.stop, by.calls.modify]);
    const [modified] = dms.given(by.calls.modify);
    expect(String(modified?.TableMappings)).toContain('"table-name":"hold"');
    expect(String(modified?.TableMappings)).not.toContain('"table-name":"grade"');
    expect(notes).toEqual([]);
  });

  it('are read from their full load on, out of the raw zone, when the catalog makes another table of them', async () => {
    await load('20261122T0230-a');
    await sis.admin.query(
      `UPDATE reg.fee SET what = 'changed' WHERE id < 5; DELETE FROM reg.fee WHERE id = 6`,
    );
    await load('20261123T0230-b');
    const text = FEE.columns.map((one) => (one.name === 'amount' ? column('amount', 'varchar') : one));
    datasets = [{ ...FEE, columns: text }, GRADE, VISIT];
    lake = newLake('full-load-and-cdc');
    await load('20261124T0230-c');

    expect(await kindsOf('20261124T0230-c')).toMatchObject({
      'sis.fee': 'snapshot',
      'sis.grade': 'increment',
    });
    expect(await staged('fee', 'id')).toEqual(await feesAtSource());
    const { state } = await readState(lake.platform.ledger, 'sis.fee');
    expect(stagedOf(state)?.version.columns.find(({ name }) => name === 'amount')?.type).toBe('varchar');
    expect(dms.given(by.calls.modify)).toEqual([]);
  });

  it('fail by name while DMS cannot go on, and begin again with the next run', async () => {
    await load('20261122T0230-a');
    await dms.breakOff('Slot is lost');
    const failed = await load('20261123T0230-b');
    await sis.admin.query(`DELETE FROM reg.fee WHERE id > 5; UPDATE reg.fee SET what = 'unseen'`);
    await dms.breakOff(undefined);
    const mended = await load('20261124T0230-c');

    // In the lake's words: those of DMS can hold a value of a row.
    const reason = 'its DMS task broke off: the replication slot is lost';
    expect(failed).toMatchObject({ 'sis.fee': reason, 'sis.grade': reason });
    // Resumed three times before it was given up.
    const resumed = dms
      .given(by.calls.start)
      .filter((one) => (one.StartReplicationTaskType ?? one.StartReplicationType) === 'resume-processing')
      .filter((one) => /-c\d+$/.test(String(one.ReplicationTaskArn ?? one.ReplicationConfigArn)));
    expect(resumed).toHaveLength(3);
    expect(mended).toEqual({});
    expect(notes).toEqual([
      expect.stringMatching(/^sis: its changes are captured again, as .*the replication slot is lost/),
    ]);
    expect(await kindsOf('20261124T0230-c')).toMatchObject({ 'sis.fee': 'snapshot' });
    expect(await staged('fee', 'id')).toEqual(await feesAtSource());
    const { rows } = await sis.admin.query('SELECT count(*)::int AS slots FROM pg_replication_slots');
    expect(rows).toEqual([{ slots: 1 }]);
  });

  it.each(['before a load', 'during a load'])(
    'are captured again where a deployment has changed the folder %s, and none is missed',
    async (when) => {
      await load('20261122T0230-a');
      const redeploy = () => dms.deployed(CHANGES_ARN, 'raw/sis-changes');
      if (when === 'before a load') redeploy();
      await sis.admin.query(`UPDATE reg.fee SET what = 'elsewhere' WHERE id = 1`);
      await sisStart.run({ run: '20261123T0230-b', source: 'sis' }, lake);
      if (when === 'during a load') redeploy();
      const first = await load('20261123T0230-b');
      await load('20261124T0230-c');

      const astray = 'its DMS task broke off: a deployment has changed the folder into which DMS writes';
      expect(first).toEqual(when === 'before a load' ? {} : { 'sis.fee': astray, 'sis.grade': astray });
      expect(notes).toEqual([
        expect.stringMatching(
          /^sis: its changes are captured again, as .*a deployment has changed the folder/,
        ),
      ]);
      expect(await staged('fee', 'id')).toEqual(await feesAtSource());
    },
  );

  it('refuse a table with a value that DMS may have cut, by name, until the limit is raised', async () => {
    await sis.admin.query(`UPDATE reg.visit SET note = repeat('v', 40000)`);
    await expect(load('20261122T0230-a')).rejects.toThrow(
      /sis\.visit have 31 KB or more .*note \(2 values\)/,
    );
    lake = newLake('full-load-and-cdc', { maxLobKb: 64 });
    await load('20261123T0230-b');
    await sis.admin.query(`UPDATE reg.fee SET what = repeat('f', 70000) WHERE id = 3`);
    await expect(load('20261124T0230-c')).rejects.toThrow(/sis\.fee have 64 KB or more .*what \(1 value\)/);
    lake = newLake('full-load-and-cdc', { maxLobKb: 100 });
    await load('20261125T0230-d');

    const settings = dms
      .given(by.calls.create)
      .map((one) => JSON.parse(String(one.ReplicationTaskSettings ?? one.ReplicationSettings)));
    expect([...new Set(settings.map(({ TargetMetadata }) => TargetMetadata.LobMaxSize))]).toEqual([
      62, 128, 200,
    ]);
    expect(notes.filter((note) => note.includes('maxLobKb'))).toHaveLength(2);
    expect(await staged('fee', 'id')).toEqual(await feesAtSource());
    expect(await staged('visit', 'who')).toEqual(await atSource('visit', 'who, note', 'who'));
  });

  it('leave no task and no slot behind when the SIS is copied whole again', async () => {
    expect(await load('20261122T0230-a')).toEqual({});
    lake = newLake('full-load');
    expect(await load('20261123T0230-b')).toEqual({});
    expect(await load('20261124T0230-c')).toEqual({});

    const { rows } = await sis.admin.query('SELECT slot_name FROM pg_replication_slots');
    expect(rows).toEqual([]);
    expect(dms.tasks().filter((id) => /-c\d+$/.test(id))).toEqual([]);
    expect(await kindsOf('20261124T0230-c')).toMatchObject({
      'sis.fee': 'snapshot',
      'sis.visit': 'snapshot',
    });
    const { state } = await readState(lake.platform.ledger, 'sis.fee');
    expect(state.committed?.feed).toBeUndefined();
    expect(await staged('fee', 'id')).toEqual(await feesAtSource());
  });
});
