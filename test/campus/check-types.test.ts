import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Check } from '../../src/campus/check-schema.ts';
import { type CheckedColumn, isDay, unfitness } from '../../src/campus/check-types.ts';

const COLUMNS: readonly CheckedColumn[] = [
  { name: 'word', type: 'varchar' },
  { name: 'count', type: 'integer' },
  { name: 'amount', type: 'decimal(9,2)' },
  { name: 'share', type: 'double' },
  { name: 'day', type: 'date' },
  { name: 'moment', type: 'timestamp' },
  { name: 'clock', type: 'time' },
  { name: 'truth', type: 'boolean' },
  { name: 'person', type: 'varchar', pseudonymNamespace: 'person' },
  { name: 'nothing', type: 'date', mask: 'empty' },
  { name: 'moved', type: 'date', mask: 'shift 9 by word' },
];
const OTHERS: readonly CheckedColumn[] = [
  { name: 'word', type: 'varchar' },
  { name: 'large', type: 'bigint' },
  { name: 'moment', type: 'timestamp' },
  { name: 'person', type: 'varchar', pseudonymNamespace: 'person' },
  { name: 'place', type: 'varchar', pseudonymNamespace: 'place' },
];

const unfit = (check: Check) =>
  unfitness(check, COLUMNS, (table) => (table === 'sis.others' ? OTHERS : undefined));
const accepted = (column: string, ...values: (string | number | boolean)[]) =>
  unfit({ kind: 'accepted_values', column, values });
const between = (column: string, min?: string | number, max?: string | number) =>
  unfit({ kind: 'range', column, min, max });
const related = (column: string, field: string, to = 'sis.others') =>
  unfit({ kind: 'relationships', column, to, field });

describe('A check fits a table', () => {
  it('where its columns are there, and are of a type that it compares', () => {
    for (const fits of [
      unfit({ kind: 'not_null', columns: ['word', 'clock'] }),
      unfit({ kind: 'unique', columns: ['person'] }),
      unfit({ kind: 'row_count', min: 1 }),
      unfit({ kind: 'freshness', column: 'day', maxAgeHours: 24 }),
      unfit({ kind: 'freshness', column: 'moment', maxAgeHours: 0.5 }),
      accepted('word', '01', 'a'),
      accepted('count', 1, -2),
      accepted('amount', 1.5),
      accepted('share', 0.1, 1),
      accepted('truth', true),
      accepted('day', '2024-02-29'),
      between('count', 0),
      between('share', undefined, 1.5),
      between('day', '2026-01-01', '2026-01-01'),
      between('moment', '2026-01-01'),
      related('word', 'word'),
      related('count', 'large'),
      related('day', 'moment'),
      related('person', 'person'),
      unfit({ kind: 'unique', columns: ['word', 'moved'] }),
      between('moved', '1900-01-01'),
    ])
      expect(fits).toBeUndefined();
  });

  it.each([
    [unfit({ kind: 'unique', columns: ['wor'] }), 'there is no column "wor"; did you mean "word"?'],
    [
      unfit({ kind: 'not_null', columns: ['word', 'nothing'] }),
      '"nothing" is stored empty, so there is nothing to check',
    ],
    [
      unfit({ kind: 'unique', columns: ['moved', 'nothing'] }),
      '"nothing" is stored empty, so there is nothing to check',
    ],
    [accepted('nothing', '2026-01-01'), '"nothing" is stored empty, so there is nothing to check'],
    [between('nothing', '2026-01-01'), '"nothing" is stored empty, so there is nothing to check'],
    [
      unfit({ kind: 'freshness', column: 'moved', maxAgeHours: 1 }),
      '"moved" is stored by the mask shift 9 by word, which changes its dates; expected a column that is kept',
    ],
    [
      unfit({ kind: 'freshness', column: 'word', maxAgeHours: 1 }),
      '"word" is varchar, expected a date or a timestamp',
    ],
    [
      accepted('word', 1),
      '"word" is varchar, found 1; expected texts, in quotes where they look like numbers',
    ],
    [accepted('count', '1'), '"count" is integer, found "1"; expected whole numbers without quotes'],
    [accepted('count', 1.5), '"count" is integer, found 1.5; expected whole numbers without quotes'],
    [accepted('truth', 'true'), '"truth" is boolean, found "true"; expected true or false'],
    [
      accepted('day', '2026-02-30'),
      '"day" is date, found "2026-02-30"; expected dates in quotes, such as "2026-01-31"',
    ],
    [
      accepted('moment', '2026-01-01'),
      '"moment" is timestamp, of which single values are not listed; expected a range',
    ],
    [accepted('person', 'x'), '"person" holds pseudonyms, of which no values are known'],
    [between('day', 5), '"day" is date, found 5; expected dates, such as 2026-01-31'],
    [between('word', 5), '"word" is varchar, found 5; expected a column of numbers, dates or timestamps'],
    [between('count', '2026-01-01'), '"count" is integer, found "2026-01-01"; expected numbers'],
    [between('day', '2026-02-30'), '"2026-02-30" is no day of the calendar'],
    [between('count', 60, 0), 'min 60 is above max 0, so every row would break it'],
    [related('word', 'word', 'sis.nowhere'), 'no table sis.nowhere is loaded'],
    [related('word', 'wor'), 'sis.others has no column "wor"; did you mean "word"?'],
    [
      related('word', 'large'),
      '"word" is varchar and sis.others.large is bigint; expected columns of one kind',
    ],
    [
      related('word', 'person'),
      '"word" holds values as they are and sis.others.person pseudonyms of kind person, so no value would be found',
    ],
    [
      related('person', 'place'),
      '"person" holds pseudonyms of kind person and sis.others.place pseudonyms of kind place, so no value would be found',
    ],
  ])('else it is told why not: %#', (reason, expected) => {
    expect(reason).toBe(expected);
  });

  it('by days that are in the calendar only', () => {
    const instant = fc.date({
      min: new Date('0001-01-01'),
      max: new Date('9999-12-31'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instant, (date) => {
        expect(isDay(date.toISOString().slice(0, 10))).toBe(true);
      }),
    );
    for (const none of ['2025-02-29', '2026-13-01', '2026-00-10', '2026-04-31', ''])
      expect(isDay(none)).toBe(false);
  });
});
