import { expect, it } from 'vitest';
import { answerInWidth } from '../../bin/demo/answer.ts';
import { cut } from '../../bin/terminal.ts';
import { highlight } from '../../src/first-semester/highlight.ts';
import { widthOf } from '../../src/screen-table.ts';
import { wholeNumber } from '../../src/whole-number.ts';

const ROW = [
  'S1001946',
  'Νίκος Dvořák',
  '95',
  'has handed in nothing of 3 pieces due; no activity in Canvas for 31 days',
];

it.each([80, 100, 114])('the answer fits a screen of %i columns', (width) => {
  const lines = answerInWidth(highlight, [ROW], width).split('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
  expect(lines[1]).toContain('concern');
});

it('is a paragraph each where a table has no room', () => {
  expect(answerInWidth(highlight, [ROW], 40)).toBe(`S1001946 Νίκος Dvořák, concern 95\n  ${ROW[3]}`);
});

it('takes the width of a terminal, and none of a pipe', () => {
  expect(widthOf({ isTTY: true, columns: 72 })).toBe(72);
  expect(widthOf({ isTTY: true })).toBe(80);
  expect(widthOf({})).toBe(Number.POSITIVE_INFINITY);
  expect([cut('abcdef', 4), cut('abcd', 4)]).toEqual(['abc…', 'abcd']);
});

it('takes whole numbers within limits as options, and nothing else', () => {
  expect(wholeNumber('--days', ' 7 ', { max: 400 })).toBe(7);
  for (const text of ['abc', '', '1.5', '-1', '1e3', '401', '0x1'])
    expect(() => wholeNumber('--days', text, { max: 400 })).toThrow(
      `--days takes a whole number from 0 to 400, not "${text}".`,
    );
  expect(() => wholeNumber('--week', '0', { min: 1 })).toThrow(
    '--week takes a whole number from 1, not "0".',
  );
});
