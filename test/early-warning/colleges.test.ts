import { describe, expect, it } from 'vitest';
import { auditGroups } from '../../src/early-warning/audit/audit.ts';
import { WATCHED } from '../../src/early-warning/drift.ts';
import { evaluateWeek } from '../../src/early-warning/evaluate.ts';
import type { Example } from '../../src/early-warning/examples.ts';
import { COLUMNS } from '../../src/early-warning/measures.ts';
import { chooseSplit } from '../../src/early-warning/split.ts';
import { withdrawalRules } from '../../src/early-warning/withdrawal.ts';
import { randomOf } from './problems.ts';

const term = (code: string, year: number) => ({
  code,
  firstDay: `${year}-08-20`,
  lastDay: `${year}-12-20`,
  graded: 1,
  cutoffs: [],
});
const PAST = term('24FA', 2024);
const NEW = term('25FA', 2025);
const split = chooseSplit([PAST, NEW]);

interface Course {
  readonly code: string;
  /** What it adds to the log-odds of failing. */
  readonly hardness: number;
  /** Share of women. */
  readonly women: number;
}
const COURSES: readonly Course[] = [
  { code: 'NUR', hardness: -1.2, women: 0.9 },
  { code: 'ENG', hardness: 1.2, women: 0.1 },
  { code: 'HIS', hardness: 0, women: 0.5 },
];

/** Students whose work says the same whatever their course; how it ends depends on the work and the course. */
function students(code: string, courses: readonly Course[], shift = 0, blur = 1): Example[] {
  const random = randomOf(code === '24FA' ? 31 : 77);
  return courses.flatMap((course) =>
    Array.from({ length: 300 }, (_, i) => {
      const trouble = random() + random() + random() - 1.5;
      const measures = COLUMNS.map(() => trouble * blur + (random() - 0.5));
      const woman = random() < course.women;
      const logit = 4 * trouble + course.hardness + shift - 0.5;
      const user = `${woman ? 'F' : 'M'}-${code}-${course.code}-${i}`;
      return {
        user,
        student: user,
        course: course.code,
        term: code,
        evidence: 'scored',
        callPlace: i,
        measures,
        watched: [...measures, 0],
        lastScore: 60,
        unsuccessful: random() < 1 / (1 + Math.exp(-logit)),
        knownOn: code === '24FA' ? '2024-12-21' : '2025-12-21',
      };
    }),
  );
}

const evaluatedOn = (later: readonly Example[]) =>
  evaluateWeek(
    { week: 8, examples: [...students('24FA', COURSES), ...later] },
    split,
    { share: 0.2 },
    new Map(),
  )!;

describe('A college of easy and hard courses, of women and of men', () => {
  const { evaluation, evaluated } = evaluatedOn(students('25FA', COURSES));

  it('is predicted course by course, though the work says the same in each', () => {
    for (const { base, predicted, isKnown } of evaluation.courses) {
      expect(isKnown).toBe(true);
      expect(Math.abs(predicted! - base!)).toBeLessThan(0.06);
    }
    const bases = evaluation.courses.map(({ base }) => base!);
    expect(Math.max(...bases) - Math.min(...bases)).toBeGreaterThan(0.25);
    expect(evaluation.scored.calibration.line!.slope).toBeGreaterThan(0.8);
    expect(evaluation.scored.calibration.line!.slope).toBeLessThan(1.2);
  });

  it('does not predict more of women, or of men, than happens to them', () => {
    const gender = new Map(evaluated.map(({ user }) => [user, user[0]!]));
    const { rows } = auditGroups(evaluated, new Map([['gender', gender]]), { share: 0.2 });
    expect(rows).toHaveLength(2);
    for (const { calibrationGap } of rows) expect(Math.abs(calibrationGap!)).toBeLessThan(0.06);
  });

  it('with a course that the past did not have, says so and ranks in it', () => {
    const { evaluation: found } = evaluatedOn(
      students('25FA', [...COURSES, { code: 'NEW', hardness: 0, women: 0.5 }]),
    );
    expect(found.courses.filter(({ isKnown }) => !isKnown).map(({ course }) => course)).toEqual(['NEW']);
    expect(found.newCourses!.auc).toBeGreaterThan(0.65);
    expect(found.scored.cases).toBe(900);
    expect(found.list!.cases).toBe(1200);
  });

  it('whose terms drift breaks the rules of withdrawal', () => {
    const before = { term: '24FA', weeks: [{ week: 8, auc: evaluation.scored.auc }] };
    const rules = (later: readonly Example[]) =>
      withdrawalRules({ term: '25FA', weeks: [evaluatedOn(later).evaluation] }, [], before).map(
        ({ isBroken }) => isBroken,
      );
    expect(rules(students('25FA', COURSES))).toEqual([false, false, false]);
    // Everybody does better than the past; and work that says nothing any more.
    expect(rules(students('25FA', COURSES, -1.5))[1]).toBe(true);
    expect(rules(students('25FA', COURSES, 0, 0))[0]).toBe(true);
  });

  it('of which a course moves to another scale is found out by the weekly check', () => {
    const moved = students('25FA', COURSES).map((one) =>
      one.course === 'HIS'
        ? { ...one, watched: one.watched.map((value, j) => (WATCHED[j] === 'mean_score_gap' ? -41 : value)) }
        : { ...one, watched: one.watched.map((value, j) => (j === COLUMNS.length ? -1 : value)) },
    );
    const past = students('24FA', COURSES).map((one, i) => ({
      ...one,
      watched: one.watched.map((value, j) => (j === COLUMNS.length ? (i % 25) - 13 : value)),
    }));
    const { evaluation: found } = evaluateWeek(
      { week: 5, examples: [...past, ...moved] },
      split,
      { share: 0.2 },
      new Map(),
    )!;
    expect(found.drift.map(({ course, verdict }) => [course, verdict])).toEqual([
      ['NUR', 'in range'],
      ['ENG', 'in range'],
      ['HIS', 'hold'],
    ]);
  });
});
