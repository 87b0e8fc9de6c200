import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern, exactly, isExact } from '../../../src/sis/mapping/pattern.ts';

const matches = (pattern: string, name: string) => compilePattern(pattern).matches(name);

describe('A name pattern', () => {
  it.each([
    ['%', '', true],
    ['%', 'anything at all', true],
    ['student', 'student', true],
    ['student', 'STUDENT', false],
    ['student%', 'student_term', true],
    ['%term', 'student_term', true],
    ['student_term', 'studentXterm', true],
    ['student_term', 'studentterm', false],
    ['student[_]term', 'student_term', true],
    ['student[_]term', 'studentXterm', false],
    ['t[ab]', 'tb', true],
    ['t[ab]', 'tc', false],
    ['t[a-d]', 'tc', true],
    ['t[a-d]', 't-', false],
    ['a.b*(c)', 'a.b*(c)', true],
    ['a.b', 'axb', false],
    ['_', '🎓', true],
    ['[%]', '%', true],
    ['[%]', 'x', false],
    ['%\n%', 'a\nb', true],
  ])('%s on %s: %s', (pattern, name, expected) => {
    expect(matches(pattern, name)).toBe(expected);
  });

  it('refuses a bracket that is empty or open', () => {
    for (const pattern of ['a[', 'a[b', 'a[]']) expect(() => compilePattern(pattern)).toThrow(/bracket/);
  });

  it('knows the one name that it stands for', () => {
    expect(compilePattern('student[_]term').literal).toBe('student_term');
    expect(compilePattern('student_term').literal).toBeUndefined();
  });

  it('is exact without % and sets', () => {
    expect(['a', 'a_b', 'a[_]b', 'a%', 'a[bc]'].filter(isExact)).toEqual(['a', 'a_b', 'a[_]b']);
  });

  it('made from any name fits that name and no other', () => {
    const name = fc.string({ unit: fc.constantFrom(...'ab_%[]-^\\.🎓'), minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(name, name, (one, other) => {
        expect(matches(exactly(one), one)).toBe(true);
        expect(matches(exactly(one), other)).toBe(one === other);
      }),
    );
  });
});
