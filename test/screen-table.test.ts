import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { screenTable } from '../src/screen-table.ts';

const widest = (text: string) =>
  Math.max(...text.split('\n').map((line) => stripVTControlCharacters(line).length));
const table = {
  head: ['column', 'type', 'what'],
  rows: [
    ['student_id', 'varchar', "the registrar's number of the student, as it is on every list"],
    ['\u001b[2mbirth_date\u001b[22m', 'date', ''],
  ],
};

describe('A table on a screen', () => {
  it('is as wide as it is where nobody is limited, and where there is room', () => {
    const whole = screenTable(table, Number.POSITIVE_INFINITY);
    expect(whole).toContain('the student, as it is on every list');
    expect(screenTable(table, widest(whole))).toBe(whole);
  });

  it.each([40, 60, 80])('wraps its longest column at %s columns and loses no word', (screen) => {
    const text = screenTable(table, screen);
    expect(widest(text)).toBeLessThanOrEqual(screen);
    expect(text.split('\n')[0]).toMatch(/^┌/);
    for (const word of ["registrar's", 'number', 'list', 'student_id', 'birth_date'])
      expect(text).toContain(word);
  });

  it('is a paragraph for each row where the words do not fit beside each other', () => {
    const text = screenTable(table, 20);
    expect(text).not.toContain('│');
    expect(stripVTControlCharacters(text)).toBe(
      "column: student_id\n  type: varchar\n  what: the registrar's number of the student, as it is on every list\n\ncolumn: birth_date\n  type: date",
    );
  });

  it('never is wider than the screen while it is a table, and holds every word', () => {
    const word = fc.stringMatching(/^[a-z]{1,12}$/);
    const cell = fc.array(word, { maxLength: 8 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }).chain((n) =>
          fc.record({
            head: fc.array(word, { minLength: n, maxLength: n }),
            rows: fc.array(fc.array(cell, { minLength: n, maxLength: n }), { minLength: 1, maxLength: 4 }),
          }),
        ),
        fc.integer({ min: 10, max: 120 }),
        (given, screen) => {
          const text = screenTable(given, screen);
          if (text.includes('┌')) expect(widest(text)).toBeLessThanOrEqual(screen);
          for (const one of given.rows.flat().flatMap((words) => words.split(' ')))
            expect(text).toContain(one);
        },
      ),
    );
  });
});
