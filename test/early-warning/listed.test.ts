import { describe, expect, it } from 'vitest';
import { byCourse } from '../../src/early-warning/by-course.ts';
import type { EvaluatedCase } from '../../src/early-warning/figures.ts';
import { inOrderOfList, listFigures, reached } from '../../src/early-warning/listed.ts';
import { rollingSplits } from '../../src/early-warning/rolling.ts';
import { withdrawalRules } from '../../src/early-warning/withdrawal.ts';

const one = (user: string, more: Partial<EvaluatedCase>): EvaluatedCase => ({
  user,
  student: user,
  course: 'MAT',
  term: '26FA',
  bad: false,
  score: 0.5,
  isRule: false,
  isKnown: true,
  callPlace: 1,
  advisers: [],
  rivals: { courseRate: 0.4, lastScore: 50, missingShare: 0 },
  ...more,
});
const names = (cases: Iterable<EvaluatedCase>) => [...cases].map(({ user }) => user);

describe('The list that is evaluated', () => {
  const cases = [
    one('calm', { score: 0.1, advisers: ['A'] }),
    one('risky', { score: 0.95, bad: true, advisers: ['A', 'B'] }),
    one('silent, just due', { isRule: true, callPlace: 2, score: 0.9, advisers: ['A'] }),
    one('silent', { isRule: true, callPlace: 1, score: 0.9, bad: true, advisers: ['A'] }),
    one('alone', { score: 0.6, bad: true }),
    one('halfway', { score: 0.5, advisers: ['B'] }),
  ];

  it('is the one that is shown: the rule’s students by the evidence, then by risk', () => {
    expect(names(inOrderOfList(cases))).toEqual([
      'silent',
      'silent, just due',
      'risky',
      'alone',
      'halfway',
      'calm',
    ]);
  });

  it('reaches as many as can be called, of all or by each adviser', () => {
    expect(names(reached(cases, { count: 2 }))).toEqual(['silent', 'silent, just due']);
    expect(names(reached(cases, { share: 0.5 }))).toEqual(['silent', 'silent, just due', 'risky']);
    // A is full after the first; B still has a place for the risky one, and nobody's students share a list.
    expect(names(reached(cases, { perAdviser: 1 }))).toEqual(['silent', 'risky', 'alone']);
  });

  it('counts the rule’s students in precision and recall', () => {
    expect(listFigures(cases, { count: 2 })).toMatchObject({
      listed: 2,
      ofRule: 2,
      precision: 0.5,
      recall: 1 / 3,
    });
    expect(listFigures(cases, { count: 2 })).not.toHaveProperty('threshold');
    const three = listFigures(cases, { count: 3 })!;
    expect(three).toMatchObject({ ofRule: 2, precision: 2 / 3, recall: 2 / 3, threshold: 0.95 });
    expect(three.precisionFrom).toBeLessThan(2 / 3);
    expect(three.precisionTo).toBeGreaterThan(2 / 3);
  });
});

describe('Figures by course', () => {
  const course = (code: string, bad: number, good: number, isKnown = true) =>
    Array.from({ length: bad + good }, (_, i) =>
      one(`${code}${i}`, { course: code, bad: i < bad, score: i < bad ? 0.6 : 0.4, isKnown }),
    );

  it('say of each course how it does, and which are new', () => {
    const rows = byCourse([...course('B', 20, 30), ...course('A', 40, 20, false)]);
    expect(rows).toMatchObject([
      { course: 'A', isKnown: false, cases: 60, base: 2 / 3, auc: 1 },
      { course: 'B', isKnown: true, cases: 50, base: 0.4, auc: 1 },
    ]);
  });

  it('hide small courses, and others until what is hidden is together large enough', () => {
    const rows = byCourse([
      ...course('A', 40, 60),
      ...course('B', 3, 0),
      ...course('C', 2, 0),
      ...course('D', 14, 15),
    ]);
    expect(rows.map(({ hidden }) => hidden)).toEqual([false, true, true, true]);
    expect(rows.filter(({ hidden }) => hidden).every((row) => Object.keys(row).length === 3)).toBe(true);
  });
});

describe('The rules of withdrawal', () => {
  const week = (auc: number, predicted: number, base = 0.4) =>
    ({ week: 8, scored: { auc, base, calibration: { predicted } } }) as Parameters<
      typeof withdrawalRules
    >[0]['weeks'][number];
  const group = (value: string, missed: number) => ({ attribute: 'gender', value, hidden: false, missed });
  const broken = (...given: Parameters<typeof withdrawalRules>) =>
    withdrawalRules(...given).map(({ isBroken }) => isBroken);
  const before = { term: '26SP', weeks: [{ week: 8, auc: 0.8 }] };

  it('are computed: the fall of the AUC, predictions that are off, groups that are missed', () => {
    expect(
      broken({ term: '26FA', weeks: [week(0.78, 0.45)] }, [group('F', 0.5), group('M', 0.58)], before),
    ).toEqual([false, false, false]);
    expect(
      broken({ term: '26FA', weeks: [week(0.74, 0.51)] }, [group('F', 0.5), group('M', 0.61)], before),
    ).toEqual([true, true, true]);
    expect(broken({ term: '26FA', weeks: [week(0.9, 0.29)] }, [], before)).toEqual([false, true, false]);
  });

  it('say that they do not know where there is nothing to compare with', () => {
    const [auc, , groups] = withdrawalRules(
      { term: '26FA', weeks: [week(0.7, 0.4)] },
      [group('F', 0.5)],
      undefined,
    );
    expect(auc).not.toHaveProperty('value');
    expect(groups).not.toHaveProperty('value');
  });
});

describe('Term by term', () => {
  it('judges every past term by those that were over before it', () => {
    const term = (code: string, firstDay: string, lastDay: string) => ({
      code,
      firstDay,
      lastDay,
      graded: 1,
      cutoffs: [],
    });
    const splits = rollingSplits([
      term('24FA', '2024-08-20', '2024-12-20'),
      term('25SP', '2025-01-10', '2025-05-10'),
      term('25SU', '2025-05-01', '2025-08-01'),
      term('25FA', '2025-08-20', '2025-12-20'),
    ]);
    expect(splits.map(({ test, train }) => [test.code, train.map(({ code }) => code)])).toEqual([
      ['25SP', ['24FA']],
      ['25SU', ['24FA']],
      ['25FA', ['24FA', '25SP', '25SU']],
    ]);
  });
});
