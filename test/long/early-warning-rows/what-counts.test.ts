import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModels } from '../../../src/models/load-models.ts';
import type { Cell } from '../../../src/ports/query-engine.ts';
import { NEVER, type Piece, type Seat, tablesOf, type Work, type World } from '../../early-warning/worlds.ts';
import { openTestLake, type TestLake } from '../../platform/local/duckdb/lake-folder.ts';

const FEATURES = 'campus.early_warning_features';
const CUT = 28;

const piece = (due: number, more: Partial<Piece> = {}): Piece => ({ due, quiz: false, weight: 30, ...more });
const FUTURE = [piece(60), piece(61), piece(62)];
const none: Work = { handedIn: NEVER, posted: NEVER, score: 0 };
const marked = (day: number, score: number, more: Partial<Work> = {}): Work => ({
  handedIn: day,
  posted: day + 1,
  score,
  ...more,
});
const seat = (work: readonly Work[], more: Partial<Seat> = {}): Seat => ({
  registered: -9,
  left: NEVER,
  work: [...work, ...Array.from({ length: 5 - work.length }, () => none)],
  ...more,
});

/** Courses as they are in colleges, and what the features of one week say of their students. */
describe('The features of a college', () => {
  let lake: TestLake;
  let text: string;
  let builds = 0;
  beforeAll(async () => {
    lake = await openTestLake();
    text = (await loadModels('models/early-warning')).find(({ table }) => table === FEATURES)!.text;
  });
  afterAll(() => lake.close());

  /** By user; students of the first course are 100, 101 …, of the second 200, 201 … */
  async function featuresOf(all: readonly World[]): Promise<Map<number, Record<string, Cell>>> {
    const version = `v${builds++}`;
    const tables = await tablesOf(lake.engine, all, [CUT], version);
    const features = await lake.engine.create(FEATURES, text, tables, version);
    const names = features.columns.map(({ name }) => name);
    const rows = await lake.rows(`SELECT ${names.join(', ')} FROM ${FEATURES}`, { [FEATURES]: features });
    const named = rows.map((row) => Object.fromEntries(row.map((cell, i) => [names[i]!, cell])));
    return new Map(named.map((row) => [Number(row.user_id), row]));
  }

  it('take no score from work that does not count, and count that it was handed in', async () => {
    // The first piece counts and all have the same score; the second one tells them apart as no score does.
    const course = (second: Partial<Piece>): World => ({
      pieces: [piece(8), piece(10, second), ...FUTURE],
      seats: [0, 1, 20, 20, 20].map((score) => seat([marked(7, 15), marked(9, score)])),
    });
    const found = await featuresOf([
      course({}),
      course({ kind: 'omitted' }),
      course({ weight: 0 }),
      course({ kind: 'pass_fail' }),
      course({ kind: 'practice' }),
      course({ kind: 'no points' }),
    ]);
    expect(found.get(100)).toMatchObject({ scored: 2n, mean_score_gap: -50 });
    expect(found.get(100)!.scores_below_class).toBeGreaterThan(0.4);
    // The groups of every third course have no weights: there, 0 of the second course's piece would not matter.
    for (const first of [200, 400, 500, 600]) {
      for (const user of [first, first + 1, first + 4]) {
        expect(found.get(user), `${user}`).toMatchObject({
          handed_in: 2n,
          due: 2n,
          missing: 0n,
          scored: 1n,
          mean_score_gap: 0,
          points_percent: 75,
          points_below_class: 0,
          scores_below_class: 0,
          hand_ins_below_class: 0,
        });
      }
    }
  });

  it('take no points from a piece of weight 0 that is alone, in a course where others count', async () => {
    const formative: World = {
      pieces: [piece(10, { weight: 0 }), ...FUTURE, piece(63)],
      seats: [0, 20, 20].map((score) => seat([marked(9, score)])),
    };
    const found = await featuresOf([formative]);
    for (const user of [100, 101, 102]) {
      expect(found.get(user)).toMatchObject({ points_percent: null, no_score: 1, scored: 0n, handed_in: 1n });
    }
  });

  it('keep the scores of a course in which nothing counts: its grade is an examination', async () => {
    const all: World = {
      pieces: [10, 11, 60, 61, 62].map((due) => piece(due, { weight: 0, kind: 'omitted' })),
      seats: [5, 10, 15, 20].map((score) => seat([marked(9, score), marked(10, score)])),
    };
    const found = await featuresOf([all]);
    expect(found.get(100)).toMatchObject({ scored: 2n, points_percent: 25, points_below_class: 0.375 });
    expect(found.get(103)).toMatchObject({ points_percent: 100, points_below_class: -0.375 });
  });

  it('are bounded and alike whatever the scale: 0, 1 and 100, tens, halves', async () => {
    const scores = [20, 20, 20, 0.2, 0.2];
    const course = (scale: (score: number) => number): World => ({
      pieces: [piece(10), ...FUTURE, piece(63)],
      seats: scores.map((score) => seat([marked(9, scale(score))])),
    });
    const found = await featuresOf([course((score) => score), course((score) => 14 + 0.3 * score)]);
    // One point of a hundred, as a formative mark may be, is one spread below, and no further than 1 of 20 would be.
    for (const first of [100, 200]) {
      expect(found.get(first)!.scores_below_class).toBe(0);
      expect(found.get(first + 3)!.scores_below_class).toBeCloseTo(1, 9);
      expect(found.get(first + 3)!.points_below_class).toBeCloseTo(0.3, 9);
    }
    const alone = await featuresOf([
      { pieces: [piece(10), ...FUTURE, piece(63)], seats: [seat([marked(9, 3)])] },
    ]);
    expect(alone.get(100)).toMatchObject({
      scores_below_class: 0,
      points_below_class: 0,
      hand_ins_below_class: 0,
      silence_beyond_class: 0,
    });
  });

  it('do not know a mark before it was given, nor one that was changed later', async () => {
    const course = (first: Work): World => ({
      pieces: [piece(10), ...FUTURE, piece(63)],
      seats: [seat([first]), ...[10, 12, 14].map((score) => seat([marked(9, score)]))],
    });
    const known = marked(9, 5);
    const [before] = [...(await featuresOf([course(known)])).values()];
    expect(before).toMatchObject({ scored: 1n, missing: 0n });
    // A New Quiz dates the posting back to the hand-in; an appeal changes the mark on day 70.
    for (const [day, score] of [
      [40, 5],
      [70, 20],
      [70, 0],
    ] as const) {
      const found = await featuresOf([course({ ...known, graded: day, score })]);
      expect(found.get(100)).toMatchObject({ scored: 0n, missing: 0n, handed_in: 1n, points_percent: null });
      expect(found.get(101)).toMatchObject({ class_points_percent: 60 });
    }
  });

  it('do not say that work is missing which was handed in, marked, and handed in again later', async () => {
    const course = (first: Work): World => ({
      pieces: [piece(10), ...FUTURE, piece(63)],
      seats: [seat([first]), seat([marked(9, 12)])],
    });
    const found = await featuresOf([
      course({ handedIn: 70, posted: 12, graded: 71, score: 20 }),
      course({ handedIn: 70, posted: 12, graded: 12, score: 5 }),
      course({ handedIn: 70, posted: 71, score: 20 }),
    ]);
    expect(found.get(100)).toMatchObject({ evidence: 'scored', missing: 0n, carried_over: 1n, scored: 0n });
    expect(found.get(200)).toMatchObject({ evidence: 'scored', missing: 0n, carried_over: 1n });
    expect(found.get(300)).toMatchObject({ evidence: 'nothing handed in', missing: 1n });
  });

  it('count an excuse from the day on which it was given', async () => {
    const course = (excused: number): World => ({
      pieces: [piece(10), piece(12), ...FUTURE],
      seats: [seat([marked(9, 12), { ...none, excused }]), seat([marked(9, 12), marked(11, 12)])],
    });
    const found = await featuresOf([course(70), course(20)]);
    expect(found.get(100)).toMatchObject({ due: 2n, missing: 1n });
    expect(found.get(200)).toMatchObject({ due: 1n, missing: 0n });
  });

  it('leave out who is gone without a day, whenever Canvas last touched the enrolment', async () => {
    const course: World = {
      pieces: [piece(10), ...FUTURE, piece(63)],
      seats: [
        seat([marked(9, 5)], { goneUndated: true, touched: 114 }),
        seat([marked(9, 12)], { touched: 3 }),
        seat([marked(9, 14)], { left: 40, touched: 114 }),
      ],
    };
    expect([...(await featuresOf([course])).keys()].sort()).toEqual([101, 102]);
  });

  it('order who has handed in nothing by the evidence there is', async () => {
    const empty = (more: Partial<Seat>) => seat([], more);
    const course = (due: readonly number[], seats: readonly Seat[]): World => ({
      pieces: [...due.map((day) => piece(day)), ...FUTURE].slice(0, 5),
      seats,
    });
    const found = await featuresOf([
      course([10, 12], [empty({ registered: 20 }), empty({}), empty({ seen: 3 }), empty({ seen: 25 })]),
      course([26, 60], [empty({})]),
      course([10, 26], [empty({})]),
    ]);
    const order = [...found.values()]
      .filter(({ evidence }) => evidence === 'nothing handed in')
      .sort((a, b) => Number(a.call_place) - Number(b.call_place))
      .map(({ user_id: user }) => Number(user));
    // Two pieces missing, long silent, then just seen or never, then just registered; one missing; one just due.
    expect(order.slice(0, 2)).toEqual([102, 103]);
    expect(order.slice(2)).toEqual([101, 100, 300, 200]);
  });
});
