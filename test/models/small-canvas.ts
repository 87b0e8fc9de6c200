import type { SmallRow as Row, SmallCollege } from './build-marts.ts';

const ASSIGNED = { context_type: 'Course', workflow_state: 'published', submission_types: 'online_upload' };
const ENROLLED = { type: 'StudentEnrollment', workflow_state: 'active', created_at: '2026-08-03T15:00:00Z' };
/** Thursday, and Sunday, a minute before midnight in Chicago: on Monday by UTC. */
const DUE = { 1: '2026-09-04T04:59:00Z', 2: '2026-09-14T04:59:00Z', 9: '2026-09-04T04:59:00Z' } as const;

const enrolment = (id: number, user: number, course: number, section: number, more: Row = {}): Row => ({
  ...ENROLLED,
  id,
  user_id: user,
  course_id: course,
  course_section_id: section,
  updated_at: ENROLLED.created_at,
  ...more,
});
const login = (id: number, user: number, number: string | null, state = 'active', more: Row = {}): Row => ({
  id,
  user_id: user,
  sis_user_id: number,
  workflow_state: state,
  ...more,
});
/** Work on an assignment; where it has a score, the student saw it two days later. */
function work(id: number, user: number, piece: 1 | 2 | 9, handedIn: string | null, more: Row = {}): Row {
  const seen = handedIn && new Date(Date.parse(handedIn) + 2 * 86_400_000).toISOString();
  return {
    id,
    user_id: user,
    assignment_id: piece,
    course_id: piece === 9 ? 21 : 10,
    workflow_state: handedIn ? 'graded' : 'unsubmitted',
    cached_due_date: DUE[piece],
    submitted_at: handedIn,
    graded_at: seen,
    posted_at: seen,
    ...more,
  };
}
const view = (id: string, user: number, course: number, at: string): Row => ({
  id,
  user_id: user,
  timestamp: at,
  web_application_context_type: 'Course',
  web_application_context_id: course,
  participated: false,
});

/**
 * A college of a dozen people in which every known trap is set once. Course 10 is taught in English; course 20 is
 * Mathematics, into which a section of course 21, of the late term F2, was moved; course 30 is History, with dates.
 */
export const SMALL_CANVAS: SmallCollege = {
  'canvas.users': [
    ...[1, 2, 3, 4, 5, 55, 6, 7, 8, 9].map((id) => ({ id, workflow_state: 'registered' })),
    { id: 33, workflow_state: 'deleted', merged_into_user_id: 3 },
    { id: 333, workflow_state: 'deleted', merged_into_user_id: 33 },
  ],
  'canvas.pseudonyms': [
    login(10, 1, 'inst-1', 'suspended', { is_inst_id: true }),
    login(11, 1, 'S1'),
    login(20, 2, 'E2'),
    login(21, 2, 'S2'),
    login(30, 3, 'S3'),
    login(31, 3, 'S3B'),
    login(40, 4, 'S4', 'deleted'),
    login(50, 5, 'S5', 'deleted'),
    login(51, 55, 'S5'),
    login(60, 6, 'S6'),
    login(70, 7, 'S7'),
    login(79, 8, 'inst-8', 'suspended', { is_inst_id: true }),
    login(80, 8, 'F8', 'suspended'),
  ],
  'canvas.enrollment_terms': [
    {
      id: 1,
      sis_source_id: 'FA',
      start_at: '2026-08-24T05:00:00Z',
      end_at: '2026-12-12T06:00:00Z',
      workflow_state: 'active',
    },
    {
      id: 2,
      sis_source_id: 'F2',
      start_at: '2026-10-19T05:00:00Z',
      end_at: '2026-12-12T06:00:00Z',
      workflow_state: 'active',
    },
  ],
  'canvas.enrollment_dates_overrides': [
    {
      id: 1,
      enrollment_term_id: 1,
      enrollment_type: 'StudentEnrollment',
      workflow_state: 'active',
      start_at: '2026-08-20T05:00:00Z',
    },
    {
      id: 2,
      enrollment_term_id: 1,
      enrollment_type: 'TeacherEnrollment',
      workflow_state: 'active',
      start_at: '2026-08-01T05:00:00Z',
    },
  ],
  'canvas.courses': [
    { id: 10, enrollment_term_id: 1, workflow_state: 'available', start_at: '2026-08-29T05:00:00Z' },
    { id: 20, enrollment_term_id: 1, workflow_state: 'available' },
    { id: 21, enrollment_term_id: 2, workflow_state: 'available' },
    {
      id: 30,
      enrollment_term_id: 1,
      workflow_state: 'available',
      start_at: '2026-09-01T05:00:00Z',
      conclude_at: '2026-11-01T05:00:00Z',
      restrict_enrollments_to_course_dates: true,
    },
  ],
  'canvas.course_sections': [
    { id: 100, course_id: 10, sis_source_id: 'FA-ENG-1', workflow_state: 'active' },
    { id: 101, course_id: 10, workflow_state: 'active', name: 'made by hand' },
    { id: 200, course_id: 20, sis_source_id: 'FA-MAT-1', workflow_state: 'active' },
    { id: 210, course_id: 20, nonxlist_course_id: 21, sis_source_id: 'F2-MAT-1', workflow_state: 'active' },
    {
      id: 300,
      course_id: 30,
      sis_source_id: 'FA-HIS-1',
      workflow_state: 'active',
      start_at: '2026-08-15T05:00:00Z',
    },
    {
      id: 301,
      course_id: 30,
      sis_source_id: 'FA-HIS-2',
      workflow_state: 'active',
      start_at: '2026-09-07T05:00:00Z',
      end_at: '2026-10-30T05:00:00Z',
      restrict_enrollments_to_section_dates: true,
    },
  ],
  'canvas.enrollments': [
    enrolment(1, 1, 10, 100, { sis_pseudonym_id: 11 }),
    enrolment(2, 1, 30, 300),
    enrolment(3, 2, 10, 100, { start_at: '2026-09-20T05:00:00Z' }),
    enrolment(4, 2, 30, 301),
    enrolment(5, 3, 10, 100, { sis_pseudonym_id: 31 }),
    enrolment(6, 33, 10, 100, { workflow_state: 'deleted' }),
    enrolment(7, 4, 10, 100, { workflow_state: 'deleted', updated_at: '2026-09-10T15:00:00Z' }),
    enrolment(8, 6, 20, 210, { start_at: '2026-10-20T05:00:00Z', end_at: '2026-12-01T06:00:00Z' }),
    enrolment(9, 7, 10, 100),
    enrolment(10, 9, 10, 100, { type: 'StudentViewEnrollment' }),
    enrolment(11, 8, 10, 100, { type: 'TeacherEnrollment' }),
  ],
  'canvas.assignments': [
    { ...ASSIGNED, id: 1, context_id: 10, title: 'Essay', points_possible: 50 },
    { ...ASSIGNED, id: 2, context_id: 10, title: 'Report', points_possible: 200 },
    { ...ASSIGNED, id: 9, context_id: 21, title: 'Before the move', points_possible: 10 },
  ],
  'canvas.submissions': [
    work(1, 1, 1, '2026-09-03T20:00:00Z', { score: 40 }),
    work(2, 1, 2, '2026-09-15T20:00:00Z', { score: 120 }),
    work(3, 2, 1, '2026-09-03T21:00:00Z', { score: 30 }),
    work(4, 2, 2, null),
    work(5, 3, 1, '2026-09-03T22:00:00Z', { score: 20 }),
    work(6, 33, 1, null),
    work(7, 3, 2, '2026-09-13T20:00:00Z'),
    work(8, 4, 1, '2026-09-03T20:00:00Z', { score: 50, workflow_state: 'deleted' }),
    work(9, 4, 2, null, { workflow_state: 'deleted' }),
    work(10, 7, 1, null),
    work(11, 7, 2, null),
    work(12, 9, 1, '2026-09-02T20:00:00Z', { score: 50 }),
    work(13, 6, 9, '2026-09-03T20:00:00Z', { score: 10 }),
  ],
  'canvas.web_logs': [
    // Half past eleven in the evening in Chicago.
    view('a', 1, 10, '2026-10-21T04:30:00Z'),
    view('b', 333, 10, '2026-10-21T15:00:00Z'),
    view('c', 6, 21, '2026-10-01T15:00:00Z'),
    view('d', 6, 20, '2026-10-21T15:00:00Z'),
    view('e', 9, 10, '2026-10-21T15:00:00Z'),
    view('f', 8, 10, '2026-10-21T15:00:00Z'),
  ],
};
