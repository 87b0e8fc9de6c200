import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitLogistic } from '../../src/early-warning/logistic/newton.ts';
import { type Cases, derivatives, objective } from '../../src/early-warning/logistic/objective.ts';
import { contributions, fitWeek, risk } from '../../src/early-warning/week-model.ts';
import { type Answer, compareWithJudge } from './judged.ts';
import { problems } from './problems.ts';

/** Recorded by test/conformance/early-warning. */
const answers = JSON.parse(readFileSync(path.join(import.meta.dirname, 'judge.json'), 'utf8')) as Answer[];

const cases: fc.Arbitrary<Cases> = fc
  .record({ width: fc.integer({ min: 1, max: 5 }), count: fc.integer({ min: 2, max: 60 }) })
  .chain(({ width, count }) =>
    fc.record({
      x: fc
        .array(fc.double({ min: -4, max: 4, noNaN: true }), {
          minLength: width * count,
          maxLength: width * count,
        })
        .map((values) => Float64Array.from(values)),
      y: fc
        .array(fc.constantFrom(0, 1), { minLength: count, maxLength: count })
        .map((values) => Uint8Array.from([...values.slice(2), 0, 1])),
      width: fc.constant(width),
    }),
  );

describe('The fit', () => {
  it.each(problems())('is that of scikit-learn, to the ninth digit: $name', (problem) => {
    compareWithJudge(
      problem,
      answers.find(({ name }) => name === problem.name),
    );
  });

  it('ends where no weight wants to move, except those at zero, downwards', () => {
    fc.assert(
      fc.property(cases, fc.constantFrom(0.1, 1, 10), (given, ridge) => {
        const { weights } = fitLogistic(given, { ridge, nonNegative: true });
        const { gradient } = derivatives(given, weights, ridge);
        for (let j = 0; j < weights.length; j++) {
          if (j > 0 && weights[j] === 0) expect(gradient[j]).toBeGreaterThanOrEqual(-1e-7);
          else expect(Math.abs(gradient[j]!)).toBeLessThanOrEqual(1e-7);
          if (j > 0) expect(weights[j]).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('finds nothing better anywhere near', () => {
    fc.assert(
      fc.property(
        cases,
        fc.array(fc.double({ min: -0.5, max: 0.5, noNaN: true }), { minLength: 6, maxLength: 6 }),
        (given, shift) => {
          const { weights } = fitLogistic(given, { ridge: 1, nonNegative: true });
          const other = weights.map((w, j) => (j === 0 ? w + shift[j]! : Math.max(0, w + shift[j]!)));
          expect(objective(given, other, 1)).toBeGreaterThanOrEqual(objective(given, weights, 1) - 1e-9);
        },
      ),
    );
  });

  it('has no model for a week with too few of one outcome', () => {
    const few = problems()[0]!.cases.filter(({ unsuccessful }, i) => !unsuccessful || i < 50);
    expect(few.filter(({ unsuccessful }) => unsuccessful).length).toBeLessThan(30);
    expect(fitWeek(8, few)).toBeUndefined();
  });
});

describe('An explanation', () => {
  it('adds up: the base, what the course and what each measure adds are the log-odds of the risk', () => {
    const { cases: given } = problems()[3]!;
    const model = fitWeek(8, given)!;
    for (const { course, measures } of given) {
      const p = risk(model, { course, measures });
      const base = model.intercept + model.courses[course]!;
      const sum = contributions(model, measures).reduce((total, part) => total + part, base);
      expect(sum).toBeCloseTo(Math.log(p / (1 - p)), 9);
    }
  });

  it('never says that more of what is worrying lowers the risk', () => {
    for (const { cases: given } of problems()) {
      const model = fitWeek(8, given)!;
      for (const { course, measures } of given.slice(0, 50)) {
        measures.forEach((_, j) => {
          const worse = measures.map((value, k) => (k === j ? value + 1 : value));
          expect(risk(model, { course, measures: worse })).toBeGreaterThanOrEqual(
            risk(model, { course, measures }),
          );
        });
      }
    }
  });
});

describe('A course', () => {
  const { cases } = problems()[0]!;
  /** A third of the students in a course that loses nine in ten, a third in one that loses one in ten, alike otherwise. */
  const uneven = cases.map((one, i) => ({
    ...one,
    course: ['hard', 'easy', 'other'][i % 3]!,
    unsuccessful: i % 3 === 2 ? one.unsuccessful : (i % 3 === 0) === i % 10 < 9,
  }));

  it('adds what its students’ work does not say, shrunk, and nothing where it is new', () => {
    const model = fitWeek(8, uneven)!;
    const [one] = uneven;
    const at = (course: string) => risk(model, { course, measures: one!.measures });
    expect(Object.keys(model.courses)).toEqual(['easy', 'hard', 'other']);
    expect(at('hard')).toBeGreaterThan(at('new') + 0.2);
    expect(at('easy')).toBeLessThan(at('new') - 0.2);
    expect(model.courses.hard).toBeLessThan(5);
  });

  const course = (bad: number, good: number, user = (i: number) => `tiny${i}`) =>
    Array.from({ length: bad + good }, (_, i) => ({
      ...cases[0]!,
      user: user(i),
      course: 'tiny',
      unsuccessful: i < bad,
    }));
  const effectOf = (own: typeof cases) => fitWeek(8, [...cases, ...own])!.courses.tiny;

  it('with few students stays near the others', () => {
    expect(Math.abs(effectOf(course(10, 10))!)).toBeLessThan(Math.abs(effectOf(course(10, 40))!));
  });

  it('has no effect where it would tell how fewer than ten people ended', () => {
    expect(effectOf(course(10, 10))).toBeDefined();
    expect(effectOf(course(9, 60))).toBeUndefined();
    expect(effectOf(course(60, 9))).toBeUndefined();
    // One person in a course of several sections is one person.
    expect(effectOf(course(30, 30, () => 'the same'))).toBeUndefined();
  });

  it('is as likely to be lost on the whole as it was in the past, where it is large', () => {
    const model = fitWeek(8, uneven)!;
    const own = uneven.filter(({ course }) => course === 'other');
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const gap = mean(own.map((one) => risk(model, one))) - mean(own.map((one) => (one.unsuccessful ? 1 : 0)));
    expect(Math.abs(gap)).toBeLessThan(0.05);
  });
});

describe('A value beyond those of the past', () => {
  it('counts as the farthest that was learned from', () => {
    const { cases } = problems()[0]!;
    const model = fitWeek(8, cases)!;
    const far = (value: number) => risk(model, { course: 'MAT101', measures: model.means.map(() => value) });
    expect(far(1e6)).toBe(risk(model, { course: 'MAT101', measures: model.greatest }));
    expect(far(-1e6)).toBe(risk(model, { course: 'MAT101', measures: model.least }));
  });
});
