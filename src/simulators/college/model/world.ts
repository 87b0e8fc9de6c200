import { Calendar, dayNumber } from '../calendar.ts';
import { type Assignment, type AssignmentGroup, planWork } from './assignments.ts';
import { type Enrolment, enrol } from './enrolments.ts';
import { MEASURED } from './measured.ts';
import type { Parameters } from './parameters.ts';
import { type Population, populate } from './people.ts';
import { type Submission, work } from './submissions.ts';
import { type Section, type Shell, timetable } from './teaching.ts';
import { FIRST_DAY, LAST_DAY, TIME_ZONE } from './terms.ts';

/** Everything that happens in the generated college, before it is cut into tables. */
export interface World extends Population {
  readonly seed: number;
  readonly calendar: Calendar;
  /** Epoch ms. */
  readonly opens: number;
  readonly closes: number;
  readonly sections: readonly Section[];
  readonly shells: readonly Shell[];
  readonly groups: readonly AssignmentGroup[];
  readonly assignments: readonly Assignment[];
  readonly enrolments: readonly Enrolment[];
  readonly submissions: readonly Submission[];
}

/** Draws a college of `size` students from the measured behaviour of real ones. */
export function makeWorld(
  seed: number,
  size: number,
  days: number | undefined,
  parameters: Parameters = MEASURED,
): World {
  const calendar = new Calendar(TIME_ZONE);
  const first = dayNumber(FIRST_DAY);
  const opens = calendar.midnight(first);
  const last = Math.min(dayNumber(LAST_DAY), days === undefined ? Number.POSITIVE_INFINITY : first + days);
  const dayAt = (day: number, minutes: number) => calendar.at(day, minutes);
  const closes = calendar.midnight(last);
  const population = populate(seed, size, opens, dayAt);
  const { sections, shells, seats } = timetable(seed, population, dayAt, opens);
  const enrolments = enrol(seed, seats, parameters, calendar, opens);
  const { groups, assignments } = planWork(
    seed,
    shells.filter((shell) => shell.opensAt < closes),
    dayAt,
  );
  const submissions = work(seed, enrolments, assignments, parameters);
  return {
    seed,
    calendar,
    opens,
    closes,
    ...population,
    sections,
    shells,
    groups,
    assignments,
    enrolments,
    submissions,
  };
}
