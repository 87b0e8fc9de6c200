import type { LakeType } from '../../campus/lake-type.ts';
import type { Cell, ResultColumn } from '../../ports/query-engine.ts';

/**
 * How cells of a column are shown, as Athena shows them: a real by the fewest digits that tell it from its neighbours
 * of 32 bits, a time to the millisecond, bytes as pairs of hexadecimal digits. Others stay as they are.
 */
export function shownCell({ type }: ResultColumn): (cell: Cell) => Cell {
  const show = Object.hasOwn(SHOWN, type) ? SHOWN[type as LakeType] : undefined;
  return show ?? ((cell) => cell);
}

const SHOWN: { readonly [type in LakeType]?: (cell: Cell) => Cell } = {
  real: (cell) => (typeof cell === 'number' ? shortestReal(cell) : cell),
  time: (cell) => (typeof cell === 'string' ? inMilliseconds(cell) : cell),
  varbinary: (cell) => (typeof cell === 'string' ? cell.replaceAll(/..(?=.)/g, '$& ') : cell),
};

/** Digits that tell any number of 32 bits from all others: https://en.wikipedia.org/wiki/IEEE_754#Character_representation */
const MOST_DIGITS = 9;

function shortestReal(value: number): number {
  for (let digits = 1; digits < MOST_DIGITS; digits++) {
    const short = Number(value.toPrecision(digits));
    // A negative zero has no digits to tell it by.
    if (Object.is(Math.fround(short), value)) return short;
  }
  return value;
}

function inMilliseconds(time: string): string {
  const [whole, fraction = ''] = time.split('.');
  return `${whole}.${fraction.padEnd(3, '0')}`;
}

/**
 * A value as JSON that a reader cannot round: whole numbers of 64 bits are text, and so are NaN, Infinity and
 * -Infinity, for which JSON has no numbers.
 */
export const toJson = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) => {
    const isText = typeof inner === 'bigint' || (typeof inner === 'number' && !Number.isFinite(inner));
    return isText ? String(inner) : inner;
  });
