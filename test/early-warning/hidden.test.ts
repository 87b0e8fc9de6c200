import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auditGroups } from '../../src/early-warning/audit/audit.ts';
import { byCourse } from '../../src/early-warning/by-course.ts';
import { type EvaluatedCase, figuresOf } from '../../src/early-warning/figures.ts';
import { makeUpOf } from '../../src/early-warning/make-up.ts';

const LEAST = 10;

function evaluated(user: string, bad: boolean, own: Partial<EvaluatedCase> = {}): EvaluatedCase {
  const rivals = { courseRate: 0.4, lastScore: 50, missingShare: 0 };
  const place = { isRule: false, isKnown: true, callPlace: 1, advisers: [] };
  return { user, student: user, course: 'MAT', term: '26SP', bad, score: 0.4, rivals, ...place, ...own };
}

/** A part of a table: how many failed, how many got through. Small ones and ones of one outcome are common. */
const count = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 40 }));
const parts = fc.array(fc.record({ bad: count, good: count }), { minLength: 1, maxLength: 8 });

const casesOf = (
  all: readonly { bad: number; good: number }[],
  own: (part: number) => Partial<EvaluatedCase>,
) =>
  all.flatMap(({ bad, good }, part) =>
    Array.from({ length: bad + good }, (_, i) => evaluated(`${part}-${i}`, i < bad, own(part))),
  );

/** What a reader knows of the hidden parts: the totals less what is shown. */
function left(
  all: readonly { bad: number; good: number }[],
  shown: readonly { cases: number; bad: number }[],
): { bad: number; good: number } {
  const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
  const bad = sum(all.map((one) => one.bad)) - sum(shown.map((one) => one.bad));
  const cases = sum(all.map((one) => one.bad + one.good)) - sum(shown.map((one) => one.cases));
  return { bad, good: cases - bad };
}

function expectLarge({ bad, good }: { bad: number; good: number }): void {
  if (bad + good === 0) return;
  expect(Math.min(bad, good)).toBeGreaterThanOrEqual(LEAST);
}

const whole = (all: readonly { bad: number; good: number }[]) =>
  left(all, []).bad >= LEAST && left(all, []).good >= LEAST;

describe('Hidden numbers do not follow from those that are shown', () => {
  it('of groups', () => {
    fc.assert(
      fc.property(parts.filter(whole), (all) => {
        const cases = casesOf(all, (part) => ({ course: `${part}` }));
        const values = new Map(cases.map(({ student, course }) => [student!, course]));
        const { rows } = auditGroups(cases, new Map([['origin', values]]), { share: 0.2 });
        const shown = rows.flatMap((row) =>
          row.hidden ? [] : [{ cases: row.cases, bad: row.unsuccessful! }],
        );
        for (const { cases, bad } of shown) expectLarge({ bad, good: cases - bad });
        expectLarge(left(all, shown));
      }),
      { numRuns: 300 },
    );
  });

  it('of calibration, of bins of one outcome too', () => {
    fc.assert(
      fc.property(parts.filter(whole), (all) => {
        const { calibration, cases, base } = figuresOf(
          casesOf(all, (part) => ({ score: part / 10 + 0.05 })),
        )!;
        const shown = calibration.table.flatMap((bin) =>
          bin.hidden ? [] : [{ cases: bin.cases, bad: Math.round(bin.observed * bin.cases) }],
        );
        for (const { cases: own, bad } of shown) expectLarge({ bad, good: own - bad });
        const bad = Math.round(base * cases);
        expectLarge(left([{ bad, good: cases - bad }], shown));
        for (const bin of calibration.table.filter(({ hidden }) => hidden)) {
          expect(Object.keys(bin).sort()).toEqual(['from', 'hidden', 'to']);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('of courses, known and new ones each by themselves', () => {
    fc.assert(
      fc.property(parts, parts, (known, fresh) => {
        const rows = byCourse([
          ...casesOf(known, (part) => ({ course: `K${part}` })),
          ...casesOf(fresh, (part) => ({ course: `N${part}`, isKnown: false })),
        ]);
        for (const [all, isKnown] of [[known, true] as const, [fresh, false] as const]) {
          if (!whole(all)) continue;
          const shown = rows
            .filter((row) => row.isKnown === isKnown && !row.hidden)
            .map((row) => ({ cases: row.cases!, bad: Math.round(row.base! * row.cases!) }));
          expectLarge(left(all, shown));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('of the courses learned from', () => {
    fc.assert(
      fc.property(parts.filter(whole), (all) => {
        const examples = casesOf(all, (part) => ({ course: `${part}` })).map((one) => ({
          ...one,
          unsuccessful: one.bad,
          evidence: 'scored',
        }));
        const shown = makeUpOf(examples as unknown as Parameters<typeof makeUpOf>[0])
          .filter(({ hidden }) => !hidden)
          .map((row) => ({ cases: row.cases!, bad: Math.round(row.base! * row.cases!) }));
        for (const { cases, bad } of shown) expectLarge({ bad, good: cases - bad });
        expectLarge(left(all, shown));
      }),
      { numRuns: 300 },
    );
  });

  it('people are counted, not their courses', () => {
    const one = Array.from({ length: 30 }, (_, i) => evaluated('the same', i < 15, { course: `C${i}` }));
    expect(figuresOf(one)).toBeUndefined();
    expect(byCourse([...one, ...casesOf([{ bad: 20, good: 20 }], () => ({}))]).at(-1)!.hidden).toBe(true);
  });

  it('nor do outcomes of the few who handed in nothing and got through', () => {
    const scored = casesOf([{ bad: 40, good: 60 }], () => ({}));
    const rule = (bad: number, good: number) =>
      casesOf([{ bad, good }], () => ({ isRule: true, score: 0.9 })).map((own) => ({
        ...own,
        user: `r${own.user}`,
        student: `r${own.user}`,
      }));
    const audit = (cases: readonly EvaluatedCase[]) =>
      auditGroups(cases, new Map([['kind', new Map(cases.map(({ user }) => [user, 'all']))]]), {
        count: 37,
      }).rows.map((row) => (row.hidden ? undefined : row));
    expect(audit([...scored, ...rule(20, 10)])[0]!.unsuccessful).toBe(60);
    const [row] = audit([...scored, ...rule(20, 3)]);
    expect(row!.unsuccessful).toBeUndefined();
    expect(Math.round(100 * row!.missed!) / 100).toBe(row!.missed);
  });
});
