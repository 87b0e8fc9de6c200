import { DAY, HOUR } from '../calendar.ts';
import { hash } from '../random.ts';
import type { Enrolment } from './enrolments.ts';
import type { Submission } from './submissions.ts';

/**
 * When each student falls silent in each course: some days after the last hand-in for one who stops, at the end
 * of the course for the others. Page views, and nothing else, follow from it.
 */
export function silences(
  enrolments: readonly Enrolment[],
  submissions: readonly Submission[],
  dayAt: (day: number, minutes: number) => number,
): Map<Enrolment, number> {
  const last = new Map<Enrolment, number>();
  for (const { enrolment, handedInAt } of submissions) {
    if (handedInAt !== undefined) last.set(enrolment, Math.max(last.get(enrolment) ?? 0, handedInAt));
  }
  return new Map(
    enrolments.map((enrolment) => {
      const lingers = (12 + (hash(enrolment.n, 'lingers') % 110)) * HOUR;
      const ends = dayAt(enrolment.term.lastDay + 5, 0);
      const seen = last.get(enrolment) ?? enrolment.canvasAt + (hash(enrolment.n, 'looks') % 12) * DAY;
      const silent = enrolment.stop >= 1 && enrolment.leftAt === undefined ? ends : seen + lingers;
      return [enrolment, Math.min(silent, enrolment.canvasLeftAt ?? ends)];
    }),
  );
}
