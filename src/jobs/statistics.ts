/**
 * The exact quantile of some numbers, between the two nearest where none stands there: `quantile_cont` of DuckDB and
 * PostgreSQL. Of 1 … 30 the 95th percentile is 28.55. Undefined of no numbers.
 * @param share from 0 to 1
 */
export function quantile(values: readonly number[], share: number): number | undefined {
  if (values.length === 0) return undefined;
  const sorted = Float64Array.from(values).sort();
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  const low = sorted[below]!;
  return low + (sorted[Math.min(below + 1, sorted.length - 1)]! - low) * (place - below);
}

export interface Trend {
  readonly direction: 'rising' | 'falling' | 'none';
  /** The chance that numbers without a trend would show one as strong, two-sided. */
  readonly p: number;
  /** The median of the slopes between all pairs, a day; 0 without a trend. */
  readonly perDay: number;
}

/** Below this chance a trend is taken for one. */
const SIGNIFICANT = 0.01;

/** With fewer runs no order of them is rare enough. */
const LEAST_RUNS = 8;

const DAY_MS = 86_400_000;

/**
 * Whether numbers rise or fall with time: the test of Mann and Kendall, which asks only for the order of the numbers and
 * so is not misled by one bad night, with the correction for ties and for continuity; and the slope of Theil and Sen,
 * the median of the slopes of all pairs. A job's history is of 30 days; of longer ones the newest 400 runs are taken.
 * Sources: Mann, Econometrica 13 (1945); Kendall, Rank Correlation Methods (1975); Sen, JASA 63 (1968).
 * @param points in any order; `at` in epoch ms
 */
export function trendOf(points: readonly { readonly at: number; readonly value: number }[]): Trend {
  const none: Trend = { direction: 'none', p: 1, perDay: 0 };
  const sorted = [...points].sort((a, b) => a.at - b.at).slice(-400);
  const n = sorted.length;
  if (n < LEAST_RUNS) return none;
  let score = 0;
  const slopes: number[] = [];
  for (let i = 0; i < n; i++)
    for (let j = i + 1; j < n; j++) {
      const rise = sorted[j]!.value - sorted[i]!.value;
      score += Math.sign(rise);
      const days = (sorted[j]!.at - sorted[i]!.at) / DAY_MS;
      if (days > 0) slopes.push(rise / days);
    }
  const ties = new Map<number, number>();
  for (const { value } of sorted) ties.set(value, (ties.get(value) ?? 0) + 1);
  const term = (t: number) => t * (t - 1) * (2 * t + 5);
  const tied = [...ties.values()].reduce((sum, t) => sum + term(t), 0);
  const variance = (term(n) - tied) / 18;
  if (variance === 0 || score === 0) return none;
  const z = (score - Math.sign(score)) / Math.sqrt(variance);
  const p = 2 * upperTail(Math.abs(z));
  if (p >= SIGNIFICANT) return { direction: 'none', p, perDay: 0 };
  return { direction: score > 0 ? 'rising' : 'falling', p, perDay: quantile(slopes, 0.5) ?? 0 };
}

/** The normal distribution beyond z ≥ 0. Abramowitz and Stegun, 7.1.26: right to 1.5e-7. */
function upperTail(z: number): number {
  const x = z / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const series =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return (series * Math.exp(-x * x)) / 2;
}
