import type { EvaluatedCase } from './figures.ts';
import { hiddenTogether, partOf } from './hidden-together.ts';
import { aucInterval } from './metrics/bootstrap.ts';
import { rocAuc } from './metrics/ranking.ts';

/** How the model does in one course of the evaluated term, on students with work handed in. */
export interface CourseRow {
  readonly course: string;
  /** Whether the training terms had it too. */
  readonly isKnown: boolean;
  /** Whether the numbers are withheld: too few people, or they would give away those of a course that is too small. */
  readonly hidden: boolean;
  readonly cases?: number;
  readonly base?: number;
  /** Mean risk predicted. */
  readonly predicted?: number;
  readonly auc?: number;
  readonly aucFrom?: number;
  readonly aucTo?: number;
}

/** By course, in the order of their codes. */
export function byCourse(scored: readonly EvaluatedCase[]): CourseRow[] {
  const courses = new Map<string, EvaluatedCase[]>();
  for (const one of scored) {
    const own = courses.get(one.course);
    if (own) own.push(one);
    else courses.set(one.course, [one]);
  }
  const parts = [...courses].map(([course, own]) => {
    const bad = own.filter((one) => one.bad).length;
    return { course, own, bad, ...partOf(own) };
  });
  // The totals of the courses that the training had and of the new ones are shown each by themselves.
  const isKnown = ({ own }: (typeof parts)[number]) => own[0]!.isKnown;
  const known = hiddenTogether(parts.filter(isKnown));
  const hidden = new Set([...known, ...hiddenTogether(parts.filter((part) => !isKnown(part)))]);
  return parts
    .sort((a, b) => (a.course < b.course ? -1 : 1))
    .map((part) => {
      const { course, own, bad } = part;
      const { isKnown } = own[0]!;
      if (hidden.has(part)) return { course, isKnown, hidden: true };
      const users = own.map(({ user }) => user);
      const [aucFrom, aucTo] = aucInterval(own, users);
      return {
        course,
        isKnown,
        hidden: false,
        cases: own.length,
        base: bad / own.length,
        predicted: own.reduce((sum, { score }) => sum + score, 0) / own.length,
        auc: rocAuc(own),
        aucFrom,
        aucTo,
      };
    });
}
