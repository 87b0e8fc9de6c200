import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PIPELINE } from '../../src/access/authorize.ts';
import { FEATURES } from '../../src/features.ts';
import { openEvents } from '../../src/pipeline/event-bus.ts';
import { openLake } from '../../src/pipeline/lake.ts';
import { runLake } from '../../src/pipeline/run.ts';
import { generateCollege } from '../../src/simulators/college/generate.ts';
import { canvasPlan } from '../end-to-end/canvas-plan.ts';
import { DAY, openSmallCampus, type SmallCampus } from '../end-to-end/small-campus.ts';
import { differencesFromTruth } from '../end-to-end/truth.ts';

const DAYS = Number(process.env.YEAR_DAYS ?? 365);

/** A year of nights: after each, every staged Canvas table is what the simulator says it must be, value for value. */
describe(`${DAYS} simulated days`, () => {
  let campus: SmallCampus;
  const college = generateCollege({ students: 30, seed: 11 });
  const start = college.opens + 5 * DAY;
  beforeAll(async () => {
    campus = await openSmallCampus(college, start, 'canvas');
  });
  afterAll(() => campus.close());

  it('leave staged equal to the source after every increment', async () => {
    let kinds = new Set<unknown>();
    await campus.look('lake', async (platform, loaded) => {
      const signal = new AbortController().signal;
      const lake = openLake({
        ...loaded,
        platform,
        session: PIPELINE,
        features: FEATURES,
        events: openEvents(),
        signal,
      });
      const plan = canvasPlan(loaded.campus);
      for (let day = 0; day < DAYS; day++) {
        await campus.simulated.advanceTo(start + day * DAY);
        const { failures } = await runLake({ lake, events: openEvents(), plan });
        expect(failures, `day ${day}`).toEqual([]);
        expect(await differencesFromTruth(loaded, platform, campus.simulated.canvas!), `day ${day}`).toEqual(
          [],
        );
      }
      kinds = new Set((await platform.ledger.rows('loads')).map((row) => row.kind));
    });
    expect(kinds).toEqual(new Set(['snapshot', 'increment']));
  });
});
