import { groupBy } from '../group-by.ts';
import type { Ended } from './measure.ts';
import { canBeLate, isPiece } from './submissions.ts';
import type { World } from './world.ts';

/** The generated enrolments of ended terms as calibration sees them. */
export function endedEnrolments(world: World): Ended[] {
  const { calendar } = world;
  const work = groupBy(world.submissions, ({ enrolment }) => enrolment);
  return world.enrolments
    .filter(({ term }) => calendar.midnight(term.gradesDay) < world.closes)
    .map((enrolment) => {
      const { term, leftAt, canvasAt } = enrolment;
      return {
        result: enrolment.result,
        registered: calendar.dayOf(enrolment.registeredAt) - term.firstDay,
        withdrawn: leftAt === undefined ? undefined : calendar.dayOf(leftAt) - term.firstDay,
        length: term.lastDay - term.firstDay,
        pieces: (work.get(enrolment) ?? [])
          .filter(
            ({ assignment: { dueAt } }) => dueAt > canvasAt && dueAt < (leftAt ?? Number.POSITIVE_INFINITY),
          )
          .filter(({ assignment, excusedAt }) => isPiece(assignment) && excusedAt === undefined)
          .map(({ assignment, handedInAt, score }) => ({
            due: assignment.dueDay - term.firstDay,
            handedIn: handedInAt === undefined ? undefined : calendar.dayOf(handedInAt) - term.firstDay,
            score: score === undefined ? undefined : (100 * score) / assignment.points,
            timed: canBeLate(assignment),
          })),
      };
    });
}
