import { describe, expect, it } from 'vitest';
import { ApiError } from '../../src/api/errors.ts';
import type { ApiTable } from '../../src/api/model/api-table.ts';
import { compile } from '../../src/api/sql/compile.ts';
import { athenaDialect, POSTGRES, REDSHIFT } from '../../src/api/sql/dialect.ts';
import { likePattern, similarPattern } from '../../src/api/sql/patterns.ts';
import type { Field, Root } from '../../src/api/sql/selection.ts';
import { valueText } from '../../src/api/sql/values.ts';

const NAME = { name: 'name', field: 'name', type: 'varchar' } as const;
const POINTS = { name: 'points', field: 'points', type: 'decimal(5,2)' } as const;
const table = (name: string): ApiTable => ({
  table: name,
  name: name.replace('.', '_'),
  roots: {},
  columns: [NAME, POINTS],
  key: ['name'],
  relationships: [],
  aggregations: true,
});
const persons = table('sis.persons');
const grades = table('sis.grades');
const OVER = { name: 'grades', kind: 'array', to: 'sis.grades', on: [['name', 'name']] } as const;
const rows = (of: ApiTable, limit?: number) => ({
  table: of,
  where: { kind: 'compare', column: NAME, by: '_eq', value: 'O\'Hara"; DROP' } as const,
  order: [],
  distinctOn: [],
  offset: 0,
  ...(limit === undefined ? {} : { limit }),
});
const nested: Field = {
  kind: 'array',
  key: 'g',
  over: OVER,
  rows: rows(grades, 2),
  fields: [{ kind: 'column', key: 'p', column: POINTS }],
};
const root: Root = {
  kind: 'rows',
  rows: rows(persons),
  fields: [{ kind: 'column', key: 'n', column: NAME }, nested],
};

describe('A statement', () => {
  it('holds no value, in any dialect', () => {
    for (const dialect of [athenaDialect(), athenaDialect(true), POSTGRES]) {
      const { sql, values } = compile(root, dialect);
      expect(sql).not.toContain('Hara');
      expect(values.map(({ value }) => value)).toEqual(['O\'Hara"; DROP', 'O\'Hara"; DROP']);
    }
  });

  it('gives a list for each leaf of a list, and objects are made of them', () => {
    const { decode } = compile(root, athenaDialect());
    expect(
      decode([
        ['Ana', [1, 1], ['1.00', null]],
        ['Ben', null, null],
      ]),
    ).toEqual([
      { n: 'Ana', g: [{ p: '1.00' }, { p: null }] },
      { n: 'Ben', g: [] },
    ]);
  });

  it('is refused where the database makes no lists', () => {
    expect(() => compile(root, REDSHIFT)).toThrow(ApiError);
    expect(compile({ ...root, fields: [root.fields[0]!] }, REDSHIFT).sql).toContain('CAST(:p0 AS varchar)');
  });
});

describe('Patterns', () => {
  it('of LIKE are escaped as every engine reads it', () => {
    expect(likePattern(String.raw`a\bc\%d\\`)).toEqual({
      pattern: String.raw`abc\%d\\`,
      isEscaped: true,
    });
    expect(likePattern('a%')).toEqual({ pattern: 'a%', isEscaped: false });
    expect(() => likePattern('a\\')).toThrow(ApiError);
  });

  it('of SIMILAR TO are regular expressions', () => {
    expect(similarPattern('(A|b.)_%[a-z]')).toBe(String.raw`^(?:(A|b\.)..*[a-z])$`);
    expect(similarPattern(String.raw`\%^$`)).toBe(String.raw`^(?:%\^\$)$`);
  });
});

describe('Values', () => {
  it.each([
    [12, 'integer', '12'],
    ['9223372036854775807', 'bigint', '9223372036854775807'],
    [1.5, 'decimal(5,2)', '1.5'],
    [1e21, 'double', '1e+21'],
    ['2026-02-28', 'date', '2026-02-28'],
    ['2026-02-28T10:00:00.5Z', 'timestamp', '2026-02-28 10:00:00.500'],
    ['2026-02-28', 'timestamp', '2026-02-28 00:00:00.000'],
  ] as const)('%s as %s', (value, type, text) => {
    expect(valueText(value, type)).toBe(text);
  });

  it.each([
    [3e9, 'integer'],
    ['9223372036854775808', 'bigint'],
    ['1e3', 'decimal(5,2)'],
    ['2026-02-30', 'date'],
    ['2026-13-01', 'date'],
    [true, 'varchar'],
    ['\u0000', 'varchar'],
    [Number.NaN, 'double'],
    [{}, 'varchar'],
    [null, 'varchar'],
    // biome-ignore lint/correctness/noPrecisionLoss: JSON has rounded it
    [9007199254740993, 'bigint'],
    [1e20, 'decimal(38,2)'],
  ] as const)('%s is no %s', (value, type) => {
    expect(() => valueText(value, type)).toThrow(ApiError);
  });
});
