import { beforeAll, describe, expect, it } from 'vitest';
import type { FaultName } from '../../src/simulators/canvas/faults/fault-kinds.ts';
import { FAULT_KINDS } from '../../src/simulators/canvas/faults/fault-kinds.ts';
import { college, ID, inWorld, type World } from '../lms/fault-world.ts';
import { fold, loadOne, stateOf } from '../lms/harness.ts';
import { DAY_MS } from '../lms/small-college.ts';

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
        const { pending, loading } = await stateOf(world.test, ID);
        expect(pending.at(-1)?.load).toBe('r2');
        expect(loading).toEqual({ phase: 'idle' });
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
