import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CanvasSimulator, startCanvasSimulator } from '../../src/simulators/canvas/server.ts';
import { VirtualClock } from '../../src/simulators/virtual-clock.ts';
import { propertyRuns } from '../property-runs.ts';
import { dataset, fold, JumpingClock, loadOne, openTestLake, stateOf, type TestLake } from './harness.ts';
import { DAY_MS, smallCollege } from './small-college.ts';

const college = smallCollege();
const datasets = [dataset('submissions')];
const ID = 'canvas.submissions';

/** Writes of the stores; a process can die before or after each. */
const WRITES = new Set(['put', 'putText', 'write', 'append', 'delete']);

class Killed extends Error {}

/** A process that dies at its nth write: half of the times just before it, half just after; then nothing works. */
function mortal(dieAt: number): { wrap: <T extends object>(store: T) => T; writes: () => number } {
  let writes = 0;
  let dead = false;
  const wrap = <T extends object>(store: T): T =>
    new Proxy(store, {
      get(target, name) {
        const member = Reflect.get(target, name) as (...args: unknown[]) => unknown;
        if (typeof member !== 'function') return member;
        return async (...args: unknown[]) => {
          if (dead) throw new Killed();
          if (!WRITES.has(String(name))) return member.apply(target, args);
          writes += 1;
          const mine = writes === dieAt;
          if (mine) dead = true;
          if (mine && dieAt % 2 === 0) throw new Killed();
          const result = await member.apply(target, args);
          if (dead) throw new Killed();
          return result;
        };
      },
    });
  return { wrap, writes: () => writes };
}

let sim: CanvasSimulator;
const world = new VirtualClock(college.opens + 8 * DAY_MS);
beforeAll(async () => {
  sim = await startCanvasSimulator({ college, clock: world, rowsPerFile: 60 });
});
afterAll(() => sim.stop());

const openLake = (directory: string, wrap?: ReturnType<typeof mortal>['wrap']) =>
  openTestLake({ datasets, canvas: sim, clock: new JumpingClock(), directory, wrap });

/** What counts in the end, but for the rows: the objects, the state and the ledger's rows (but for their hours). */
async function outcome(test: TestLake) {
  const { loading, committed, ...state } = await stateOf(test, ID);
  const { loadedAt, ...known } = committed!;
  const loads = (await test.ledger.rows('loads')).map(({ started_at, committed_at, ...row }) => row);
  return {
    loading,
    known,
    state,
    loads,
    objects: await test.objects.list(''),
    rest: await test.ledger.list('fetched/'),
  };
}

describe('a load that is killed anywhere', () => {
  it('ends, continued, as one that nobody disturbed', async () => {
    const directories: string[] = [];
    const lakeFolder = async () => {
      const made = await mkdtemp(join(tmpdir(), 'lms-kill-'));
      directories.push(made);
      return made;
    };
    const calm = await lakeFolder();
    const killed = await lakeFolder();
    const deaths = fc.array(fc.integer({ min: 1, max: 14 }), { minLength: 2, maxLength: 3 });
    let died = 0;

    // Every sample is one more day, loaded undisturbed into one lake and with kills into another.
    let run = 0;
    await fc.assert(
      fc.asyncProperty(deaths, async (moments) => {
        run += 1;
        world.advance(DAY_MS / 2);
        if (run % 4 === 0) sim.reload('canvas', 'submissions');
        await loadOne(await openLake(calm), `r${run}`, ID);
        for (const dieAt of moments) {
          const { wrap } = mortal(dieAt);
          await loadOne(await openLake(killed, wrap), `r${run}`, ID).catch((error: unknown) => {
            expect(error).toBeInstanceOf(Killed);
            died += 1;
          });
        }
        await loadOne(await openLake(killed), `r${run}`, ID);

        const [undisturbed, continued] = [await openLake(calm), await openLake(killed)];
        expect(await outcome(continued)).toEqual(await outcome(undisturbed));
      }),
      { numRuns: propertyRuns(10), endOnFailure: true },
    );
    const [undisturbed, continued] = [await openLake(calm), await openLake(killed)];
    expect(await fold(continued, ID)).toEqual(await fold(undisturbed, ID));
    expect(died).toBeGreaterThan(0);
    await Promise.all(directories.map((folder) => rm(folder, { recursive: true, force: true })));
  });
});
