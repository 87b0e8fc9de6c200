import { fitLogistic } from '../logistic/newton.ts';
import type { Scored } from './ranking.ts';

/** One row of a reliability table: of those whose risk lay in a tenth, what was predicted and what happened. */
export interface CalibrationBin<T extends Scored = Scored> {
  readonly from: number;
  readonly to: number;
  readonly cases: number;
  /** Mean risk predicted. */
  readonly predicted: number;
  /** Share that ended unsuccessfully. */
  readonly observed: number;
  readonly members: readonly T[];
}

/** The mean squared distance between the risk and what happened (0 or 1): 0 is best. */
export function brier(cases: readonly Scored[]): number {
  return cases.reduce((sum, { score, bad }) => sum + (score - (bad ? 1 : 0)) ** 2, 0) / cases.length;
}

/** Ten bins of equal width; empty ones are left out. */
export function calibrationTable<T extends Scored>(cases: readonly T[]): CalibrationBin<T>[] {
  return Array.from({ length: 10 }, (_, i) =>
    binOf(
      i / 10,
      (i + 1) / 10,
      cases.filter(({ score }) => Math.min(9, Math.floor(score * 10)) === i),
    ),
  ).filter((bin) => bin.cases > 0);
}

/** What was predicted of some cases, and what happened. */
export function binOf<T extends Scored>(from: number, to: number, members: readonly T[]): CalibrationBin<T> {
  const bad = members.filter((one) => one.bad).length;
  const predicted = members.reduce((sum, { score }) => sum + score, 0) / members.length;
  return { from, to, cases: members.length, predicted, observed: bad / members.length, members };
}

/** The expected calibration error: the mean distance between predicted and observed over the bins. */
export function calibrationError(table: readonly CalibrationBin[]): number {
  const all = table.reduce((sum, bin) => sum + bin.cases, 0);
  return table.reduce((sum, bin) => sum + (bin.cases / all) * Math.abs(bin.predicted - bin.observed), 0);
}

/**
 * The line that a perfect recalibration would draw, logit(observed) = intercept + slope × logit(predicted) (Cox 1958).
 * A slope under 1: predictions are too extreme. An intercept under 0: they run high. No line through one point.
 */
export function calibrationLine(cases: readonly Scored[]): { intercept: number; slope: number } | undefined {
  const logits = cases.map(({ score }) => {
    const p = Math.min(1 - 1e-12, Math.max(1e-12, score));
    return Math.log(p / (1 - p));
  });
  const middle = logits.reduce((sum, z) => sum + z, 0) / logits.length;
  const spread = Math.sqrt(logits.reduce((sum, z) => sum + (z - middle) ** 2, 0) / logits.length);
  if (spread < 1e-9) return undefined;
  const { weights } = fitLogistic(
    {
      x: Float64Array.from(logits, (z) => (z - middle) / spread),
      y: Uint8Array.from(cases, ({ bad }) => (bad ? 1 : 0)),
      width: 1,
    },
    // As good as no penalty, and finite where the two kinds do not overlap.
    { ridge: 1e-6, nonNegative: false },
  );
  const slope = weights[1]! / spread;
  return { intercept: weights[0]! - slope * middle, slope };
}
