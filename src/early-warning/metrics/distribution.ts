/**
 * How values were spread: at so many of them, which share lay at or below. Steps of a cumulative distribution, ascending,
 * the last with share 1. Plain JSON, and small, so that a model carries those of its training.
 */
export interface Distribution {
  readonly values: number;
  readonly steps: readonly { readonly upTo: number; readonly share: number }[];
}

/** At most so many steps are kept: a distance between two distributions is then known to a fiftieth. */
const STEPS = 50;
/** Bins of the population stability index, as is usual. */
const BINS = 10;

/** @returns undefined of no values, and of any that is no number */
export function distributionOf(values: readonly number[]): Distribution | undefined {
  if (values.length === 0 || values.some((value) => !Number.isFinite(value))) return undefined;
  const sorted = Float64Array.from(values).sort();
  const steps: { upTo: number; share: number }[] = [];
  for (let i = 1; i <= STEPS; i++) {
    const upTo = sorted[Math.ceil((i * sorted.length) / STEPS) - 1]!;
    if (upTo === steps.at(-1)?.upTo) continue;
    steps.push({ upTo, share: shareUpTo(sorted, upTo) });
  }
  return { values: sorted.length, steps };
}

/** How far values have moved away from those of before. */
export interface Shift {
  /** The population stability index Σ (p − q) ln(p / q), over at most ten bins with the same share of the earlier values. */
  readonly psi: number;
  /**
   * What the index is expected to be where nothing has moved: (bins − 1)(1/n + 1/m). It is its asymptotic mean, for
   * n·m/(n + m) · PSI is then distributed as χ² with bins − 1 degrees of freedom.
   */
  readonly psiExpected: number;
  /** Its standard deviation where nothing has moved, by the same distribution. */
  readonly psiDeviation: number;
  /** The Kolmogorov–Smirnov distance, at the steps of the earlier distribution: at most a fiftieth too small. */
  readonly ks: number;
  /** How probable such a distance is where nothing has moved (Kolmogorov's distribution). With ties it is an upper bound. */
  readonly ksProbability: number;
}

/** @returns undefined of no values, and of any that is no number */
export function shiftOf(before: Distribution, now: readonly number[]): Shift | undefined {
  if (now.length === 0 || now.some((value) => !Number.isFinite(value)) || before.values === 0)
    return undefined;
  const sorted = Float64Array.from(now).sort();
  const [n, m] = [before.values, sorted.length];
  const ks = before.steps.reduce(
    (most, { upTo, share }) => Math.max(most, Math.abs(shareUpTo(sorted, upTo) - share)),
    0,
  );
  const bins = binsOf(before);
  const degrees = bins.length - 1;
  let psi = 0;
  let [lastShare, lastNow] = [0, 0];
  for (const { upTo, share } of bins) {
    const nowShare = upTo === Infinity ? 1 : shareUpTo(sorted, upTo);
    // Half a value more in each bin: an empty one would make the index infinite.
    const p = ((nowShare - lastNow) * m + 0.5) / (m + bins.length / 2);
    const q = ((share - lastShare) * n + 0.5) / (n + bins.length / 2);
    psi += (p - q) * Math.log(p / q);
    [lastShare, lastNow] = [share, nowShare];
  }
  const unit = 1 / n + 1 / m;
  return {
    psi,
    psiExpected: degrees * unit,
    psiDeviation: Math.sqrt(2 * degrees) * unit,
    ks,
    ksProbability: kolmogorov(ks, (n * m) / (n + m)),
  };
}

/** The steps merged into bins of about equal share; the last is open, and beyond all earlier values there is one of its own. */
function binsOf({ steps }: Distribution): { upTo: number; share: number }[] {
  const bins: { upTo: number; share: number }[] = [];
  for (const step of steps) {
    const last = bins.at(-1)?.share ?? 0;
    if (step.share - last >= 1 / BINS - 1e-9) bins.push({ ...step });
  }
  const greatest = steps.at(-1)!;
  if (bins.at(-1)?.upTo !== greatest.upTo) bins.push({ ...greatest });
  // A measure that had one value only: whatever is above it is new, and so is whatever is below.
  if (bins.length === 1)
    return [{ upTo: below(greatest.upTo), share: 0 }, ...bins, { upTo: Infinity, share: 1 }];
  bins[bins.length - 1] = { upTo: Infinity, share: 1 };
  return bins;
}

const below = (value: number): number => value - Math.max(Math.abs(value), 1) * 1e-9;

/** How many of a sorted list are at or below a value, as a share. */
function shareUpTo(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low / sorted.length;
}

/** P(D ≥ d) for samples of the effective size, by Kolmogorov's series with Stephens's correction for small ones. */
function kolmogorov(d: number, size: number): number {
  const root = Math.sqrt(size);
  const x = (root + 0.12 + 0.11 / root) * d;
  if (x < 0.2) return 1;
  let sum = 0;
  for (let k = 1; k <= 100; k++) {
    const term = 2 * (k % 2 === 1 ? 1 : -1) * Math.exp(-2 * k * k * x * x);
    sum += term;
    if (Math.abs(term) < 1e-12) break;
  }
  return Math.max(0, Math.min(1, sum));
}
