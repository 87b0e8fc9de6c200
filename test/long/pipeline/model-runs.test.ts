import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CatalogDataset } from '../../../src/campus/campus.ts';
import { changeState } from '../../../src/loads/dataset-state.ts';
import { modelsPlan } from '../../../src/models/steps.ts';
import { listModelRecords } from '../../../src/pipeline/model-record.ts';
import { type Publication, readPublication } from '../../../src/pipeline/publication.ts';
import { staleTables } from '../../../src/pipeline/stale-tables.ts';
import { buildModelStep } from '../../../src/pipeline/steps/build-model.ts';
import { listedTables } from '../../../src/pipeline/steps/load-warehouse.ts';
import { publishStep } from '../../../src/pipeline/steps/publish.ts';
import { type LocalEngine, openLocalEngine } from '../../../src/platform/local/duckdb/engine.ts';
import { openLocalLedger } from '../../../src/platform/local/ledger.ts';
import { openLocalObjects } from '../../../src/platform/local/objects.ts';
import type { Uses } from '../../../src/ports/step.ts';
import type { TableVersion } from '../../../src/ports/tables.ts';
import { granted } from '../../granted.ts';
import { lakeOf } from '../../lake-of.ts';
import { committedUpTo, withPassed, withStaged } from '../../loads/states.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 9, 23, 11);
const instant = (day: number) => new Date(START + day * DAY).toISOString();

const dataset = (name: string, more: Partial<CatalogDataset> = {}): CatalogDataset => ({
  id: `canvas.${name}`,
  source: 'canvas',
  name,
  namespace: 'canvas',
  table: name,
  key: ['id'],
  columns: [{ name: 'id', type: 'bigint', privacy: 'none' }],
  owner: `owner of ${name}`,
  ...more,
});

describe('The models of a run', () => {
  let root: string;
  let engine: LocalEngine;
  let lake: Uses<
    | 'session'
    | 'signal'
    | 'report'
    | 'campus'
    | 'catalog'
    | 'engine'
    | 'clock'
    | 'ledger'
    | 'objects'
    | 'secrets'
  >;
  let datasets: CatalogDataset[];
  let today: number;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'model-runs-'));
    await mkdir(join(root, 'models'));
    engine = await openLocalEngine({ root, threads: 1 });
    datasets = [dataset('users'), dataset('work')];
    today = 0;
    lake = lakeOf({
      campus: {
        root,
        models: 'models',
        timeZone: 'America/Chicago',
        privacy: { defaults: {} },
        sources: { canvas: { kind: 'canvas' } },
      },
      catalog: {
        get datasets() {
          return datasets;
        },
        get: (id: string) => datasets.find((one) => one.id === id),
      },
      platform: {
        engine,
        clock: { now: () => START + today * DAY },
        ledger: openLocalLedger(join(root, 'ledger')),
        objects: openLocalObjects(root),
        secrets: {},
      },
      report: { note: () => undefined, progress: () => undefined },
      signal: new AbortController().signal,
    });
  });
  afterEach(async () => {
    await engine.close();
    await rm(root, { recursive: true, force: true });
  });

  const write = (name: string, text: string) => writeFile(join(root, 'models', `${name}.sql`), text);
  const remove = (name: string) => rm(join(root, 'models', `${name}.sql`));
  /** A load of today; what it holds has passed its checks, unless it is kept back. */
  async function load(
    name: string,
    rows: number[],
    isGood = true,
    more: Pick<TableVersion, 'content'> = {},
  ): Promise<void> {
    const run = `r${today}`;
    const table = `canvas.${name}`;
    const columns = [{ name: 'id', type: 'bigint' as const }];
    const made = await engine.literalTable(
      table,
      columns,
      rows.map((id) => [id]),
      `${run}-${name}`,
    );
    const version = { ...made, ...more };
    const time = { asOf: instant(today), loadedAt: instant(today) };
    await changeState(lake.platform.ledger, table, (state) => ({
      ...(isGood ? withPassed : withStaged)(state, version, run, { time }),
      ...committedUpTo(time.asOf, time.loadedAt),
    }));
  }
  /** Builds and publishes; the errors by model. */
  async function run(): Promise<Record<string, string>> {
    const id = `r${today}`;
    const failed: Record<string, string> = {};
    for (const { models } of (await modelsPlan.run({ run: id }, lake)).waves) {
      for (const { model } of models) {
        await buildModelStep.run({ run: id, model }, lake).catch((error: Error) => {
          failed[model] = error.message.replaceAll(/\S*models\//g, '');
        });
      }
    }
    await publishStep.run({ run: id }, lake);
    return failed;
  }
  const published = async (): Promise<Publication> => (await readPublication(lake.platform))!;
  const asOfOf = async (table: string) => (await published()).facts[table]?.asOf;
  async function rowsOf(table: string): Promise<unknown[][]> {
    const { tables } = await published();
    const found: unknown[][] = [];
    for await (const batch of (await engine.query(`SELECT * FROM ${table}`, granted(tables))).batches())
      found.push(...batch);
    return found;
  }
  const AS_OF = `format_datetime(r.as_of, 'yyyy-MM-dd') AS known FROM ops.run r`;

  it('each have an as-of of their own: the oldest data that they read, through other models', async () => {
    await write('users', `-- stale: build\nSELECT (SELECT count(*) FROM canvas.users) AS n, ${AS_OF}`);
    await write('work', `-- stale: build\nSELECT (SELECT count(*) FROM canvas.work) AS n, ${AS_OF}`);
    await write(
      'all_of_it',
      `-- stale: build\nSELECT u.n AS n, ${AS_OF} CROSS JOIN campus.users u CROSS JOIN campus.work w`,
    );
    await load('users', [1]);
    await load('work', [1]);
    await run();
    today = 14;
    await load('users', [1, 2]);

    expect(await run()).toEqual({});

    expect(await rowsOf('campus.users')).toEqual([[2n, '2026-11-06']]);
    expect(await rowsOf('campus.work')).toEqual([[1n, '2026-10-23']]);
    expect(await rowsOf('campus.all_of_it')).toEqual([[2n, '2026-10-23']]);
    expect(await asOfOf('campus.all_of_it')).toBe(instant(0));
    expect((await published()).asOf).toBe(instant(14));
  });

  it('know no newer rows than those that have passed their checks', async () => {
    await write('work', `-- stale: build\nSELECT (SELECT count(*) FROM canvas.work) AS n, ${AS_OF}`);
    await load('users', [1]);
    await load('work', [1]);
    await run();
    today = 1;
    await load('users', [1]);
    await load('work', [1, 2], false);

    await run();

    expect(await rowsOf('campus.work')).toEqual([[1n, '2026-10-23']]);
    expect((await published()).facts['canvas.work']).toMatchObject({
      asOf: instant(0),
      run: 'r0',
      whyOld: 'its newer rows did not pass their checks',
    });
  });

  it('keep their last version over stale data, with those that read them, and say why', async () => {
    await write('list', '-- owner: Advising\nSELECT count(*) AS n FROM canvas.work');
    await write('of_list', 'SELECT n FROM campus.list');
    await write(
      'over_list',
      '-- stale: build\nSELECT n, (SELECT count(*) FROM canvas.users) AS users FROM campus.list',
    );
    for (const name of ['users', 'work']) await load(name, [1]);
    await run();
    // A day late is within the promise of 26 hours.
    today = 1;
    await load('users', [1, 2]);
    expect(await run()).toEqual({});
    expect((await published()).facts['campus.list']).toMatchObject({ run: 'r1', asOf: instant(0) });
    today = 14;
    await load('users', [1, 2, 3]);

    expect(await run()).toEqual({});

    const { facts } = await published();
    const why = 'canvas.work is known up to 2026-10-23 11:00 UTC (its load failed)';
    expect(facts['campus.list']).toMatchObject({
      run: 'r1',
      asOf: instant(0),
      isStale: true,
      whyOld: `kept as it was: ${why}`,
    });
    expect(facts['campus.of_list']).toMatchObject({ run: 'r1', whyOld: `kept as it was: ${why}` });
    expect(await rowsOf('campus.over_list')).toEqual([[1n, 3n]]);
    expect(facts['campus.over_list']).toMatchObject({ run: 'r14', asOf: instant(0), whyOld: why });
    expect(staleTables(await published())).toEqual([
      {
        tables: ['canvas.work'],
        asOf: instant(0),
        why: 'its load failed',
        owners: ['owner of work'],
        readers: ['campus.list', 'campus.of_list', 'campus.over_list'],
      },
      {
        tables: ['campus.list'],
        asOf: instant(0),
        why: `kept as it was: ${why}`,
        owners: ['Advising'],
        readers: [],
      },
      {
        tables: ['campus.of_list'],
        asOf: instant(0),
        why: `kept as it was: ${why}`,
        owners: [],
        readers: [],
      },
    ]);
    expect(listedTables(await published()).find(({ table }) => table === 'campus.list')).toEqual({
      table: 'campus.list',
      rows: 1,
      dataAsOf: instant(0),
      loadedAt: instant(1),
      lastGoodRun: 'r1',
      owner: 'Advising',
      whyLate: `kept as it was: ${why}`,
    });

    today = 15;
    await load('users', [1]);
    await load('work', [1, 2]);
    await run();
    expect(await rowsOf('campus.list')).toEqual([[2n]]);
    expect(staleTables(await published())).toEqual([]);
  });

  it('that list people keep their version while one of their tables is a night behind the others', async () => {
    const counts =
      'SELECT (SELECT count(*) FROM canvas.users) AS users, (SELECT count(*) FROM canvas.work) AS work';
    await write('list', counts);
    await write('built', `-- stale: build\n${counts}`);
    for (const name of ['users', 'work']) await load(name, [1]);
    await run();
    today = 1;
    await load('users', [1, 2]);
    await write('new', counts);

    expect(await run()).toEqual({});

    const { facts } = await published();
    expect(await rowsOf('campus.list')).toEqual([[1n, 1n]]);
    expect(facts['campus.list']).toMatchObject({
      run: 'r0',
      asOf: instant(0),
      whyOld: expect.stringMatching(/^kept as it was: canvas\.work/),
    });
    expect(await rowsOf('campus.built')).toEqual([[2n, 1n]]);
    // Where there is nothing to keep, what the catalog promises is good enough.
    expect(await rowsOf('campus.new')).toEqual([[2n, 1n]]);
    await load('work', [1, 2]);
    await run();
    expect(await rowsOf('campus.list')).toEqual([[2n, 2n]]);
  });

  it('are as of the last load of a table that was switched off, and kept once that is stale', async () => {
    await write('list', 'SELECT count(*) AS n FROM canvas.work');
    await write('built', `-- stale: build\nSELECT (SELECT count(*) FROM canvas.work) AS n, ${AS_OF}`);
    for (const name of ['users', 'work']) await load(name, [1]);
    await run();
    datasets = [dataset('users'), dataset('work', { load: 'off' })];
    today = 3;
    await load('users', [1, 2]);

    await run();

    expect(await rowsOf('campus.built')).toEqual([[1n, '2026-10-23']]);
    expect((await published()).facts['campus.list']).toMatchObject({ run: 'r0' });
    expect((await published()).facts['canvas.work']!.whyOld).toBe('the catalog says load: off');
  });

  it('are not built over a table that was never loaded, unless their header says so', async () => {
    await write('list', 'SELECT count(*) AS n FROM canvas.work');
    await write('built', '-- stale: build\nSELECT count(*) AS n FROM canvas.work');
    await load('users', [1]);

    expect(await run()).toEqual({
      list: 'list.sql cannot be built yet: canvas.work has no good rows yet (it was never loaded).',
    });

    expect(await rowsOf('campus.built')).toEqual([[0n]]);
    expect(Object.keys((await published()).tables)).not.toContain('campus.list');
    datasets = [dataset('users'), dataset('work', { load: 'off' })];
    expect(await run()).toEqual({});
    expect(await rowsOf('campus.list')).toEqual([[0n]]);
  });

  it('with a mistake cost themselves and those that need them, and are named with their line', async () => {
    await write('good', 'SELECT count(*) AS n FROM canvas.users');
    await write('torn', 'SELECT count(*) AS n\nFROM canvas.users WHERE = 1');
    await write('header', '-- stale: sometimes\nSELECT 1 AS x');
    await write('lint', 'SELECT id::varchar AS id FROM canvas.users');
    await write('lost', 'SELECT count(*) AS n\nFROM canvas.user');
    await write('ring_a', 'SELECT n FROM campus.ring_b');
    await write('ring_b', 'SELECT n FROM campus.ring_a');
    await write('needs_torn', 'SELECT n FROM campus.torn');
    await write('needs_ring', 'SELECT n FROM campus.ring_a');
    for (const name of ['users', 'work']) await load(name, [1]);

    expect(await run()).toEqual({
      torn: expect.stringMatching(/^torn\.sql:2:25: The SQL cannot be read at "="/),
      header: 'header.sql:1:1: A model over stale data cannot "sometimes".',
      lint: expect.stringMatching(/^lint\.sql:1:10: /),
      lost: 'lost.sql:2:6: there is no table "canvas.user"; did you mean "canvas.users"?',
      ring_a: 'ring_a.sql:1:15: models need each other: ring_a → ring_b → ring_a.',
      ring_b: 'ring_b.sql:1:15: models need each other: ring_b → ring_a → ring_b.',
      needs_torn: 'needs_torn.sql needs campus.torn, which could not be built.',
      needs_ring: 'needs_ring.sql needs campus.ring_a, which could not be built.',
    });
    expect(await rowsOf('campus.good')).toEqual([[1n]]);
  });

  it('that break a check keep their last version, and so do those that need them', async () => {
    const check = '-- check: { kind: range, column: n, max: 1 }';
    await write('first', `${check}\nSELECT count(*) AS n FROM canvas.users`);
    await write('second', 'SELECT n FROM campus.first');
    for (const name of ['users', 'work']) await load(name, [1]);
    expect(await run()).toEqual({});
    today = 1;
    for (const name of ['users', 'work']) await load(name, [1, 2]);

    expect(Object.keys(await run())).toEqual(['first', 'second']);

    for (const table of ['campus.first', 'campus.second']) {
      expect(await rowsOf(table)).toEqual([[1n]]);
      expect((await published()).facts[table]).toMatchObject({ run: 'r0', isStale: true });
    }
  });

  it('that have a mistake since keep their last version, and what was said of its columns', async () => {
    await write('list', '-- column n (direct): a name\nSELECT count(*) AS n FROM canvas.users');
    for (const name of ['users', 'work']) await load(name, [1]);
    await run();
    await write('list', '-- column n (directly): a name\nSELECT count(*) AS n FROM canvas.users');
    today = 1;
    for (const name of ['users', 'work']) await load(name, [1, 2]);

    expect(Object.keys(await run())).toEqual(['list']);

    expect((await published()).facts['campus.list']).toMatchObject({
      run: 'r0',
      asOf: instant(0),
      whyOld: 'it could not be built',
      header: { columns: [{ name: 'n', privacy: 'direct', description: 'a name' }] },
    });
    expect(await rowsOf('campus.list')).toEqual([[1n]]);
  });

  it('that are deleted or renamed leave the next publication, and are forgotten', async () => {
    await write('kept', 'SELECT count(*) AS n FROM canvas.users');
    await write('removed', 'SELECT count(*) AS n FROM canvas.users');
    for (const name of ['users', 'work']) await load(name, [1]);
    await run();
    await remove('removed');
    await write('renamed', 'SELECT count(*) AS n FROM canvas.users');
    datasets = [dataset('users')];
    today = 1;
    await load('users', [1, 2]);

    await run();

    const { tables, facts } = await published();
    expect(Object.keys(tables).sort()).toEqual(['campus.kept', 'campus.renamed', 'canvas.users']);
    expect(Object.keys(facts).sort()).toEqual(['campus.kept', 'campus.renamed', 'canvas.users']);
    expect((await listModelRecords(lake.platform.ledger)).map(({ model }) => model)).toEqual([
      'kept',
      'renamed',
    ]);
    await remove('kept');
    await remove('renamed');
    await run();
    expect(Object.keys((await published()).tables)).toEqual(['canvas.users']);
  });

  it('stay as they were where their folder is not there', async () => {
    await write('list', 'SELECT count(*) AS n FROM canvas.users');
    for (const name of ['users', 'work']) await load(name, [1]);
    await run();
    await rm(join(root, 'models'), { recursive: true });
    today = 1;
    for (const name of ['users', 'work']) await load(name, [1, 2]);

    await run();

    expect(await rowsOf('campus.list')).toEqual([[1n]]);
    expect((await published()).facts['campus.list']).toMatchObject({ run: 'r0', isStale: true });
  });

  it('are not made again from the same, and are as soon as anything is another', async () => {
    await write('plain', 'SELECT count(*) AS n FROM canvas.users');
    await write('timed', `SELECT (SELECT count(*) FROM canvas.work) AS n, ${AS_OF}`);
    await write('over', 'SELECT n + 1 AS n FROM campus.plain');
    const filesOf = async (table: string) => {
      const { storage } = (await published()).tables[table]!;
      return (storage.files as string[]).map((file) => file.split('/')[2]);
    };
    const all = async () => ({
      plain: await filesOf('campus.plain'),
      over: await filesOf('campus.over'),
      timed: await filesOf('campus.timed'),
    });
    const night = async (users: number[], files = users) => {
      await load('users', users, true, { content: `users ${files}` });
      await load('work', [1]);
      expect(await run()).toEqual({});
    };
    await night([1]);
    today = 1;
    await night([1]);
    expect(await all()).toEqual({ plain: ['r0'], over: ['r0'], timed: ['r1'] });
    expect((await published()).facts['campus.over']).toMatchObject({
      run: 'r1',
      asOf: instant(1),
      isStale: false,
    });

    today = 2;
    await night([1, 2]);
    expect(await all()).toEqual({ plain: ['r2'], over: ['r2'], timed: ['r2'] });
    expect(await rowsOf('campus.over')).toEqual([[3n]]);

    // Other users, of whom there are as many: what is made over the count stays.
    today = 3;
    await night([3, 4]);
    expect(await all()).toEqual({ plain: ['r3'], over: ['r2'], timed: ['r3'] });

    today = 4;
    await write('over', 'SELECT n + 2 AS n FROM campus.plain');
    const [lost] = (await published()).tables['campus.plain']!.storage.files as string[];
    await rm(join(root, lost!));
    await night([3, 4]);
    expect(await all()).toEqual({ plain: ['r4'], over: ['r4'], timed: ['r4'] });
    expect(await rowsOf('campus.over')).toEqual([[4n]]);
  });

  it('tell the truth of their as-of, whatever failed, was kept back or switched off on whichever night', async () => {
    const known = (table: string) =>
      `(SELECT count(*) FROM canvas.${table} e CROSS JOIN ops.run r
        WHERE e.id <= date_diff('day', DATE '2026-10-23', CAST(r.as_of AS date)))`;
    const sql = `SELECT ${known('users')} AS users, ${known('work')} AS work,
      (SELECT date_diff('day', DATE '2026-10-23', CAST(as_of AS date)) FROM ops.run) AS day`;
    await write('kept', sql);
    await write('built', `-- stale: build\n${sql}`);
    await write('over', '-- stale: build\nSELECT * FROM campus.built');
    const fate = fc.constantFrom('loaded', 'loaded', 'failed', 'kept back', 'off');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ users: fate, work: fate, days: fc.constantFrom(1, 1, 5) }), {
          minLength: 1,
          maxLength: 4,
        }),
        async (nights) => {
          // What is done on day n is row n; each night finds all rows so far.
          const upTo = () => Array.from({ length: today + 1 }, (_, day) => day);
          today = today === 0 ? 0 : today + 1;
          for (const name of ['users', 'work']) await load(name, upTo());
          for (const { days, ...fates } of [{ days: 0, users: 'loaded', work: 'loaded' }, ...nights]) {
            today += days;
            datasets = Object.entries(fates).map(([name, what]) =>
              dataset(name, what === 'off' ? { load: 'off' } : {}),
            );
            for (const [name, what] of Object.entries(fates)) {
              if (what === 'loaded' || what === 'kept back') await load(name, upTo(), what === 'loaded');
            }
            expect(await run()).toEqual({});
            for (const model of ['kept', 'built', 'over']) {
              const [[users, work, day] = []] = await rowsOf(`campus.${model}`);
              expect([users, work]).toEqual([BigInt(day as number) + 1n, BigInt(day as number) + 1n]);
              expect(await asOfOf(`campus.${model}`)).toBe(instant(Number(day)));
            }
          }
        },
      ),
      { numRuns: 3 },
    );
  });
});
