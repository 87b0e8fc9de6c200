import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdsType, joinTypes, type LakeType, SIMPLE_LAKE_TYPES } from '../../src/campus/lake-type.ts';

const anyType = fc.oneof(
  fc.constantFrom<LakeType>(...SIMPLE_LAKE_TYPES),
  fc
    .tuple(fc.integer({ min: 1, max: 38 }), fc.nat({ max: 38 }))
    .map(([precision, scale]): LakeType => `decimal(${precision},${Math.min(precision, scale)})`),
);

/** A number as an exact fraction: `digits / 10^scale`, or a binary floating-point number. */
type Value = { readonly digits: bigint; readonly scale: number } | { readonly float: number };

const TEN = 10n;
const limit = (bits: bigint) => 2n ** bits;

/** Whether a numeric type holds a value exactly, said without the code under test. */
function holdsValue(type: LakeType, value: Value): boolean {
  if (type === 'varchar') return true;
  if ('float' in value) {
    if (type === 'double') return true;
    return type === 'real' && Math.fround(value.float) === value.float;
  }
  const { digits, scale } = value;
  if (type === 'integer' || type === 'bigint') {
    const bits = type === 'integer' ? 31n : 63n;
    return scale === 0 && digits >= -limit(bits) && digits < limit(bits);
  }
  if (type === 'double' || type === 'real') {
    if (scale !== 0) return false;
    const float = type === 'real' ? Math.fround(Number(digits)) : Number(digits);
    return BigInt(float) === digits;
  }
  const [precision, own] = type.match(/\d+/g)!.map(Number) as [number, number];
  if (own < scale) return false;
  const scaled = digits * TEN ** BigInt(own - scale);
  return scaled > -(TEN ** BigInt(precision)) && scaled < TEN ** BigInt(precision);
}

/** The values at the edges of a numeric type, where a join that is too narrow loses something. */
function edgesOf(type: LakeType): Value[] {
  if (type === 'integer' || type === 'bigint') {
    const bits = type === 'integer' ? 31n : 63n;
    return [limit(bits) - 1n, -limit(bits), 1n].map((digits) => ({ digits, scale: 0 }));
  }
  if (type === 'real') return [0.1, 1e38, 1e-38].map((float) => ({ float: Math.fround(float) }));
  if (type === 'double') return [0.1, 1e308, 5e-324].map((float) => ({ float }));
  const [precision, scale] = type.match(/\d+/g)!.map(Number) as [number, number];
  return [TEN ** BigInt(precision) - 1n, 1n].map((digits) => ({ digits, scale }));
}

const isNumeric = (type: LakeType) => /^(integer|bigint|real|double|decimal)/.test(type);

describe('joinTypes', () => {
  it('is a join: commutative, associative, idempotent, an upper bound of both, and varchar is its top', () => {
    fc.assert(
      fc.property(anyType, anyType, anyType, (a, b, c) => {
        const join = joinTypes(a, b);
        expect(joinTypes(b, a)).toBe(join);
        expect(joinTypes(join, c)).toBe(joinTypes(a, joinTypes(b, c)));
        expect(joinTypes(a, a)).toBe(a);
        expect(holdsType(join, a) && holdsType(join, b)).toBe(true);
        expect(joinTypes(a, 'varchar')).toBe('varchar');
      }),
      { numRuns: 500 },
    );
  });

  it('holds every number of both types, to the last digit', () => {
    fc.assert(
      fc.property(anyType.filter(isNumeric), anyType.filter(isNumeric), (a, b) => {
        const join = joinTypes(a, b);
        const lost = [...edgesOf(a), ...edgesOf(b)].filter((value) => !holdsValue(join, value));
        expect(lost).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it.each<[LakeType, LakeType, LakeType]>([
    ['integer', 'bigint', 'bigint'],
    ['integer', 'real', 'double'],
    ['integer', 'double', 'double'],
    ['real', 'double', 'double'],
    ['real', 'bigint', 'varchar'],
    ['integer', 'decimal(5,2)', 'decimal(12,2)'],
    ['decimal(5,2)', 'decimal(6,4)', 'decimal(7,4)'],
    ['decimal(38,0)', 'decimal(5,2)', 'varchar'],
    ['bigint', 'double', 'varchar'],
    ['date', 'timestamp', 'timestamp'],
    ['boolean', 'integer', 'varchar'],
  ])('%s and %s become %s', (a, b, join) => {
    expect(joinTypes(a, b)).toBe(join);
  });
});

describe('holdsType', () => {
  it.each<[LakeType, LakeType, boolean]>([
    ['bigint', 'integer', true],
    ['integer', 'bigint', false],
    ['decimal(18,0)', 'integer', true],
    ['decimal(5,2)', 'decimal(38,10)', false],
    ['double', 'bigint', false],
    ['timestamp', 'date', true],
    ['varchar', 'boolean', true],
    ['integer', 'integer', true],
  ])('%s holds %s: %s', (wide, narrow, holds) => {
    expect(holdsType(wide, narrow)).toBe(holds);
  });
});
