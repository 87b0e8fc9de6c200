import type { Judged } from './figures.ts';
import { isLarge, partOf } from './hidden-together.ts';

/**
 * Whether how a few people ended follows from the outcomes of everybody of whom something is said, less those that are
 * shown: with work handed in or not, in courses that are known or new. Most who hand in nothing fail, so this is common.
 */
export function totalsGiveAway(judged: readonly Judged[]): boolean {
  const few = [true, false]
    .flatMap((isRule) => [true, false].map((isKnown) => ({ isRule, isKnown })))
    .map(({ isRule, isKnown }) =>
      partOf(judged.filter((one) => one.isRule === isRule && one.isKnown === isKnown)),
    )
    .filter((part) => part.failed.size + part.succeeded.size > 0 && !isLarge(part));
  return few.length > 0 && !isLarge(...few);
}

/** Shares as they are shown where their exact values would give away counts of outcomes. */
export function inHundredths<T extends object>(shares: T): T {
  const rounded = Object.entries(shares).map(([name, value]) => [
    name,
    typeof value === 'number' ? Math.round(100 * value) / 100 : value,
  ]);
  return Object.fromEntries(rounded) as T;
}
