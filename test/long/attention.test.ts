import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rocAuc } from '../../src/early-warning/metrics/ranking.ts';
import { loadModels } from '../../src/models/load-models.ts';
import { RUN_COLUMNS } from '../../src/models/model.ts';
import { orderModels } from '../../src/models/order-models.ts';
import type { Cell } from '../../src/ports/query-engine.ts';
import type { TableVersion } from '../../src/ports/tables.ts';
import { currentTermWeek, generateCollege } from '../../src/simulators/college/generate.ts';
import { stageCollege } from '../models/college-tables.ts';
import { openTestLake, type TestLake } from '../platform/local/duckdb/lake-folder.ts';

/** When every grade of the term is known. */
const OVER = Date.UTC(2026, 11, 20);
const TERM = '2026FA';
const ATTENTION = 'campus.first_semester_attention';
const EVERYBODY = 'campus.first_semester_concern';

/** Which courses a student ended without getting through, of those still taken when the list was made. */
type Lost = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * The list against what became of its students, in the same generated college. What is ranked is the concern of
 * every first-semester student, for the list ends where calls are no longer worth making.
 */
describe.each([
  { seed: 5, week: 7 },
  { seed: 11, week: 7 },
  { seed: 23, week: 5 },
  { seed: 31, week: 9 },
])('first_semester_attention in week $week of college $seed', ({ seed, week }) => {
  let lake: TestLake;
  let students: { id: string; shareMissing: number; lost: number }[];
  let list: { id: string; concern: number; worst: string; abandoned: boolean }[];
  /** Of those who are not listed too. */
  let concerns: ReadonlyMap<string, number>;
  let lost: Lost;

  beforeAll(async () => {
    lake = await openTestLake();
    const college = generateCollege({ students: 800, seed });
    const models = (await loadModels('models')).filter(({ table }) => !/early_warning|outcomes/.test(table));
    const wanted = new Set(models.flatMap((model) => model.statement.tables.map(({ name }) => name)));
    const at = async (upTo: number) => {
      const tables: Record<string, TableVersion> = await stageCollege(lake, college, upTo, wanted);
      const asOf = new Date(upTo).toISOString();
      const run = [['r1', asOf, asOf.slice(0, 10), college.timeZone]];
      tables['ops.run'] = await lake.engine.literalTable('ops.run', RUN_COLUMNS, run, asOf);
      for (const wave of orderModels(models, Object.keys(tables))) {
        for (const { table, text } of wave)
          tables[table] = await lake.engine.create(table, text, tables, asOf);
      }
      const everybody = models
        .find(({ table }) => table === ATTENTION)!
        .text.replace(/\nWHERE \(concern >= [\s\S]*$/, '');
      tables[EVERYBODY] = await lake.engine.create(EVERYBODY, everybody, tables, asOf);
      return (sql: string): Promise<Cell[][]> => lake.rows(sql, tables);
    };
    const then = await at(currentTermWeek(week));
    const seats = await then(
      `SELECT DISTINCT e.student_id, c.course_code FROM campus.enrolments e
       JOIN campus.students s ON s.student_id = e.student_id AND s.admitted_term = e.term_code
       JOIN campus.courses c ON c.course_id = e.course_id
       WHERE e.term_code = '${TERM}' AND e.is_current`,
    );
    const shares = await then(
      `SELECT w.student_id, CAST(count_if(w.status = 'missing') AS double) / count(*) FROM campus.submissions w
       JOIN campus.enrolments e ON e.user_id = w.user_id AND e.course_id = w.course_id AND e.is_current
       WHERE w.counts AND e.term_code = '${TERM}' GROUP BY w.student_id`,
    );
    const listed = await then(
      `SELECT student_id, concern, worst_course_code, reasons FROM campus.first_semester_attention`,
    );
    const all = await then(`SELECT student_id, concern FROM ${EVERYBODY}`);
    concerns = new Map(all.map(([id, concern]) => [String(id), Number(concern)]));
    list = listed.map(([id, concern, worst, reasons]) => ({
      id: String(id),
      concern: Number(concern),
      worst: String(worst),
      abandoned: String(reasons).includes('has handed in nothing in'),
    }));
    const ended = await (await at(OVER))(
      `SELECT DISTINCT e.student_id, c.course_code FROM campus.enrolments e
       JOIN campus.courses c ON c.course_id = e.course_id
       WHERE e.term_code = '${TERM}' AND (e.registration_status = 'RW' OR regexp_like(e.final_grade, '^(D|F|W)'))`,
    );
    const didNotPass = new Set(ended.map((row) => row.join(' ')));
    const found = new Map<string, Set<string>>();
    for (const row of seats.filter((seat) => didNotPass.has(seat.join(' ')))) {
      const id = String(row[0]);
      found.set(id, (found.get(id) ?? new Set()).add(String(row[1])));
    }
    lost = found;
    const share = new Map(shares.map(([id, value]) => [String(id), Number(value)]));
    students = [...new Set(seats.map(([id]) => String(id)))].map((id) => ({
      id,
      shareMissing: share.get(id) ?? 0,
      lost: lost.get(id)?.size ?? 0,
    }));
  });
  afterAll(() => lake.close());

  const auc = (score: (student: (typeof students)[number]) => number) =>
    rocAuc(students.map((student) => ({ score: score(student), bad: student.lost > 0 })));

  it('orders students better than the share of work that is missing', () => {
    const own = auc(({ id }) => concerns.get(id) ?? 0);
    const rival = auc(({ shareMissing }) => shareMissing);
    console.info(
      `AUC ${own.toFixed(3)}, share missing ${rival.toFixed(3)}, listed ${list.length} of ${students.length}`,
    );
    expect(own).toBeGreaterThan(rival + 0.01);
  });

  it('is no longer than seven tenths, and right about those it names first', () => {
    expect(list.length).toBeLessThan(0.7 * students.length);
    const first = [...list].sort((a, b) => b.concern - a.concern).slice(0, 40);
    expect(first.filter(({ id }) => lost.has(id)).length).toBeGreaterThanOrEqual(36);
  });

  it('has those who abandoned one course near the top, and names a course that they lose', () => {
    const ordered = [...list].sort((a, b) => b.concern - a.concern);
    const places = ordered.flatMap(({ abandoned }, place) => (abandoned ? [place] : []));
    expect(places[Math.floor(places.length / 2)]).toBeLessThan(ordered.length / 3);
    const named = list.filter(({ abandoned }) => abandoned);
    const right = named.filter(({ id, worst }) => lost.get(id)?.has(worst)).length;
    expect(right).toBeGreaterThanOrEqual(0.9 * named.length);
  });
});
