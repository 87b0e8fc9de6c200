import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { currentTermWeek, generateCollege } from '../../src/simulators/college/generate.ts';
import { type EndState, endState, killAndContinue, undisturbed } from '../end-to-end/kill.ts';
import { DAY, openSmallCampus, type SmallCampus } from '../end-to-end/small-campus.ts';

/** Set KILL_POINTS for more or fewer; half of them hit a first load, half a load of increments. */
const POINTS = Number(process.env.KILL_POINTS ?? 200);
const SEED = Number(process.env.KILL_SEED ?? 1);

// Without fast-check's bias to the ends of the range, where nothing happens yet or any more.
const moments = fc
  .sample(fc.noBias(fc.integer({ min: 0, max: 999 })), { numRuns: POINTS, seed: SEED })
  .map((permille, n) => ({ n, permille, base: n % 2 === 0 ? ('loaded' as const) : ('empty' as const) }));

describe(`A run killed at ${POINTS} seeded moments`, () => {
  let campus: SmallCampus;
  const right = new Map<string, { state: EndState; span: number }>();
  let inTime = 0;

  beforeAll(async () => {
    const start = currentTermWeek(5);
    campus = await openSmallCampus(generateCollege({ students: 12, seed: 5 }), start);
    await mkdir(join(campus.folder, 'empty'));
    await campus.run('loaded');
    await campus.simulated.advanceTo(start + 2 * DAY);
    for (const base of ['loaded', 'empty'] as const) {
      const span = await undisturbed(campus, base, `undisturbed-${base}`);
      right.set(base, { span, state: await endState(campus, `undisturbed-${base}`) });
    }
  });
  afterAll(() => campus.close());

  it.each(moments)('moment $n: $permille ‰ of a run on a lake that is $base', async ({ base, permille }) => {
    const { span, state: wanted } = right.get(base)!;
    const { killed, state } = await killAndContinue(campus, base, 'killed', (span * permille) / 1000);
    if (killed) inTime += 1;
    expect(state).toEqual(wanted);
  });

  it('was killed before its end more often than not', () => {
    expect(inTime).toBeGreaterThanOrEqual(POINTS / 2);
  });
});
