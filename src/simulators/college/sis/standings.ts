import { groupBy } from '../group-by.ts';
import type { Enrolment } from '../model/enrolments.ts';
import type { Term } from '../model/terms.ts';
import type { World } from '../model/world.ts';

const POINTS: Readonly<Record<string, number>> = {
  A: 4,
  'A-': 3.7,
  'B+': 3.3,
  B: 3,
  'B-': 2.7,
  'C+': 2.3,
  C: 2,
  D: 1,
  F: 0,
};

/** A student's term as it stands once grades are official. */
export interface TermStanding {
  readonly term: Term;
  readonly at: number;
  readonly attempted: number;
  readonly earned: number;
  /** Null when nothing was graded. */
  readonly gpa: number | null;
}

export function qualityPoints(letter: string): number | undefined {
  return POINTS[letter];
}

/** Dropped before the first day: the registration leaves no trace. */
export function droppedEarly(world: World, { leftAt, term }: Enrolment): boolean {
  return leftAt !== undefined && leftAt < world.calendar.midnight(term.firstDay);
}

/** Every student's ended terms, in order, by the student's number. */
export function standings(world: World): Map<number, TermStanding[]> {
  const ended = world.enrolments.filter(
    (enrolment) => world.calendar.at(enrolment.term.gradesDay + 1, 240) < world.closes,
  );
  const byStudent = groupBy(ended, ({ student }) => student.n);
  return new Map(
    [...byStudent].map(([student, enrolments]) => [
      student,
      [...groupBy(enrolments, ({ term }) => term)]
        .sort(([a], [b]) => a.n - b.n)
        .map(([term, own]) => standingOf(world, term, own)),
    ]),
  );
}

function standingOf(world: World, term: Term, all: readonly Enrolment[]): TermStanding {
  const own = all.filter((enrolment) => !droppedEarly(world, enrolment));
  const graded = own.filter(({ letter }) => POINTS[letter] !== undefined);
  const credits = (list: readonly Enrolment[]) =>
    list.reduce((sum, { section }) => sum + section.course.credits, 0);
  const points = graded.reduce(
    (sum, { letter, section }) => sum + POINTS[letter]! * section.course.credits,
    0,
  );
  return {
    term,
    at: world.calendar.at(term.gradesDay + 1, 240),
    attempted: credits(own),
    earned: credits(graded.filter(({ letter }) => letter !== 'F')),
    gpa: graded.length === 0 ? null : points / credits(graded),
  };
}
