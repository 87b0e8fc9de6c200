import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Platform } from '../../src/ports/platform.ts';
import { readOulad } from '../../src/simulators/college/oulad.ts';
import { answer, DAY, openSmallCampus, type SmallCampus } from '../end-to-end/small-campus.ts';

/** The folder with the Open University's files (CC BY 4.0); the suite is left out where there is none. */
const FOLDER = process.env.OULAD_DIR ?? '';
/** Days between two runs. 1: every night of the term. */
const STEP = Number(process.env.OULAD_STEP_DAYS ?? 1);

/** Day 0 of presentation 2013J in London, and the morning after its last day. */
const DAY_ZERO = Date.UTC(2013, 9, 1, 4);
const LAST_DAY = 269;
/** Between: the lake must know what had happened by then, and nothing more. */
const MIDDLE = 56;

const DATE_ZERO = `CASE code_presentation WHEN '2013J' THEN DATE '2013-10-01' ELSE DATE '2013-02-01' END`;
const STUDENT = `'S' || lpad(CAST(id_student AS varchar), 7, '0')`;

/** What the CSV files say, asked directly: nothing of the lake is used. */
async function csv(sql: string): Promise<string[][]> {
  const database = await DuckDBInstance.create(':memory:');
  const connection = await database.connect();
  for (const name of ['assessments', 'courses', 'studentAssessment', 'studentInfo', 'studentRegistration']) {
    await connection.run(
      `CREATE VIEW ${name} AS SELECT * FROM read_csv('${join(FOLDER, `${name}.csv`)}', nullstr = '')`,
    );
  }
  const rows = (await connection.runAndReadAll(sql)).getRows();
  connection.closeSync();
  database.closeSync();
  return rows.map((row) => row.map((cell) => (cell === null ? '∅' : String(cell))));
}

/** Results as `day` sees them: day in days of 2013J; the earlier presentations are a constant number of days ahead. */
const seenBy = (column: string, day: number) =>
  `(${DATE_ZERO} + CAST(${column} AS integer)) < DATE '2013-10-01' + ${day}`;

const ENROLMENTS_CSV = (day: number) => `
  SELECT ${STUDENT}, code_module || '-' || code_presentation,
    CASE WHEN date_unregistration IS NOT NULL AND ${seenBy('date_unregistration', day)}
      THEN CAST(${DATE_ZERO} + CAST(date_unregistration AS integer) AS varchar) END,
    CASE WHEN final_result = 'Withdrawn' AND date_unregistration IS NOT NULL
        THEN CASE WHEN ${seenBy('date_unregistration', day)} THEN final_result END
      WHEN ${seenBy('module_presentation_length', day)} THEN final_result END
  FROM studentInfo
  JOIN studentRegistration USING (code_module, code_presentation, id_student)
  JOIN courses USING (code_module, code_presentation)
  WHERE ${seenBy('coalesce(date_registration, 0)', day)}
  ORDER BY 1, 2`;

const ENROLMENTS_LAKE = `
  SELECT student_id, section_code, CAST(withdrawn_on AS varchar), final_grade
  FROM campus.enrolments ORDER BY 1, 2`;

const WORK_CSV = (day: number) => `
  SELECT ${STUDENT}, CAST(id_assessment AS varchar),
    CASE WHEN is_banked = 0 THEN CAST(${DATE_ZERO} + CAST(date_submitted AS integer) AS varchar) END,
    score
  FROM studentAssessment
  JOIN assessments USING (id_assessment)
  JOIN studentRegistration USING (code_module, code_presentation, id_student)
  WHERE ${seenBy('date_submitted', day)} AND ${seenBy('coalesce(date_registration, 0)', day)}
    AND (is_banked = 0 OR score IS NOT NULL)
  ORDER BY 1, 2`;

const WORK_LAKE = `
  SELECT s.student_id, a.sis_source_id,
    CAST(CAST(at_timezone(s.submitted_at, 'Europe/London') AS date) AS varchar),
    s.score
  FROM campus.submissions s
  JOIN canvas.assignments a ON a.id = s.assignment_id
  WHERE s.submitted_at IS NOT NULL OR s.score IS NOT NULL
  ORDER BY 1, 2`;

const COUNTS_CSV = (day: number) => `
  SELECT code_module || '-' || code_presentation, count(*), count(DISTINCT id_student), round(avg(score), 4)
  FROM studentAssessment
  JOIN assessments USING (id_assessment)
  JOIN studentRegistration USING (code_module, code_presentation, id_student)
  WHERE score IS NOT NULL AND ${seenBy('date_submitted', day)} AND ${seenBy('coalesce(date_registration, 0)', day)}
  GROUP BY 1 ORDER BY 1`;

const COUNTS_LAKE = `
  SELECT c.course_code || '-' || c.term_code, count(*), count(DISTINCT s.student_id), round(avg(s.score), 4)
  FROM campus.submissions s
  JOIN campus.courses c ON c.course_id = s.course_id
  WHERE s.score IS NOT NULL
  GROUP BY c.course_code, c.term_code ORDER BY 1`;

describe.skipIf(!existsSync(join(FOLDER, 'studentInfo.csv')))('The real college, night by night', () => {
  let campus: SmallCampus;
  beforeAll(async () => {
    campus = await openSmallCampus(await readOulad(FOLDER), DAY_ZERO);
  });
  afterAll(() => campus.close());

  async function load(day: number): Promise<void> {
    await campus.simulated.advanceTo(DAY_ZERO + day * DAY);
    const { record, failures } = await campus.run('lake');
    expect(failures, `night before day ${day}`).toEqual([]);
    expect(record.status).toBe('succeeded');
  }

  async function compare(day: number): Promise<void> {
    await campus.look('lake', async (platform: Platform) => {
      const same = async (ofLake: string, ofFiles: string) => {
        const [lake, files] = await Promise.all([answer(platform, ofLake), csv(ofFiles)]);
        expect(files.length).toBeGreaterThan(5);
        expect(lake).toEqual(files);
      };
      await same(ENROLMENTS_LAKE, ENROLMENTS_CSV(day));
      await same(WORK_LAKE, WORK_CSV(day));
      await same(COUNTS_LAKE, COUNTS_CSV(day));
    });
  }

  it('knows on a day in between what had happened by then, and nothing more', async () => {
    for (let day = 0; day < MIDDLE; day += STEP) await load(day);
    await load(MIDDLE);
    await compare(MIDDLE);
    const kinds = await campus.look('lake', (platform) => platform.ledger.rows('loads'));
    expect(new Set(kinds.map((row) => row.kind))).toEqual(new Set(['snapshot', 'increment']));
  });

  it('answers at the end as the files do', async () => {
    for (let day = MIDDLE + STEP; day < LAST_DAY; day += STEP) await load(day);
    await load(LAST_DAY);
    await compare(LAST_DAY);
  });
});
