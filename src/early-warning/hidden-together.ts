import { LEAST_PEOPLE } from './small-numbers.ts';

/** People of one part of a whole whose totals are known. */
export interface Part {
  readonly people: number;
  readonly bad: number;
  readonly good: number;
}

/**
 * The parts whose numbers stay hidden: those that are too small to show, and of the others the smallest, until what is
 * hidden is together large enough too. The totals are known, so what the shown ones leave of them is known as well.
 */
export function hiddenTogether<T extends Part>(parts: readonly T[]): Set<T> {
  const size = ({ people, bad, good }: Part) => Math.min(people, bad, good);
  const sorted = [...parts].sort((a, b) => size(a) - size(b));
  const hidden = new Set<T>();
  const together = { people: 0, bad: 0, good: 0 };
  for (const part of sorted) {
    if (size(part) >= LEAST_PEOPLE && (hidden.size === 0 || size(together) >= LEAST_PEOPLE)) break;
    hidden.add(part);
    together.people += part.people;
    together.bad += part.bad;
    together.good += part.good;
  }
  return hidden;
}
