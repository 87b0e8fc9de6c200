import type { EvaluatedCase } from './figures.ts';
import { isLarge, partOf } from './hidden-together.ts';
import { LEAST_PEOPLE } from './small-numbers.ts';

/**
 * Whether how a few people ended follows from the outcomes of everybody of whom something is said, less those that are
 * shown: with work handed in or not, in courses that are known or new. Most who hand in nothing fail, so this is common.
 */
export const totalsGiveAway = (evaluated: readonly EvaluatedCase[]): boolean =>
  outcomesOfAll(evaluated) !== undefined;

/**
 * Where the outcomes of everybody would give away how a few people ended: between how many and how many of all may have
 * failed, for all that a reader may know, so that of those few it is known only which outcome fewer than ten had.
 */
export function outcomesOfAll(
  evaluated: readonly EvaluatedCase[],
): { readonly from: number; readonly to: number } | undefined {
  const few = [true, false]
    .flatMap((isRule) => [true, false].map((isKnown) => ({ isRule, isKnown })))
    .map(({ isRule, isKnown }) => evaluated.filter((one) => one.isRule === isRule && one.isKnown === isKnown))
    .filter((cases) => cases.length > 0 && !isLarge(partOf(cases)));
  const cases = few.flat();
  const part = partOf(cases);
  if (cases.length === 0 || isLarge(part)) return undefined;
  const failed = cases.filter(({ bad }) => bad).length;
  const most = LEAST_PEOPLE - 1;
  const others = evaluated.filter(({ bad }) => bad).length - failed;
  const from = part.failed.size < LEAST_PEOPLE ? 0 : Math.min(failed, cases.length - most);
  const to = part.succeeded.size < LEAST_PEOPLE ? cases.length : Math.max(failed, most);
  return { from: others + Math.max(0, from), to: others + Math.min(cases.length, to) };
}

/** Shares as they are shown where their exact values would give away counts of outcomes. */
export function inHundredths<T extends object>(shares: T): T {
  const rounded = Object.entries(shares).map(([name, value]) => [
    name,
    typeof value === 'number' ? Math.round(100 * value) / 100 : value,
  ]);
  return Object.fromEntries(rounded) as T;
}
