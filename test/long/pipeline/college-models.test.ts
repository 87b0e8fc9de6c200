import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModels } from '../../../src/models/load-models.ts';
import { RUN_COLUMNS } from '../../../src/models/model.ts';
import { orderModels } from '../../../src/models/order-models.ts';
import type { Cell } from '../../../src/ports/query-engine.ts';
import type { TableVersion } from '../../../src/ports/tables.ts';
import { countsSql } from '../../../src/quality/check-sql.ts';
import { checksOfModel } from '../../../src/quality/table-check.ts';
import { currentTermWeek, generateCollege } from '../../../src/simulators/college/generate.ts';
import { stageCollege } from '../../models/college-tables.ts';
import { openTestLake, type TestLake } from '../../platform/local/duckdb/lake-folder.ts';

/** What dashboards and the docs name: it must not vanish unnoticed. */
const MARTS = [
  'campus.students campus.instructors campus.programs campus.courses campus.sections campus.terms campus.term_weeks',
  'campus.registrations campus.grades campus.enrolments campus.submissions campus.activity_by_day',
  'campus.student_course_weeks campus.activity_by_week campus.term_summary',
  'campus.first_semester_attention campus.advisor_list campus.canvas_people campus.sis_people',
].flatMap((names) => names.split(' '));

/** The models of the repository over a small college in the seventh week of its current term. */
describe('the models on a college', () => {
  const upTo = currentTermWeek(7);
  let lake: TestLake;
  let tables: Record<string, TableVersion>;
  const rows = (sql: string): Promise<Cell[][]> => lake.rows(sql, tables);

  beforeAll(async () => {
    lake = await openTestLake();
    const college = generateCollege({ students: 40, seed: 3 });
    const models = await loadModels('models');
    const wanted = new Set(models.flatMap((model) => model.statement.tables.map(({ name }) => name)));
    tables = await stageCollege(lake, college, upTo, wanted);
    const asOf = new Date(upTo).toISOString();
    tables['ops.run'] = await lake.engine.literalTable(
      'ops.run',
      RUN_COLUMNS,
      [['r1', asOf, asOf.slice(0, 10), college.timeZone]],
      'r1',
    );
    for (const wave of orderModels(models, Object.keys(tables))) {
      for (const { table, text } of wave) tables[table] = await lake.engine.create(table, text, tables, 'r1');
    }
  });
  afterAll(() => lake.close());

  it('have rows, and one for each of their grain', async () => {
    const models = await loadModels('models');
    const counts = models.map(
      ({ table, grain }) => `SELECT '${table}' AS name, count(*) AS n,
        (SELECT count(*) FROM (SELECT DISTINCT ${grain} FROM ${table}) d) AS grains FROM ${table}`,
    );

    const found = (await rows(counts.join(' UNION ALL '))) as [string, bigint, bigint][];

    expect(found.filter(([, n]) => n === 0n)).toEqual([]);
    expect(found.filter(([, n, grains]) => n !== grains)).toEqual([]);
    expect(found.map(([name]) => name)).toEqual(expect.arrayContaining(MARTS));
  });

  it('pass their checks, those that only warn too', async () => {
    const models = await loadModels('models');
    const counts = models.map((model) => {
      const { columns } = tables[model.table]!;
      const checks = checksOfModel(
        model,
        columns.map(({ name }) => name),
      );
      const counts = countsSql({ table: model.table, columns, asOf: '2026-01-01T00:00:00Z' }, checks);
      const broken = checks.map((_, i) => `c${i}`).join(' + ');
      return `SELECT '${model.table}' AS name, ${broken} AS broken FROM (${counts}) c`;
    });

    const found = await rows(counts.join(' UNION ALL '));

    expect(found).toHaveLength(models.length);
    expect(found.filter(([, broken]) => broken !== 0n)).toEqual([]);
  });

  it('meets every student of the registrar in Canvas, once, extra pseudonyms notwithstanding', async () => {
    expect(await rows('SELECT count(*) FROM campus.students WHERE canvas_user_id IS NULL')).toEqual([[0n]]);
    expect(await rows('SELECT count(*) FROM campus.students')).toEqual(
      await rows('SELECT count(*) FROM sis.registrar_students'),
    );
  });

  it('counts students only among enrolments', async () => {
    expect(await rows('SELECT count(*) FROM campus.enrolments')).toEqual(
      await rows(`SELECT count(*) FROM canvas.enrollments WHERE type = 'StudentEnrollment'`),
    );
  });

  it("judges every submission by Canvas's rule, as a plain program does", async () => {
    const raw = await rows(
      `SELECT s.id, s.workflow_state, s.submitted_at, s.cached_due_date, s.excused, s.late_policy_status, s.grader_id,
         s.submission_type, a.submission_types
       FROM canvas.submissions s JOIN canvas.assignments a ON a.id = s.assignment_id
       WHERE a.workflow_state = 'published' ORDER BY s.id`,
    );
    const instant = (cell: Cell) =>
      cell === null ? undefined : Date.parse(`${String(cell).replace(' ', 'T')}Z`);
    const expected = raw.map(([id, , submitted, due, excused, set, grader, type, types]) => {
      const at = instant(submitted!);
      const dueAt = instant(due!);
      if (excused) return [id, 'excused'];
      if (set === 'missing' || set === 'late') return [id, set];
      if (set !== null) return [id, at === undefined ? 'not due' : 'on time'];
      if (at !== undefined) {
        const grace = type === 'online_quiz' ? 60_000 : 0;
        return [id, dueAt !== undefined && at > dueAt + grace ? 'late' : 'on time'];
      }
      if (dueAt === undefined || dueAt >= upTo) return [id, 'not due'];
      if (grader !== null) return [id, 'graded without'];
      const expectsNone = /^(none|not_graded|on_paper|wiki_page|external_tool)$/.test(String(types));
      return [id, expectsNone ? 'not expected' : 'missing'];
    });

    expect(await rows('SELECT submission_id, status FROM campus.submissions ORDER BY submission_id')).toEqual(
      expected,
    );
    expect(new Set(expected.map(([, status]) => status))).toContain('missing');
  });

  it('gives every student on the list a reason, and counts that bear it out', async () => {
    const list = await rows(
      `SELECT reasons, concern, work_due, work_missing, work_handed_in, silent_days, days_into_term
       FROM campus.first_semester_attention`,
    );

    for (const [reasons, concern, due, missing, handedIn, silent, daysIn] of list) {
      expect(reasons).not.toBe('');
      expect(Number(concern)).toBeGreaterThanOrEqual(0);
      expect(Number(concern)).toBeLessThanOrEqual(100);
      expect(Number(missing)).toBeLessThanOrEqual(Number(due));
      expect(Number(silent)).toBeLessThanOrEqual(Number(daysIn));
      const said = /(\d+) of (\d+) pieces due are missing/.exec(String(reasons));
      if (said) expect([said[1], said[2]]).toEqual([String(missing), String(due)]);
      if (String(reasons).includes('handed in nothing of')) expect(handedIn).toBe(0n);
    }
  });

  it('lists only first-semester students who are still enrolled', async () => {
    const others = await rows(
      `SELECT count(*) FROM campus.first_semester_attention a
       LEFT JOIN sis.registrar_registrations r
         ON r.student_id = a.student_id AND r.term_code = a.term_code AND r.status = 'RE'
       JOIN sis.registrar_students s ON s.student_id = a.student_id
       WHERE r.student_id IS NULL OR s.admitted_term <> a.term_code`,
    );

    expect(others).toEqual([[0n]]);
  });
});
