import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lmsCommit, lmsFetch, lmsPoll, lmsStart } from '../../src/lms/steps.ts';
import { OutOfTimeError } from '../../src/out-of-time.ts';
import { type CanvasSimulator, startCanvasSimulator } from '../../src/simulators/canvas/server.ts';
import { VirtualClock } from '../../src/simulators/virtual-clock.ts';
import { dataset, fold, JumpingClock, loadOne, openTestLake, stateOf, type TestLake } from './harness.ts';
import { DAY_MS, smallCollege } from './small-college.ts';

const ID = 'canvas.submissions';
const ITEM = { run: 'r0', dataset: ID };
const college = smallCollege();
const clock = new VirtualClock(college.opens + 14 * DAY_MS);
let sim: CanvasSimulator;

beforeAll(async () => {
  sim = await startCanvasSimulator({ college, clock, rowsPerFile: 20 });
});
afterAll(() => sim.stop());

const openLake = (more: Partial<Parameters<typeof openTestLake>[0]> = {}) =>
  openTestLake({ datasets: [dataset('submissions')], canvas: sim, clock: new JumpingClock(), ...more });

/** The lake as a process sees it that is warned after so many files. */
function warnedAfter(files: number, { lake, objects }: TestLake): TestLake['lake'] {
  const controller = new AbortController();
  let put = 0;
  const counted: typeof objects = {
    ...objects,
    put: async (...given) => {
      if (++put > files) controller.abort(new OutOfTimeError('The function ends soon'));
      controller.signal.throwIfAborted();
      return objects.put(...given);
    },
  };
  return { ...lake, signal: controller.signal, platform: { ...lake.platform, objects: counted } };
}

describe('a step whose time runs out', () => {
  it('fetches the files of a big table in several attempts, each file once', async () => {
    const calm = await openLake();
    await loadOne(calm, 'r0', ID);
    const test = await openLake();
    await lmsStart.run(ITEM, test.lake);
    while ((await lmsPoll.run(ITEM, test.lake)).done === false);

    const answers: unknown[] = [];
    for (let last: unknown; (last as { done?: boolean })?.done !== true && answers.length < 20; ) {
      last = await lmsFetch.run(ITEM, warnedAfter(4, test));
      answers.push(last);
    }
    await lmsCommit.run(ITEM, test.lake);

    expect(answers.length).toBeGreaterThan(2);
    expect(answers.slice(0, -1)).toEqual(
      answers.slice(0, -1).map(() => ({ done: false, retryAfterSeconds: 0 })),
    );
    expect(await fold(test, ID)).toEqual(await fold(calm, ID));
    expect(await test.objects.list('raw/')).toEqual(await calm.objects.list('raw/'));
  });

  it('fails where not one file came in all its time: the next attempt would be no better', async () => {
    const test = await openLake();
    await lmsStart.run(ITEM, test.lake);
    while ((await lmsPoll.run(ITEM, test.lake)).done === false);

    await expect(lmsFetch.run(ITEM, warnedAfter(0, test))).rejects.toBeInstanceOf(OutOfTimeError);
  });
});

describe('a step that cannot wait for the limit on new jobs', () => {
  it('comes again, and asks the source once all the same', async () => {
    const jumps: number[] = [];
    const test = await openLake({
      jobsPerMinute: 1,
      clock: new JumpingClock((ms) => jumps.push(ms)),
      options: { longestWaitMs: 1000 },
    });
    await test.lake.platform.limits.take('canvas/create', 1);

    const turned = await lmsStart.run(ITEM, test.lake);
    const before = (await stateOf(test, ID)).loading;
    await test.clock.sleep(60_000);
    const asked = await lmsStart.run(ITEM, test.lake);

    expect(turned).toMatchObject({ done: false });
    expect(Number((turned as { retryAfterSeconds: number }).retryAfterSeconds)).toBeGreaterThanOrEqual(59);
    expect(before).toEqual({ phase: 'idle' });
    expect(asked).toEqual(ITEM);
    // Only the test's own minute was slept.
    expect(jumps.filter((ms) => ms > 1000)).toEqual([60_000]);
  });
});
