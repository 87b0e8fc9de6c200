/** A whole fraction, exact. */
type Fraction = readonly [top: bigint, bottom: bigint];

const ZERO: Fraction = [0n, 1n];
const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? (a < 0n ? -a : a) : gcd(b, a % b));
function fraction(top: bigint, bottom: bigint): Fraction {
  const by = gcd(top, bottom) * (bottom < 0n ? -1n : 1n);
  return [top / by, bottom / by];
}
const times = ([a, b]: Fraction, [c, d]: Fraction) => fraction(a * c, b * d);
const minus = ([a, b]: Fraction, [c, d]: Fraction) => fraction(a * d - c * b, b * d);

/** A published number: the sum over some of the atoms, none of which is negative. */
export interface Equation {
  readonly over: readonly boolean[];
  readonly sum: number;
}

/**
 * What a reader who wants to know a hidden number can do: solve the published sums for it, in exact fractions.
 * @returns the number where the sums determine it
 */
export function solvedFor(equations: readonly Equation[], over: readonly boolean[]): number | undefined {
  const rows = equations.map(({ over: own, sum }): Fraction[] => [
    ...own.map((is): Fraction => [is ? 1n : 0n, 1n]),
    [BigInt(sum), 1n],
  ]);
  const pivots = reduced(rows, over.length);
  let left = [...over.map((is): Fraction => [is ? 1n : 0n, 1n]), ZERO];
  for (const [column, row] of pivots) {
    const factor = left[column]!;
    if (factor[0] !== 0n) left = left.map((value, j) => minus(value, times(factor, row[j]!)));
  }
  if (left.slice(0, -1).some(([top]) => top !== 0n)) return undefined;
  const [top, bottom] = left.at(-1)!;
  return -Number(top) / Number(bottom);
}

/** Gauss and Jordan. @returns each pivot's column with its row, which is 0 in the columns of the others */
function reduced(rows: readonly Fraction[][], width: number): Map<number, Fraction[]> {
  const found = new Map<number, Fraction[]>();
  const left = [...rows];
  for (let column = 0; column < width; column++) {
    const at = left.findIndex((row) => row[column]![0] !== 0n);
    if (at === -1) continue;
    const [own] = left.splice(at, 1) as [Fraction[]];
    const [top, bottom] = own[column]!;
    const row = own.map((value) => times(value, [bottom, top]));
    const clear = (other: Fraction[]) =>
      other[column]![0] === 0n
        ? other
        : other.map((value, j) => minus(value, times(other[column]!, row[j]!)));
    left.forEach((other, i) => {
      left[i] = clear(other);
    });
    for (const [key, other] of found) found.set(key, clear(other));
    found.set(column, row);
  }
  return found;
}
