import fc from 'fast-check';
import { expect, test } from 'vitest';
import { instantText, jsonText } from '../../../src/simulators/canvas/formats/scalars.ts';

test('instants are written as ISO 8601, on any day before and after 1970', () => {
  const years = { min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59.999Z') };
  const days = fc.date({ ...years, noInvalidDate: true });
  fc.assert(
    fc.property(days, (date) => {
      expect(instantText(date.getTime())).toBe(date.toISOString());
    }),
  );
});

test('JSON text reads back as what it was, without its nulls', () => {
  const values = fc.dictionary(
    fc.string(),
    fc.oneof(
      fc.string({ unit: fc.integer({ min: 0, max: 0x2fff }).map((point) => String.fromCodePoint(point)) }),
      fc.boolean(),
      fc.integer(),
    ),
  );
  fc.assert(
    fc.property(values, (value) => {
      expect(JSON.parse(jsonText(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
  expect(jsonText({ a: null, b: [null, 21070000000000001n] })).toBe('{"b":[null,21070000000000001]}');
});
