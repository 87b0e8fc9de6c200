import { describe, expect, it } from 'vitest';
import { LmsError } from '../../src/lms/errors.ts';
import { FAULT_KINDS } from '../../src/simulators/canvas/faults/fault-kinds.ts';
import { ID, inWorld } from './fault-world.ts';
import { loadOne, stateOf } from './harness.ts';
import { DAY_MS } from './small-college.ts';

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
      const { committed, pending } = await stateOf(test, ID);
      expect({ committed, pending }).toEqual({ committed: before.committed, pending: before.pending });

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
