import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LakeType, SIMPLE_LAKE_TYPES } from '../../src/campus/lake-type.ts';
import { widen } from '../../src/staging/widen.ts';

const anyType = fc.oneof(
  fc.constantFrom<LakeType>(...SIMPLE_LAKE_TYPES),
  fc
    .tuple(fc.integer({ min: 1, max: 38 }), fc.nat({ max: 38 }))
    .map(([precision, scale]): LakeType => `decimal(${precision},${Math.min(precision, scale)})`),
);

describe('widen', () => {
  it('is the same from either side, changes nothing when repeated, and has varchar at its top', () => {
    fc.assert(
      fc.property(anyType, anyType, (a, b) => {
        const wide = widen(a, b);
        expect(widen(b, a)).toBe(wide);
        expect(widen(wide, a)).toBe(wide);
        expect(widen(wide, b)).toBe(wide);
        expect(widen(a, 'varchar')).toBe('varchar');
      }),
    );
  });

  it.each<[LakeType, LakeType, LakeType]>([
    ['integer', 'bigint', 'bigint'],
    ['integer', 'double', 'double'],
    ['real', 'double', 'double'],
    ['integer', 'decimal(5,2)', 'decimal(12,2)'],
    ['decimal(5,2)', 'decimal(6,4)', 'decimal(7,4)'],
    ['decimal(38,0)', 'decimal(5,2)', 'varchar'],
    ['bigint', 'double', 'varchar'],
    ['date', 'timestamp', 'timestamp'],
    ['boolean', 'integer', 'varchar'],
  ])('%s and %s become %s', (a, b, wide) => {
    expect(widen(a, b)).toBe(wide);
  });
});
