import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LakeType } from '../../src/campus/lake-type.ts';
import { COLUMNS, MEASURES, THEMES } from '../../src/early-warning/measures.ts';
import { scoreSql } from '../../src/early-warning/score-sql.ts';
import { modelTables } from '../../src/early-warning/scores.ts';
import type { StudentRecord } from '../../src/early-warning/students/records.ts';
import { studentTables } from '../../src/early-warning/students/tables.ts';
import { DRIFT, FEATURES } from '../../src/early-warning/tables.ts';
import { DRIFT_SQL, WATCHED_COURSES, watchedTable } from '../../src/early-warning/watch.ts';
import { contributions, risk } from '../../src/early-warning/week-model.ts';
import type { Json } from '../../src/json.ts';
import type { Cell } from '../../src/ports/query-engine.ts';
import { openTestLake, type TestLake } from '../platform/local/duckdb/lake-folder.ts';
import { randomOf } from './problems.ts';
import { HELD, storedModel } from './stored-model.ts';

type Row = Record<string, Json>;

const TYPES: Record<string, LakeType> = {
  user_id: 'bigint',
  student_id: 'varchar',
  course_id: 'bigint',
  course_code: 'varchar',
  term_code: 'varchar',
  week: 'integer',
  cutoff_date: 'date',
  is_first_semester: 'boolean',
  evidence: 'varchar',
  due: 'bigint',
  missing: 'bigint',
  is_last_missing: 'boolean',
  just_due: 'bigint',
  just_due_open: 'bigint',
  handed_in: 'bigint',
  class_handed_in: 'double',
  call_place: 'bigint',
  timed: 'bigint',
  late: 'bigint',
  scored: 'bigint',
  mean_score_gap: 'double',
  points_percent: 'double',
  class_points_percent: 'double',
  days_since_hand_in: 'bigint',
  class_days_since_hand_in: 'double',
  ...Object.fromEntries(COLUMNS.map((column) => [column, 'double' as const])),
};

const CALM: Row = {
  student_id: 'S1',
  course_id: 1,
  course_code: 'MAT101',
  term_code: 'T',
  week: 8,
  cutoff_date: '2026-10-19',
  is_first_semester: true,
  evidence: 'scored',
  due: 3,
  missing: 0,
  is_last_missing: false,
  just_due: 1,
  just_due_open: 0,
  handed_in: 4,
  class_handed_in: 4,
  timed: 3,
  late: 0,
  scored: 3,
  mean_score_gap: 0,
  points_percent: 80,
  class_points_percent: 80,
  days_since_hand_in: 3,
  class_days_since_hand_in: 3,
  ...Object.fromEntries(COLUMNS.map((column) => [column, 0])),
};

/** A model as past terms could give it. */
const MODEL = storedModel(8).weeks[0]!;

describe('The scores', () => {
  let lake: TestLake;
  const stored = { weeks: [MODEL] };
  beforeAll(async () => {
    lake = await openTestLake();
  });
  afterAll(() => lake.close());

  const at = '2026-10-20T08:00:00.000Z';

  async function driftOfCourses(version: string) {
    const watched = await watchedTable(
      lake.engine,
      HELD.map((one) => ({ ...one, course: 'HELD' })),
      version,
    );
    return lake.engine.create(DRIFT, DRIFT_SQL, { [WATCHED_COURSES]: watched }, version);
  }

  /** The scores of rows of features, by user. */
  async function scoresOf(
    rows: readonly Row[],
    records: readonly StudentRecord[] = [],
  ): Promise<Record<string, Cell>[]> {
    const version = `v${rows.length}`;
    const columns = Object.entries(TYPES).map(([name, type]) => ({ name, type }));
    const values = rows.map((row, i) =>
      columns.map(({ name }) => row[name] ?? (name === 'call_place' ? i + 1 : null)),
    );
    const features = await lake.engine.literalTable(FEATURES, columns, values, version);
    const model = await modelTables(lake.engine, stored, [7, 8, 9], version);
    const students = await studentTables(lake.engine, records, version);
    const scores = await lake.engine.create(
      'campus.early_warning_scores',
      scoreSql('m-1'),
      { [FEATURES]: features, [DRIFT]: await driftOfCourses(version), ...model, ...students },
      version,
    );
    const names = scores.columns.map(({ name }) => name);
    const found = await lake.rows(
      `SELECT ${names.join(', ')} FROM campus.early_warning_scores ORDER BY user_id`,
      { 'campus.early_warning_scores': scores },
    );
    return found.map((row) => Object.fromEntries(row.map((cell, i) => [names[i]!, cell])));
  }

  it('are in SQL what they are in the program, and the parts sum to the log-odds', async () => {
    const random = randomOf(17);
    const rows = Array.from(
      { length: 400 },
      (_, i): Row => ({
        ...CALM,
        user_id: i,
        // One that the model knows and one that is new to it; values in the range of the past and beyond it.
        course_code: i % 3 === 0 ? 'NEW' : 'MAT101',
        ...Object.fromEntries(COLUMNS.map((column) => [column, 4 * random() - 1.5])),
      }),
    );
    const scores = await scoresOf(rows);
    expect(scores).toHaveLength(400);
    scores.forEach((score, i) => {
      const measures = COLUMNS.map((column) => Number(rows[i]![column]));
      const parts = contributions(MODEL, measures);
      const course = String(rows[i]!.course_code);
      expect(score.risk).toBeCloseTo(risk(MODEL, { course, measures }), 12);
      expect(score.log_odds_course).toBe(course === 'NEW' ? 0 : -0.2);
      for (const theme of THEMES) {
        const own = MEASURES.flatMap((measure, j) => (measure.theme === theme ? [parts[j]!] : []));
        expect(score[`log_odds_${theme}`]).toBeCloseTo(
          own.reduce((sum, part) => sum + part, 0),
          10,
        );
      }
      const logOdds = THEMES.reduce(
        (sum, theme) => sum + Number(score[`log_odds_${theme}`]),
        Number(score.log_odds_base) + Number(score.log_odds_course),
      );
      expect(1 / (1 + Math.exp(-logOdds))).toBeCloseTo(Number(score.risk), 12);
    });
    const byPlace = [...scores].sort((a, b) => Number(a.place) - Number(b.place));
    byPlace.slice(1).forEach((score, i) => {
      expect(Number(score.risk)).toBeLessThanOrEqual(Number(byPlace[i]!.risk));
    });
  });

  it('tell the reasons by what they add, with the facts, and what speaks for the student', async () => {
    const missing = {
      missing: 2,
      is_last_missing: true,
      missing_share: 2 / 3,
      last_missing: 1,
      points_percent: 20,
      points_below_class: 60,
    };
    const [calm, drifting, silent, nothing, early, later, before] = await scoresOf([
      { ...CALM, user_id: 1 },
      {
        ...CALM,
        ...missing,
        user_id: 2,
        days_since_hand_in: 31,
        silence_beyond_class: 28,
        late: 1,
        late_share: 1 / 3,
        scores_below_class: -0.8,
        mean_score_gap: 12,
      },
      { ...CALM, user_id: 3, days_since_hand_in: 24, silence_beyond_class: 21 },
      { ...CALM, user_id: 4, evidence: 'nothing handed in', missing: 3, handed_in: 0 },
      { ...CALM, user_id: 5, evidence: 'nothing due yet', due: 0, just_due: 0, handed_in: 0 },
      { ...CALM, user_id: 6, week: 9 },
      { ...CALM, user_id: 7, week: 7 },
    ]);
    expect(calm!.reasons).toBeNull();
    expect(calm!.in_favour).toBe('all 3 pieces due are in');
    const told = String(drifting!.reasons);
    expect(told).toContain(
      '2 of 3 pieces due are missing (the latest too), 20 % of the points so far (class median 80 %)',
    );
    expect(told).toContain('last hand-in 31 days ago (class median 3)');
    expect(told.split('; ')).toHaveLength(2);
    expect(drifting!.in_favour).toBe(
      'scores are 12 points above the class median of the same work, on 3 pieces',
    );
    expect(silent!.reasons).toBe('last hand-in 24 days ago (class median 3)');
    expect(nothing).toMatchObject({ risk: null, place: 1n, in_favour: null });
    expect(nothing!.reasons).toBe('has handed in nothing of 4 pieces due: a call, not a prediction');
    expect(early).toMatchObject({
      risk: null,
      reasons: 'nothing was due yet: not enough evidence',
      place: 5n,
    });
    // A week without a model of its own takes the newest before it, and has none where there is none before it.
    expect(later!.risk).toBe(calm!.risk);
    expect(before!.risk).toBeNull();
  });

  it('are withheld in the course whose facts a student disputes, and show when the student was contacted', async () => {
    const missing = { missing: 2, missing_share: 2 / 3, student_id: 'S7' };
    const scores = await scoresOf(
      [
        { ...CALM, ...missing, user_id: 1 },
        { ...CALM, ...missing, user_id: 2, course_code: 'HELD' },
        { ...CALM, ...missing, user_id: 3, course_code: 'NEW' },
        { ...CALM, user_id: 4 },
        { ...CALM, ...missing, user_id: 5, evidence: 'nothing handed in', handed_in: 0 },
        { ...CALM, ...missing, user_id: 6, evidence: 'nothing due yet', due: 0 },
        { ...CALM, user_id: 7, student_id: null },
      ],
      [
        {
          student: 'S7',
          corrections: [
            { course: 'MAT101', facts: ['work', 'lateness'], at },
            { course: 'HELD', facts: ['scores'], at },
          ],
          contacts: [
            { at, on: '2026-10-19', how: 'call', reached: true },
            { at, on: '2026-10-12', how: 'e-mail', reached: false },
          ],
        },
      ],
    );
    const [disputed, held, other, someoneElse, nothing, early, unknown] = scores;
    expect(disputed).toMatchObject({
      evidence: 'in correction',
      risk: null,
      is_thin: false,
      log_odds_work: null,
      in_favour: null,
      reasons:
        'the student says that this is wrong: work, lateness (since 2026-10-20); to be corrected in Canvas or at the registrar',
      contacts: 2n,
      last_contact_on: '2026-10-19',
      last_contact: 'call, reached',
    });
    expect(held!.evidence).toBe('in correction');
    expect(nothing!.evidence).toBe('in correction');
    expect(early!.evidence).toBe('nothing due yet');
    expect(other).toMatchObject({ evidence: 'scored', contacts: 2n });
    expect(other!.risk).not.toBeNull();
    for (const row of [someoneElse, unknown])
      expect(row).toMatchObject({
        evidence: 'scored',
        contacts: 0n,
        last_contact_on: null,
        last_contact: null,
      });
    const listed = scores.filter(({ evidence }) => evidence === 'scored').map(({ place }) => Number(place));
    expect(Math.max(...listed)).toBe(3);
  });

  it('of a course on hold are none, and say why; that nothing was handed in is still said', async () => {
    const held = { ...CALM, course_code: 'HELD', missing: 2, missing_share: 2 / 3 };
    const [scored, nothing, other, before] = await scoresOf([
      { ...held, user_id: 1 },
      { ...held, user_id: 2, evidence: 'nothing handed in', missing: 3, handed_in: 0 },
      { ...held, user_id: 3, course_code: 'MAT101' },
      { ...held, user_id: 4, week: 9 },
    ]);
    expect(scored).toMatchObject({
      evidence: 'on hold',
      risk: null,
      log_odds_work: null,
      in_favour: null,
      reasons: 'the scores of this course are on hold: scores are of another scale',
    });
    expect(nothing).toMatchObject({ evidence: 'nothing handed in', place: 1n });
    expect(other!.risk).toBeGreaterThan(0);
    // Held in one week only.
    expect(before!.evidence).toBe('scored');
    expect(Number(other!.place)).toBeLessThan(Number(scored!.place));
  });

  it('mark a risk that rests on one piece of work', async () => {
    const [one, more] = await scoresOf([
      { ...CALM, user_id: 1, due: 1, just_due: 0, handed_in: 1 },
      { ...CALM, user_id: 2 },
    ]);
    expect([one!.is_thin, more!.is_thin]).toEqual([true, false]);
    expect(one!.in_favour).toBe('the only piece due is in');
  });
});
