import { queryTables } from '../access/query.ts';
import type { TableBuilder } from '../ports/query-engine.ts';
import type { Uses } from '../ports/step.ts';
import type { TableColumn, TableSet, TableVersion } from '../ports/tables.ts';
import { driftOf, WATCHED } from './drift.ts';
import { readDecisions, type WatchedCourse, watchedCourse } from './holds.ts';
import type { StoredModel } from './model-store.ts';
import { FEATURES } from './tables.ts';
import { modelFor } from './week-model.ts';

/** The courses of the running terms as the check of each week has found them. */
export const WATCHED_COURSES = 'campus.early_warning_watched_courses';

/** The same as a table to be published, with a header as every model has one. */
export const DRIFT_SQL = `
-- description: Whether each course lies where the model of early warning has learned, week by week, and whether its
--   scores are on hold. There once early warning has been trained
-- grain: term_code, week, course_code
-- check: { kind: not_null, columns: [term_code, week, course_code, students, verdict, is_held] }
-- check: { kind: accepted_values, column: verdict, values: [in range, watch, hold, unknown] }
-- owner: Student success
-- column term_code (none): the term
-- column week (none): week of the term; week n ends with its day 7 n
-- column course_code (none): the course's short name
-- column students (none): students with work handed in
-- column verdict (none): in range, watch (more than half a standard deviation beyond past courses), hold (more than
--   one), or unknown (fewer than ten students, or a week of which the past says nothing)
-- column is_held (none): whether its students get no risk: by the verdict, or because a person decided so
-- column because (none): why it is held or watched
-- column measure (none): which mean lies farthest beyond
-- column mean (none): that mean
-- column least (none): the least of past courses
-- column greatest (none): the greatest of past courses
SELECT term_code, week, course_code, students, verdict, is_held, because, measure, mean, least, greatest
FROM ${WATCHED_COURSES}`.trimStart();

const WATCHED_COLUMNS: readonly TableColumn[] = [
  { name: 'term_code', type: 'varchar' },
  { name: 'week', type: 'integer' },
  { name: 'course_code', type: 'varchar' },
  { name: 'students', type: 'bigint' },
  { name: 'verdict', type: 'varchar' },
  { name: 'is_held', type: 'boolean' },
  { name: 'because', type: 'varchar' },
  { name: 'measure', type: 'varchar' },
  { name: 'mean', type: 'double' },
  { name: 'least', type: 'double' },
  { name: 'greatest', type: 'double' },
];

/** Looks at every course of the features: whether it lies in the range of the past, and what a person has decided. */
export async function watchCourses(
  lake: Uses<'session' | 'objects' | 'engine'>,
  model: Pick<StoredModel, 'weeks'>,
  tables: TableSet,
): Promise<WatchedCourse[]> {
  const decisions = await readDecisions(lake.platform.objects);
  const means = WATCHED.map((column) => `avg(coalesce(${column}, 0e0))`).join(', ');
  const result = await queryTables(
    lake,
    `SELECT term_code, week, course_code, count(*), ${means} FROM ${FEATURES}
     WHERE evidence = 'scored' GROUP BY term_code, week, course_code ORDER BY term_code, week, course_code`,
    tables,
  );
  const courses: WatchedCourse[] = [];
  for await (const batch of result.batches()) {
    for (const [term, week, course, students, ...values] of batch) {
      const own = {
        term: String(term),
        week: Number(week),
        course: String(course),
        students: Number(students),
        means: values.map(Number),
      };
      courses.push(watchedCourse(driftOf(modelFor(model.weeks, own.week)?.range, own), decisions));
    }
  }
  return courses;
}

/** The courses as the table that `DRIFT_SQL` reads. */
export function watchedTable(
  engine: TableBuilder,
  courses: readonly WatchedCourse[],
  version: string,
): Promise<TableVersion> {
  const rows = courses.map(({ term, week, course, students, verdict, isHeld, because = null, worst }) => [
    term,
    week,
    course,
    students,
    verdict,
    isHeld,
    because,
    worst?.column ?? null,
    worst?.mean ?? null,
    worst?.least ?? null,
    worst?.greatest ?? null,
  ]);
  return engine.literalTable(WATCHED_COURSES, WATCHED_COLUMNS, rows, version);
}

/** What a person has to know of the newest week of each term: courses on hold, and those to watch; in words. */
export function watchInWords(courses: readonly WatchedCourse[]): string[] {
  const newest = new Map<string, number>();
  for (const { term, week } of courses) newest.set(term, Math.max(week, newest.get(term) ?? 0));
  return courses
    .filter(({ term, week, isHeld, verdict }) => week === newest.get(term) && (isHeld || verdict === 'watch'))
    .map(courseInWords);
}

/** `BIO101 in 2026FA, week 5, is on hold, its students get no risk: …` */
export const courseInWords = ({
  term,
  week,
  course,
  isHeld,
  because,
}: Pick<WatchedCourse, 'term' | 'week' | 'course' | 'isHeld' | 'because'>): string =>
  `${course} in ${term}, week ${week}, ${isHeld ? 'is on hold, its students get no risk' : 'is to be watched'}: ${because}`;
