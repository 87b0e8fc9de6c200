import { Calendar } from './calendar.ts';
import { canvasTables } from './canvas/canvas-tables.ts';
import type { College } from './college.ts';
import { CollegeError } from './errors.ts';
import { systemHistory } from './history.ts';
import { CURRENT_TERM, TERMS, TIME_ZONE, weekOfTerm } from './model/terms.ts';
import { makeWorld } from './model/world.ts';
import { sisTables } from './sis/sis-tables.ts';

export interface CollegeOptions {
  /** Students of the current term (Fall 2026). Everything else follows from it. */
  readonly students: number;
  /** The same seed gives the same college, row for row. */
  readonly seed: number;
  /** How many days from its opening the history lasts. Default: all 435, to the second week of January 2027. */
  readonly days?: number;
}

/**
 * A made-up college over fourteen months: Spring 2026 (over), Fall 2026 (running) and the registration for
 * Spring 2027. Deterministic; small in memory, because rows are made when they are asked for.
 */
export function generateCollege(options: CollegeOptions): College {
  const { students, seed, days } = options;
  if (!Number.isInteger(students) || students < 1) {
    throw new CollegeError(`A college needs a whole number of students of at least 1, not ${students}`);
  }
  const world = makeWorld(seed, students, days);
  return {
    name: 'Aurora Valley College',
    timeZone: TIME_ZONE,
    provenance: `Made up from seed ${seed}; distributions as measured on the Open University Learning Analytics Dataset (CC BY 4.0).`,
    opens: world.opens,
    closes: world.closes,
    canvas: systemHistory(canvasTables(world), world.closes),
    sis: systemHistory(sisTables(world), world.closes),
  };
}

/**
 * Monday, six in the morning of the college's clock, of the n-th week of the current term. Week 7 (5 October 2026)
 * is a good place to stand: enough has happened to see who drifts away, and half the term is left to advance by.
 */
export function currentTermWeek(week: number): number {
  const term = TERMS.find(({ code }) => code === CURRENT_TERM)!;
  return weekOfTerm(new Calendar(TIME_ZONE), term, week);
}
