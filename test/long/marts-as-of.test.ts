import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TableVersion } from '../../src/ports/tables.ts';
import { AS_OF, buildMarts, type SmallCollege, type SmallRow } from '../models/build-marts.ts';
import { SMALL_CANVAS } from '../models/small-canvas.ts';
import { SMALL_REGISTRAR } from '../models/small-registrar.ts';
import { openTestLake, type TestLake } from '../platform/local/duckdb/lake-folder.ts';

const DAY = 86_400_000;
const AFTER = new Date(Date.parse(AS_OF) + 3 * DAY).toISOString();
const AFTER_DAY = AFTER.slice(0, 10);
const MUCH_LATER = new Date(Date.parse(AS_OF) + 20 * DAY).toISOString();

const SAME: SmallRow = {};

/** What is told of a row's state and has no day: it counts as it stands, so these columns may differ. */
const UNDATED = {
  'campus.enrolments': ['registration_status', 'withdrawn_on', 'current_score', 'final_score', 'updated_at'],
  'campus.registrations': ['status', 'status_date'],
} as Readonly<Record<string, readonly string[]>>;

const DUE = '2026-09-04T04:59:00Z';
/** Work that is due, that is in, that is graded; the small college has no piece that nobody has touched. */
const OPEN: SmallRow[] = [91, 92, 93].map((id, i) => ({
  id,
  user_id: [1, 2, 7][i]!,
  assignment_id: 90,
  course_id: 10,
  workflow_state: 'unsubmitted',
  cached_due_date: DUE,
  created_at: '2026-08-25T12:00:00Z',
}));
const COLLEGE: SmallCollege = {
  ...SMALL_REGISTRAR,
  ...SMALL_CANVAS,
  'canvas.assignments': [
    ...SMALL_CANVAS['canvas.assignments']!,
    {
      id: 90,
      context_id: 10,
      context_type: 'Course',
      workflow_state: 'published',
      submission_types: 'online_upload',
      points_possible: 10,
      title: 'An essay',
      created_at: '2026-08-25T12:00:00Z',
    },
  ],
  'canvas.submissions': [...SMALL_CANVAS['canvas.submissions']!, ...OPEN],
};

/** Everything that people do after the moment: work, grades, page views, posts, enrolments, registrations, drops. */
function later(college: SmallCollege): SmallCollege {
  const of = (table: string) => college[table] ?? [];
  const shifted = (table: string, more: (row: SmallRow) => SmallRow) =>
    of(table).map((row) => ({ ...row, ...more(row) }));
  return {
    ...college,
    'canvas.web_logs': [
      ...of('canvas.web_logs'),
      ...shifted('canvas.web_logs', ({ id }) => ({ id: `later ${id}`, timestamp: AFTER })),
    ],
    'canvas.discussion_entries': [
      ...of('canvas.discussion_entries'),
      ...shifted('canvas.discussion_entries', ({ id }) => ({ id: Number(id) + 5000, created_at: AFTER })),
    ],
    'canvas.assignments': [
      ...of('canvas.assignments'),
      ...shifted('canvas.assignments', ({ id }) => ({ id: Number(id) + 5000, created_at: AFTER })),
    ],
    'canvas.submissions': [
      // What was open is handed in and graded; what waits for a mark gets one, by a person.
      ...shifted('canvas.submissions', (row) => {
        if (row.excused || row.late_policy_status) return {};
        const graded = {
          graded_at: AFTER,
          posted_at: AFTER,
          score: 9,
          grader_id: 4,
        };
        if (row.submitted_at) return row.graded_at ? {} : graded;
        return row.graded_at || row.grader_id ? {} : { submitted_at: AFTER, attempt: 1, ...graded };
      }),
      ...shifted('canvas.submissions', ({ id, assignment_id: piece }) => ({
        id: Number(id) + 5000,
        assignment_id: Number(piece) + 5000,
        created_at: AFTER,
        submitted_at: AFTER,
      })),
    ],
    'canvas.enrollments': [
      ...shifted('canvas.enrollments', (row) => (row.last_activity_at ? SAME : { last_activity_at: AFTER })),
      ...shifted('canvas.enrollments', ({ id }) => ({
        id: Number(id) + 5000,
        course_id: 30,
        created_at: AFTER,
        last_activity_at: AFTER,
      })),
    ],
    'sis.registrar_registrations': [
      ...shifted('sis.registrar_registrations', ({ status }) =>
        status === 'RE' ? { status: 'DW', status_date: AFTER_DAY } : SAME,
      ),
      ...shifted('sis.registrar_registrations', ({ crn }) => ({
        crn: 1 + (Number(crn) % 6),
        student_id: 'S5',
        registered_at: AFTER,
      })).filter((row, i, all) => all.findIndex(({ crn }) => crn === row.crn) === i),
    ],
    'sis.registrar_grades': [
      ...shifted('sis.registrar_grades', (row) =>
        row.final_grade ? SAME : { final_grade: 'F', quality_points: '0.00', posted_at: AFTER },
      ),
      { student_id: 'S3B', term_code: 'FA', crn: 1, final_grade: 'F', posted_at: AFTER },
    ],
  };
}

describe('The marts as of a moment', () => {
  let lake: TestLake;
  beforeAll(async () => {
    lake = await openTestLake();
  });
  afterAll(() => lake.close());

  /** All rows by table, as sorted texts. */
  async function contents(tables: Record<string, TableVersion>): Promise<Record<string, string[]>> {
    const found: Record<string, string[]> = {};
    for (const [table, { columns }] of Object.entries(tables)) {
      if (!table.startsWith('campus.')) continue;
      const kept = columns.filter(({ name }) => !UNDATED[table]?.includes(name)).map(({ name }) => name);
      const rows = await lake.rows(`SELECT ${kept.join(', ')} FROM ${table}`, tables);
      found[table] = rows.map((row) => row.map(String).join(' | ')).sort();
    }
    return found;
  }

  it('hold nothing that happened after it, whatever did', async () => {
    const before = await contents(await buildMarts(lake, COLLEGE));

    const altered = await contents(await buildMarts(lake, later(COLLEGE)));

    for (const [table, rows] of Object.entries(before))
      expect([table, altered[table]]).toEqual([table, rows]);
    expect(before['campus.submissions']!.filter((row) => /An essay.* missing /.test(row))).toHaveLength(3);
    expect(before['campus.first_semester_attention']!.length).toBeGreaterThan(0);
  });

  it('tell the truth of their own moment over marts that are newer: unknown days are not idle, nobody has left yet', async () => {
    const graded = new Set(
      COLLEGE['sis.registrar_grades']!.filter((row) => row.final_grade).map((row) => `${row.student_id}`),
    );
    const college: SmallCollege = {
      ...COLLEGE,
      'sis.registrar_registrations': COLLEGE['sis.registrar_registrations']!.map((row) =>
        row.status === 'RE' && !graded.has(`${row.student_id}`)
          ? { ...row, status: 'DW', status_date: AFTER_DAY }
          : row,
      ),
      'sis.registrar_grades': COLLEGE['sis.registrar_grades']!.map((row) =>
        row.final_grade ? row : { ...row, final_grade: 'F', quality_points: '0.00', posted_at: AFTER },
      ),
    };
    // The registrar's tables and the calendar are three days newer than what is known of Canvas.
    const newer = { terms: AFTER, term_weeks: AFTER, registrations: AFTER, grades: AFTER };
    const before = await contents(await buildMarts(lake, COLLEGE));

    const mixed = await contents(await buildMarts(lake, college, AS_OF, newer));

    for (const table of ['campus.student_course_weeks', 'campus.term_summary'])
      expect([table, mixed[table]]).toEqual([table, before[table]]);
    for (const table of ['campus.term_weeks', 'campus.registrations'])
      expect([table, mixed[table]]).not.toEqual([table, before[table]]);
  });

  it('hold it once the moment has passed', async () => {
    const marts = async (college: SmallCollege) => contents(await buildMarts(lake, college, MUCH_LATER));
    const [before, altered] = [await marts(COLLEGE), await marts(later(COLLEGE))];

    const changed = Object.keys(before).filter((table) => String(before[table]) !== String(altered[table]));

    expect(changed.sort()).toEqual(
      expect.arrayContaining(
        [
          'activity_by_day',
          'courses',
          'enrolments',
          'first_semester_attention',
          'grades',
          'programs',
          'registrations',
          'sections',
          'student_course_weeks',
          'students',
          'submissions',
          'term_summary',
        ].map((name) => `campus.${name}`),
      ),
    );
  });

  it('hold work that was handed in again since against nobody', async () => {
    const again = (row: SmallRow): SmallRow =>
      row.assignment_id === 90 ? { ...row, submitted_at: AFTER, attempt: 2 } : row;
    const college = { ...COLLEGE, 'canvas.submissions': COLLEGE['canvas.submissions']!.map(again) };

    const found = await lake.rows(
      'SELECT DISTINCT status, counts, submitted_at FROM campus.submissions WHERE assignment_id = 90',
      await buildMarts(lake, college),
    );

    expect(found).toEqual([['not expected', false, null]]);
  });
});
