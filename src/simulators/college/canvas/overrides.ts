import { type LivingTable, lifeTable } from '../history.ts';
import type { World } from '../model/world.ts';
import { hash } from '../random.ts';
import { globalId } from './ids.ts';

const SECTION_OVERRIDE = 50_000_000;

/** Extensions: for one student, and (without effect on a date) for the second section of a shared course. */
export function overrideTables(world: World): LivingTable[] {
  const extensions = () => world.submissions.filter(({ extendedAt }) => extendedAt !== undefined);
  const sections = world.assignments
    .filter(({ shell, kind }) => shell.sections.length > 1 && kind === 'exam')
    .map((assignment) => ({ assignment, section: assignment.shell.sections[1]! }));
  const columns = {
    id: 'bigint',
    assignment_id: 'bigint?',
    quiz_id: 'bigint?',
    set_type: 'text?',
    set_id: 'bigint?',
    title: 'text?',
    due_at: 'timestamptz?',
    due_at_overridden: 'boolean',
    all_day: 'boolean?',
    workflow_state: 'text',
    created_at: 'timestamptz',
    updated_at: 'timestamptz',
  };
  return [
    lifeTable({
      namespace: 'canvas',
      name: 'assignment_overrides',
      columns,
      things: () => [
        ...extensions().map((submission) => ({
          submission,
          section: undefined,
          assignment: submission.assignment,
        })),
        ...sections.map((override) => ({ submission: undefined, ...override })),
      ],
      moments: ({ submission, assignment }) => [submission ? submission.extendedAt : assignment.publishedAt],
      row: ({ submission, section, assignment }, at) => ({
        id: globalId(submission ? submission.n : SECTION_OVERRIDE + assignment.n),
        assignment_id: globalId(assignment.n),
        quiz_id: null,
        set_type: section ? 'CourseSection' : 'ADHOC',
        set_id: section ? globalId(section.n) : null,
        title: section ? `Section ${section.sequence}` : '1 student',
        due_at: submission ? submission.dueAt : assignment.dueAt,
        due_at_overridden: true,
        all_day: false,
        workflow_state: 'active',
        created_at: at,
        updated_at: at,
      }),
    }),
    lifeTable({
      namespace: 'canvas',
      name: 'assignment_override_students',
      columns: {
        id: 'bigint',
        assignment_override_id: 'bigint',
        assignment_id: 'bigint?',
        user_id: 'bigint',
        workflow_state: 'text?',
        created_at: 'timestamptz',
        updated_at: 'timestamptz',
      },
      things: extensions,
      moments: ({ extendedAt, gradedAt }) => [extendedAt, gradedAt],
      row: (submission, at) => ({
        id: globalId(submission.n),
        assignment_override_id: globalId(submission.n),
        assignment_id: globalId(submission.assignment.n),
        user_id: globalId(submission.enrolment.student.n),
        workflow_state:
          at >= submission.gradedAt! && hash(submission.n, 'over') % 4 === 0 ? 'deleted' : 'active',
        created_at: submission.extendedAt!,
        updated_at: at,
      }),
    }),
  ];
}
