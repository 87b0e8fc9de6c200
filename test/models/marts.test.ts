import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readHeader } from '../../src/models/header.ts';
import type { TableVersion } from '../../src/ports/tables.ts';
import { openTestLake, type TestLake } from '../platform/local/duckdb/lake-folder.ts';
import { buildMarts } from './build-marts.ts';
import { SMALL_CANVAS } from './small-canvas.ts';
import { SMALL_REGISTRAR } from './small-registrar.ts';

/** The marts over a college in which every known trap is set once; what is expected was worked out by hand. */
describe('the marts', () => {
  let lake: TestLake;
  let tables: Record<string, TableVersion>;
  beforeAll(async () => {
    lake = await openTestLake();
    tables = await buildMarts(lake, { ...SMALL_CANVAS, ...SMALL_REGISTRAR });
  });
  afterAll(() => lake.close());

  /** Rows as text, `∅` for nothing. */
  async function rows(sql: string): Promise<string[]> {
    const found = await lake.rows(sql, tables);
    return found.map((row) => row.map((cell) => (cell === null ? '∅' : String(cell))).join(' '));
  }
  const instants = (columns: string) =>
    columns
      .split(' ')
      .map((column) => `format_datetime(${column}, 'yyyy-MM-dd')`)
      .join(', ');

  it('can be counted for publication: the example with a disclosure rule is a table of counts', async () => {
    const text = await readFile('examples/published/outcomes_by_program.sql', 'utf8');
    const header = readHeader(text);
    const made = await lake.engine.create('campus.outcomes_by_program', text, tables, 'v');

    expect(header.disclosure).toMatchObject({ min: 10, counts: ['students'] });
    expect(made.columns).toEqual([
      { name: 'term_code', type: 'varchar' },
      { name: 'program_code', type: 'varchar' },
      { name: 'students', type: 'bigint' },
      { name: 'passed_all', type: 'double' },
    ]);
    const classes = header.columns.map(({ name, privacy }) => [name, privacy]);
    expect(classes).toEqual(made.columns.map(({ name }) => [name, 'none']));
    expect(made.rows).toBeGreaterThan(0);
  });

  it('know a Canvas user once: no inactive login, merges of merges, of two numbers the student’s', async () => {
    expect(
      await rows('SELECT user_id, person_user_id, sis_user_id, users FROM campus.canvas_people ORDER BY 1'),
    ).toEqual([
      '1 1 S1 1',
      '2 2 S2 1',
      '3 3 S3 3',
      '4 4 S4 1',
      '5 5 ∅ 1',
      '6 6 S6 1',
      '7 7 S7 1',
      '8 8 F8 1',
      '9 9 ∅ 1',
      '33 3 S3 3',
      '55 55 S5 1',
      '333 3 S3 3',
    ]);
  });

  it('find a student under each of their numbers, and a number with the user who has it now', async () => {
    expect(
      await rows('SELECT sis_user_id, person_user_id, login_state FROM campus.sis_people ORDER BY 1'),
    ).toEqual([
      'E2 2 active',
      'F8 8 suspended',
      'S1 1 active',
      'S2 2 active',
      'S3 3 active',
      'S3B 3 active',
      'S4 4 deleted',
      'S5 55 active',
      'S6 6 active',
      'S7 7 active',
    ]);
    expect(await rows('SELECT student_id, canvas_user_id FROM campus.students ORDER BY 1')).toEqual([
      'S1 1',
      'S2 2',
      'S3 3',
      'S3B 3',
      'S4 4',
      'S5 55',
      'S6 6',
      'S7 7',
    ]);
  });

  it('count a seat once, for students only, with the registration of the number under which it was made', async () => {
    expect(
      await rows(
        `SELECT enrolment_id, user_id, student_id, state, is_current, registration_status
         FROM campus.enrolments ORDER BY 1`,
      ),
    ).toEqual([
      '1 1 S1 active true RE',
      '2 1 S1 active false RW',
      '3 2 S2 active true RE',
      '4 2 S2 active true RE',
      '5 3 S3B active true RE',
      '7 4 S4 deleted false DC',
      '8 6 S6 active true RE',
      '9 7 S7 active true RE',
    ]);
  });

  it('take the dates that bind: enrolment, section, course, term with its exception for students', async () => {
    expect(
      await rows(
        `SELECT enrolment_id, dates_from, ${instants('start_at end_at')} FROM campus.enrolments ORDER BY 1`,
      ),
    ).toEqual([
      '1 term 2026-08-20 2026-12-12',
      '2 course 2026-09-01 2026-11-01',
      '3 term 2026-08-20 2026-12-12',
      '4 section 2026-09-07 2026-10-30',
      '5 term 2026-08-20 2026-12-12',
      '7 term 2026-08-20 2026-12-12',
      '8 enrolment 2026-10-20 2026-12-01',
      '9 term 2026-08-20 2026-12-12',
    ]);
    expect(
      await rows(
        `SELECT section_code, ${instants('start_at')} FROM campus.sections WHERE course_id = 30 ORDER BY 1`,
      ),
    ).toEqual(['FA-HIS-1 2026-09-01', 'FA-HIS-2 2026-09-07']);
  });

  it('keep a cross-listed section’s own term, and find it in the course to which it was moved', async () => {
    expect(
      await rows(
        `SELECT section_code, section_id, course_id, home_course_id, is_cross_listed, term_code, title, registered
         FROM campus.sections ORDER BY 1`,
      ),
    ).toEqual([
      'F2-MAT-1 210 20 21 true F2 Numbers 1',
      'FA-CHE-1 ∅ ∅ ∅ false FA ∅ 1',
      'FA-ENG-1 100 10 ∅ false FA ∅ 4',
      'FA-HIS-1 300 30 ∅ false FA ∅ 0',
      'FA-HIS-2 301 30 ∅ false FA ∅ 1',
      'FA-MAT-1 200 20 ∅ false FA Numbers 0',
      'canvas-101 101 10 ∅ false FA ∅ ∅',
    ]);
    expect(
      await rows(`SELECT course_id, home_course_id, term_code, crn FROM campus.enrolments WHERE user_id = 6`),
    ).toEqual(['20 21 F2 3']);
  });

  it('count work once and of students only; keep that of those who left, and judge nobody by it', async () => {
    expect(
      await rows(
        `SELECT submission_id, user_id, status, counts, is_deleted FROM campus.submissions ORDER BY 1`,
      ),
    ).toEqual([
      '1 1 on time true false',
      '2 1 late true false',
      '3 2 on time true false',
      '4 2 missing true false',
      '5 3 on time true false',
      '7 3 on time true false',
      '8 4 on time false true',
      '9 4 missing false true',
      '10 7 missing true false',
      '11 7 missing true false',
    ]);
  });

  it('date what was done by the clock of the campus, in the course to which it belongs now', async () => {
    expect(
      await rows(
        `SELECT user_id, course_id, CAST(day AS varchar), page_views, submissions
         FROM campus.activity_by_day ORDER BY 1, 2, 3`,
      ),
    ).toEqual([
      '1 10 2026-09-03 0 1',
      '1 10 2026-09-15 0 1',
      '1 10 2026-10-20 1 0',
      '2 10 2026-09-03 0 1',
      '3 10 2026-09-03 0 1',
      '3 10 2026-09-13 0 1',
      '3 10 2026-10-21 1 0',
      '4 10 2026-09-03 0 1',
      '6 20 2026-09-03 0 1',
      '6 20 2026-10-01 1 0',
      '6 20 2026-10-21 1 0',
    ]);
  });

  it('tell of every registration where it stands, how early it was made, and what became of it', async () => {
    expect(
      await rows(
        `SELECT r.student_id, r.section_code, r.section_id, r.standing, r.days_before_term, r.is_first_semester,
           g.outcome, g.is_dfw, g.credits_attempted, g.credits_earned, g.gpa_credits
         FROM campus.registrations r
         LEFT JOIN campus.grades g ON g.student_id = r.student_id AND g.term_code = r.term_code AND g.crn = r.crn
         ORDER BY 1, 2`,
      ),
    ).toEqual([
      'S1 FA-CHE-1 ∅ registered 21 false open ∅ 3.0 ∅ ∅',
      'S1 FA-ENG-1 100 registered 21 false passed true 3.0 3.0 3.0',
      'S1 FA-HIS-1 300 withdrawn 21 false withdrawn true 3.0 ∅ ∅',
      'S2 FA-ENG-1 100 registered 21 true unsuccessful false 3.0 ∅ ∅',
      'S2 FA-HIS-2 301 registered -8 true passed false 3.0 3.0 3.0',
      'S3B FA-ENG-1 100 registered 21 false ∅ ∅ ∅ ∅ ∅',
      'S4 FA-ENG-1 100 dropped 21 false ∅ ∅ ∅ ∅ ∅',
      'S6 F2-MAT-1 210 registered 77 false ∅ ∅ ∅ ∅ ∅',
      'S7 FA-ENG-1 100 registered 21 true open ∅ 3.0 ∅ ∅',
    ]);
    expect(
      await rows(
        `SELECT term_code, students, registrations, drops, withdrawals, outcomes, round(dfw_share, 4),
           credits_attempted, credits_earned
         FROM campus.term_summary ORDER BY 1`,
      ),
    ).toEqual(['F2 1 1 0 0 0 ∅ 3 ∅', 'FA 4 7 1 1 4 0.5 21 6']);
  });

  it('put each student beside the class, week by week, for as long as they were in it', async () => {
    const weeks = (user: number, columns: string) =>
      rows(
        `SELECT week_of_term, ${columns} FROM campus.student_course_weeks
         WHERE user_id = ${user} AND course_id = 10 ORDER BY 1`,
      );
    const scores =
      'work_due, on_time, late, missing, score_percent, class_mean_percent, score_so_far, class_percentile';

    expect((await weeks(1, `${scores}, class_mean_so_far, class_size`)).slice(0, 4)).toEqual([
      '1 0 0 0 0 ∅ ∅ ∅ ∅ ∅ 0',
      '2 1 1 0 0 80 60 80 100 60 3',
      '3 1 0 1 0 60 60 64 100 54.67 3',
      '4 0 0 0 0 ∅ ∅ 64 100 54.67 3',
    ]);
    expect((await weeks(2, scores)).slice(1, 3)).toEqual(['2 1 1 0 0 60 60 60 50', '3 1 0 0 1 ∅ ∅ 60 50']);
    expect((await weeks(3, scores)).slice(1, 3)).toEqual(['2 1 1 0 0 40 60 40 0', '3 1 1 0 0 ∅ ∅ 40 0']);
    expect((await weeks(7, scores)).slice(1, 3)).toEqual(['2 1 0 0 1 ∅ ∅ ∅ ∅', '3 1 0 0 1 ∅ ∅ ∅ ∅']);
    expect(await weeks(4, 'CAST(week AS varchar)')).toEqual(['1 2026-08-24', '2 2026-08-31', '3 2026-09-07']);
    expect(await weeks(1, 'submissions, page_views, days_since_activity')).toEqual([
      '1 0 0 ∅',
      '2 1 0 3',
      '3 0 0 10',
      '4 1 0 5',
      '5 0 0 12',
      '6 0 0 19',
      '7 0 0 26',
      '8 0 0 33',
      '9 0 1 5',
      '10 0 0 8',
    ]);
    expect(
      await rows(`SELECT term_code, week_of_term, days_since_activity FROM campus.student_course_weeks
        WHERE user_id = 6 ORDER BY 2`),
    ).toEqual(['F2 1 4', 'F2 2 7']);
  });

  it('put students who need attention and have no advisor on a list of nobody', async () => {
    expect(
      await rows(
        `SELECT advisor_id, role, place, student_id, reasons FROM campus.advisor_list ORDER BY advisor_id, place`,
      ),
    ).toEqual([expect.stringMatching(/^nobody ∅ 1 S7 has handed in nothing of 2 pieces due/)]);
  });
});
