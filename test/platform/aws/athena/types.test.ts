import { expect, it } from 'vitest';
import { keptType, lakeTypeOf, resultTypeOf } from '../../../../src/platform/aws/athena/types.ts';

it('narrow whole numbers keep their type in an answer, and are integers in tables and files', () => {
  for (const Type of ['tinyint', 'smallint'] as const) {
    expect(resultTypeOf({ Type })).toBe(Type);
    expect(lakeTypeOf({ Type })).toBe('integer');
    expect(keptType(Type)).toBe('integer');
  }
  expect(resultTypeOf({ Type: 'decimal', Precision: 5, Scale: 2 })).toBe('decimal(5,2)');
  expect(resultTypeOf({ Type: 'array' })).toBe('varchar');
});
