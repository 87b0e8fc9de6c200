import { fitLogistic } from './logistic/newton.ts';
import type { Cases } from './logistic/objective.ts';
import { sigmoid } from './logistic/sigmoid.ts';
import { COLUMNS } from './measures.ts';

/** λ of the penalty; scikit-learn's C is 1. */
export const RIDGE = 1;
/** Of each outcome, for nine weights: with fewer, a week has no model of its own. */
export const LEAST_OF_EACH = 30;

/** The model of one week. Plain JSON, so that it can be kept and shown. */
export interface WeekModel {
  readonly week: number;
  /** What it was fitted to: students in courses who had handed something in. */
  readonly cases: number;
  readonly unsuccessful: number;
  readonly intercept: number;
  /** By measure, in the order of `MEASURES`: mean and standard deviation of the past, and the weight of one deviation. */
  readonly means: readonly number[];
  readonly deviations: readonly number[];
  readonly weights: readonly number[];
}

/** What a model learns from. */
export interface Case {
  readonly measures: readonly number[];
  readonly unsuccessful: boolean;
}

/**
 * Fits the model of a week: measures scaled by the mean and population standard deviation of the cases, then ridge
 * logistic regression with weights held at or above zero.
 * @returns undefined where there are too few of one outcome to learn from
 */
export function fitWeek(week: number, cases: readonly Case[]): WeekModel | undefined {
  const unsuccessful = cases.filter((one) => one.unsuccessful).length;
  if (Math.min(unsuccessful, cases.length - unsuccessful) < LEAST_OF_EACH) return undefined;
  const width = COLUMNS.length;
  const means = columnwise((j) => mean(cases.map((one) => one.measures[j]!)));
  const deviations = columnwise((j) => {
    const spread = Math.sqrt(mean(cases.map((one) => (one.measures[j]! - means[j]!) ** 2)));
    // A measure that is the same for all says nothing: its scaled values are all 0, and so is its weight.
    return spread > 0 ? spread : 1;
  });
  const scaled: Cases = {
    x: new Float64Array(cases.length * width),
    y: Uint8Array.from(cases, (one) => (one.unsuccessful ? 1 : 0)),
    width,
  };
  cases.forEach((one, i) => {
    for (let j = 0; j < width; j++) {
      scaled.x[i * width + j] = (one.measures[j]! - means[j]!) / deviations[j]!;
    }
  });
  const [intercept, ...weights] = fitLogistic(scaled, { ridge: RIDGE, nonNegative: true }).weights;
  return { week, cases: cases.length, unsuccessful, intercept: intercept!, means, deviations, weights };
}

/** What each measure adds to the log-odds, beside the average past student. The intercept and these sum to the logit. */
export function contributions(model: WeekModel, measures: readonly number[]): number[] {
  return columnwise((j) => (model.weights[j]! * (measures[j]! - model.means[j]!)) / model.deviations[j]!);
}

/** The probability that the course ends unsuccessfully. */
export function risk(model: WeekModel, measures: readonly number[]): number {
  return sigmoid(contributions(model, measures).reduce((sum, part) => sum + part, model.intercept));
}

const columnwise = (value: (j: number) => number): number[] => COLUMNS.map((_, j) => value(j));

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
