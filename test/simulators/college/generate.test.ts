import { describe, expect, it } from 'vitest';
import type { Change } from '../../../src/simulators/college/college.ts';
import { CollegeError } from '../../../src/simulators/college/errors.ts';
import { currentTermWeek, generateCollege } from '../../../src/simulators/college/generate.ts';
import { changesOf, checkChanges, danglingReferences, rowsAt, stateAt, tableOf } from './sound.ts';

const DAY = 86_400_000;
const college = generateCollege({ students: 60, seed: 5 });
const week7 = currentTermWeek(7);

describe('the generated college', () => {
  it('keeps the contract in every table of both systems, and gives all of them rows', () => {
    for (const system of [college.canvas, college.sis]) {
      for (const table of system.tables) {
        const after = table.name === 'web_logs' ? week7 - 3 * DAY : Number.NEGATIVE_INFINITY;
        expect(checkChanges(system, table, after, college.closes), table.name).toBeGreaterThan(0);
      }
    }
  });

  it('fills at least 25 Canvas tables and four SIS schemas', () => {
    expect(
      college.canvas.tables.filter(({ namespace }) => namespace === 'canvas').length,
    ).toBeGreaterThanOrEqual(25);
    expect(new Set(college.canvas.tables.map(({ namespace }) => namespace))).toEqual(
      new Set(['canvas', 'canvas_logs', 'new_quizzes', 'catalog']),
    );
    expect(new Set(college.sis.tables.map(({ namespace }) => namespace))).toEqual(
      new Set(['registrar', 'bursar', 'finaid', 'hr']),
    );
  });

  it.each([0, 40, 160, 338, 430])('has no foreign key without its row %i days after it opens', (day) => {
    expect(danglingReferences(college.sis, college.opens + day * DAY)).toEqual([]);
  });

  it('is the same college for the same seed, and another for another', () => {
    const again = generateCollege({ students: 60, seed: 5 });
    const other = generateCollege({ students: 60, seed: 6 });
    for (const name of ['canvas.submissions', 'canvas.scores', 'canvas.pseudonyms']) {
      const all = changesOf(college.canvas, name, college.opens, week7);
      expect(changesOf(again.canvas, name, college.opens, week7), name).toEqual(all);
      expect(changesOf(other.canvas, name, college.opens, week7), name).not.toEqual(all);
    }
  });

  it('ends earlier when only so many days are asked for', () => {
    const short = generateCollege({ students: 10, seed: 5, days: 30 });
    expect(Math.round((short.closes - short.opens) / DAY)).toBe(30);
    for (const table of short.canvas.tables) {
      expect([...short.canvas.changes(table, short.closes, Number.POSITIVE_INFINITY)]).toEqual([]);
    }
  });

  it.each([0, -1, 2.5, Number.NaN])('refuses %d students', (students) => {
    expect(() => generateCollege({ students, seed: 1 })).toThrow(CollegeError);
  });

  it('knows one student by one number on both sides, and a section by one code', () => {
    const persons = new Set(rowsAt(college.sis, 'registrar.persons', week7).map((row) => row.person_id));
    const pseudonyms = rowsAt(college.canvas, 'canvas.pseudonyms', week7);
    const known = pseudonyms.filter((row) => row.sis_user_id !== null);
    expect(known.length).toBeGreaterThan(60);
    expect(known.filter((row) => !persons.has(row.sis_user_id!))).toEqual([]);
    const sections = new Set(rowsAt(college.sis, 'registrar.sections', week7).map((row) => row.section_code));
    const canvasSections = rowsAt(college.canvas, 'canvas.course_sections', week7);
    expect(new Set(canvasSections.map((row) => row.sis_source_id))).toEqual(sections);
  });

  it('has a student’s active Canvas enrolments stand for registrations of the night before', () => {
    const night = week7 - 3.5 * 3_600_000;
    const students = new Map(
      rowsAt(college.canvas, 'canvas.pseudonyms', night)
        .filter((row) => row.is_inst_id === false)
        .map((row) => [row.user_id, row.sis_user_id]),
    );
    const codes = new Map(
      rowsAt(college.canvas, 'canvas.course_sections', night).map((row) => [row.id, row.sis_source_id]),
    );
    const canvas = rowsAt(college.canvas, 'canvas.enrollments', night)
      .filter((row) => row.type === 'StudentEnrollment' && row.workflow_state === 'active')
      .map((row) => `${students.get(row.user_id!)} ${codes.get(row.course_section_id!)}`);
    const crns = new Map(
      rowsAt(college.sis, 'registrar.sections', night).map((row) => [row.crn, row.section_code]),
    );
    const lastMidnight = week7 - 6 * 3_600_000;
    const sis = rowsAt(college.sis, 'registrar.registrations', lastMidnight)
      .filter((row) => row.status === 'RE' && row.term_code === '2026FA')
      .map((row) => `${row.student_id} ${crns.get(row.crn!)}`);
    expect(canvas.length).toBeGreaterThan(100);
    expect(canvas.sort()).toEqual(sis.sort());
  });

  it('has a submission for every student and published assignment of a course', () => {
    const alive = (row: { workflow_state?: unknown }) =>
      row.workflow_state === 'active' || row.workflow_state === 'published';
    const assignments = rowsAt(college.canvas, 'canvas.assignments', week7).filter(alive);
    const submissions = new Set(
      rowsAt(college.canvas, 'canvas.submissions', week7).map((row) => `${row.user_id} ${row.assignment_id}`),
    );
    const wanted = rowsAt(college.canvas, 'canvas.enrollments', week7)
      .filter((row) => row.type === 'StudentEnrollment' && alive(row))
      .flatMap((row) =>
        assignments.filter((a) => a.context_id === row.course_id).map((a) => `${row.user_id} ${a.id}`),
      );
    expect(wanted.length).toBeGreaterThan(500);
    expect(wanted.filter((pair) => !submissions.has(pair))).toEqual([]);
  });

  it('never tells of a deed before it was done', () => {
    const deeds = [
      'submitted_at',
      'graded_at',
      'posted_at',
      'created_at',
      'updated_at',
      'deleted_at',
      'completed_at',
      'finished_at',
    ];
    for (const system of [college.canvas, college.sis]) {
      for (const table of system.tables.filter(({ name }) => name !== 'web_logs')) {
        const columns = deeds.filter((deed) => table.columns.some(({ name }) => name === deed));
        for (const { at, op, row } of system.changes(table, Number.NEGATIVE_INFINITY, college.closes)) {
          for (const column of columns) {
            if (op === 'U' && (row[column] as number) > at)
              throw new Error(`${table.name}.${column} knows the future`);
          }
        }
      }
    }
  });

  it('leaves out only what is replaced later when the newest changes are asked for', () => {
    const ranges = [
      [Number.NEGATIVE_INFINITY, week7],
      [week7 - 3 * DAY, week7 + DAY],
    ] as const;
    for (const system of [college.canvas, college.sis]) {
      for (const table of system.tables.filter(({ name }) => name !== 'web_logs')) {
        const key = (change: Change) => table.key.map((column) => String(change.row[column])).join('|');
        for (const [after, upTo] of ranges) {
          const last = new Map<string, Change>();
          for (const change of system.changes(table, after, upTo)) {
            last.delete(key(change));
            last.set(key(change), change);
          }
          expect([...system.changes(table, after, upTo, 'newest')], table.name).toEqual([...last.values()]);
        }
      }
    }
  });

  it('lives: every teaching week brings inserts, updates, and deletions soft or hard on both sides', () => {
    const seen = { inserts: 0, updates: 0, soft: 0, hard: 0 };
    for (const system of [college.canvas, college.sis]) {
      const counts = { inserts: 0, updates: 0, soft: 0, hard: 0 };
      for (const table of system.tables.filter(({ name }) => name !== 'web_logs')) {
        const state = stateAt(system, table, week7);
        for (const { op, row } of system.changes(table, week7, college.closes)) {
          const key = table.key.map((column) => String(row[column])).join('|');
          if (op === 'D') counts.hard += 1;
          else if (state.has(key)) counts.updates += 1;
          else counts.inserts += 1;
          if (['deleted', 'inactive'].includes(String(row.workflow_state)) || row.status === 'RW')
            counts.soft += 1;
          if (op === 'U') state.set(key, row);
        }
      }
      for (const kind of ['inserts', 'updates', 'soft', 'hard'] as const) {
        expect(counts[kind], kind).toBeGreaterThan(0);
        seen[kind] += counts[kind];
      }
    }
    for (let day = 0; day < 14; day += 1) {
      const from = week7 + day * DAY;
      expect(
        changesOf(college.canvas, 'canvas.submissions', from, from + DAY).length,
        `day ${day}`,
      ).toBeGreaterThan(0);
    }
  });

  it('takes the submissions of a student who drops before the census down with the enrolment', () => {
    const gone = new Set(
      rowsAt(college.canvas, 'canvas.enrollments', week7)
        .filter((row) => row.workflow_state === 'deleted')
        .map((row) => `${row.user_id} ${row.course_id}`),
    );
    const theirs = rowsAt(college.canvas, 'canvas.submissions', week7).filter((row) =>
      gone.has(`${row.user_id} ${row.course_id}`),
    );
    expect(theirs.length).toBeGreaterThan(0);
    expect(new Set(theirs.map((row) => row.workflow_state))).toEqual(new Set(['deleted']));
  });

  it('uses ids of 17 digits, placeholders, and sensitive values that can be nobody’s', () => {
    for (const { row } of changesOf(college.canvas, 'canvas.users', college.opens - 1, week7)) {
      expect(String(row.id)).toMatch(/^2107\d{13}$/);
    }
    const views = rowsAt(generateCollege({ students: 300, seed: 5 }).canvas, 'canvas.courses', week7);
    expect(views.some((row) => row.default_view === '__dap_unspecified__')).toBe(true);
    expect(views.some((row) => row.syllabus_body === '__dap_oversized_truncated__')).toBe(true);
    const ssns = rowsAt(college.sis, 'registrar.persons', week7)
      .map((row) => row.ssn)
      .filter((ssn) => ssn !== null);
    expect(ssns.length).toBeGreaterThan(50);
    for (const ssn of ssns) expect(ssn).toMatch(/^(000-\d\d-\d{4}|9\d\d-00-\d{4})$/);
  });

  it('gives most users a second login that is not in use', () => {
    const pseudonyms = rowsAt(college.canvas, 'canvas.pseudonyms', week7);
    const extra = pseudonyms.filter((row) => row.is_inst_id === true);
    expect(extra.length).toBeGreaterThan(pseudonyms.length * 0.35);
    expect(extra.every((row) => row.sis_user_id === null && row.workflow_state === 'suspended')).toBe(true);
  });

  it('has its good instants inside its life', () => {
    expect(new Date(week7).toISOString()).toBe('2026-10-05T11:00:00.000Z');
    expect(college.opens < week7 && week7 < college.closes).toBe(true);
    expect(tableOf(college.canvas, 'canvas_logs.web_logs').key).toEqual(['id']);
  });
});
