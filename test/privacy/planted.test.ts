import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asBytes, isAllowed, parsePlanted, plantedMatcher } from '../../src/privacy/planted.ts';

const find = (values: string[], text: string) => [...plantedMatcher(values).find(asBytes(text))].sort();

describe('Planted values', () => {
  it('are found wherever they stand, in any case, as JSON and addresses write them, and without separators', () => {
    const values = ['000-12-3456', 'Zoë "Zed" Ønske', 'zed@example.test'];
    expect(find(values, 'x000-12-3456')).toEqual([0]);
    expect(find(values, 'paid with 000123456.')).toEqual([0]);
    expect(find(values, '{"n":"zoë \\"ZED\\" ønske"}'.replace('ø', 'Ø'))).toEqual([1]);
    expect(find(values, 'n=Zo\\u00eb "Zed" \\u00d8nske')).toEqual([1]);
    expect(find(values, '?to=zed%40example.test&x=ZED@example.test')).toEqual([2]);
    expect(find(values, '000-12-345 zed@example.tes')).toEqual([]);
  });

  it.each([
    ['Schröder', 'FRAU SCHRÖDER'],
    ['SCHRÖDER', 'frau schröder'],
    ['Schröder', 'Schro\u0308der'],
    ['Schro\u0308der', 'SCHRÖDER'],
    ['Ñandú', '{"n":"\\u00f1and\\u00fa"}'],
    ['Łukasz', '%C5%81UKASZ'],
    ['Дарья', 'ДАРЬЯ'],
  ])('%j is found in %j: letters have cases and accents in every script', (value, text) => {
    expect(find([value], text)).toEqual([0]);
  });

  it('are some: a scan for nothing would find nothing', () => {
    for (const text of ['', '\n \n', '# only a remark\n', '[]', '\ufeff[]'])
      expect(() => parsePlanted(text)).toThrow('there is no value');
    expect(parsePlanted('\ufeff["abcd"]')).toEqual([{ value: 'abcd' }]);
  });

  it('are found in any text around them, and in none without them', () => {
    const word = fc.stringMatching(/^[a-z0-9@-]{4,12}$/);
    fc.assert(
      fc.property(
        fc.uniqueArray(word, { minLength: 1, maxLength: 20 }),
        fc.string(),
        fc.string(),
        (values, a, b) => {
          const text = `${a}${values[0]}${b}`.toLowerCase();
          const expected = values.flatMap((value, i) => (text.includes(value) ? [i] : []));
          const found = find(values, text);
          return expected.every((i) => found.includes(i)) && !find(['qqqqqqqq'], 'a'.repeat(50)).length;
        },
      ),
    );
  });

  it('are read from lines or from JSON, with places where they may be', () => {
    expect(parsePlanted('# ours\n000-12-3456\n\n  Jane Q \n')).toEqual([
      { value: '000-12-3456' },
      { value: 'Jane Q' },
    ]);
    expect(parsePlanted('["abcd", {"value": "efgh", "allowed": ["raw"]}]')).toEqual([
      { value: 'abcd' },
      { value: 'efgh', allowed: ['raw'] },
    ]);
    expect(() => parsePlanted('abc')).toThrow(TypeError);
    expect(() => parsePlanted('[{"val": "x"}]')).toThrow(TypeError);
  });

  it.each([
    ['raw/sis/a.parquet#ssn', ['raw'], true],
    ['rawer/a.parquet', ['raw'], false],
    ['staged/sis.people/v1.parquet#name', ['staged/sis.people/*#name'], true],
    ['staged/sis.people/v1.parquet#ssn', ['staged/sis.people/*#name'], false],
    ['staged/sis.people/v1.parquet', ['staged/sis.people/*#name'], false],
  ] as const)('%s is allowed by %j: %s', (place, patterns, expected) => {
    expect(isAllowed(place, patterns)).toBe(expected);
  });
});
