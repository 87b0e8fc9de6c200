import { MINUTE_MS, minuteOf, minutesTouched, type Span, union } from './spans.ts';

/** From when readers saw a version of a table, and how far its rows are known. Epoch ms. */
export interface Seen {
  readonly from: number;
  /** Undefined: the table has no data time, or is not shown any more. */
  readonly dataUpTo: number | undefined;
}

/**
 * The minutes in which a reader could find a table older than a bound. A version ages until the next one is shown.
 * @param seen the versions of one table, in the order in which they were shown
 * @param now until when it is asked, epoch ms
 */
export function lateMinutes(seen: readonly Seen[], atMostMs: number, now: number): Span[] {
  return union(
    seen.map(({ from, dataUpTo }, i) => {
      const until = Math.min(seen[i + 1]?.from ?? now, now);
      const late = dataUpTo === undefined ? from : Math.max(from, dataUpTo + atMostMs);
      // A minute that is not over is not judged.
      return late < until ? minutesTouched(late, until) : { from: 0, to: 0 };
    }),
  ).flatMap(({ from, to }) => (from < minuteOf(now) ? [{ from, to: Math.min(to, minuteOf(now)) }] : []));
}

/** The minutes of which it is known how old a table was: from when it was first shown. */
export function knownMinutes(seen: readonly Seen[], now: number): Span[] {
  const first = seen[0];
  if (!first) return [];
  const span = { from: Math.ceil(first.from / MINUTE_MS), to: minuteOf(now) };
  return span.from < span.to ? [span] : [];
}

/** How old the table was for a reader at an instant; undefined where it was not shown or has no data time. */
export function ageAt(seen: readonly Seen[], at: number): number | undefined {
  const shown = seen.findLast(({ from }) => from <= at);
  return shown?.dataUpTo === undefined ? undefined : at - shown.dataUpTo;
}
