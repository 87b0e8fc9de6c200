import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TableVersion } from '../../src/ports/tables.ts';
import { openTestLake, type TestLake } from '../platform/local/duckdb/lake-folder.ts';
import { buildMarts, type SmallCollege, type SmallRow } from './build-marts.ts';

const COURSES = [10, 20, 30, 40];
const PIECES = 4;
const DUE = ['2026-09-11', '2026-09-25', '2026-10-09', '2026-10-23'].map((day) => `${day}T20:00:00Z`);
/** The eleventh week is not known yet. */
const AFTER = '2026-11-03T20:00:00Z';
const FORMATIVE = 900;

interface Student {
  readonly id: string;
  /** Of each course, which pieces are handed in; on the day before they are due. */
  readonly hands: (course: number, piece: number) => boolean;
  readonly more?: (course: number, piece: number) => SmallRow;
  readonly formativeScore?: number;
  /** Has dropped this course, on that day. */
  readonly left?: { readonly course: number; readonly on: string };
}

const all = () => true;
const STUDENTS: readonly Student[] = [
  { id: 'FINE1', hands: all },
  { id: 'FINE2', hands: all },
  { id: 'FINE3', hands: all },
  { id: 'ONCE', hands: (course, piece) => !(course === 10 && piece === 0) },
  { id: 'FORMATIVE', hands: all, formativeScore: 0 },
  { id: 'ABANDONED', hands: (course) => course !== 30 },
  // As many pieces missing in all as the one above, spread over the courses.
  { id: 'SPREAD', hands: (course, piece) => piece !== 1 || course === 99 },
  { id: 'NOTHING', hands: () => false },
  // Handed in after the moment up to which everything is known.
  {
    id: 'LATER',
    hands: (course) => course !== 20,
    more: (course): SmallRow => (course === 20 ? { submitted_at: AFTER, workflow_state: 'submitted' } : {}),
  },
  { id: 'LEFT', hands: (_, piece) => piece > 1, left: { course: 40, on: '2026-09-20' } },
  { id: 'MOVED', hands: (_, piece) => piece > 1, left: { course: 40, on: '2026-08-27' } },
];

const ahead = (due: string) => new Date(Date.parse(due) - 86_400_000).toISOString();

function college(): SmallCollege {
  const user = new Map(STUDENTS.map(({ id }, i) => [id, i + 1]));
  const attends = STUDENTS.flatMap((student) => COURSES.map((course) => ({ student, course })));
  const work = attends.flatMap(({ student, course }, i) =>
    DUE.map((due, piece): SmallRow => {
      const handed = student.hands(course, piece);
      const more = student.more?.(course, piece) ?? {};
      return {
        id: 1000 + i * PIECES + piece,
        user_id: user.get(student.id)!,
        assignment_id: course * 10 + piece,
        course_id: course,
        workflow_state: handed ? 'graded' : 'unsubmitted',
        cached_due_date: due,
        ...(handed ? { submitted_at: ahead(due), graded_at: due, posted_at: due, score: 80 } : {}),
        ...more,
      };
    }),
  );
  const formative = STUDENTS.map(({ id, formativeScore = 80 }, i) => ({
    id: 5000 + i,
    user_id: user.get(id)!,
    assignment_id: FORMATIVE,
    course_id: 10,
    workflow_state: 'graded',
    submitted_at: ahead(DUE[3]!),
    graded_at: DUE[3]!,
    posted_at: DUE[3]!,
    score: formativeScore,
  }));
  const assignment = {
    context_type: 'Course',
    workflow_state: 'published',
    submission_types: 'online_upload',
  };
  return {
    'canvas.users': [...user.values()].map((id) => ({ id, workflow_state: 'registered' })),
    'canvas.pseudonyms': [...user].map(([id, number]) => ({
      id: number,
      user_id: number,
      sis_user_id: id,
      workflow_state: 'active',
    })),
    'canvas.enrollment_terms': [
      { id: 1, sis_source_id: 'FA', start_at: '2026-08-24T05:00:00Z', workflow_state: 'active' },
    ],
    'canvas.courses': COURSES.map((id) => ({
      id,
      course_code: `C${id}`,
      enrollment_term_id: 1,
      workflow_state: 'available',
    })),
    'canvas.course_sections': COURSES.map((id) => ({
      id: id * 10,
      course_id: id,
      sis_source_id: `FA-${id}`,
      workflow_state: 'active',
    })),
    'canvas.enrollments': attends.map(({ student, course }, i) => ({
      id: i + 1,
      user_id: user.get(student.id)!,
      course_id: course,
      course_section_id: course * 10,
      type: 'StudentEnrollment',
      workflow_state: 'active',
      created_at: '2026-08-03T15:00:00Z',
      last_activity_at: '2026-10-26T15:00:00Z',
    })),
    'canvas.assignments': [
      ...COURSES.flatMap((course) =>
        DUE.map((_, piece) => ({
          ...assignment,
          id: course * 10 + piece,
          context_id: course,
          points_possible: 100,
        })),
      ),
      {
        ...assignment,
        id: FORMATIVE,
        context_id: 10,
        points_possible: 100,
        omit_from_final_grade: true,
      },
    ],
    'canvas.submissions': [...work, ...formative],
    'sis.registrar_terms': [{ term_code: 'FA', first_day: '2026-08-24', last_day: '2026-12-11', weeks: 16 }],
    'sis.registrar_persons': STUDENTS.map(({ id }) => ({ person_id: id, given_name: id })),
    'sis.registrar_students': STUDENTS.map(({ id }) => ({
      student_id: id,
      admitted_term: 'FA',
      status: 'AS',
    })),
    'sis.registrar_advisors': [
      { student_id: 'ABANDONED', advisor_id: 'F8', role: 'primary' },
      { student_id: 'ABANDONED', advisor_id: 'F9', role: 'athletics' },
      { student_id: 'LEFT', advisor_id: 'F8', role: 'primary' },
      { student_id: 'FINE1', advisor_id: 'F8', role: 'primary' },
    ],
    'sis.registrar_sections': COURSES.map((course) => ({
      term_code: 'FA',
      crn: course,
      section_code: `FA-${course}`,
    })),
    'sis.registrar_registrations': attends.map(({ student, course }) => {
      const gone = student.left?.course === course ? student.left.on : undefined;
      return {
        student_id: student.id,
        term_code: 'FA',
        crn: course,
        status: gone ? 'DC' : 'RE',
        status_date: gone ?? '2026-08-03',
        registered_at: '2026-08-03T15:00:00Z',
      };
    }),
  };
}

describe('Who may need attention in the first semester', () => {
  let lake: TestLake;
  let tables: Record<string, TableVersion>;
  let list: { id: string; concern: number; worst: string; left: number; reasons: string }[];
  beforeAll(async () => {
    lake = await openTestLake();
    tables = await buildMarts(lake, college());
    const rows = await lake.rows(
      `SELECT student_id, concern, worst_course_code, courses_left, reasons
       FROM campus.first_semester_attention ORDER BY concern DESC, student_id`,
      tables,
    );
    list = rows.map(([id, concern, worst, left, reasons]) => ({
      id: String(id),
      concern: Number(concern),
      worst: String(worst),
      left: Number(left),
      reasons: String(reasons),
    }));
  });
  afterAll(() => lake.close());

  const of = (id: string) => list.find((one) => one.id === id);

  it('has who handed in nothing first, then who abandoned a course, before as much spread over all', () => {
    const order = list.map(({ id }) => id);
    expect(order[0]).toBe('NOTHING');
    expect(order.indexOf('ABANDONED')).toBeLessThan(3);
    expect(of('ABANDONED')!.concern).toBeGreaterThan((of('SPREAD')?.concern ?? 0) + 5);
  });

  it('names the course', () => {
    expect(of('ABANDONED')).toMatchObject({ worst: 'C30' });
    expect(of('ABANDONED')!.reasons).toBe(
      'has handed in nothing in C30 (4 due); 4 of 17 pieces due are missing',
    );
    expect(of('NOTHING')!.reasons).toMatch(
      /^has handed in nothing in C\d0 \(4 due\) and in 2 more courses; 16 of 17/,
    );
  });

  it('leaves out who missed one piece, and whose only low score does not count', () => {
    expect(list.map(({ id }) => id)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/FINE|ONCE|FORMATIVE/)]),
    );
  });

  it('knows nothing of later: what was handed in since is still missing', () => {
    expect(of('LATER')).toMatchObject({ worst: 'C20', concern: of('ABANDONED')!.concern });
  });

  it('counts courses left, but no changes of the first week', () => {
    expect(of('LEFT')).toMatchObject({ left: 1 });
    expect(of('LEFT')!.reasons).toContain('has left a course since the first week');
    expect(of('MOVED')).toMatchObject({ left: 0 });
    expect(of('LEFT')!.concern).toBe(of('MOVED')!.concern + 7);
  });

  it('is split by advisor, in the same order', async () => {
    const rows = await lake.rows(
      `SELECT advisor_id, role, place, student_id FROM campus.advisor_list WHERE advisor_id <> 'nobody' ORDER BY advisor_id, place`,
      tables,
    );
    expect(rows.map((row) => row.join(' '))).toEqual([
      'F8 primary 1 ABANDONED',
      'F8 primary 2 LEFT',
      'F9 athletics 1 ABANDONED',
    ]);
  });
});
