import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CatalogDataset } from '../../src/campus/campus.ts';
import { stagedOf } from '../../src/loads/state.ts';
import { type LocalEngine, openLocalEngine } from '../../src/platform/local/duckdb/engine.ts';
import type { Cell } from '../../src/ports/query-engine.ts';
import type { TableVersion } from '../../src/ports/tables.ts';
import type { Fault } from '../../src/simulators/canvas/faults/fault.ts';
import type { FaultName } from '../../src/simulators/canvas/faults/fault-kinds.ts';
import { startCanvasSimulator } from '../../src/simulators/canvas/server.ts';
import type { CanvasSimulatorOptions } from '../../src/simulators/canvas/simulator.ts';
import { VirtualClock } from '../../src/simulators/virtual-clock.ts';
import { stage } from '../../src/staging/stage.ts';
import { granted } from '../granted.ts';
import { dataset, JumpingClock, loadOne, openTestLake, stateOf, type TestLake } from './harness.ts';
import { DAY_MS, smallCollege } from './small-college.ts';

const college = smallCollege();
const ID = 'canvas.users';

interface World {
  readonly test: TestLake;
  readonly truth: () => [bigint, string][];
  readonly advance: (days: number) => void;
  readonly fault: (...faults: Fault<FaultName>[]) => void;
  readonly load: (run: string) => Promise<void>;
  readonly rows: (columns?: string) => Promise<Cell[][]>;
}

/** A simulated Canvas, and a lake that loads its users and stages them. */
async function inWorld(
  work: (world: World) => Promise<void>,
  options: Partial<CanvasSimulatorOptions> = {},
  leftBehind: readonly string[] = [],
): Promise<void> {
  const clock = new VirtualClock(college.opens + 12 * DAY_MS);
  const sim = await startCanvasSimulator({ college, clock, ...options });
  const users: CatalogDataset = dataset('users');
  const test = await openTestLake({
    datasets: [users],
    canvas: sim,
    clock: new JumpingClock((ms) => clock.advance(ms)),
  });
  const { columns } = await test.lake.lms('canvas').schema({ namespace: 'canvas', table: 'users' });
  Object.assign(users, {
    columns: columns.map(({ name, type }) => ({
      name,
      type,
      privacy: leftBehind.includes(name) ? 'secret' : 'education',
    })),
  });
  Object.assign(test.lake.campus, { privacy: { defaults: {} } });
  const engine = await openLocalEngine({ root: join(test.objects.uri('raw'), '..'), threads: 1 });
  const lake = { ...test.lake, platform: { ...test.lake.platform, engine } };
  try {
    await work({
      test,
      truth: () =>
        sim
          .truth('canvas', 'users')
          .map(({ id, name }): [bigint, string] => [id as bigint, String(name)])
          .sort(([a], [b]) => Number(a - b)),
      advance: (days) => clock.advance(days * DAY_MS),
      fault: (...faults) => sim.faults.add(...faults),
      async load(run) {
        await loadOne(test, run, ID);
        await stage.run({ run, dataset: ID }, lake);
      },
      async rows(list = 'id, name') {
        const { version } = stagedOf(await stateOf(test, ID))!;
        return rowsOf(engine, `SELECT ${list} FROM ${ID} ORDER BY id`, version);
      },
    });
  } finally {
    await engine.close();
    await sim.stop();
    await test.close();
  }
}

async function rowsOf(engine: LocalEngine, sql: string, version: TableVersion): Promise<Cell[][]> {
  const found: Cell[][] = [];
  const result = await engine.query(sql, granted({ [ID]: version }));
  for await (const batch of result.batches()) found.push(...batch);
  return found;
}

/** Strikes in the snapshot and in the increment after it. */
const strike = (what: FaultName): Fault<FaultName>[] =>
  (['snapshot', 'increment'] as const).map((load) => ({ what, when: { load } }));

describe.concurrent('what is delivered otherwise than documented', () => {
  it.each([
    'null-fields',
    'objects-twice',
    'other-since',
    'snapshot-for-increment',
    'names-without-extension',
    'gzip-padding',
    'byte-order-mark',
    'lower-case-actions',
    'no-actions',
    'redirect',
    'zero-bytes',
  ] as const)('%s: the table is that of the source', async (what) => {
    await inWorld(async ({ fault, load, advance, rows, truth, test }) => {
      fault(...strike(what));
      await load('r0');
      advance(9);
      await load('r1');

      expect(await rows()).toEqual(truth());
      expect(stagedOf(await stateOf(test, ID))?.deliveredFaults).toBeUndefined();
    });
  });

  it.each([
    ['half-surrogate', 'replaced', 'half \ufffd of a smile'],
    ['bad-bytes', 'replaced', 'caf\ufffd'],
    ['fraction', 'setAside', null],
    ['bad-instant', 'setAside', null],
  ] as const)('%s: the table is loaded, the values are counted', async (what, how, cell) => {
    await inWorld(async ({ fault, load, rows, truth, test }) => {
      fault({ what });
      await load('r0');

      const faults = stagedOf(await stateOf(test, ID))?.deliveredFaults;
      const [column] = Object.keys(faults![how]);
      expect(faults).toEqual({ setAside: {}, replaced: {}, [how]: { [column!]: 4 } });
      const found = await rows(column);
      expect(found).toHaveLength(truth().length);
      if (cell === null) expect(found.every(([value]) => value === null)).toBe(true);
      else expect(found.filter(([value]) => value === cell)).toHaveLength(4);
    });
  });

  it('blocks nothing, and is not reported, in a column that is excluded', async () => {
    await inWorld(
      async ({ fault, load, rows, test }) => {
        fault({ what: 'half-surrogate' });
        await load('r0');

        expect((await rows('id')).length).toBeGreaterThan(30);
        expect(stagedOf(await stateOf(test, ID))?.deliveredFaults).toBeUndefined();
      },
      {},
      ['name', 'sortable_name', 'short_name'],
    );
  });

  it('stops a load whose records say something that nobody knows, and the last good state stays', async () => {
    await inWorld(async ({ fault, load, advance, test }) => {
      await load('r0');
      const before = stagedOf(await stateOf(test, ID))?.version;
      advance(9);
      fault({ what: 'unknown-action' });

      await expect(load('r1')).rejects.toThrow('in a word that is neither U nor D');
      expect(stagedOf(await stateOf(test, ID))?.version).toEqual(before);
    });
  });

  it('refuses a job that answers another question again and again', async () => {
    await inWorld(async ({ fault, load, advance, test }) => {
      await load('r0');
      advance(9);
      fault({ what: 'other-since', when: { times: null } });

      await expect(load('r1')).rejects.toThrow(
        /were asked for, and its job begins at .* \(job [0-9a-f-]+\)\.$/,
      );
      expect((await stateOf(test, ID)).loading).toEqual({ phase: 'idle' });
    });
  });

  it('tells damage at once, with the job and how often it was tried', async () => {
    await inWorld(async ({ fault, load }) => {
      fault({ what: 'file-truncated', when: { times: null } });

      await expect(load('r0')).rejects.toThrow(
        /^File 1 of 1 of canvas.users \(job [0-9a-f-]+\) is not a whole gzip file: it ends too early. It was tried 3 times.$/,
      );
    });
  });
});

describe('a clock of commits', () => {
  it('that is coarse loses nothing between loads, and a quiet table is left as it is', async () => {
    await inWorld(
      async ({ load, advance, rows, truth, test }) => {
        for (const [i, days] of [0, 0.00001, 0.00002, 1, 1.00001].entries()) {
          advance(days);
          await load(`r${i}`);
          expect(await rows()).toEqual(truth());
        }
        const before = stagedOf(await stateOf(test, ID))?.version;
        await load('quiet');
        expect(stagedOf(await stateOf(test, ID))?.version).toEqual(before);
      },
      { until: 'latest-commit', tickMs: 3_600_000 },
    );
  });
});
