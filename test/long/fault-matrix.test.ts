import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FAULT_KINDS } from '../../src/simulators/canvas/faults/fault-kinds.ts';
import { currentTermWeek, generateCollege } from '../../src/simulators/college/generate.ts';
import { complaints, loadBase, tryFault } from '../end-to-end/fault-matrix.ts';
import { DAY, openSmallCampus, type SmallCampus } from '../end-to-end/small-campus.ts';

/** Set FAULT_SEEDS for more or fewer moments of each kind. */
const SEEDS = Array.from({ length: Number(process.env.FAULT_SEEDS ?? 3) }, (_, n) => n + 1);

/** Every fault that the facts name, at several moments: the right end state, or a failure that names table and cause. */
describe('The fault matrix', () => {
  let campus: SmallCampus;
  beforeAll(async () => {
    const start = currentTermWeek(5);
    campus = await openSmallCampus(generateCollege({ students: 12, seed: 3 }), start, 'canvas');
    await loadBase(campus);
    await campus.simulated.advanceTo(start + 2 * DAY);
  });
  afterAll(() => campus.close());

  const cases = FAULT_KINDS.flatMap(({ what }) => SEEDS.map((seed) => ({ what, seed })));
  it.each(cases)('$what, seed $seed', async ({ what, seed }) => {
    expect(complaints(await tryFault(campus, what, seed))).toEqual([]);
  });
});
