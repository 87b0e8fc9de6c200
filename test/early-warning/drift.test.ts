import { describe, expect, it } from 'vitest';
import { courseMeans, driftInWords, driftOf, rangeOf, WATCHED } from '../../src/early-warning/drift.ts';
import { decide, forgetDecision, readDecisions, watchedCourse } from '../../src/early-warning/holds.ts';
import { watchInWords } from '../../src/early-warning/watch.ts';
import type { ObjectStore } from '../../src/ports/objects.ts';
import { randomOf } from './problems.ts';

const GAP = WATCHED.indexOf('mean_score_gap');

/** Students whose values lie around a middle, with a standard deviation of about one in each. */
function students(course: string, count: number, middle: (j: number) => number, seed = 5) {
  const random = randomOf(seed);
  return Array.from({ length: count }, () => ({
    term: '26FA',
    course,
    watched: WATCHED.map((_, j) => middle(j) + (random() + random() + random() - 1.5) * 2),
  }));
}
const at = (value: number) => () => value;
const past = [...students('A', 200, at(0)), ...students('B', 200, at(0.3), 7), ...students('tiny', 3, at(9))];
const range = rangeOf(past)!;
const found = (middle: (j: number) => number, count = 200) =>
  driftOf(range, courseMeans(5, students('X', count, middle, 11))[0]!);

describe('The range of the past', () => {
  it('is that of courses with enough students', () => {
    expect(range.greatest[0]).toBeLessThan(0.6);
    expect(rangeOf(students('A', 9, at(0)))).toBeUndefined();
  });
});

describe('A course of a running term', () => {
  it('is in range where courses of the past were, or nearly', () => {
    expect(found(at(0.15)).verdict).toBe('in range');
    expect(found(at(0.6)).verdict).toBe('in range');
  });

  it('is watched, then held, the farther it lies beyond them; what lies farthest is named', () => {
    const far = (by: number) => (j: number) => (j === GAP ? -by : 0.1);
    expect(found(far(1.4))).toMatchObject({ verdict: 'watch', worst: { column: 'mean_score_gap' } });
    const held = found(far(4));
    expect(held).toMatchObject({ verdict: 'hold', course: 'X', week: 5, students: 200 });
    expect(driftInWords(held)).toMatch(
      /^mean_score_gap is -[34]\.\d\d on average, -?0\.\d\d to 0\.\d\d in past courses$/,
    );
  });

  it('of few students is forgiven what chance may bring, and under ten nothing is said', () => {
    const far = (j: number) => (j === GAP ? -1.1 : 0.1);
    expect(found(far, 200).verdict).not.toBe('in range');
    expect(found(far, 10).verdict).toBe('in range');
    expect(found(far, 9).verdict).toBe('unknown');
    expect(driftOf(undefined, courseMeans(5, students('X', 50, at(0)))[0]!).verdict).toBe('unknown');
  });
});

describe('A decision about a course', () => {
  const memory = () => {
    const texts = new Map<string, string>();
    return {
      getText: async (key: string) => texts.get(key),
      putText: async (key: string, text: string) => void texts.set(key, text),
    } as unknown as ObjectStore;
  };
  const decision = { course: 'X', because: 'marks are being moved', at: '2026-10-01T08:00:00.000Z' };

  it('is kept, replaced and forgotten', async () => {
    const objects = memory();
    expect(await readDecisions(objects)).toEqual([]);
    await decide(objects, { ...decision, decision: 'hold' });
    await decide(objects, { ...decision, course: 'A', decision: 'hold' });
    await decide(objects, { ...decision, decision: 'score' });
    expect((await readDecisions(objects)).map((one) => [one.course, one.decision])).toEqual([
      ['A', 'hold'],
      ['X', 'score'],
    ]);
    expect(await forgetDecision(objects, 'X')).toBe(true);
    expect(await forgetDecision(objects, 'X')).toBe(false);
  });

  it('goes before what the check says, either way', () => {
    const outside = found(at(5));
    expect(watchedCourse(outside, [])).toMatchObject({ isHeld: true });
    expect(watchedCourse(outside, [{ ...decision, decision: 'score' }])).toMatchObject({
      isHeld: false,
      because: 'marks are being moved (decided 2026-10-01)',
    });
    const inside = found(at(0.1));
    expect(watchedCourse(inside, [])).not.toHaveProperty('because');
    expect(watchedCourse(inside, [{ ...decision, decision: 'hold' }]).isHeld).toBe(true);
  });

  it('and what the check says are told of the newest week of a term', () => {
    const inWeek = (week: number) => watchedCourse({ ...found(at(5)), week }, []);
    const words = watchInWords([
      inWeek(5),
      inWeek(6),
      watchedCourse({ ...found(at(0)), week: 6, course: 'A' }, []),
    ]);
    expect(words).toHaveLength(1);
    expect(words[0]).toMatch(/^X in 26FA, week 6, is on hold, its students get no risk: \w+ is /);
  });
});
