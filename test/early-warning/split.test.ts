import { describe, expect, it } from 'vitest';
import type { Example } from '../../src/early-warning/examples.ts';
import { chooseSplit, foldsOf } from '../../src/early-warning/split.ts';
import type { PastTerm } from '../../src/early-warning/terms.ts';

const term = (code: string, firstDay: string, lastDay: string): PastTerm => ({
  code,
  firstDay,
  lastDay,
  graded: 100,
  cutoffs: [],
});
const SPRING = term('25SP', '2025-01-13', '2025-05-09');
const SUMMER = term('25SU', '2025-05-05', '2025-08-01');
const FALL = term('25FA', '2025-08-25', '2025-12-12');

const example = (user: string, code: string, knownOn: string): Example => ({
  user,
  student: user,
  course: 'MAT',
  term: code,
  evidence: 'scored',
  callPlace: 1,
  measures: [],
  watched: [],
  lastScore: null,
  unsuccessful: false,
  knownOn,
});

describe('How a model is evaluated', () => {
  it('is by terms that were over before the newest began', () => {
    const split = chooseSplit([SPRING, SUMMER, FALL]);
    expect(split).toEqual({ kind: 'later term', train: [SPRING, SUMMER], test: FALL });
  });

  it('takes no term that overlaps with the one to judge on', () => {
    expect(chooseSplit([SPRING, SUMMER], { test: '25SU' })).toEqual({
      kind: 'within one term',
      term: SUMMER,
    });
  });

  it('learns from no outcome that came out after the term had begun', () => {
    const split = chooseSplit([SPRING, FALL]);
    const known = example('a', '25SP', '2025-05-12');
    const late = example('b', '25SP', '2025-09-01');
    const own = example('c', '25FA', '2025-12-15');
    expect(foldsOf(split, [known, late, own])).toEqual([{ fit: [known], judge: [own] }]);
  });

  it('within one term judges every student once, by a model that has seen none of their courses', () => {
    const split = chooseSplit([SPRING]);
    const examples = Array.from({ length: 300 }, (_, i) => example(`u${i % 120}`, '25SP', '2025-05-12'));
    const folds = foldsOf(split, examples);
    expect(folds.flatMap(({ judge }) => judge)).toHaveLength(300);
    for (const { fit, judge } of folds) {
      expect(fit.length + judge.length).toBe(300);
      const seen = new Set(fit.map(({ user }) => user));
      expect(judge.filter(({ user }) => seen.has(user))).toEqual([]);
    }
  });

  it.each([
    [undefined, /none with final grades yet/],
    ['26SP', /"26SP" is no term/],
  ])('says what is missing where there is no such term (%s)', (test, message) => {
    expect(() => chooseSplit(test === undefined ? [] : [SPRING], { test })).toThrow(message);
  });
});
