import type { WatchedCourse } from '../../src/early-warning/holds.ts';
import { COLUMNS } from '../../src/early-warning/measures.ts';
import type { StoredModel } from '../../src/early-warning/model-store.ts';
import { scoreSql } from '../../src/early-warning/score-sql.ts';
import { modelTables } from '../../src/early-warning/scores.ts';
import type { StudentRecord } from '../../src/early-warning/students/records.ts';
import { studentTables } from '../../src/early-warning/students/tables.ts';
import { CUTOFFS, DRIFT, FEATURES, OUTCOMES, SCORES } from '../../src/early-warning/tables.ts';
import { DRIFT_SQL, WATCHED_COURSES, watchedTable } from '../../src/early-warning/watch.ts';
import type { LocalEngine } from '../../src/platform/local/duckdb/engine.ts';
import type { TableColumn, TableVersion } from '../../src/ports/tables.ts';

/** A model as past terms could give it, learned for the end of one week. */
export const storedModel = (week: number): StoredModel => ({
  version: 2,
  id: 'm',
  trainedAt: '2026-06-01T00:00:00.000Z',
  campus: 'a college',
  terms: ['SP'],
  measures: COLUMNS,
  expires: '2027-06-01',
  evaluation: { term: 'SP', weeks: [{ week, auc: 0.8 }] },
  weeks: [
    {
      week,
      cases: 500,
      unsuccessful: 200,
      intercept: -0.5,
      means: [0.3, 0.3, 0.2, 0, 0, 0.1, 0.1, 0.3, 1, 5],
      deviations: [0.3, 0.5, 0.4, 0.3, 0.3, 0.6, 0.3, 0.3, 3, 10],
      weights: [0.6, 0.3, 0.3, 0.4, 0.5, 0.5, 0.1, 0.3, 0.3, 0.5],
      least: [0, 0, 0, -0.5, -0.5, -3, 0, 0, -30, -20],
      greatest: [1, 1, 1, 0.5, 0.5, 3, 1, 1, 30, 40],
      courses: { C1: 0.4, MAT101: -0.2 },
    },
  ],
});

/** The first course of the worlds is on hold in its eighth week. */
export const HELD: readonly WatchedCourse[] = [
  {
    term: 'T',
    week: 8,
    course: 'C1',
    students: 30,
    verdict: 'hold',
    isHeld: true,
    because: 'scores are of another scale',
    worst: { column: 'mean_score_gap', mean: -41, least: -2, greatest: 1, beyond: 2.5 },
  },
];

/** A student of whom a correction waits, and who was contacted. */
export const RECORDED: readonly StudentRecord[] = [
  {
    student: 'S1',
    corrections: [{ course: 'C1', facts: ['work'], at: '2026-02-10T08:00:00.000Z' }],
    contacts: [{ at: '2026-02-12T08:00:00.000Z', on: '2026-02-11', how: 'call', reached: true }],
  },
];

const CUTOFF_COLUMNS: readonly TableColumn[] = [
  { name: 'term_code', type: 'varchar' },
  { name: 'week', type: 'integer' },
  { name: 'cutoff_date', type: 'date' },
  { name: 'time_zone', type: 'varchar' },
];
const DAY_MS = 86_400_000;

/** What early warning is given beside the tables of a campus: at which weeks to look, and with which weights. */
export async function givenTables(
  engine: LocalEngine,
  terms: readonly { readonly code: string; readonly firstDay: string }[],
  { weeks, zone }: { weeks: readonly number[]; zone: string },
): Promise<Record<string, TableVersion>> {
  const cutoffs = terms.flatMap(({ code, firstDay }) =>
    weeks.map((week) => [
      code,
      week,
      new Date(Date.parse(firstDay) + 7 * week * DAY_MS).toISOString().slice(0, 10),
      zone,
    ]),
  );
  return {
    [CUTOFFS]: await engine.literalTable(CUTOFFS, CUTOFF_COLUMNS, cutoffs, 'v'),
    [WATCHED_COURSES]: await watchedTable(engine, HELD, 'v'),
    ...(await modelTables(engine, storedModel(weeks[1] ?? 1), weeks, 'v')),
    ...(await studentTables(engine, RECORDED, 'v')),
  };
}

/** The SQL of early warning in the order in which it is run: its models, and the scores. */
export function earlyWarningSql(
  models: readonly { readonly table: string; readonly text: string }[],
): { readonly table: string; readonly text: string; readonly grain: string }[] {
  const textOf = (table: string) => models.find((model) => model.table === table)!.text;
  return [
    { table: FEATURES, text: textOf(FEATURES), grain: 'user_id, course_id, week' },
    { table: OUTCOMES, text: textOf(OUTCOMES), grain: 'user_id, course_id, term_code' },
    { table: DRIFT, text: DRIFT_SQL, grain: 'term_code, week, course_code' },
    { table: SCORES, text: scoreSql('m'), grain: 'user_id, course_id, week' },
  ];
}
