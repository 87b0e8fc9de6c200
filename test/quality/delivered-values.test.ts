import { expect, it } from 'vitest';
import { deliveredValues } from '../../src/quality/delivered-values.ts';

it('tells of values that were set aside or replaced, by column, and holds nothing back', () => {
  const results = deliveredValues({ setAside: { score: 1200, seen_at: 1 }, replaced: { name: 1 } });

  expect(results.map(({ name, status, failing, found }) => [name, status, failing, found])).toEqual([
    [
      'values_set_aside',
      'warned',
      1201,
      '1,201 delivered values left empty, not of the type of the column: score (1,200), seen_at (1)',
    ],
    [
      'text_replaced',
      'warned',
      1,
      '1 delivered value with text that is no Unicode, in whose place U+FFFD stands: name (1)',
    ],
  ]);
  expect(deliveredValues({ setAside: {}, replaced: {} })).toEqual([]);
});
