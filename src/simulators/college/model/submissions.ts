import { DAY, HOUR, MINUTE } from '../calendar.ts';
import { groupBy } from '../group-by.ts';
import { hash, Random } from '../random.ts';
import type { Assignment } from './assignments.ts';
import { normalShare, quantile } from './distributions.ts';
import type { Enrolment } from './enrolments.ts';
import type { Parameters } from './parameters.ts';

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

const WORK = hash('work');

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
    const leftAt = enrolment.leftAt ?? Number.POSITIVE_INFINITY;
    const canvasLeftAt = enrolment.canvasLeftAt ?? Number.POSITIVE_INFINITY;
    if (enrolment.canvasAt >= canvasLeftAt) continue;
    const finishes = enrolment.stop >= 1 && enrolment.leftAt === undefined;
    const own = byShell.get(enrolment.section.shell) ?? [];
    const pieces = own.filter((piece) => isPiece(piece) && isDueOf(enrolment, piece)).length;
    const last = Math.round(enrolment.stop * pieces);
    let piece = 0;
    for (const assignment of own) {
      const isDue = isDueOf(enrolment, assignment) && assignment.dueAt < leftAt;
      if (isDue && isPiece(assignment)) piece += 1;
      if (assignment.publishedAt >= canvasLeftAt) continue;
      const n = submissions.length + 1;
      const random = new Random(seed, WORK, n);
      const wants = isPiece(assignment) ? piece <= last : finishes;
      const skips = piece < last && random.chance(parameters.byResult[enrolment.result].gap);
      submissions.push(
        oneWork(n, enrolment, assignment, isDue && wants && !skips, skips, random, parameters),
      );
    }
  }
  return submissions;
}

/** Due after the student came and before the student left. */
function isDueOf(enrolment: Enrolment, { dueAt }: Assignment): boolean {
  return dueAt > enrolment.canvasAt && (enrolment.leftAt === undefined || dueAt < enrolment.leftAt);
}

/** One literal with every field, so that the many submissions share one shape in memory. */
function oneWork(
  n: number,
  enrolment: Enrolment,
  assignment: Assignment,
  handsIn: boolean,
  skips: boolean,
  random: Random,
  parameters: Parameters,
): Submission {
  const { dueAt, shell, kind } = assignment;
  const of = parameters.byResult[enrolment.result];
  const madeAt = Math.max(enrolment.canvasAt, assignment.publishedAt);
  const stays = enrolment.leftAt === undefined || dueAt + 2 * DAY < enrolment.leftAt;
  const excused = !handsIn && skips && stays && random.chance(0.05);
  const zeroed = !handsIn && !excused && shell.n % 3 === 0 && stays && dueAt > madeAt;
  const late = handsIn && canBeLate(assignment) && random.chance(of.late);
  const extended = late && random.chance(0.1);
  const days = handsIn ? quantile(late ? parameters.lateDays : parameters.earlyDays, random.next()) : 0;
  const handedInAt = handsIn
    ? handIn(assignment, madeAt, late ? Math.min(days, 30) : -days, enrolment.leftAt, random)
    : undefined;
  const gradedAt = handedInAt === undefined ? undefined : grade(assignment, handedInAt, random);
  const delayed = shell.n % 4 === 0 && kind !== 'quiz';
  return {
    n,
    enrolment,
    assignment,
    madeAt,
    dueAt: extended ? dueAt + 3 * DAY : dueAt,
    extendedAt: extended ? Math.max(madeAt, dueAt - random.between(2, 30) * HOUR) : undefined,
    handedInAt,
    gradedAt,
    postedAt: gradedAt !== undefined && delayed ? gradedAt + 18 * HOUR : gradedAt,
    zeroedAt: zeroed ? dueAt + HOUR : undefined,
    excusedAt: excused ? dueAt + random.between(1, 4) * DAY : undefined,
    score: handsIn ? drawScore(enrolment, assignment, of.score, random) : undefined,
    commentedAt: handsIn && kind !== 'quiz' && random.chance(0.12) ? gradedAt : undefined,
  };
}

/** A score as measured for the result, higher for the strong, falling towards the end for who drifts away. */
function drawScore(
  enrolment: Enrolment,
  assignment: Assignment,
  scores: readonly number[],
  random: Random,
): number {
  const progress = assignment.position / 12 - 0.5;
  const z = 0.75 * enrolment.standing + 0.66 * random.normal() + enrolment.trend * progress;
  return Math.round((quantile(scores, normalShare(z)) / 100) * assignment.points * 2) / 2;
}

/** Machines grade at once, teachers within ten days and before the term's grades are due. */
function grade({ kind, dueAt, shell }: Assignment, handedInAt: number, random: Random): number {
  if (kind === 'quiz') return handedInAt + MINUTE;
  const wanted = Math.max(dueAt, handedInAt) + random.between(20, 240) * HOUR;
  return Math.max(handedInAt + HOUR, Math.min(wanted, (shell.term.lastDay + 3) * DAY));
}

/** The instant of handing in: by day as measured, by hour in the evening, never before the work was set. */
function handIn(
  { dueAt, shell }: Assignment,
  madeAt: number,
  days: number,
  leftAt: number | undefined,
  random: Random,
): number {
  const evening = Math.min(0.97, Math.abs(random.normal()) * 0.16) * DAY;
  const wanted =
    days > 0
      ? dueAt + Math.ceil(days) * DAY - evening + MINUTE
      : dueAt - Math.floor(-days) * DAY - evening - MINUTE;
  const end = Math.min(leftAt ?? Number.POSITIVE_INFINITY, (shell.term.lastDay + 1) * DAY);
  return Math.floor(Math.max(madeAt + 10 * MINUTE, Math.min(wanted, end - HOUR)) / 1000) * 1000;
}
