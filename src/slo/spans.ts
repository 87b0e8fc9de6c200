/** Whole minutes since 1970-01-01T00:00Z, half open. In a list: in order, apart from each other, none empty. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export const MINUTE_MS = 60_000;

/** The minute that an instant (epoch ms) lies in. */
export const minuteOf = (ms: number): number => Math.floor(ms / MINUTE_MS);

/** Every minute that an interval of instants (epoch ms) has a part of. */
export const minutesTouched = (fromMs: number, toMs: number): Span => ({
  from: minuteOf(fromMs),
  to: Math.ceil(toMs / MINUTE_MS),
});

/** The same minutes as a list of spans, whatever the order and the overlaps. */
export function union(...lists: readonly (readonly Span[])[]): Span[] {
  const all = lists.flat().filter(({ from, to }) => from < to);
  const merged: { from: number; to: number }[] = [];
  for (const { from, to } of all.sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else merged.push({ from, to });
  }
  return merged;
}

export function intersection(left: readonly Span[], right: readonly Span[]): Span[] {
  const both: Span[] = [];
  for (let i = 0, j = 0; i < left.length && j < right.length; ) {
    const a = left[i]!;
    const b = right[j]!;
    const from = Math.max(a.from, b.from);
    const to = Math.min(a.to, b.to);
    if (from < to) both.push({ from, to });
    if (a.to < b.to) i++;
    else j++;
  }
  return both;
}

/** The minutes of `spans` that are in none of `without`. */
export function difference(spans: readonly Span[], without: readonly Span[]): Span[] {
  const gaps: Span[] = [];
  let from = Number.NEGATIVE_INFINITY;
  for (const hole of without) {
    gaps.push({ from, to: hole.from });
    from = hole.to;
  }
  gaps.push({ from, to: Number.POSITIVE_INFINITY });
  return intersection(spans, gaps);
}

/** Counts the minutes of a list that are in [from, to), in logarithmic time. */
export type MinuteCount = (from: number, to: number) => number;

export function minuteCount(spans: readonly Span[]): MinuteCount {
  const before: number[] = [0];
  for (const { from, to } of spans) before.push(before.at(-1)! + to - from);
  const upTo = (minute: number): number => {
    let low = 0;
    let high = spans.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (spans[middle]!.to <= minute) low = middle + 1;
      else high = middle;
    }
    const inside = spans[low];
    return before[low]! + (inside ? Math.max(0, minute - inside.from) : 0);
  };
  return (from, to) => (from < to ? upTo(to) - upTo(from) : 0);
}
