import type { CanvasSimulator } from '../../src/simulators/canvas/server.ts';
import { startCanvasSimulator } from '../../src/simulators/canvas/server.ts';
import { VirtualClock } from '../../src/simulators/virtual-clock.ts';
import { dataset, JumpingClock, openTestLake, type TestLake } from './harness.ts';
import { DAY_MS, smallCollege } from './small-college.ts';

/** The college behind the simulator. */
export const college = smallCollege();
/** The dataset that is loaded. */
export const ID = 'canvas.submissions';

/** A simulator that strikes, and the lake that loads from it. */
export interface World {
  readonly sim: CanvasSimulator;
  readonly clock: VirtualClock;
  readonly test: TestLake;
}

/** A simulator, and a lake that loads from it; both gone afterwards. */
export async function inWorld(
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
