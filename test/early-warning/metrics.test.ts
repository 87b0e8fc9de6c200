import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auditGroups } from '../../src/early-warning/audit/audit.ts';
import type { EvaluatedCase } from '../../src/early-warning/figures.ts';
import { figuresOf } from '../../src/early-warning/figures.ts';
import { aucInterval } from '../../src/early-warning/metrics/bootstrap.ts';
import { brier, calibrationLine, calibrationTable } from '../../src/early-warning/metrics/calibration.ts';
import { atCapacity, averagePrecision, rocAuc } from '../../src/early-warning/metrics/ranking.ts';
import { smallShare, smallShareInWords } from '../../src/early-warning/small-numbers.ts';
import { randomOf } from './problems.ts';

const scored = fc
  .array(fc.record({ score: fc.constantFrom(0, 0.1, 0.25, 0.5, 0.7, 1), bad: fc.boolean() }), {
    minLength: 2,
    maxLength: 40,
  })
  .map((cases) => [...cases, { score: 0.4, bad: true }, { score: 0.4, bad: false }]);

describe('Figures', () => {
  it('AUC is the share of pairs in the right order, ties counted half', () => {
    fc.assert(
      fc.property(scored, (cases) => {
        const pairs = cases
          .filter(({ bad }) => bad)
          .flatMap((a) => cases.filter(({ bad }) => !bad).map((b) => Math.sign(a.score - b.score)));
        const won = pairs.reduce<number>((sum, sign) => sum + (sign + 1) / 2, 0);
        expect(rocAuc(cases)).toBeCloseTo(won / pairs.length, 12);
      }),
    );
  });

  it('average precision of a constant score is the base rate', () => {
    const cases = [true, false, false, true, false].map((bad) => ({ score: 0.3, bad }));
    expect(averagePrecision(cases)).toBeCloseTo(0.4, 12);
  });

  it('a list that ends within a tie finds what a random choice in it finds', () => {
    const cases = [
      { score: 0.9, bad: true },
      ...[true, false, false, true].map((bad) => ({ score: 0.5, bad })),
      { score: 0.1, bad: false },
    ];
    expect(atCapacity(cases, 3)).toEqual({ listed: 3, found: 2, precision: 2 / 3, recall: 2 / 3 });
    expect(atCapacity(cases, 100).listed).toBe(6);
  });

  it('calibration: bins count everybody once, and well calibrated risks lie on the diagonal', () => {
    const random = randomOf(5);
    const cases = Array.from({ length: 20_000 }, () => {
      const score = random();
      return { score, bad: random() < score };
    });
    const table = calibrationTable(cases);
    expect(table.reduce((sum, bin) => sum + bin.cases, 0)).toBe(20_000);
    for (const { predicted, observed } of table) expect(Math.abs(predicted - observed)).toBeLessThan(0.04);
    const line = calibrationLine(cases)!;
    expect(Math.abs(line.slope - 1)).toBeLessThan(0.05);
    expect(Math.abs(line.intercept)).toBeLessThan(0.05);
    expect(brier(cases)).toBeCloseTo(1 / 6, 2);
  });

  it('an interval holds the AUC, and narrows with the number of students', () => {
    const random = randomOf(7);
    const of = (count: number) => {
      const cases = Array.from({ length: count }, () => {
        const bad = random() < 0.4;
        return { score: random() + (bad ? 0.3 : 0), bad };
      });
      const [from, to] = aucInterval(
        cases,
        cases.map((_, i) => String(i)),
      );
      expect(rocAuc(cases)).toBeGreaterThan(from);
      expect(rocAuc(cases)).toBeLessThan(to);
      return to - from;
    };
    expect(of(1600)).toBeLessThan(0.75 * of(400));
  });

  it('there are none where all ended alike', () => {
    expect(figuresOf([evaluated('a', true, 0.4)])).toBeUndefined();
  });
});

describe('Small numbers', () => {
  it.each([
    [9, 5, 'fewer than 10'],
    [300, 4, 'fewer than 10'],
    [300, 150, '300: 50 %'],
    [300, 299, '300: over 96 %'],
  ])('of %i, %i are told as “%s”', (cases, hits, words) => {
    expect(smallShareInWords(smallShare(cases, hits))).toBe(words);
  });

  const group = (value: string, bad: number, good: number) => [
    ...Array.from(
      { length: bad },
      (_, i) => [value, evaluated(`${value}b${i}`, true, (i % 10) / 10)] as const,
    ),
    ...Array.from(
      { length: good },
      (_, i) => [value, evaluated(`${value}g${i}`, false, (i % 7) / 20)] as const,
    ),
  ];
  const audit = (...groups: (readonly (readonly [string, EvaluatedCase])[])[]) => {
    const all = groups.flat();
    const values = new Map(all.map(([value, one]) => [one.student!, value]));
    return auditGroups(
      all.map(([, one]) => one),
      new Map([['origin', values]]),
      { share: 0.2 },
    ).rows;
  };

  it('hide a small group, and the next smallest, which the total would give it away by', () => {
    const rows = audit(group('a', 40, 60), group('b', 30, 40), group('c', 9, 30));
    expect(rows.map(({ value, hidden }) => [value, hidden])).toEqual([
      ['a', false],
      ['b', true],
      ['c', true],
    ]);
    expect(rows.filter(({ hidden }) => hidden).every((row) => Object.keys(row).length === 3)).toBe(true);
  });

  it('hide nothing where all groups are large enough, and say who is missed at one list for all', () => {
    const rows = audit(group('a', 40, 60), group('b', 30, 70));
    expect(rows.every(({ hidden }) => !hidden)).toBe(true);
    // The 40 riskiest of 200: scores 0.9, 0.8, 0.7, 0.6, 0.5, 0.4 of the 70 who failed, seven each.
    const listed = rows.reduce((sum, row) => sum + row.unsuccessful! * (1 - row.missed!), 0);
    expect(listed).toBeGreaterThan(30);
    for (const row of rows) {
      expect(row.missedFrom).toBeLessThan(row.missed!);
      expect(row.missedTo).toBeGreaterThan(row.missed!);
    }
  });
});

function evaluated(student: string, bad: boolean, score: number): EvaluatedCase {
  const rivals = { courseRate: 0.4, lastScore: 50, missingShare: 0 };
  const place = { isRule: false, isKnown: true, callPlace: 1, advisers: [] };
  return { user: student, student, course: 'MAT', term: '2026SP', bad, score, rivals, ...place };
}
