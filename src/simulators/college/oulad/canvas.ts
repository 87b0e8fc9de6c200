import type { Calendar } from '../calendar.ts';
import { globalId, ROLE_OF, ROOT_ACCOUNT } from '../canvas/ids.ts';
import { groupBy } from '../group-by.ts';
import type { Presentation, RealEnrolment } from './presentations.ts';
import { sisIdOf } from './registrar.ts';
import type { Shapes } from './shapes.ts';

/** Settings, people, courses and enrolments of the real students, as Canvas tables. Ids end in the original ones. */
export function fillCanvas(
  shapes: Shapes,
  presentations: readonly Presentation[],
  enrolments: readonly RealEnrolment[],
  calendar: Calendar,
): void {
  const opens = Math.min(...presentations.map(({ madeAt }) => madeAt));
  fillSettings(shapes, presentations, calendar, opens);
  const users = [...groupBy(enrolments, ({ student }) => student.student)].map(([id, own]) => ({
    id,
    since: Math.min(...own.map(({ since }) => since)),
  }));
  shapes.fill('canvas.users', {
    things: users,
    moments: ({ since }) => [since],
    row: ({ id }, at) => ({
      id: globalId(id),
      name: `Student ${id}`,
      sortable_name: `${id}, Student`,
      short_name: `Student ${id}`,
      workflow_state: 'registered',
      created_at: at,
      updated_at: at,
    }),
  });
  shapes.fill('canvas.pseudonyms', {
    things: users,
    moments: ({ since }) => [since],
    row: ({ id }, at) => ({
      id: globalId(id),
      user_id: globalId(id),
      account_id: ROOT_ACCOUNT,
      workflow_state: 'active',
      unique_id: `ou${id}`,
      sis_user_id: sisIdOf(id),
      is_inst_id: false,
      position: 1,
      login_count: 0,
      failed_login_count: 0,
      created_at: at,
      updated_at: at,
    }),
  });
  shapes.fill('canvas.courses', {
    things: presentations,
    moments: ({ madeAt, endsAt }) => [madeAt, endsAt],
    row: ({ n, course, code, madeAt, endsAt, dayZero }, at) => ({
      id: globalId(n),
      account_id: ROOT_ACCOUNT,
      root_account_id: ROOT_ACCOUNT,
      enrollment_term_id: globalId(termNumber(presentations, course.presentation)),
      name: `Module ${course.module}`,
      course_code: course.module,
      sis_source_id: code,
      workflow_state: at >= endsAt ? 'completed' : 'available',
      start_at: calendar.midnight(dayZero),
      conclude_at: calendar.midnight(dayZero + course.length + 1),
      time_zone: calendar.timeZone,
      group_weighting_scheme: 'percent',
      is_public: false,
      template: false,
      homeroom_course: false,
      created_at: madeAt,
      updated_at: at,
    }),
  });
  shapes.fill('canvas.course_sections', {
    things: presentations,
    moments: ({ madeAt }) => [madeAt],
    row: ({ n, code }, at) => ({
      id: globalId(n),
      course_id: globalId(n),
      root_account_id: ROOT_ACCOUNT,
      name: code,
      sis_source_id: code,
      workflow_state: 'active',
      default_section: true,
      created_at: at,
      updated_at: at,
    }),
  });
  const stateOf = ({ leftAt, presentation }: RealEnrolment, at: number) =>
    leftAt !== undefined && at >= leftAt ? 'inactive' : at >= presentation.endsAt ? 'completed' : 'active';
  const moments = ({ since, leftAt, presentation: { endsAt } }: RealEnrolment) => [
    since,
    leftAt,
    since < endsAt && (leftAt === undefined || leftAt > endsAt) ? endsAt : undefined,
  ];
  shapes.fill('canvas.enrollments', {
    things: enrolments,
    moments,
    row: (enrolment, at) => ({
      id: globalId(enrolment.n),
      user_id: globalId(enrolment.student.student),
      course_id: globalId(enrolment.presentation.n),
      course_section_id: globalId(enrolment.presentation.n),
      root_account_id: ROOT_ACCOUNT,
      role_id: ROLE_OF.StudentEnrollment,
      type: 'StudentEnrollment',
      workflow_state: stateOf(enrolment, at),
      completed_at: stateOf(enrolment, at) === 'completed' ? enrolment.presentation.endsAt : null,
      sis_pseudonym_id: globalId(enrolment.student.student),
      limit_privileges_to_course_section: false,
      grade_publishing_status: 'unpublished',
      created_at: enrolment.since,
      updated_at: at,
    }),
  });
  shapes.fill('canvas.enrollment_states', {
    things: enrolments,
    moments,
    row: (enrolment, at) => ({
      enrollment_id: globalId(enrolment.n),
      state: stateOf(enrolment, at),
      state_is_current: true,
      state_started_at: at,
      restricted_access: false,
      access_is_current: true,
      updated_at: at,
    }),
  });
}

function fillSettings(
  shapes: Shapes,
  presentations: readonly Presentation[],
  calendar: Calendar,
  opens: number,
): void {
  shapes.fill('canvas.accounts', {
    things: ['The Open University'],
    moments: () => [opens],
    row: (name, at) => ({
      id: ROOT_ACCOUNT,
      name,
      workflow_state: 'active',
      default_time_zone: calendar.timeZone,
      created_at: at,
      updated_at: at,
    }),
  });
  shapes.fill('canvas.roles', {
    things: ['StudentEnrollment'],
    moments: () => [opens],
    row: (name, at) => ({
      id: ROLE_OF.StudentEnrollment,
      account_id: ROOT_ACCOUNT,
      root_account_id: ROOT_ACCOUNT,
      name,
      base_role_type: name,
      workflow_state: 'built_in',
      created_at: at,
      updated_at: at,
    }),
  });
  shapes.fill('canvas.enrollment_terms', {
    things: [...groupBy(presentations, ({ course }) => course.presentation)],
    moments: () => [opens],
    row: ([code, own], at) => ({
      id: globalId(termNumber(presentations, code)),
      root_account_id: ROOT_ACCOUNT,
      name: code,
      sis_source_id: code,
      term_code: code,
      workflow_state: 'active',
      start_at: calendar.midnight(own[0]!.dayZero),
      end_at: calendar.midnight(own[0]!.dayZero + Math.max(...own.map(({ course }) => course.length)) + 1),
      created_at: at,
      updated_at: at,
    }),
  });
}

function termNumber(presentations: readonly Presentation[], code: string): number {
  return [...new Set(presentations.map(({ course }) => course.presentation))].sort().indexOf(code) + 1;
}
