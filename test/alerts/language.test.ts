import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readTags, readValues } from '../../src/alerts/check/shorthand.ts';
import { fillLegend, labelOf } from '../../src/alerts/evaluate/series.ts';
import { AlertProgramError } from '../../src/alerts/language/errors.ts';
import { escapeText, formatProgram } from '../../src/alerts/language/format.ts';
import { execute, parseExpression } from '../../src/alerts/language/interpreter.ts';
import { javaDouble, parseDouble, parseDuration, parseInteger } from '../../src/alerts/language/numbers.ts';
import { matches } from '../../src/alerts/language/query.ts';
import { tokenize } from '../../src/alerts/language/tokens.ts';
import { seriesOver, shown } from './steps.ts';

interface Programs {
  readonly input: Readonly<Record<string, string>>;
  readonly programs: readonly {
    readonly program: string;
    readonly gives: Readonly<Record<string, string>>;
  }[];
}

const { input, programs } = parse(
  readFileSync(join(import.meta.dirname, 'programs.yaml'), 'utf8'),
) as Programs;
const written = Object.entries(input).map(([series, values]) => ({
  tags: readTags(series),
  values: readValues(values),
}));
const STEPS = 6;

const seriesOf = (program: string, slice?: number) => {
  const found = seriesOver(parseExpression(program).expr, written, STEPS, slice);
  return Object.fromEntries([...found].map(([series, values]) => [series, shown(values)]));
};

describe('The language of alerts', () => {
  it('has programs to be judged by', () => {
    expect(programs.length).toBeGreaterThan(180);
  });

  it.each(programs.map(({ program, gives }) => [program, gives] as const))('%s', (program, gives) => {
    expect(seriesOf(program)).toEqual(gives);
    for (const slice of [1, 5]) expect(seriesOf(program, slice)).toEqual(gives);
  });

  it('writes every expression so that it is read again as the same', () => {
    for (const { program } of programs) {
      const { expr } = parseExpression(program);
      const text = formatProgram(expr);
      expect(formatProgram(parseExpression(text).expr)).toBe(text);
      expect(Object.fromEntries([...seriesOver(parseExpression(text).expr, written, STEPS)])).toEqual(
        Object.fromEntries([...seriesOver(expr, written, STEPS)]),
      );
    }
  });

  it.each([
    ['name,sub,:eqq', 1, 10, 'there is no word ":eqq"; did you mean ":eq"?'],
    ['name,sub,:eq,\n  :summ', 2, 3, 'there is no word ":summ"; did you mean ":sum"?'],
    ['name,:eq', 1, 6, ':eq takes a text, a text, and found a text'],
    ['name,sub,:eq,0,:rolling-sum', 1, 16, ':rolling-sum takes 1 to 86,400 points, and 0 are asked for'],
    [
      'name,sub,:eq,x,:rolling-sum',
      1,
      16,
      ':rolling-sum takes a series, a whole number, and found a query, a text',
    ],
    ['name,sub,:eq,1w,:offset', 1, 17, ':offset is not supported for streaming evaluation'],
    ['(,name,sub', 1, 1, 'this "(" is never closed'],
    ['name,),:has', 1, 6, 'this ")" closes a list that has not begun'],
    ['name,/* why', 1, 6, 'this comment has no end ("*/")'],
    ['name,*/', 1, 6, '"*/" ends a comment that has not begun'],
    ['name,(,:re', 1, 6, 'this "(" is never closed'],
    ['name,[,:re', 1, 8, ':re cannot read the pattern "["'],
    ['x,:get', 1, 3, ':get finds no value of the name "x"'],
    ['', 1, 1, 'there is no expression'],
    ['1,2', 1, 1, '2 items are left (a number, a number), and there has to be one expression'],
    ['abc', 1, 1, 'a text is left, and no expression'],
    [':drop', 1, 1, ':drop takes anything, and found nothing'],
    [
      'name,a,:eq,(,x,),:by,name,b,:eq,(,y,),:by,:add',
      1,
      43,
      ":add joins series by the same tags, or by some of the other side's: one side is by x, the other by y",
    ],
    ['name,a,:eq,(,x,),:by,(,y,),:by', 1, 28, ':by groups what is by x, which has no y'],
    ['(,f,:fcall,),f,:sset,f,:fcall', 1, 5, ':fcall runs lists in lists without an end'],
    ['%d,(,a,),:format', 1, 10, ':format has no number for %d in the pattern'],
  ])('says where %j is wrong', (program, line, column, problem) => {
    const error = caught(() => parseExpression(program));
    expect(error).toBeInstanceOf(AlertProgramError);
    expect(error).toMatchObject({ problem, line, column, exitCode: 2 });
  });

  it('keeps a program that grows without end within its limits', () => {
    const program = `1,${'(,:dup,),:each,'.repeat(0)}${':dup,'.repeat(2000)}`;
    expect(() => execute(program)).toThrow(/more than 1024 items/);
  });

  it('reads a tag that JavaScript has another use for', () => {
    const { expr } = parseExpression('constructor,__proto__,:eq,(,toString,),:by');
    const tags = readTags('{constructor="__proto__",toString="1"}');
    expect([...seriesOver(expr, [{ tags, values: [1] }], 1)]).toEqual([
      ['{constructor="__proto__",toString="1"}', [1]],
    ]);
  });

  it('escapes what would be another word', () => {
    for (const text of [':sum', 'a,b', ' Größe ', '(', ')', 'a/*b', 'O\'Brien "x"', 'C:\\x'])
      expect(execute(`${escapeText(text)}`)).toMatchObject([{ text }]);
  });

  it('splits at commas, and takes comments out of the middle of a word', () => {
    expect(tokenize(' a , ,:d/*x*/up,b c ').map(({ text }) => text)).toEqual(['a', ':dup', 'b c']);
  });

  it('reads numbers and lengths of time as Java does', () => {
    expect(['1', '1.', '.5', '1e3', '2d', '-Infinity', 'NaN', '0x1', '', 'x'].map(parseDouble)).toEqual([
      1,
      1,
      0.5,
      1000,
      2,
      Number.NEGATIVE_INFINITY,
      Number.NaN,
      undefined,
      undefined,
      undefined,
    ]);
    expect(['5', '-3', '2147483648', '1.0'].map(parseInteger)).toEqual([5, -3, undefined, undefined]);
    expect(['5m', 'PT5M', 'P1DT1H', 'PT', '5', '1w'].map(parseDuration)).toEqual([
      300_000,
      300_000,
      90_000_000,
      undefined,
      undefined,
      604_800_000,
    ]);
    expect([1, -0, 1e7, 1.5e-4, 0.25].map(javaDouble)).toEqual(['1.0', '-0.0', '1.0E7', '1.5E-4', '0.25']);
  });

  it('labels series by their tags', () => {
    const tags = readTags('x{b="2",a="1"}');
    expect(labelOf(tags)).toBe('a=1, b=2, name=x');
    expect(fillLegend('$(a)/$b/$nothing', tags)).toBe('1/2/nothing');
  });

  it('takes a pattern with an alternative as it is written: only its first part is anchored', () => {
    const [query] = execute('name,a|b,:re');
    expect(matches(query as never, readTags('xb'))).toBe(true);
  });
});

function caught(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}
