import { LEAST_PEOPLE } from './small-numbers.ts';

/** One part of a whole whose totals are known: who of it failed a course, and who got through one. */
export interface Part {
  readonly failed: ReadonlySet<string>;
  readonly succeeded: ReadonlySet<string>;
}

/** @param cases students in courses; a person in several courses counts once for each outcome */
export function partOf(cases: readonly { readonly user: string; readonly bad: boolean }[]): Part {
  const users = (bad: boolean) => new Set(cases.filter((one) => one.bad === bad).map(({ user }) => user));
  return { failed: users(true), succeeded: users(false) };
}

/** Whether parts are together of enough people of each outcome to be shown as one number. */
export const isLarge = (...parts: readonly Part[]): boolean =>
  unionSize(parts.map(({ failed }) => failed)) >= LEAST_PEOPLE &&
  unionSize(parts.map(({ succeeded }) => succeeded)) >= LEAST_PEOPLE;

/**
 * The parts whose numbers stay hidden: those that are too small to show, and of the others the smallest, until what is
 * hidden is together large enough too. The totals are known, so what the shown ones leave of them is known as well.
 */
export function hiddenTogether<T extends Part>(parts: readonly T[]): Set<T> {
  const size = ({ failed, succeeded }: Part) => Math.min(failed.size, succeeded.size);
  const hidden: T[] = [];
  for (const part of [...parts].sort((a, b) => size(a) - size(b))) {
    if (isLarge(part) && (hidden.length === 0 || isLarge(...hidden))) break;
    hidden.push(part);
  }
  return new Set(hidden);
}

function unionSize(sets: readonly ReadonlySet<string>[]): number {
  const [first] = sets;
  if (first && sets.length === 1) return first.size;
  return new Set(sets.flatMap((set) => [...set])).size;
}
