import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Condition, withoutNot } from '../../src/access/condition.ts';
import { parseCondition, readCondition } from '../../src/access/parse-condition.ts';
import { conditionSql } from '../../src/access/portable-sql.ts';

describe('A condition', () => {
  it('is read with `not` closest, then `and`, then `or`', () => {
    expect(parseCondition('a = 1 or NOT b in mine and c is not null')).toEqual({
      kind: 'or',
      of: [
        { kind: 'compare', column: 'a', by: '=', to: { kind: 'number', value: '1' } },
        {
          kind: 'and',
          of: [
            { kind: 'not', of: { kind: 'lookup', column: 'b', lookup: 'mine', not: false } },
            { kind: 'null', column: 'c', not: true },
          ],
        },
      ],
    });
  });

  it('compares with numbers, texts, true, false and what is known of the session', () => {
    expect(parseCondition("n not in (-1.50, 'it''s', TRUE, session.person)")).toEqual({
      kind: 'in',
      column: 'n',
      not: true,
      values: [
        { kind: 'number', value: '-1.50' },
        { kind: 'text', value: "it's" },
        { kind: 'boolean', value: true },
        { kind: 'attribute', name: 'person' },
      ],
    });
  });

  it.each([
    ['', 'found the end, expected a column of the table'],
    ['a', 'found the end after a, expected = <> <= >= < >, in or is'],
    ['a =', "found the end, expected a number, a 'text', true, false or session.attribute"],
    ['a = b', 'found "b", expected a number, a \'text\', true, false or session.attribute'],
    ['a = null', 'found "null", expected a number'],
    ['a is 3', 'found "3", expected "null" or "not null"'],
    ['a not 3', 'found "3", expected "in"'],
    ['a in (1', 'found the end, expected "," or ")"'],
    ['a in session.x', 'expected a lookup or a list in parentheses'],
    ['(a = 1', 'found the end, expected ")"'],
    ['a = 1 b = 2', 'found "b", expected "and", "or" or the end'],
    ['t.a = 1', 'found "t.a", expected a column of the table'],
    ["a = 'x", 'cannot read on at'],
    ['a = 1; DROP', 'cannot read on at "; DROP"'],
    ['a = "b"', 'cannot read on at'],
    ['a = 1 -- all', 'cannot read on at'],
    [`${'('.repeat(30)}a = 1${')'.repeat(30)}`, 'nested more than 20 deep'],
  ])('that is none says what was found: %s', (text, message) => {
    expect(readCondition(text)).toEqual({ problem: expect.stringContaining(message) });
  });

  it('repeats no text of a rule in a message', () => {
    expect(readCondition("a = 1 'S1000042'")).toEqual({
      problem: 'found a text, expected "and", "or" or the end',
    });
  });
});

type Truth = boolean | undefined;

const leaf = fc.oneof(
  fc.record({
    kind: fc.constant('compare' as const),
    column: fc.constantFrom('a', 'b'),
    by: fc.constantFrom('=', '<>', '<', '<=', '>', '>=') as fc.Arbitrary<'='>,
    to: fc.record({ kind: fc.constant('number' as const), value: fc.constantFrom('0', '1', '2') }),
  }),
  fc.record({
    kind: fc.constant('in' as const),
    column: fc.constantFrom('a', 'b'),
    values: fc.constant([{ kind: 'number' as const, value: '1' }]),
    not: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('lookup' as const),
    column: fc.constantFrom('a', 'b'),
    lookup: fc.constantFrom('none', 'one'),
    not: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('null' as const), column: fc.constantFrom('a', 'b'), not: fc.boolean() }),
);
const condition: fc.Arbitrary<Condition> = fc.letrec<{ any: Condition }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    leaf as fc.Arbitrary<Condition>,
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      of: fc.array(tie('any'), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant('not' as const), of: tie('any') }),
  ),
})).any;

type Row = { readonly a: number | null; readonly b: number | null };

/** What a condition means: of an empty value nothing is true but `is null`, negated or not. */
function truth(of: Condition, row: Row): Truth {
  switch (of.kind) {
    case 'not': {
      const inner = truth(of.of, row);
      return inner === undefined ? undefined : !inner;
    }
    case 'and':
    case 'or': {
      const decides = of.kind === 'or';
      const parts = of.of.map((part) => truth(part, row));
      if (parts.includes(decides)) return decides;
      return parts.includes(undefined) ? undefined : !decides;
    }
    case 'null':
      return (row[of.column as 'a'] === null) !== of.not;
    default: {
      const value = row[of.column as 'a'];
      if (value === null) return undefined;
      if (of.kind === 'lookup') return (of.lookup === 'one' && value === 1) !== of.not;
      if (of.kind === 'in') return (value === 1) !== of.not;
      const to = Number((of.to as { value: string }).value);
      return {
        '=': value === to,
        '<>': value !== to,
        '<': value < to,
        '<=': value <= to,
        '>': value > to,
        '>=': value >= to,
      }[of.by];
    }
  }
}

it('without `not` a condition shows the same rows: never one of which it knows nothing', () => {
  const value = fc.constantFrom(null, 0, 1, 2);
  fc.assert(
    fc.property(condition, value, value, (of, a, b) => {
      expect(truth(withoutNot(of), { a, b }) === true).toBe(truth(of, { a, b }) === true);
    }),
  );
});

it('an empty lookup shows no row with an empty value, negated as often as may be', () => {
  const terms = {
    column: (name: string) => name,
    typeOf: () => 'bigint' as const,
    literal: () => '1',
    attribute: () => '1',
    comparedWith: () => 'SELECT 1 WHERE false',
  };
  expect(conditionSql(parseCondition('not (not (a not in none))'), terms)).toBe(
    'a IS NOT NULL AND NOT (a IN (SELECT 1 WHERE false))',
  );
  expect(conditionSql(parseCondition('not a not in none'), terms)).toBe('a IN (SELECT 1 WHERE false)');
});
