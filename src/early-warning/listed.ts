import type { Capacity, EvaluatedCase } from './figures.ts';
import { wilson } from './metrics/wilson.ts';

/** How good the list is that advisers get: who has handed in nothing first, then by risk. Shares are 0 to 1. */
export interface ListFigures {
  /** Students in courses of whom something is said: the rule's and the model's, new courses too. */
  readonly cases: number;
  /** How many of them the capacity reaches, and how many of these the rule has put there. */
  readonly listed: number;
  readonly ofRule: number;
  /** Of those listed, the share that ended unsuccessfully, and its 95 % interval (Wilson). */
  readonly precision: number;
  readonly precisionFrom: number;
  readonly precisionTo: number;
  /** Of those that ended unsuccessfully, the share listed, likewise. */
  readonly recall: number;
  readonly recallFrom: number;
  readonly recallTo: number;
  /** The risk at which the list ends. Absent where it ends among the rule's students. */
  readonly threshold?: number;
}

/** What a case has to say to find its place on the list. */
type Placed = Pick<EvaluatedCase, 'term' | 'isRule' | 'callPlace' | 'score'>;

/** The order of `campus.early_warning_scores`: the rule's students by the evidence, then the others by their risk. */
export const inOrderOfList = <T extends Placed>(cases: readonly T[]): T[] =>
  [...cases].sort(
    (a, b) =>
      Number(b.isRule) - Number(a.isRule) ||
      (a.isRule ? a.callPlace - b.callPlace : b.score - a.score || a.callPlace - b.callPlace),
  );

/**
 * Whom the capacity reaches. Where every adviser has a list, a student with several advisers is on the list of each,
 * and those without one share a list.
 */
export function reached<T extends Placed & Pick<EvaluatedCase, 'advisers'>>(
  cases: readonly T[],
  capacity: Capacity,
): Set<T> {
  const ordered = inOrderOfList(cases);
  if ('count' in capacity) return new Set(ordered.slice(0, capacity.count));
  if ('share' in capacity) return new Set(ordered.slice(0, Math.round(capacity.share * ordered.length)));
  const taken = new Map<string, number>();
  return new Set(
    ordered.filter(({ advisers }) => {
      const free = (advisers.length === 0 ? [''] : advisers).filter(
        (adviser) => (taken.get(adviser) ?? 0) < capacity.perAdviser,
      );
      for (const adviser of free) taken.set(adviser, (taken.get(adviser) ?? 0) + 1);
      return free.length > 0;
    }),
  );
}

/** @returns undefined where nobody ended unsuccessfully or nobody is reached */
export function listFigures(cases: readonly EvaluatedCase[], capacity: Capacity): ListFigures | undefined {
  const listed = [...reached(cases, capacity)];
  const found = listed.filter(({ bad }) => bad).length;
  const bad = cases.filter((one) => one.bad).length;
  if (bad === 0 || listed.length === 0) return undefined;
  const [precisionFrom, precisionTo] = wilson(found, listed.length);
  const [recallFrom, recallTo] = wilson(found, bad);
  const scored = listed.filter(({ isRule }) => !isRule);
  const last = scored.at(-1);
  return {
    cases: cases.length,
    listed: listed.length,
    ofRule: listed.length - scored.length,
    precision: found / listed.length,
    precisionFrom,
    precisionTo,
    recall: found / bad,
    recallFrom,
    recallTo,
    ...(last ? { threshold: last.score } : {}),
  };
}
