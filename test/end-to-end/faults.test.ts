import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { currentTermWeek, generateCollege } from '../../src/simulators/college/generate.ts';
import { complaints, loadBase, tryFault } from './fault-matrix.ts';
import { DAY, openSmallCampus, type SmallCampus } from './small-campus.ts';

/** A taste of the fault matrix; test/long/fault-matrix.test.ts has every kind. */
describe('A run in which the LMS fails', () => {
  let campus: SmallCampus;
  beforeAll(async () => {
    const start = currentTermWeek(5);
    campus = await openSmallCampus(generateCollege({ students: 12, seed: 3 }), start, 'canvas');
    await loadBase(campus);
    await campus.simulated.advanceTo(start + 2 * DAY);
  });
  afterAll(() => campus.close());

  it.each(['connection-reset', 'snapshot-required', 'login-refused'] as const)(
    'ends right, or fails with table and cause: %s',
    async (fault) => {
      const result = await tryFault(campus, fault, 1);
      expect(result.struck).toBeGreaterThan(0);
      expect(complaints(result)).toEqual([]);
    },
  );
});
