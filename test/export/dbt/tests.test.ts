import { describe, expect, it } from 'vitest';
import type { Check } from '../../../src/campus/check-schema.ts';
import { testsOf } from '../../../src/export/dbt/tests.ts';

function made(...checks: Check[]) {
  const named = checks.map((check, i) => ({
    name: `check ${i}`,
    check,
    severity: check.severity ?? ('fail' as const),
    isDefault: false,
  }));
  const { ofTable, ofColumns, left } = testsOf(named);
  return { table: ofTable, columns: Object.fromEntries(ofColumns), left };
}

describe("checks as dbt's tests", () => {
  it.each<[string, Check, object]>([
    [
      'one for each column that must be filled',
      { kind: 'not_null', columns: ['a', 'b'] },
      { table: [], columns: { a: ['not_null'], b: ['not_null'] } },
    ],
    ['a key of one column', { kind: 'unique', columns: ['a'] }, { table: [], columns: { a: ['unique'] } }],
    [
      'a key of several',
      { kind: 'unique', columns: ['a', 'order'] },
      { table: [{ unique_together: { arguments: { columns: ['"a"', '"order"'] } } }], columns: {} },
    ],
    [
      'accepted texts',
      { kind: 'accepted_values', column: 'a', values: ['x', 'y'] },
      { table: [], columns: { a: [{ accepted_values: { arguments: { values: ['x', 'y'] } } }] } },
    ],
    [
      'texts and numbers that quotes would spoil',
      { kind: 'accepted_values', column: 'a', values: ["it's", 2, true] },
      {
        table: [],
        columns: {
          a: [{ accepted_values: { arguments: { values: ["'it''s'", '2', 'true'], quote: false } } }],
        },
      },
    ],
    [
      'a range of dates with one end',
      { kind: 'range', column: 'a', max: '2030-01-01' },
      { table: [], columns: { a: [{ in_range: { arguments: { max: "DATE '2030-01-01'", days: true } } }] } },
    ],
    [
      'a range of numbers that only warns',
      { kind: 'range', column: 'a', min: 0, max: 1.5, severity: 'warn' },
      {
        table: [],
        columns: {
          a: [{ in_range: { arguments: { min: '0', max: '1.5' }, config: { severity: 'warn' } } }],
        },
      },
    ],
    [
      'a relationship with a model',
      { kind: 'relationships', column: 'a', to: 'campus.students', field: 'id' },
      {
        table: [],
        columns: { a: [{ relationships: { arguments: { to: "ref('students')", field: '"id"' } } }] },
      },
    ],
    [
      'a relationship with a source',
      { kind: 'relationships', column: 'a', to: 'canvas.users', field: 'id' },
      {
        table: [],
        columns: {
          a: [{ relationships: { arguments: { to: "source('canvas', 'users')", field: '"id"' } } }],
        },
      },
    ],
    [
      'a number of rows',
      { kind: 'row_count', min: 3 },
      { table: [{ at_least_rows: { arguments: { min: 3 } } }], columns: {} },
    ],
  ])('make %s', (_, check, expected) => {
    expect(made(check)).toEqual({ ...expected, left: [] });
  });

  it('leave to the lake what compares with the run before', () => {
    expect(made({ kind: 'row_count', maxDropPercent: 50 })).toEqual({
      table: [],
      columns: {},
      left: ['check 0'],
    });
    expect(made({ kind: 'row_count', min: 1, maxDropPercent: 50 })).toMatchObject({
      table: [{ at_least_rows: { arguments: { min: 1 } } }],
      left: ['check 0'],
    });
  });

  it('gather at their column', () => {
    const { columns } = made(
      { kind: 'not_null', columns: ['a'] },
      { kind: 'unique', columns: ['a'] },
      { kind: 'not_null', columns: ['b'] },
    );
    expect(columns).toEqual({ a: ['not_null', 'unique'], b: ['not_null'] });
  });
});
