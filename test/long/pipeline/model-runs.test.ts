import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { staleTables } from '../../../src/pipeline/stale-tables.ts';
import { listedTables } from '../../../src/pipeline/steps/load-warehouse.ts';
import { AS_OF, dataset, instant, ModelLake } from './model-lake.ts';

describe('The models of a run', () => {
  let models: ModelLake;
  beforeEach(async () => {
    models = await ModelLake.open();
  });
  afterEach(() => models.close());

  it('each have an as-of of their own: the oldest data that they read, through other models', async () => {
    await models.write('users', `-- stale: build\nSELECT (SELECT count(*) FROM canvas.users) AS n, ${AS_OF}`);
    await models.write('work', `-- stale: build\nSELECT (SELECT count(*) FROM canvas.work) AS n, ${AS_OF}`);
    await models.write(
      'all_of_it',
      `-- stale: build\nSELECT u.n AS n, ${AS_OF} CROSS JOIN campus.users u CROSS JOIN campus.work w`,
    );
    await models.load('users', [1]);
    await models.load('work', [1]);
    await models.run();
    models.today = 14;
    await models.load('users', [1, 2]);

    expect(await models.run()).toEqual({});

    expect(await models.rowsOf('campus.users')).toEqual([[2n, '2026-11-06']]);
    expect(await models.rowsOf('campus.work')).toEqual([[1n, '2026-10-23']]);
    expect(await models.rowsOf('campus.all_of_it')).toEqual([[2n, '2026-10-23']]);
    expect(await models.asOfOf('campus.all_of_it')).toBe(instant(0));
    expect((await models.published()).asOf).toBe(instant(14));
  });

  it('know no newer rows than those that have passed their checks', async () => {
    await models.write('work', `-- stale: build\nSELECT (SELECT count(*) FROM canvas.work) AS n, ${AS_OF}`);
    await models.load('users', [1]);
    await models.load('work', [1]);
    await models.run();
    models.today = 1;
    await models.load('users', [1]);
    await models.load('work', [1, 2], false);

    await models.run();

    expect(await models.rowsOf('campus.work')).toEqual([[1n, '2026-10-23']]);
    expect((await models.published()).facts['canvas.work']).toMatchObject({
      asOf: instant(0),
      run: 'r0',
      whyOld: 'its newer rows did not pass their checks',
    });
  });

  it('keep their last version over stale data, with those that read them, and say why', async () => {
    await models.write('list', '-- owner: Advising\nSELECT count(*) AS n FROM canvas.work');
    await models.write('of_list', 'SELECT n FROM campus.list');
    await models.write(
      'over_list',
      '-- stale: build\nSELECT n, (SELECT count(*) FROM canvas.users) AS users FROM campus.list',
    );
    for (const name of ['users', 'work']) await models.load(name, [1]);
    await models.run();
    // A day late is within the promise of 26 hours.
    models.today = 1;
    await models.load('users', [1, 2]);
    expect(await models.run()).toEqual({});
    expect((await models.published()).facts['campus.list']).toMatchObject({ run: 'r1', asOf: instant(0) });
    models.today = 14;
    await models.load('users', [1, 2, 3]);

    expect(await models.run()).toEqual({});

    const { facts } = await models.published();
    const why = 'canvas.work is known up to 2026-10-23 11:00 UTC (its load failed)';
    expect(facts['campus.list']).toMatchObject({
      run: 'r1',
      asOf: instant(0),
      isStale: true,
      whyOld: `kept as it was: ${why}`,
    });
    expect(facts['campus.of_list']).toMatchObject({ run: 'r1', whyOld: `kept as it was: ${why}` });
    expect(await models.rowsOf('campus.over_list')).toEqual([[1n, 3n]]);
    expect(facts['campus.over_list']).toMatchObject({ run: 'r14', asOf: instant(0), whyOld: why });
    expect(staleTables(await models.published())).toEqual([
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
    expect(listedTables(await models.published()).find(({ table }) => table === 'campus.list')).toEqual({
      table: 'campus.list',
      rows: 1,
      dataAsOf: instant(0),
      loadedAt: instant(1),
      lastGoodRun: 'r1',
      owner: 'Advising',
      whyLate: `kept as it was: ${why}`,
    });

    models.today = 15;
    await models.load('users', [1]);
    await models.load('work', [1, 2]);
    await models.run();
    expect(await models.rowsOf('campus.list')).toEqual([[2n]]);
    expect(staleTables(await models.published())).toEqual([]);
  });

  it('that list people keep their version while one of their tables is a night behind the others', async () => {
    const counts =
      'SELECT (SELECT count(*) FROM canvas.users) AS users, (SELECT count(*) FROM canvas.work) AS work';
    await models.write('list', counts);
    await models.write('built', `-- stale: build\n${counts}`);
    for (const name of ['users', 'work']) await models.load(name, [1]);
    await models.run();
    models.today = 1;
    await models.load('users', [1, 2]);
    await models.write('new', counts);

    expect(await models.run()).toEqual({});

    const { facts } = await models.published();
    expect(await models.rowsOf('campus.list')).toEqual([[1n, 1n]]);
    expect(facts['campus.list']).toMatchObject({
      run: 'r0',
      asOf: instant(0),
      whyOld: expect.stringMatching(/^kept as it was: canvas\.work/),
    });
    expect(await models.rowsOf('campus.built')).toEqual([[2n, 1n]]);
    // Where there is nothing to keep, what the catalog promises is good enough.
    expect(await models.rowsOf('campus.new')).toEqual([[2n, 1n]]);
    await models.load('work', [1, 2]);
    await models.run();
    expect(await models.rowsOf('campus.list')).toEqual([[2n, 2n]]);
  });

  it('are as of the last load of a table that was switched off, and kept once that is stale', async () => {
    await models.write('list', 'SELECT count(*) AS n FROM canvas.work');
    await models.write('built', `-- stale: build\nSELECT (SELECT count(*) FROM canvas.work) AS n, ${AS_OF}`);
    for (const name of ['users', 'work']) await models.load(name, [1]);
    await models.run();
    models.datasets = [dataset('users'), dataset('work', { load: 'off' })];
    models.today = 3;
    await models.load('users', [1, 2]);

    await models.run();

    expect(await models.rowsOf('campus.built')).toEqual([[1n, '2026-10-23']]);
    expect((await models.published()).facts['campus.list']).toMatchObject({ run: 'r0' });
    expect((await models.published()).facts['canvas.work']!.whyOld).toBe('the catalog says load: off');
  });

  it('are not built over a table that was never loaded, unless their header says so', async () => {
    await models.write('list', 'SELECT count(*) AS n FROM canvas.work');
    await models.write('built', '-- stale: build\nSELECT count(*) AS n FROM canvas.work');
    await models.load('users', [1]);

    expect(await models.run()).toEqual({
      list: 'list.sql cannot be built yet: canvas.work has no good rows yet (it was never loaded).',
    });

    expect(await models.rowsOf('campus.built')).toEqual([[0n]]);
    expect(Object.keys((await models.published()).tables)).not.toContain('campus.list');
    models.datasets = [dataset('users'), dataset('work', { load: 'off' })];
    expect(await models.run()).toEqual({});
    expect(await models.rowsOf('campus.list')).toEqual([[0n]]);
  });

  it('are not made again from the same, and are as soon as anything is another', async () => {
    await models.write('plain', 'SELECT count(*) AS n FROM canvas.users');
    await models.write('timed', `SELECT (SELECT count(*) FROM canvas.work) AS n, ${AS_OF}`);
    await models.write('over', 'SELECT n + 1 AS n FROM campus.plain');
    const filesOf = async (table: string) => {
      const { storage } = (await models.published()).tables[table]!;
      return (storage.files as string[]).map((file) => file.split('/')[2]);
    };
    const all = async () => ({
      plain: await filesOf('campus.plain'),
      over: await filesOf('campus.over'),
      timed: await filesOf('campus.timed'),
    });
    const night = async (users: number[], files = users) => {
      await models.load('users', users, true, { content: `users ${files}` });
      await models.load('work', [1]);
      expect(await models.run()).toEqual({});
    };
    await night([1]);
    models.today = 1;
    await night([1]);
    expect(await all()).toEqual({ plain: ['r0'], over: ['r0'], timed: ['r1'] });
    expect((await models.published()).facts['campus.over']).toMatchObject({
      run: 'r1',
      asOf: instant(1),
      isStale: false,
    });

    models.today = 2;
    await night([1, 2]);
    expect(await all()).toEqual({ plain: ['r2'], over: ['r2'], timed: ['r2'] });
    expect(await models.rowsOf('campus.over')).toEqual([[3n]]);

    // Other users, of whom there are as many: what is made over the count stays.
    models.today = 3;
    await night([3, 4]);
    expect(await all()).toEqual({ plain: ['r3'], over: ['r2'], timed: ['r3'] });

    models.today = 4;
    await models.write('over', 'SELECT n + 2 AS n FROM campus.plain');
    const [lost] = (await models.published()).tables['campus.plain']!.storage.files as string[];
    await rm(join(models.root, lost!));
    await night([3, 4]);
    expect(await all()).toEqual({ plain: ['r4'], over: ['r4'], timed: ['r4'] });
    expect(await models.rowsOf('campus.over')).toEqual([[4n]]);
  });

  it('tell the truth of their as-of, whatever failed, was kept back or switched off on whichever night', async () => {
    const known = (table: string) =>
      `(SELECT count(*) FROM canvas.${table} e CROSS JOIN ops.run r
        WHERE e.id <= date_diff('day', DATE '2026-10-23', CAST(r.as_of AS date)))`;
    const sql = `SELECT ${known('users')} AS users, ${known('work')} AS work,
      (SELECT date_diff('day', DATE '2026-10-23', CAST(as_of AS date)) FROM ops.run) AS day`;
    await models.write('kept', sql);
    await models.write('built', `-- stale: build\n${sql}`);
    await models.write('over', '-- stale: build\nSELECT * FROM campus.built');
    const fate = fc.constantFrom('loaded', 'loaded', 'failed', 'kept back', 'off');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ users: fate, work: fate, days: fc.constantFrom(1, 1, 5) }), {
          minLength: 1,
          maxLength: 4,
        }),
        async (nights) => {
          // What is done on day n is row n; each night finds all rows so far.
          const upTo = () => Array.from({ length: models.today + 1 }, (_, day) => day);
          models.today = models.today === 0 ? 0 : models.today + 1;
          for (const name of ['users', 'work']) await models.load(name, upTo());
          for (const { days, ...fates } of [{ days: 0, users: 'loaded', work: 'loaded' }, ...nights]) {
            models.today += days;
            models.datasets = Object.entries(fates).map(([name, what]) =>
              dataset(name, what === 'off' ? { load: 'off' } : {}),
            );
            for (const [name, what] of Object.entries(fates)) {
              if (what === 'loaded' || what === 'kept back')
                await models.load(name, upTo(), what === 'loaded');
            }
            expect(await models.run()).toEqual({});
            for (const model of ['kept', 'built', 'over']) {
              const [[users, work, day] = []] = await models.rowsOf(`campus.${model}`);
              expect([users, work]).toEqual([BigInt(day as number) + 1n, BigInt(day as number) + 1n]);
              expect(await models.asOfOf(`campus.${model}`)).toBe(instant(Number(day)));
            }
          }
        },
      ),
      { numRuns: 3 },
    );
  });
});
