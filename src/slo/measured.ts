import Fraction from 'fraction.js';
import type { Budgeting } from './objective.ts';
import { difference, intersection, MINUTE_MS, type MinuteCount, minuteCount, type Span } from './spans.ts';

export type Unit = 'minutes' | 'slices' | 'days' | 'runs' | 'checks';

export interface Tally {
  readonly bad: Fraction;
  readonly total: Fraction;
}

/** What became of an indicator. Times are minutes since 1970. */
export interface Measured {
  readonly unit: Unit;
  /** Bad and all units in [from, to). Fractions of units appear only with ratio time slices. */
  tally(from: number, to: number): Tally;
  /** Units that will have been in [from, to) once it is over, past and future. Undefined where nobody can know. */
  planned(from: number, to: number): Fraction | undefined;
  /** The last minute of which something is known, plus one. Undefined: nothing is. */
  readonly until?: number;
}

/** Minutes of which it is known whether they were good. */
export interface MinuteHistory {
  readonly known: readonly Span[];
  readonly bad: readonly Span[];
  /** Minutes that do not count: announced maintenance. */
  readonly excluded: readonly Span[];
}

export function measureMinutes(history: MinuteHistory, budgeting: Budgeting): Measured {
  const { excluded } = history;
  const known = difference(history.known, excluded);
  const bad = intersection(difference(history.bad, excluded), known);
  const [knownIn, badIn, excludedIn] = [minuteCount(known), minuteCount(bad), minuteCount(excluded)];
  const until = known.at(-1)?.to;
  if (budgeting.method === 'occurrences' || isOneMinute(budgeting)) {
    return {
      unit: 'minutes',
      tally: (from, to) => ({ bad: new Fraction(badIn(from, to)), total: new Fraction(knownIn(from, to)) }),
      planned: (from, to) => new Fraction(to - from - excludedIn(from, to)),
      until,
    };
  }
  return measureSlices(budgeting, { bad, knownIn, badIn, excludedIn, until });
}

/** Slices of one minute are minutes: each is wholly good or wholly bad. */
const isOneMinute = (budgeting: Budgeting): boolean =>
  budgeting.method !== 'occurrences' && budgeting.sliceMs === MINUTE_MS;

interface Counts {
  readonly bad: readonly Span[];
  readonly knownIn: MinuteCount;
  readonly badIn: MinuteCount;
  readonly excludedIn: MinuteCount;
  readonly until: number | undefined;
}

/** Only slices that lie in [from, to) whole count, and only those of which something is known. */
function measureSlices(
  budgeting: Exclude<Budgeting, { method: 'occurrences' }>,
  { bad, knownIn, badIn, excludedIn, until }: Counts,
): Measured {
  const length = budgeting.sliceMs / MINUTE_MS;
  const inside = (from: number, to: number): Span => ({
    from: Math.ceil(from / length),
    to: Math.floor(to / length),
  });
  const count = (from: number, to: number, isIn: (from: number, to: number) => boolean): number => {
    const slices = inside(from, to);
    let found = 0;
    for (let slice = slices.from; slice < slices.to; slice++)
      if (isIn(slice * length, (slice + 1) * length)) found++;
    return found;
  };
  const badness = (from: number): Fraction => {
    const known = knownIn(from, from + length);
    const part = known === 0 ? new Fraction(0) : new Fraction(badIn(from, from + length), known);
    if (budgeting.method === 'ratio-timeslices') return part;
    return new Fraction(1).sub(part).lt(budgeting.target) ? new Fraction(1) : new Fraction(0);
  };
  return {
    unit: 'slices',
    tally(from, to) {
      const slices = inside(from, to);
      const touched = new Set<number>();
      for (const span of bad) {
        const last = Math.min(Math.ceil(span.to / length), slices.to);
        for (let slice = Math.max(Math.floor(span.from / length), slices.from); slice < last; slice++)
          touched.add(slice);
      }
      let sum = new Fraction(0);
      for (const slice of touched) sum = sum.add(badness(slice * length));
      return { bad: sum, total: new Fraction(count(from, to, (a, b) => knownIn(a, b) > 0)) };
    },
    planned: (from, to) => new Fraction(count(from, to, (a, b) => excludedIn(a, b) < length)),
    until,
  };
}

/** Something that happened once, and was good or not. */
export interface Happening {
  /** Minutes since 1970. */
  readonly at: number;
  readonly good: boolean;
}

/**
 * @param happenings in order of time, those that do not count left out
 * @param planned how many there will have been in [from, to), where their times are known beforehand
 */
export function measureHappenings(
  unit: Unit,
  happenings: readonly Happening[],
  planned: (from: number, to: number) => number | undefined = () => undefined,
): Measured {
  const badBefore = [0];
  for (const { good } of happenings) badBefore.push(badBefore.at(-1)! + (good ? 0 : 1));
  const before = (minute: number): number => {
    let low = 0;
    let high = happenings.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (happenings[middle]!.at < minute) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const last = happenings.at(-1);
  return {
    unit,
    tally(from, to) {
      const [first, end] = [before(from), before(to)];
      return {
        bad: new Fraction(badBefore[end]! - badBefore[first]!),
        total: new Fraction(end - first),
      };
    },
    planned(from, to) {
      const count = planned(from, to);
      return count === undefined ? undefined : new Fraction(count);
    },
    ...(last ? { until: last.at + 1 } : {}),
  };
}
