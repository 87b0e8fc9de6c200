import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { currentTermWeek, generateCollege } from '../../src/simulators/college/generate.ts';
import { type EndState, endState, killAndContinue, undisturbed } from './kill.ts';
import { DAY, openSmallCampus, type SmallCampus } from './small-campus.ts';

/** Enough of them to lead from both sources to the warehouse. */
const MODELS = [
  'canvas_people',
  'sis_people',
  'terms',
  'programs',
  'sections',
  'students',
  'registrations',
  'enrolments',
  'courses',
  'submissions',
];

/** One of the kill points, with some of the models; test/long/kill.test.ts tries hundreds, with all. */
describe('A run that is killed', () => {
  let campus: SmallCampus;
  let right: EndState;
  let span: number;

  beforeAll(async () => {
    const start = currentTermWeek(5);
    campus = await openSmallCampus(generateCollege({ students: 12, seed: 5 }), start, 'both', MODELS);
    expect((await campus.run('base')).failures).toEqual([]);
    await campus.simulated.advanceTo(start + 2 * DAY);
    span = await undisturbed(campus, 'base', 'undisturbed');
    right = await endState(campus, 'undisturbed');
  });
  afterAll(() => campus.close());

  it.each([0.45])('at %f of its way ends, once continued, as if nothing had happened', async (share) => {
    const { killed, state } = await killAndContinue(campus, 'base', 'killed', span * share);
    expect(killed).toBe(true);
    expect(Object.keys(right.published).length).toBeGreaterThan(25);
    expect(Object.keys(right.warehouse).length).toBeGreaterThan(5);
    expect(state).toEqual(right);
  });
});
