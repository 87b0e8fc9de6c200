import { sigmoid, softplus } from './sigmoid.ts';

/** Cases by row: `x` holds n × p values row by row, `y` n outcomes, 0 or 1. */
export interface Cases {
  readonly x: Float64Array;
  readonly y: Uint8Array;
  /** p, the number of measures. */
  readonly width: number;
}

/**
 * What logistic regression with a ridge penalty minimises: Σ [ln(1 + e^z) − y z] + λ/2 |w|², with z = b + w·x. The
 * intercept is free of the penalty. `weights` has p + 1 values, the intercept first.
 */
export function objective({ x, y, width }: Cases, weights: Float64Array, ridge: number): number {
  let sum = 0;
  for (let i = 0; i < y.length; i++) {
    const z = logit(x, i, width, weights);
    sum += softplus(z) - (y[i] === 1 ? z : 0);
  }
  for (let j = 1; j <= width; j++) sum += (ridge / 2) * weights[j]! ** 2;
  return sum;
}

/** Its gradient (p + 1 values) and its Hessian's lower triangle ((p + 1)², row by row). */
export function derivatives(
  { x, y, width }: Cases,
  weights: Float64Array,
  ridge: number,
): { gradient: Float64Array; hessian: Float64Array } {
  const size = width + 1;
  const gradient = new Float64Array(size);
  const hessian = new Float64Array(size * size);
  const row = new Float64Array(size);
  row[0] = 1;
  for (let i = 0; i < y.length; i++) {
    row.set(x.subarray(i * width, (i + 1) * width), 1);
    const p = sigmoid(logit(x, i, width, weights));
    const miss = p - y[i]!;
    const spread = p * (1 - p);
    for (let j = 0; j < size; j++) {
      gradient[j]! += miss * row[j]!;
      const scaled = spread * row[j]!;
      for (let k = 0; k <= j; k++) hessian[j * size + k]! += scaled * row[k]!;
    }
  }
  for (let j = 1; j < size; j++) {
    gradient[j]! += ridge * weights[j]!;
    hessian[j * size + j]! += ridge;
  }
  return { gradient, hessian };
}

function logit(x: Float64Array, row: number, width: number, weights: Float64Array): number {
  let z = weights[0]!;
  for (let j = 0; j < width; j++) z += weights[j + 1]! * x[row * width + j]!;
  return z;
}
