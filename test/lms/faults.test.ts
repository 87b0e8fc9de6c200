import { beforeAll, describe, expect, it } from 'vitest';
import { LmsError } from '../../src/lms/errors.ts';
import type { FaultName } from '../../src/simulators/canvas/faults/fault-kinds.ts';
import { FAULT_KINDS } from '../../src/simulators/canvas/faults/fault-kinds.ts';
import { type CanvasSimulator, startCanvasSimulator } from '../../src/simulators/canvas/server.ts';
import { VirtualClock } from '../../src/simulators/virtual-clock.ts';
import { dataset, fold, JumpingClock, loadOne, openTestLake, stateOf, type TestLake } from './harness.ts';
import { DAY_MS, smallCollege } from './small-college.ts';

const college = smallCollege();
const ID = 'canvas.submissions';

interface World {
  readonly sim: CanvasSimulator;
  readonly clock: VirtualClock;
  readonly test: TestLake;
}

/** A simulator, and a lake that loads from it; both gone afterwards. */
async function inWorld(
  work: (world: World) => Promise<void>,
  { format = 'jsonl', silenceMs = 5000 }: { format?: 'jsonl' | 'parquet'; silenceMs?: number } = {},
): Promise<void> {
  const clock = new VirtualClock(college.opens + 12 * DAY_MS);
  const sim = await startCanvasSimulator({ college, clock, rowsPerFile: 100 });
  const test = await openTestLake({
    datasets: [dataset('submissions')],
    canvas: sim,
    format,
    clock: new JumpingClock((ms) => clock.advance(ms)),
    options: { retry: { retries: 3, firstWaitMs: 1, longestWaitMs: 2, silenceMs } },
  });
  try {
    await work({ sim, clock, test });
  } finally {
    await sim.stop();
    await test.close();
  }
}

/**
 * A snapshot and increments, each on a day of its own; the days do not depend on what goes wrong. The last one is
 * undisturbed: a source that has no data for a day has it on the next.
 */
async function loadAll({ sim, clock, test }: World): Promise<void> {
  for (const load of [0, 1, 2]) {
    clock.advanceTo(college.opens + (14 + 3 * load) * DAY_MS);
    if (load === 2) sim.faults.clear();
    await loadOne(test, `r${load}`, ID);
  }
}

/** Strikes in the snapshot and in the first increment, more than once where a good client bears that. */
function strike({ sim }: World, what: FaultName): void {
  const seconds = what === 'slow-answer' ? 0.1 : undefined;
  const times = what === 'authentication-error' ? 1 : 2;
  for (const load of ['snapshot', 'increment'] as const)
    sim.faults.add({ what, seconds, when: { load, times } });
  // A login belongs to no load.
  sim.faults.add({ what, seconds, when: { endpoint: 'login' } });
}

describe.concurrent('a fault that a client can mend by itself', () => {
  let undisturbed: Map<string, string>;
  let parquetBytes: number;
  const sizes = async ({ test }: World) =>
    (await test.ledger.rows('loads')).reduce((sum, row) => sum + Number(row.bytes), 0);
  beforeAll(async () => {
    await inWorld(async (world) => {
      await loadAll(world);
      undisturbed = await fold(world.test, ID);
    });
    const inParquet = async (world: World) => {
      await loadAll(world);
      parquetBytes = await sizes(world);
    };
    await inWorld(inParquet, { format: 'parquet' });
    expect(undisturbed.size).toBeGreaterThan(200);
  });

  const kinds = FAULT_KINDS.filter((kind) => kind.calls === 'recover');
  it.each(kinds.map((kind) => [kind.what, kind.about] as const))('%s (%s)', async (what) => {
    await inWorld(
      async (world) => {
        strike(world, what);

        await loadAll(world);

        expect(world.sim.faults.struck.length).toBeGreaterThan(0);
        expect([...(await fold(world.test, ID)).keys()]).toEqual([...undisturbed.keys()]);
        const { pending, inFlight } = await stateOf(world.test, ID);
        expect(pending.at(-1)?.load).toBe('r2');
        expect(inFlight).toBeUndefined();
        expect(await world.test.ledger.list('fetched/')).toEqual([]);
      },
      { silenceMs: what === 'file-stalls' ? 150 : 5000 },
    );
  });

  const parquetKinds = ['file-cut', 'file-truncated', 'file-corrupt', 'url-expired'] as const;
  it.each(parquetKinds)('%s of a Parquet file', async (what) => {
    await inWorld(
      async (world) => {
        strike(world, what);
        await loadAll(world);

        expect(world.sim.faults.struck).toHaveLength(4);
        expect(await sizes(world)).toBe(parquetBytes);
      },
      { format: 'parquet' },
    );
  });
});

describe.concurrent('a fault that only a person can mend', () => {
  const kinds = FAULT_KINDS.filter((kind) => kind.calls === 'report' && !('in' in kind));
  it.each(kinds.map((kind) => [kind.what, kind.about] as const))('%s (%s)', async (what) => {
    await inWorld(async ({ sim, clock, test }) => {
      await loadOne(test, 'r0', ID);
      const before = await stateOf(test, ID);
      clock.advance(DAY_MS);
      sim.faults.add({ what, when: { times: null } });
      if (what === 'login-refused') sim.faults.add({ what: 'authentication-error' });

      const error = await loadOne(test, 'r1', ID).catch((e: unknown) => e);

      // It fails with the dataset and a cause named, and what was loaded before stands as it was.
      expect(error).toBeInstanceOf(LmsError);
      expect((error as LmsError).about).toBe(ID);
      expect((error as LmsError).message).not.toContain(sim.clientSecret);
      const { watermark, pending } = await stateOf(test, ID);
      expect({ watermark, pending }).toEqual({ watermark: before.watermark, pending: before.pending });

      // Mended, the same run goes on to its end.
      sim.faults.clear();
      clock.advance(2 * DAY_MS);
      await loadOne(test, 'r1', ID);
      expect((await stateOf(test, ID)).pending.map((p) => p.load)).toEqual(['r0', 'r1']);
    });
  });

  it('a file that is never whole fails its dataset, and nothing of it counts', async () => {
    await inWorld(async ({ sim, test }) => {
      sim.faults.add({ what: 'file-truncated', when: { times: null } });

      await expect(loadOne(test, 'r0', ID)).rejects.toThrow('is not a whole gzip file');

      expect((await stateOf(test, ID)).pending).toEqual([]);
      expect(await test.objects.list('raw/')).toEqual([]);
    });
  });

  it('a job that fails again and again shows the uuid that the support of the source asks for', async () => {
    await inWorld(async ({ sim, test }) => {
      sim.faults.add({ what: 'job-fails-no-message', when: { times: null } });

      await expect(loadOne(test, 'r0', ID)).rejects.toThrow(
        /failed 6 times: .*ProcessingError \(uuid [0-9a-f-]{36}\)/,
      );

      expect(test.notes).toHaveLength(5);
      expect(test.notes[0]).toMatch(/asking again \(1 of 5\)/);
    });
  });
});
