import { DAY, HOUR } from '../calendar.ts';
import { groupBy } from '../group-by.ts';
import type { Enrolment } from '../model/enrolments.ts';
import type { Student } from '../model/people.ts';
import type { Term } from '../model/terms.ts';
import type { World } from '../model/world.ts';
import { Random } from '../random.ts';

export const PER_CREDIT = 164.5;
/** One student's term, as the offices that deal in money see it. */
export interface Bill {
  readonly n: number;
  readonly student: Student;
  readonly term: Term;
  readonly enrolments: readonly Enrolment[];
  readonly chargedAt: number;
  readonly paidAt: number | undefined;
  readonly aid: boolean;
}

/** Every student's terms, in the order of the enrolments. */
export function billsOf(world: World): Bill[] {
  return [...groupBy(world.enrolments, ({ student, term }) => student.n * 10 + term.n).values()].map(
    (enrolments, i): Bill => {
      const { student, term } = enrolments[0]!;
      const random = new Random(world.seed, 'bill', student.n, term.n);
      const chargedAt = Math.min(...enrolments.map(({ registeredAt }) => registeredAt)) + HOUR;
      const due = world.calendar.at(term.firstDay - 7, 600);
      const paidAt = random.chance(0.85)
        ? Math.max(chargedAt + HOUR, due + random.between(-20, 60) * DAY)
        : undefined;
      return { n: i + 1, student, term, enrolments, chargedAt, paidAt, aid: random.chance(0.55) };
    },
  );
}

/** What a term costs as things stand: courses taken, without those dropped in time for a refund. */
export function owed({ enrolments }: Bill, at: number): number {
  const credits = enrolments
    .filter(({ registeredAt, leftAt, term }) => {
      const refunded = leftAt !== undefined && leftAt <= at && leftAt < (term.censusDay + 1) * DAY;
      return registeredAt <= at && !refunded;
    })
    .reduce((sum, { section }) => sum + section.course.credits, 0);
  return credits * PER_CREDIT;
}

/** When a bill's amount moved: courses taken, and courses dropped early enough to be refunded. */
export function movements({ enrolments, chargedAt }: Bill): number[] {
  return enrolments
    .flatMap(({ registeredAt, leftAt, term }) => [
      registeredAt,
      ...(leftAt !== undefined && leftAt < (term.censusDay + 1) * DAY ? [leftAt] : []),
    ])
    .map((at) => Math.max(at, chargedAt));
}
