import { NotConvergedError } from '../errors.ts';
import { solveCholesky } from './cholesky.ts';
import { type Cases, derivatives, objective } from './objective.ts';

export interface NewtonOptions {
  /** λ of the penalty λ/2 |w|²; scikit-learn's C is 1/λ. Must be above 0. */
  readonly ridge: number;
  /** Whether weights (the intercept apart) are held at or above 0. */
  readonly nonNegative: boolean;
}

const MOST_STEPS = 100;
/** Relative to the number of cases: far below what the ninth digit of a weight would show. */
const TOLERANCE = 1e-12;
/** Relative to the objective: a step that promises less is one of the last. */
const NEAR = 1e-10;

/**
 * Ridge logistic regression by projected Newton (Bertsekas, "Projected Newton methods for optimization problems with
 * simple constraints", SIAM J. Control Optim. 20, 1982): weights that lie at zero and would fall below it are set
 * aside, the others take Newton's step and are cut at zero, and the step is halved until the objective falls.
 * The objective is strictly convex in the weights, so what it finds is the one minimum.
 * @returns p + 1 weights, the intercept first, and how many steps it took
 * @throws NotConvergedError, which with a ridge above 0 and both outcomes present would be a defect
 */
export function fitLogistic(cases: Cases, options: NewtonOptions): { weights: Float64Array; steps: number } {
  const { ridge, nonNegative } = options;
  const size = cases.width + 1;
  let weights = new Float64Array(size);
  weights[0] = logOdds(cases.y);
  let value = objective(cases, weights, ridge);
  /** The last weights near the minimum, and the largest gradient there. */
  let near: { readonly weights: Float64Array; readonly slope: number } | undefined;
  for (let steps = 1; steps <= MOST_STEPS; steps++) {
    const { gradient, hessian } = derivatives(cases, weights, ridge);
    const free = indices(size, (j) => j === 0 || !nonNegative || weights[j]! > 0 || gradient[j]! < 0);
    const slope = Math.max(...free.map((j) => Math.abs(gradient[j]!)));
    if (slope <= TOLERANCE * cases.y.length) return { weights, steps };
    // Near the minimum a step no longer shows in the objective's digits; it goes on while the gradient falls.
    if (near && slope >= near.slope) return { weights: near.weights, steps };
    const step = newtonStep(free, gradient, hessian, size);
    const isNear = Math.abs(dot(gradient, step)) <= NEAR * (1 + value);
    near = isNear ? { weights, slope } : undefined;
    const next = isNear
      ? moved(weights, step, 1, nonNegative)
      : descend(cases, weights, value, step, gradient, options);
    if (!next) break;
    weights = next;
    value = objective(cases, weights, ridge);
  }
  throw new NotConvergedError(cases.y.length, MOST_STEPS);
}

/** The intercept from which the fit begins: what it would be without measures, kept finite for a single outcome. */
function logOdds(y: Uint8Array): number {
  const ones = y.reduce((sum, value) => sum + value, 0);
  return Math.log((ones + 0.5) / (y.length - ones + 0.5));
}

/** −H⁻¹g on the free weights, 0 on those set aside. */
function newtonStep(
  free: readonly number[],
  gradient: Float64Array,
  hessian: Float64Array,
  size: number,
): Float64Array {
  const part = new Float64Array(free.length * free.length);
  const solution = Float64Array.from(free, (j) => -gradient[j]!);
  free.forEach((j, row) => {
    for (let column = 0; column <= row; column++) {
      part[row * free.length + column] = hessian[j * size + free[column]!]!;
    }
  });
  const step = new Float64Array(size);
  const isSolved = solveCholesky(part, solution);
  free.forEach((j, row) => {
    step[j] = isSolved ? solution[row]! : -gradient[j]!;
  });
  return step;
}

/** The first of the steps 1, ½, ¼ … that lowers the objective as much as its slope promises (Armijo's rule). */
function descend(
  cases: Cases,
  weights: Float64Array,
  value: number,
  step: Float64Array,
  gradient: Float64Array,
  { ridge, nonNegative }: NewtonOptions,
): Float64Array<ArrayBuffer> | undefined {
  for (let length = 1; length > 1e-12; length /= 2) {
    const next = moved(weights, step, length, nonNegative);
    const promised = next.reduce((sum, w, j) => sum + gradient[j]! * (w - weights[j]!), 0);
    if (objective(cases, next, ridge) <= value + 1e-4 * promised) return next;
  }
  return undefined;
}

function moved(
  weights: Float64Array,
  step: Float64Array,
  length: number,
  nonNegative: boolean,
): Float64Array<ArrayBuffer> {
  return Float64Array.from(weights, (weight, j) => {
    const next = weight + length * step[j]!;
    return nonNegative && j > 0 ? Math.max(0, next) : next;
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, j) => sum + value * b[j]!, 0);
}

function indices(size: number, wanted: (j: number) => boolean): number[] {
  return Array.from({ length: size }, (_, j) => j).filter(wanted);
}
