import { type LivingTable, lifeTable } from '../history.ts';
import type { Section, Shell } from '../model/teaching.ts';
import type { World } from '../model/world.ts';
import { uuidOf } from '../random.ts';
import { globalId } from './ids.ts';

/** The registrar's name of a section; Canvas carries it as `sis_source_id`. */
export function sectionCode(section: Section): string {
  const { course, term, sequence } = section;
  return `${term.code}-${course.subject}${course.number}-${String(sequence).padStart(3, '0')}`;
}

/** Courses (one for each section, or for two taught together) and sections. */
export function courseTables(world: World): LivingTable[] {
  const { calendar, opens } = world;
  const concludes = (shell: Shell) => calendar.at(shell.term.lastDay + 7, 150);
  const code = (shell: Shell) => `${shell.course.subject}${shell.course.number}`;
  return [
    lifeTable({
      namespace: 'canvas',
      name: 'courses',
      columns: {
        id: 'bigint',
        account_id: 'bigint',
        root_account_id: 'bigint',
        enrollment_term_id: 'bigint',
        name: 'text?',
        course_code: 'text?',
        sis_source_id: 'text?',
        workflow_state: 'text',
        uuid: 'text?',
        start_at: 'timestamptz?',
        conclude_at: 'timestamptz?',
        time_zone: 'text?',
        default_view: 'text?',
        group_weighting_scheme: 'text?',
        is_public: 'boolean?',
        license: 'text?',
        syllabus_body: 'text?',
        settings: 'jsonb?',
        template: 'boolean',
        homeroom_course: 'boolean',
        wiki_id: 'bigint?',
        created_at: 'timestamptz',
        updated_at: 'timestamptz',
      },
      things: world.shells,
      moments: (shell) => [shell.madeAt, shell.opensAt, concludes(shell)],
      row: (shell, at) => ({
        id: globalId(shell.n),
        account_id: globalId(1),
        root_account_id: globalId(1),
        enrollment_term_id: globalId(shell.term.n),
        name: shell.course.title,
        course_code: code(shell),
        sis_source_id: `${shell.term.code}-${code(shell)}-C${shell.n}`,
        workflow_state: at >= concludes(shell) ? 'completed' : at >= shell.opensAt ? 'available' : 'claimed',
        uuid: uuidOf('course', shell.n),
        start_at: null,
        conclude_at: null,
        time_zone: calendar.timeZone,
        default_view: ['modules', 'assignments', 'wiki', '__dap_unspecified__'][shell.n % 11] ?? 'modules',
        group_weighting_scheme: 'percent',
        is_public: false,
        license: shell.n % 5 === 0 ? 'cc_by' : 'private',
        syllabus_body:
          shell.n % 97 === 0 ? '__dap_oversized_truncated__' : `<p>Welcome to ${shell.course.title}.</p>`,
        settings: { hide_final_grade: 'false', allow_student_discussion_topics: String(shell.n % 2 === 0) },
        template: false,
        homeroom_course: false,
        wiki_id: globalId(shell.n),
        created_at: shell.madeAt,
        updated_at: at,
      }),
    }),
    lifeTable({
      namespace: 'canvas',
      name: 'course_sections',
      columns: {
        id: 'bigint',
        course_id: 'bigint',
        root_account_id: 'bigint',
        enrollment_term_id: 'bigint?',
        name: 'text',
        sis_source_id: 'text?',
        workflow_state: 'text',
        default_section: 'boolean?',
        accepting_enrollments: 'boolean?',
        nonxlist_course_id: 'bigint?',
        start_at: 'timestamptz?',
        end_at: 'timestamptz?',
        restrict_enrollments_to_section_dates: 'boolean?',
        created_at: 'timestamptz',
        updated_at: 'timestamptz',
      },
      things: world.sections,
      moments: (section) => [section.shell.madeAt],
      row: (section, at) => ({
        id: globalId(section.n),
        course_id: globalId(section.shell.n),
        root_account_id: globalId(1),
        enrollment_term_id: null,
        name: sectionCode(section),
        sis_source_id: sectionCode(section),
        workflow_state: 'active',
        default_section: section.shell.sections[0] === section,
        accepting_enrollments: null,
        nonxlist_course_id: section.shell.sections[0] === section ? null : globalId(section.shell.n),
        start_at: null,
        end_at: null,
        restrict_enrollments_to_section_dates: null,
        created_at: at,
        updated_at: at,
      }),
    }),
    lifeTable({
      namespace: 'canvas',
      name: 'late_policies',
      columns: {
        id: 'bigint',
        course_id: 'bigint',
        missing_submission_deduction_enabled: 'boolean',
        missing_submission_deduction: 'numeric(5,2)',
        late_submission_deduction_enabled: 'boolean',
        late_submission_deduction: 'numeric(5,2)',
        late_submission_interval: 'text',
        created_at: 'timestamptz',
        updated_at: 'timestamptz',
      },
      things: world.shells.filter((shell) => shell.n % 3 === 0),
      moments: (shell) => [Math.max(opens, shell.madeAt)],
      row: (shell, at) => ({
        id: globalId(shell.n),
        course_id: globalId(shell.n),
        missing_submission_deduction_enabled: true,
        missing_submission_deduction: '100.00',
        late_submission_deduction_enabled: false,
        late_submission_deduction: '0.00',
        late_submission_interval: 'day',
        created_at: at,
        updated_at: at,
      }),
    }),
  ];
}
