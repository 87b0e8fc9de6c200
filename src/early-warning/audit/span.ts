/**
 * The largest prime below 2^26: a product of two remainders and a third still fits a double exactly. A sum that is zero in
 * whole numbers is zero here too, so nothing that can be derived goes unseen; what is zero here by accident (about one in
 * 10^7) only hides a cell more.
 */
const PRIME = 67_108_859;

/** What can be computed from given sums: the linear span of their indicators, in row echelon form modulo `PRIME`. */
export interface Span {
  readonly rows: { readonly pivot: number; readonly values: Float64Array }[];
}

/** @param vectors of 0 and 1: which parts each of the sums is over */
export function spanOf(vectors: Iterable<Float64Array>): Span {
  const span: Span = { rows: [] };
  for (const vector of vectors) {
    const values = remainder(span, vector);
    const pivot = values.findIndex((value) => value !== 0);
    if (pivot === -1) continue;
    const inverse = power(values[pivot]!, PRIME - 2);
    for (let j = 0; j < values.length; j++) values[j] = (values[j]! * inverse) % PRIME;
    span.rows.push({ pivot, values });
  }
  return span;
}

/** What is left of a vector once everything that can be computed is taken away; all zero where it can be computed. */
export function remainder({ rows }: Span, vector: Float64Array): Float64Array {
  const left = Float64Array.from(vector);
  for (const { pivot, values } of rows) {
    const times = left[pivot]!;
    if (times === 0) continue;
    const minus = PRIME - times;
    for (let j = 0; j < left.length; j++) left[j] = (left[j]! + minus * values[j]!) % PRIME;
  }
  return left;
}

/** The sum of two remainders, for a union of two parts. */
export const together = (a: Float64Array, b: Float64Array): Float64Array =>
  a.map((value, j) => (value + b[j]!) % PRIME);

export const isZero = (vector: Float64Array): boolean => vector.every((value) => value === 0);

function power(base: number, exponent: number): number {
  let [result, square] = [1, base];
  for (let left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = multiply(result, square);
    square = multiply(square, square);
  }
  return result;
}

/**
 * Vectors over parts, made short: each part has random numbers, and a sum over parts has theirs summed up. What follows
 * from what is the same among them, as long as they are longer than there are sums (but for an accident in 10^7).
 * @param length how many numbers each has
 */
export function shortened(parts: number, length: number): (over: Iterable<number>) => Float64Array {
  let state = 20_170_411;
  // Park and Miller's minimal standard (Comm. ACM 36(7), 1993): the same numbers each time.
  const random = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state % PRIME;
  };
  const numbers = Array.from({ length: parts }, () => Int32Array.from({ length }, random));
  return (over) => {
    const sum = new Float64Array(length);
    for (const part of over) {
      const own = numbers[part]!;
      for (let j = 0; j < length; j++) sum[j]! += own[j]!;
    }
    return sum.map((value) => value % PRIME);
  };
}

const multiply = (a: number, b: number): number => (a * b) % PRIME;
