import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CatalogDataset } from '../../src/campus/campus.ts';
import type { Check } from '../../src/campus/check-schema.ts';
import type { LakeType } from '../../src/campus/lake-type.ts';
import { changeState, readState } from '../../src/loads/dataset-state.ts';
import { KEY_SUM_RECIPE } from '../../src/loads/key-sum.ts';
import type { Counted } from '../../src/loads/load.ts';
import { goodOf, type StagedTable } from '../../src/loads/state.ts';
import { parseModel } from '../../src/models/load-models.ts';
import { readPublication } from '../../src/pipeline/publication.ts';
import { publishStep } from '../../src/pipeline/steps/publish.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { openLocalEngine } from '../../src/platform/local/duckdb/engine.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import { openLocalObjects } from '../../src/platform/local/objects.ts';
import type { Uses } from '../../src/ports/step.ts';
import type { TableVersion } from '../../src/ports/tables.ts';
import { acceptRows } from '../../src/quality/accept.ts';
import {
  CheckFailedError,
  DamagedFilesError,
  NothingHeldBackError,
  UnfitCheckError,
} from '../../src/quality/errors.ts';
import type { AtSource } from '../../src/quality/reconcile.ts';
import { runChecks } from '../../src/quality/run-checks.ts';
import { checkDataset, checksPlan } from '../../src/quality/steps.ts';
import { checksOfDataset, checksOfModel } from '../../src/quality/table-check.ts';
import { sumOf } from '../contract/key-sums.ts';
import { lakeOf } from '../lake-of.ts';
import { withStaged } from '../loads/states.ts';
import { propertyRuns } from '../property-runs.ts';

interface Row {
  readonly id: number | null;
  readonly state: string | null;
  readonly score: number | null;
  readonly parent: number | null;
}

const COLUMNS = [
  { name: 'id', type: 'bigint' },
  { name: 'state', type: 'varchar' },
  { name: 'score', type: 'double' },
  { name: 'parent', type: 'bigint' },
] as const;

const CHECKS: Check[] = [
  { kind: 'not_null', columns: ['id', 'state'], severity: 'warn' },
  { kind: 'unique', columns: ['id'], severity: 'warn' },
  { kind: 'accepted_values', column: 'state', values: ['active', "it's over"], severity: 'warn' },
  { kind: 'range', column: 'score', min: 0, max: 100, severity: 'warn' },
  { kind: 'relationships', column: 'parent', to: 'canvas.parents', field: 'id', severity: 'warn' },
];

const THINGS: CatalogDataset = {
  id: 'canvas.things',
  source: 'canvas',
  name: 'things',
  namespace: 'canvas',
  table: 'things',
  key: ['id'],
  columns: COLUMNS.map((column) => ({ ...column, privacy: 'none' })),
  checks: [{ kind: 'accepted_values', column: 'state', values: ['active'] }],
};

let root: string;
let lake: Uses<
  | 'session'
  | 'signal'
  | 'report'
  | 'campus'
  | 'catalog'
  | 'clock'
  | 'objects'
  | 'ledger'
  | 'engine'
  | 'secrets'
>;
let notes: string[];
let versions = 0;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'checks-'));
  notes = [];
  const platform = {
    clock: systemClock,
    objects: openLocalObjects(root),
    ledger: openLocalLedger(join(root, 'ledger')),
    engine: await openLocalEngine({ root, threads: 2 }),
    secrets: {},
  };
  lake = lakeOf({
    campus: { sources: {}, root, models: 'models' },
    catalog: { datasets: [THINGS], get: () => THINGS, of: () => [THINGS] },
    platform,
    report: { note: (about: string, text: string) => notes.push(`${about}: ${text}`), progress: () => {} },
    signal: new AbortController().signal,
  });
});
afterEach(() => rm(root, { recursive: true, force: true }));

function tableOf(rows: readonly Row[], name = 'canvas.things'): Promise<TableVersion> {
  const cells = rows.map(({ id, state, score, parent }) => [id, state, score, parent]);
  return lake.platform.engine.literalTable(name, COLUMNS, cells, `v${versions++}`);
}

const row = (id: number, values: Partial<Row> = {}): Row => ({
  id,
  state: 'active',
  score: 50,
  parent: null,
  ...values,
});

/** What staging leaves behind after a load. */
async function staged(
  load: string,
  rows: readonly Row[],
  more: AtSource & Pick<StagedTable, 'time'> = {},
): Promise<void> {
  const version = await tableOf(rows);
  await changeState(lake.platform.ledger, 'canvas.things', (state) => withStaged(state, version, load, more));
}

const check = (run: string) => checkDataset.run({ run, dataset: 'canvas.things' }, lake);

/** What models read of it. */
const good = async () => goodOf((await readState(lake.platform.ledger, 'canvas.things')).state);

describe('Checks', () => {
  it('count once over the same rows, and again over others or with another text', async () => {
    const checks = checksOfModel({ checks: [{ kind: 'unique', columns: ['id'], severity: 'warn' }] }, []);
    const engine = lake.platform.engine;
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
    lake = { ...lake, platform: { ...lake.platform, engine: counting } };
    const failing = async (version: TableVersion, counted?: Counted, entries = checks) => {
      const done = await runChecks(lake, { run: 'r', version, checks: entries, others: {}, counted });
      return { ...done, failing: done.results.map((result) => result.failing) };
    };
    const twice = await tableOf([row(1), row(1)]);
    const first = await failing(twice);
    const again = await failing(twice, first.counted);
    expect([first.failing, again.failing, queries]).toEqual([[1], [1], 1]);

    const other = await failing(await tableOf([row(1), row(2)]), again.counted);
    expect([other.failing, queries]).toEqual([[0], 2]);

    const states = checksOfModel({ checks: [{ kind: 'unique', columns: ['state'], severity: 'warn' }] }, []);
    expect([(await failing(twice, first.counted, states)).failing, queries]).toEqual([[1], 3]);
  });

  it('count exactly the rows that break them, whatever the rows', async () => {
    const parents = await tableOf([row(1), row(2), row(2)], 'canvas.parents');
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
        const version = await tableOf(given);
        const checks = checksOfModel({ checks: CHECKS }, []);
        const { results } = await runChecks(lake, {
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
    const version = await tableOf([row(1, { state: 'secret state' }), row(2), row(2)]);
    const warn = CHECKS.slice(0, 3);
    await runChecks(lake, { run: 'r1', version, checks: checksOfModel({ checks: warn }, []), others: {} });
    expect(notes).toEqual([
      'canvas.things: 1 key comes more than once: unique(id)',
      'canvas.things: 1 of 3 rows breaks accepted_values(state)',
    ]);
    const rows = await lake.platform.ledger.rows('checks');
    expect(rows.map(({ check_name: name, status, failing }) => [name, status, failing])).toEqual([
      ['not_null(id, state)', 'passed', 0],
      ['unique(id)', 'warned', 1],
      ['accepted_values(state)', 'warned', 1],
    ]);
    expect(JSON.stringify(rows)).not.toContain('secret state');
  });

  it('of severity fail keep the last good version in view until the data are mended', async () => {
    const shown = async () => {
      await publishStep.run({ run: 'p' }, lake);
      return (await readPublication(lake.platform))?.tables['canvas.things']?.rows;
    };
    await staged('load1', [row(1), row(2)]);
    await check('run1');
    expect(await shown()).toBe(2);

    await staged('load2', [row(1), row(2, { state: 'odd' }), row(3)]);
    expect(await checksPlan.run({ run: 'run2' }, lake)).toEqual({
      rounds: [{ round: '1', datasets: [{ dataset: 'canvas.things' }] }],
    });
    const failure = await check('run2').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(CheckFailedError);
    expect((failure as Error).message).toBe('canvas.things: 1 of 3 rows breaks accepted_values(state)');
    expect(await shown()).toBe(2);

    await staged('load3', [row(1), row(2), row(3)]);
    await check('run3');
    expect(await shown()).toBe(3);
    expect(await checksPlan.run({ run: 'run4' }, lake)).toEqual({ rounds: [] });
  });

  it('say how far the rows go that have passed, and not those that are held back', async () => {
    const timeOn = (day: number) => ({
      asOf: `2026-10-0${day}T00:00:00Z`,
      loadedAt: `2026-10-0${day}T00:05:00Z`,
    });
    const passedTime = async () => (await good())?.time;
    await staged('load1', [row(1)], { time: timeOn(1) });
    await check('run1');
    await staged('load2', [row(1, { state: 'odd' })], { time: timeOn(2) });
    await check('run2').catch(() => undefined);
    expect(await passedTime()).toEqual(timeOn(1));

    await staged('load3', [row(1)], { time: timeOn(3) });
    await check('run3');
    expect(await passedTime()).toEqual(timeOn(3));
  });

  it('do not pass a version of which files are damaged', async () => {
    await staged('load1', [row(1)]);
    Object.assign(lake.platform.engine, { brokenFiles: async () => ['staged/canvas.things/v.parquet'] });

    await expect(check('run1')).rejects.toBeInstanceOf(DamagedFilesError);

    expect(await good()).toBeUndefined();
  });

  it('a table of which the source counted other rows fails', async () => {
    await staged('load1', [row(1), row(2)], { rowsAtSource: 3 });
    await expect(check('run1')).rejects.toThrow('canvas.things: 2 rows in the lake, 3 at the source');
    expect(await good()).toBeUndefined();
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
    await staged('load1', [row(2), row(1)], ofKeys(1n, 2n));
    await check('run1');
    // One row lost and one twice: the same number.
    await staged('load2', [row(1), row(1), row(3)], ofKeys(1n, 2n, 3n));
    await expect(check('run2')).rejects.toThrow(
      'canvas.things: the rows in the lake are not those at the source, though there are as many: the keys (id) differ',
    );
    expect((await good())?.load).toBe('load1');
    const rows = await lake.platform.ledger.rows('checks', 'run2/');
    expect(rows.map(({ check_name: name, status }) => [name, status])).toEqual([
      ['accepted_values(state)', 'passed'],
      ['key_checksum(id)', 'failed'],
      ['default', 'passed'],
    ]);
  });

  it('a sum of another recipe is not compared: then no key may come twice', async () => {
    Object.assign(lake.campus.sources, { canvas: { kind: 'oracle' } });
    await staged('load1', [row(1), row(2)], { keysAtSource: { columns: ['id'], sum: '1' } });
    await check('run1');
    await staged('load2', [row(1), row(1)], { keysAtSource: { columns: ['id'], sum: '1' } });
    await expect(check('run2')).rejects.toThrow('canvas.things: 1 key comes more than once: unique(id)');
  });

  it('a copy of which the source has not told the keys has no key twice', async () => {
    Object.assign(lake.campus.sources, { canvas: { kind: 'oracle' } });
    await staged('load1', [row(1), row(2), row(2)], { rowsAtSource: 3 });
    await expect(check('run1')).rejects.toThrow('canvas.things: 1 key comes more than once: unique(id)');
  });

  it('a copy whose keys are those of the source, and yet need not be distinct, has no key twice', async () => {
    Object.assign(lake.campus.sources, { canvas: { kind: 'oracle' } });
    const sum = sumOf([1n, 2n, 2n].map((id) => ({ words: [id] })));
    const keysAtSource = { columns: ['id'], sum, recipe: KEY_SUM_RECIPE };
    await staged('load1', [row(1), row(2), row(2)], { rowsAtSource: 3, keysAtSource });
    await expect(check('run1')).rejects.toThrow('canvas.things: 1 key comes more than once: unique(id)');
    // What the source itself keeps distinct is not counted again.
    const told = { rowsAtSource: 3, keysAtSource: { ...keysAtSource, distinct: true as const } };
    await staged('load2', [row(1), row(2), row(2)], told);
    await check('run2');
  });

  it('a table that lost half of its rows is told of and shown', async () => {
    const rows = Array.from({ length: 120 }, (_, i) => row(i));
    await staged('load1', rows);
    await check('run1');
    await staged('load2', rows.slice(0, 59));
    await check('run2');
    expect(notes).toEqual(['canvas.things: 59 rows where there were 120']);
  });
});

describe('A check counts', () => {
  const failing = async (
    columns: readonly { readonly name: string; readonly type: LakeType }[],
    rows: (string | number | null)[][],
    checks: readonly Check[],
    more: { grain?: string; rowsBefore?: number; asOf?: string } = {},
  ) => {
    const version = await lake.platform.engine.literalTable('canvas.things', columns, rows, `v${versions++}`);
    const warning = checks.map((check): Check => ({ ...check, severity: 'warn' }));
    const entries = checksOfModel(
      { checks: warning, grain: more.grain },
      columns.map(({ name }) => name),
    ).map((entry) => ({ ...entry, severity: 'warn' as const }));
    const { results } = await runChecks(lake, { run: 'r', version, checks: entries, others: {}, ...more });
    return results.map((result) => result.failing);
  };

  it('a whole day as the end of a range, on a timestamp too', async () => {
    const column = [{ name: 'at', type: 'timestamp' }] as const;
    const rows = [
      '2026-12-31 12:00:00',
      '2027-01-01 00:00:00',
      '2026-01-01 00:00:00',
      '2025-12-31 23:59:59.999',
    ];
    const range = { kind: 'range', column: 'at', min: '2026-01-01', max: '2026-12-31' } as const;
    expect(
      await failing(
        column,
        rows.map((at) => [at]),
        [range],
      ),
    ).toEqual([2]);
  });

  it('a number that is none as out of every range', async () => {
    const column = [{ name: 'x', type: 'double' }] as const;
    const rows = [['NaN'], [1], [null]];
    expect(await failing(column, rows, [{ kind: 'range', column: 'x', min: 0 }])).toEqual([1]);
    expect(await failing(column, rows, [{ kind: 'range', column: 'x', max: 100 }])).toEqual([1]);
    expect(await failing(column, rows, [{ kind: 'range', column: 'x', min: 0, max: 100 }])).toEqual([1]);
  });

  it('rows with an empty column of the grain as doubles, and of a declared key only where it says so', async () => {
    const columns = [
      { name: 'id', type: 'bigint' },
      { name: 'k', type: 'varchar' },
    ] as const;
    const rows = [
      [1, null],
      [1, null],
      [2, 'a'],
    ];
    expect(await failing(columns, rows, [], { grain: 'id, k' })).toEqual([1]);
    expect(await failing(columns, rows, [{ kind: 'unique', columns: ['id', 'k'] }])).toEqual([0]);
    expect(
      await failing(columns, rows, [{ kind: 'unique', columns: ['id', 'k'], nullsDistinct: false }]),
    ).toEqual([1]);
  });

  it('days among the values that are accepted', async () => {
    const column = [{ name: 'day', type: 'date' }] as const;
    const values: Check = { kind: 'accepted_values', column: 'day', values: ['2026-01-01', '2026-02-01'] };
    expect(await failing(column, [['2026-01-01'], ['2026-01-02'], [null]], [values])).toEqual([1]);
  });

  it('a drop that is declared however small the table, and one that nobody declared from a hundred rows on', async () => {
    const columns = [{ name: 'id', type: 'bigint' }] as const;
    const few = Array.from({ length: 5 }, (_, i) => [i]);
    const drop = { kind: 'row_count', maxDropPercent: 10 } as const;
    expect(await failing(columns, few, [drop], { rowsBefore: 9 })).toEqual([4]);
    const [byDefault] = checksOfDataset(THINGS);
    const version = await tableOf([row(1)]);
    const results = async (rowsBefore: number) =>
      (await runChecks(lake, { run: 'r', version, checks: [byDefault!], others: {}, rowsBefore })).results[0]!
        .status;
    expect([await results(99), await results(100)]).toEqual(['passed', 'warned']);
  });

  it('rows that are missing from the least number of them, unless a person has confirmed so few', async () => {
    const version = await tableOf([row(1), row(2)]);
    const least: Check = { kind: 'row_count', min: 5 };
    const verdict = async (acceptedRows?: number) => {
      const checks = checksOfModel({ checks: [least] }, []);
      const emptying = acceptedRows === undefined ? {} : { acceptedRows };
      const done = runChecks(lake, { run: 'r', version, checks, others: {}, emptying });
      return done.then(
        ({ results: [result] }) => `${result!.status} ${result!.failing}`,
        (error: Error) => error.message,
      );
    };
    const failed = 'canvas.things: 2 rows where 5 are expected at least';
    expect([await verdict(), await verdict(3), await verdict(2), await verdict(0)]).toEqual([
      failed,
      failed,
      'warned 3',
      'warned 3',
    ]);
  });

  it('a table of which the newest row is too old for its load', async () => {
    const fresh = async (type: LakeType, rows: string[], maxAgeHours: number) => {
      const check = { kind: 'freshness', column: 'at', maxAgeHours } as const;
      const asOf = '2026-11-06T11:00:00Z';
      return (
        (
          await failing(
            [{ name: 'at', type }],
            rows.map((at) => [at]),
            [check],
            { asOf },
          )
        )[0] === 0
      );
    };
    expect(await fresh('timestamp', ['2026-10-23 00:00:00', '2026-11-05 11:00:00'], 24)).toBe(true);
    expect(await fresh('timestamp', ['2026-10-23 00:00:00', '2026-11-05 10:59:59.999'], 24)).toBe(false);
    expect(await fresh('date', ['2026-11-05'], 35)).toBe(true);
    expect(await fresh('date', ['2026-11-05'], 34)).toBe(false);
    expect(await fresh('timestamp', ['2031-01-01 00:00:00'], 24)).toBe(false);
    expect(await fresh('timestamp', [], 24)).toBe(false);
  });

  it('nothing where it does not fit its table: it says why, and no row is shown', async () => {
    const version = await tableOf([row(1)]);
    const check: Check = { kind: 'accepted_values', column: 'state', values: [1] };
    const running = runChecks(lake, {
      run: 'r',
      version,
      checks: checksOfModel({ checks: [check] }, []),
      others: {},
    });
    await expect(running).rejects.toThrow(
      'canvas.things: the check accepted_values(state) cannot be evaluated: "state" is varchar, found 1; expected texts',
    );
    await expect(running).rejects.toBeInstanceOf(UnfitCheckError);
  });
});

describe('A dataset that comes back empty', () => {
  it('is held back, through later changes too, until a person accepts it', async () => {
    const many = Array.from({ length: 20 }, (_, i) => row(i));
    const passed = async () => (await good())?.load;
    await staged('load1', many);
    await check('run1');
    await expect(acceptRows(lake, 'canvas.things')).rejects.toThrow(NothingHeldBackError);

    await staged('load2', []);
    const failure = (await check('run2').catch((error: unknown) => error)) as CheckFailedError;
    expect(failure.message).toBe('canvas.things: no row where there were 20 rows');
    expect(failure.hint).toContain('`lake accept canvas.things`');
    await staged('load3', [row(1), row(2)]);
    await expect(check('run3')).rejects.toThrow('canvas.things: 2 rows where there were 20 rows');
    expect(await passed()).toBe('load1');

    expect(await acceptRows(lake, 'canvas.things')).toEqual({
      dataset: 'canvas.things',
      load: 'load3',
      rows: 2,
      rowsBefore: 20,
    });
    await staged('load4', [row(1)]);
    await expect(check('run4')).rejects.toThrow('1 row where there were 20 rows');
    await staged('load5', [row(1), row(2), row(3)]);
    await check('run5');
    expect(await passed()).toBe('load5');
    // What was accepted holds for that one time.
    await staged('load6', many);
    await check('run6');
    await staged('load7', []);
    await expect(check('run7')).rejects.toThrow('no row where there were 20 rows');
    await staged('load8', [row(1), row(2), row(3)]);
    await expect(check('run8')).rejects.toThrow('3 rows where there were 20 rows');
  });

  it('recovers by itself once its rows are back', async () => {
    await staged('load1', [row(1), row(2)]);
    await check('run1');
    await staged('load2', []);
    await expect(check('run2')).rejects.toThrow(CheckFailedError);
    await staged('load3', [row(1), row(2)]);
    await check('run3');
    const { state } = await readState(lake.platform.ledger, 'canvas.things');
    expect(state.table).toMatchObject({ phase: 'passed', staged: { load: 'load3' } });
    expect(state.table).not.toHaveProperty('hold');
  });
});

describe('A relationship', () => {
  const PARENT: CatalogDataset = { ...THINGS, id: 'canvas.parents', name: 'parents', checks: [] };
  const CHILD: CatalogDataset = {
    ...THINGS,
    checks: [{ kind: 'relationships', column: 'parent', to: 'canvas.parents', field: 'id' }],
  };
  const load = async (dataset: string, name: string, rows: readonly Row[], more: AtSource = {}) => {
    const version = await tableOf(rows, dataset);
    await changeState(lake.platform.ledger, dataset, (state) => withStaged(state, version, name, more));
  };
  beforeEach(() => {
    const all = new Map([PARENT, CHILD].map((dataset) => [dataset.id, dataset]));
    Object.assign(lake.catalog, { datasets: [...all.values()], get: (id: string) => all.get(id) });
  });
  const checkParents = (run: string) => checkDataset.run({ run, dataset: 'canvas.parents' }, lake);

  it('is evaluated on the new version of the other table, and on the last good one where that is held back', async () => {
    await load('canvas.parents', 'p1', [row(1)]);
    await load('canvas.things', 'c1', [row(1, { parent: 1 })]);
    await checkParents('run1');
    await check('run1');

    // Of the same night, and good: it counts.
    await load('canvas.parents', 'p2', [row(1), row(2)]);
    await load('canvas.things', 'c2', [row(1, { parent: 2 })]);
    // Whichever is checked first: of two tables that point at each other one has to be.
    await check('run2');
    await checkParents('run2');

    await load('canvas.parents', 'p3', [row(1), row(3)], { rowsAtSource: 7 });
    await load('canvas.things', 'c3', [row(1, { parent: 3 })]);
    await expect(checkParents('run3')).rejects.toThrow(CheckFailedError);
    await expect(check('run3')).rejects.toThrow(
      '1 of 1 row breaks relationships(parent in canvas.parents.id)',
    );
  });

  it('is told of, and nobody is blamed, where the other table was never good', async () => {
    await load('canvas.things', 'c1', [row(1, { parent: 1 })]);
    await check('run1');
    expect(notes).toEqual([
      'canvas.things: relationships(parent in canvas.parents.id) was not evaluated: no load of canvas.parents has passed its checks yet',
    ]);
  });
});

describe('A model says in its header', () => {
  it('what must hold of its rows, besides its grain', async () => {
    const model = await parseModel(
      'models/things.sql',
      `-- description: Things
-- grain: id, term
-- check: { kind: accepted_values, column: state, values: [on time,
--   late], severity: warn }
-- Free words.
SELECT 1 AS id, 'a' AS term, 'late' AS state`,
    );
    expect(
      checksOfModel(model, ['id', 'term', 'state']).map(({ name, severity }) => [name, severity]),
    ).toEqual([
      ['unique(id, term)', 'fail'],
      ['accepted_values(state)', 'warn'],
    ]);
    expect(checksOfModel({ ...model, checks: [] }, ['id'])).toEqual([]);
  });

  it.each([
    ['{ kind: not_nil, columns: [id] }', /models\/m\.sql:2:1: The check cannot be read/],
    ['{ kind: not_null, column: id }', /models\/m\.sql:2:1: The check cannot be read: /],
    ['{ kind: ', /models\/m\.sql:2:1: The check is no YAML/],
  ])('and is told where %s is wrong', async (text, message) => {
    await expect(
      parseModel('models/m.sql', `-- grain: id\n-- check: ${text}\nSELECT 1 AS id`),
    ).rejects.toThrow(message);
  });
});

describe('A model says of its columns', () => {
  it('what they are, in the header', async () => {
    const text = '-- column id (quasi): the thing\n--   itself\nSELECT 1 AS id';
    expect((await parseModel('models/m.sql', text)).columns).toMatchObject([
      { name: 'id', privacy: 'quasi', description: 'the thing itself' },
    ]);
    await expect(parseModel('models/m.sql', '-- column id (quasy): x\nSELECT 1 AS id')).rejects.toThrow(
      /models\/m\.sql:1:1: .*did you mean "quasi"/,
    );
  });
});
