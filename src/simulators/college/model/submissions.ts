import { DAY, HOUR, MINUTE } from '../calendar.ts';
import { groupBy } from '../group-by.ts';
import { normalShare, quantile, Random } from '../random.ts';
import type { Assignment } from './assignments.ts';
import type { Enrolment } from './enrolments.ts';
import type { Parameters } from './parameters.ts';
import { TERMS } from './terms.ts';

/** One student's work on one assignment; the row exists before anything is handed in. */
export interface Submission {
  readonly n: number;
  readonly enrolment: Enrolment;
  readonly assignment: Assignment;
  readonly madeAt: number;
  /** The student's own due instant, which an extension moves. */
  readonly dueAt: number;
  readonly extendedAt: number | undefined;
  readonly handedInAt: number | undefined;
  readonly gradedAt: number | undefined;
  /** When the student could see the grade. */
  readonly postedAt: number | undefined;
  /** Given 0 by the course's rule for missing work. */
  readonly zeroedAt: number | undefined;
  readonly excusedAt: number | undefined;
  /** Points out of the assignment's. */
  readonly score: number | undefined;
  readonly commentedAt: number | undefined;
}

/** The student's pieces: all work but the final exam. */
export function isPiece(assignment: Assignment): boolean {
  return assignment.kind !== 'exam';
}

/** Work that takes part in the measured lateness: quizzes close when they are due. */
export function canBeLate(assignment: Assignment): boolean {
  return assignment.kind === 'paper' || assignment.kind === 'discussion';
}

/** Draws what every student does with every piece of work. */
export function work(
  seed: number,
  enrolments: readonly Enrolment[],
  assignments: readonly Assignment[],
  parameters: Parameters,
): Submission[] {
  const byShell = groupBy(assignments, (assignment) => assignment.shell);
  const submissions: Submission[] = [];
  for (const enrolment of enrolments) {
    const own = byShell.get(enrolment.section.shell) ?? [];
    const while_ = own.filter(
      (a) => isPiece(a) && (enrolment.leftAt === undefined || a.dueAt < enrolment.leftAt),
    );
    const until = Math.round(enrolment.stop * while_.length);
    for (const assignment of own) {
      if (assignment.publishedAt >= (enrolment.canvasLeftAt ?? Number.POSITIVE_INFINITY)) continue;
      if (enrolment.canvasAt >= (enrolment.canvasLeftAt ?? Number.POSITIVE_INFINITY)) continue;
      const n = submissions.length + 1;
      const place = while_.indexOf(assignment);
      const finishes = enrolment.stop >= 1 && enrolment.leftAt === undefined;
      const turn =
        place >= 0
          ? place < until - 1
            ? 'free'
            : place === until - 1
              ? 'last'
              : 'no'
          : assignment.kind === 'exam' && finishes
            ? 'last'
            : 'no';
      submissions.push(oneWork(n, enrolment, assignment, turn, new Random(seed, 'work', n), parameters));
    }
  }
  return submissions;
}

function oneWork(
  n: number,
  enrolment: Enrolment,
  assignment: Assignment,
  turn: 'free' | 'last' | 'no',
  random: Random,
  parameters: Parameters,
): Submission {
  const of = parameters.byResult[enrolment.result];
  const madeAt = Math.max(enrolment.canvasAt, assignment.publishedAt);
  const base = { n, enrolment, assignment, madeAt, dueAt: assignment.dueAt };
  const nothing = {
    extendedAt: undefined,
    handedInAt: undefined,
    gradedAt: undefined,
    postedAt: undefined,
    score: undefined,
    commentedAt: undefined,
  };
  const stays = enrolment.leftAt === undefined || assignment.dueAt + 2 * DAY < enrolment.leftAt;
  const zeroes = assignment.shell.n % 3 === 0 && stays && assignment.dueAt > madeAt;
  if (turn === 'no' || (turn === 'free' && random.chance(of.gap)) || assignment.dueAt <= madeAt) {
    const excused = stays && turn === 'free' && random.chance(0.15);
    return {
      ...base,
      ...nothing,
      zeroedAt: zeroes && !excused ? assignment.dueAt + HOUR : undefined,
      excusedAt: excused ? assignment.dueAt + random.between(1, 4) * DAY : undefined,
    };
  }
  const late = canBeLate(assignment) && random.chance(of.late);
  const days = quantile(late ? parameters.lateDays : parameters.earlyDays, random.next());
  const extended = late && random.chance(0.1);
  const handedInAt = handIn(assignment, madeAt, late ? Math.min(days, 30) : -days, enrolment.leftAt, random);
  const progress = assignment.position / 12 - 0.5;
  const z = 0.75 * enrolment.standing + 0.66 * random.normal() + enrolment.trend * progress;
  const percent = quantile(of.score, normalShare(z));
  const gradedAt =
    assignment.kind === 'quiz'
      ? handedInAt + MINUTE
      : Math.max(assignment.dueAt, handedInAt) + random.between(20, 240) * HOUR;
  return {
    ...base,
    dueAt: extended ? assignment.dueAt + 3 * DAY : assignment.dueAt,
    extendedAt: extended ? Math.max(madeAt, assignment.dueAt - random.between(2, 30) * HOUR) : undefined,
    handedInAt,
    gradedAt,
    postedAt: assignment.shell.n % 4 === 0 && assignment.kind !== 'quiz' ? gradedAt + 18 * HOUR : gradedAt,
    zeroedAt: undefined,
    excusedAt: undefined,
    score: Math.round((percent / 100) * assignment.points * 2) / 2,
    commentedAt: random.chance(0.12) && assignment.kind !== 'quiz' ? gradedAt : undefined,
  };
}

/** The instant of handing in: by day as measured, by hour in the evening, never before the work was set. */
function handIn(
  assignment: Assignment,
  madeAt: number,
  days: number,
  leftAt: number | undefined,
  random: Random,
): number {
  const evening = Math.min(0.97, Math.abs(random.normal()) * 0.16);
  const wanted =
    days > 0
      ? assignment.dueAt + Math.ceil(days) * DAY - evening * DAY + MINUTE
      : assignment.dueAt - Math.floor(-days) * DAY - evening * DAY - MINUTE;
  const end = Math.min(
    leftAt ?? Number.POSITIVE_INFINITY,
    TERMS[assignment.shell.term.n - 1]!.lastDay * DAY + DAY,
  );
  return Math.floor(Math.max(madeAt + 10 * MINUTE, Math.min(wanted, end - HOUR)) / 1000) * 1000;
}
