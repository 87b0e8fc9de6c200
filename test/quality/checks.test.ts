import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Check } from '../../src/campus/check-schema.ts';
import { KEY_SUM_RECIPE } from '../../src/loads/key-sum.ts';
import type { Counted } from '../../src/loads/load.ts';
import { readPublication } from '../../src/pipeline/publication.ts';
import { publishStep } from '../../src/pipeline/steps/publish.ts';
import type { TableVersion } from '../../src/ports/tables.ts';
import { CheckFailedError, DamagedFilesError } from '../../src/quality/errors.ts';
import { runChecks } from '../../src/quality/run-checks.ts';
import { checksPlan } from '../../src/quality/steps.ts';
import { checksOfModel } from '../../src/quality/table-check.ts';
import { sumOf } from '../contract/key-sums.ts';
import { propertyRuns } from '../property-runs.ts';
import { type Row, row, useThings } from './things.ts';

const CHECKS: Check[] = [
  { kind: 'not_null', columns: ['id', 'state'], severity: 'warn' },
  { kind: 'unique', columns: ['id'], severity: 'warn' },
  { kind: 'accepted_values', column: 'state', values: ['active', "it's over"], severity: 'warn' },
  { kind: 'range', column: 'score', min: 0, max: 100, severity: 'warn' },
  { kind: 'relationships', column: 'parent', to: 'canvas.parents', field: 'id', severity: 'warn' },
];

const things = useThings();

describe('Checks', () => {
  it('count once over the same rows, and again over others or with another text', async () => {
    const checks = checksOfModel({ checks: [{ kind: 'unique', columns: ['id'], severity: 'warn' }] }, []);
    const engine = things.lake.platform.engine;
    let queries = 0;
    const query: typeof engine.query = (...given) => {
      queries += 1;
      return engine.query(...given);
    };
    const counting = new Proxy(engine, {
      get: (target, name) => {
        const own = Reflect.get(target, name, target) as unknown;
        return name === 'query' ? query : typeof own === 'function' ? own.bind(target) : own;
      },
    });
    const lake = { ...things.lake, platform: { ...things.lake.platform, engine: counting } };
    const failing = async (version: TableVersion, counted?: Counted, entries = checks) => {
      const done = await runChecks(lake, { run: 'r', version, checks: entries, others: {}, counted });
      return { ...done, failing: done.results.map((result) => result.failing) };
    };
    const twice = await things.tableOf([row(1), row(1)]);
    const first = await failing(twice);
    const again = await failing(twice, first.counted);
    expect([first.failing, again.failing, queries]).toEqual([[1], [1], 1]);

    const other = await failing(await things.tableOf([row(1), row(2)]), again.counted);
    expect([other.failing, queries]).toEqual([[0], 2]);

    const states = checksOfModel({ checks: [{ kind: 'unique', columns: ['state'], severity: 'warn' }] }, []);
    expect([(await failing(twice, first.counted, states)).failing, queries]).toEqual([[1], 3]);
  });

  it('count exactly the rows that break them, whatever the rows', async () => {
    const parents = await things.tableOf([row(1), row(2), row(2)], 'canvas.parents');
    const some = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null, freq: 3 });
    const rows = fc.array(
      fc.record<Row>({
        id: some(fc.integer({ min: 1, max: 6 })),
        state: some(fc.constantFrom('active', "it's over", 'Active', '')),
        score: some(fc.constantFrom(-0.5, 0, 50, 100, 100.5)),
        parent: some(fc.integer({ min: 1, max: 4 })),
      }),
      { minLength: 1, maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(rows, async (given) => {
        const version = await things.tableOf(given);
        const checks = checksOfModel({ checks: CHECKS }, []);
        const { results } = await runChecks(things.lake, {
          run: 'r',
          version,
          checks,
          others: { 'canvas.parents': parents },
        });
        const ids = given.map(({ id }) => id).filter((id) => id !== null);
        expect(results.map(({ failing }) => failing)).toEqual([
          given.filter(({ id, state }) => id === null || state === null).length,
          new Set(ids.filter((id, i) => ids.indexOf(id) !== i)).size,
          given.filter(({ state }) => state !== null && !['active', "it's over"].includes(state)).length,
          given.filter(({ score }) => score !== null && (score < 0 || score > 100)).length,
          given.filter(({ parent }) => parent !== null && parent > 2).length,
        ]);
      }),
      { numRuns: propertyRuns(15) },
    );
  });

  it('of severity warn let the data through and say what they found, without a value of it', async () => {
    const version = await things.tableOf([row(1, { state: 'secret state' }), row(2), row(2)]);
    const warn = CHECKS.slice(0, 3);
    await runChecks(things.lake, {
      run: 'r1',
      version,
      checks: checksOfModel({ checks: warn }, []),
      others: {},
    });
    expect(things.notes).toEqual([
      'canvas.things: 1 key comes more than once: unique(id)',
      'canvas.things: 1 of 3 rows breaks accepted_values(state)',
    ]);
    const rows = await things.lake.platform.ledger.rows('checks');
    expect(rows.map(({ check_name: name, status, failing }) => [name, status, failing])).toEqual([
      ['not_null(id, state)', 'passed', 0],
      ['unique(id)', 'warned', 1],
      ['accepted_values(state)', 'warned', 1],
    ]);
    expect(JSON.stringify(rows)).not.toContain('secret state');
  });

  it('of severity fail keep the last good version in view until the data are mended', async () => {
    const shown = async () => {
      await publishStep.run({ run: 'p' }, things.lake);
      return (await readPublication(things.lake.platform))?.tables['canvas.things']?.rows;
    };
    await things.staged('load1', [row(1), row(2)]);
    await things.check('run1');
    expect(await shown()).toBe(2);

    await things.staged('load2', [row(1), row(2, { state: 'odd' }), row(3)]);
    expect(await checksPlan.run({ run: 'run2' }, things.lake)).toEqual({
      rounds: [{ round: '1', datasets: [{ dataset: 'canvas.things' }] }],
    });
    const failure = await things.check('run2').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(CheckFailedError);
    expect((failure as Error).message).toBe('canvas.things: 1 of 3 rows breaks accepted_values(state)');
    expect(await shown()).toBe(2);

    await things.staged('load3', [row(1), row(2), row(3)]);
    await things.check('run3');
    expect(await shown()).toBe(3);
    expect(await checksPlan.run({ run: 'run4' }, things.lake)).toEqual({ rounds: [] });
  });

  it('say how far the rows go that have passed, and not those that are held back', async () => {
    const timeOn = (day: number) => ({
      asOf: `2026-10-0${day}T00:00:00Z`,
      loadedAt: `2026-10-0${day}T00:05:00Z`,
    });
    const passedTime = async () => (await things.good())?.time;
    await things.staged('load1', [row(1)], { time: timeOn(1) });
    await things.check('run1');
    await things.staged('load2', [row(1, { state: 'odd' })], { time: timeOn(2) });
    await things.check('run2').catch(() => undefined);
    expect(await passedTime()).toEqual(timeOn(1));

    await things.staged('load3', [row(1)], { time: timeOn(3) });
    await things.check('run3');
    expect(await passedTime()).toEqual(timeOn(3));
  });

  it('do not pass a version of which files are damaged', async () => {
    await things.staged('load1', [row(1)]);
    Object.assign(things.lake.platform.engine, {
      brokenFiles: async () => ['staged/canvas.things/v.parquet'],
    });

    await expect(things.check('run1')).rejects.toBeInstanceOf(DamagedFilesError);

    expect(await things.good()).toBeUndefined();
  });

  it('a table of which the source counted other rows fails', async () => {
    await things.staged('load1', [row(1), row(2)], { rowsAtSource: 3 });
    await expect(things.check('run1')).rejects.toThrow('canvas.things: 2 rows in the lake, 3 at the source');
    expect(await things.good()).toBeUndefined();
  });

  it('a table of as many rows as the source has, but others, fails', async () => {
    const ofKeys = (...ids: bigint[]) => ({
      rowsAtSource: ids.length,
      keysAtSource: {
        columns: ['id'],
        sum: sumOf(ids.map((id) => ({ words: [id] }))),
        recipe: KEY_SUM_RECIPE,
      },
    });
    await things.staged('load1', [row(2), row(1)], ofKeys(1n, 2n));
    await things.check('run1');
    // One row lost and one twice: the same number.
    await things.staged('load2', [row(1), row(1), row(3)], ofKeys(1n, 2n, 3n));
    await expect(things.check('run2')).rejects.toThrow(
      'canvas.things: the rows in the lake are not those at the source, though there are as many: the keys (id) differ',
    );
    expect((await things.good())?.load).toBe('load1');
    const rows = await things.lake.platform.ledger.rows('checks', 'run2/');
    expect(rows.map(({ check_name: name, status }) => [name, status])).toEqual([
      ['accepted_values(state)', 'passed'],
      ['key_checksum(id)', 'failed'],
      ['default', 'passed'],
    ]);
  });

  it('a sum of another recipe is not compared: then no key may come twice', async () => {
    Object.assign(things.lake.campus.sources, { canvas: { kind: 'oracle' } });
    await things.staged('load1', [row(1), row(2)], { keysAtSource: { columns: ['id'], sum: '1' } });
    await things.check('run1');
    await things.staged('load2', [row(1), row(1)], { keysAtSource: { columns: ['id'], sum: '1' } });
    await expect(things.check('run2')).rejects.toThrow(
      'canvas.things: 1 key comes more than once: unique(id)',
    );
  });

  it('a copy of which the source has not told the keys has no key twice', async () => {
    Object.assign(things.lake.campus.sources, { canvas: { kind: 'oracle' } });
    await things.staged('load1', [row(1), row(2), row(2)], { rowsAtSource: 3 });
    await expect(things.check('run1')).rejects.toThrow(
      'canvas.things: 1 key comes more than once: unique(id)',
    );
  });

  it('a copy whose keys are those of the source, and yet need not be distinct, has no key twice', async () => {
    Object.assign(things.lake.campus.sources, { canvas: { kind: 'oracle' } });
    const sum = sumOf([1n, 2n, 2n].map((id) => ({ words: [id] })));
    const keysAtSource = { columns: ['id'], sum, recipe: KEY_SUM_RECIPE };
    await things.staged('load1', [row(1), row(2), row(2)], { rowsAtSource: 3, keysAtSource });
    await expect(things.check('run1')).rejects.toThrow(
      'canvas.things: 1 key comes more than once: unique(id)',
    );
    // What the source itself keeps distinct is not counted again.
    const told = { rowsAtSource: 3, keysAtSource: { ...keysAtSource, distinct: true as const } };
    await things.staged('load2', [row(1), row(2), row(2)], told);
    await things.check('run2');
  });

  it('a table that lost half of its rows is told of and shown', async () => {
    const rows = Array.from({ length: 120 }, (_, i) => row(i));
    await things.staged('load1', rows);
    await things.check('run1');
    await things.staged('load2', rows.slice(0, 59));
    await things.check('run2');
    expect(things.notes).toEqual(['canvas.things: 59 rows where there were 120']);
  });
});
