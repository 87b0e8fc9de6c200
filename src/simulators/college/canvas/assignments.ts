import { type LivingTable, lifeTable } from '../history.ts';
import type { Assignment } from '../model/assignments.ts';
import type { World } from '../model/world.ts';
import { uuidOf } from '../random.ts';
import { globalId } from './ids.ts';

const SUBMISSION_TYPES = {
  paper: 'online_text_entry,online_upload',
  quiz: 'online_quiz',
  discussion: 'discussion_topic',
  exam: 'online_quiz',
} as const;
/** Assignment groups and assignments. */
export function assignmentTables(world: World): LivingTable[] {
  return [
    lifeTable({
      namespace: 'canvas',
      name: 'assignment_groups',
      columns: {
        id: 'bigint',
        context_id: 'bigint',
        context_type: 'text',
        name: 'text?',
        position: 'integer?',
        group_weight: 'double precision?',
        rules: 'text?',
        workflow_state: 'text',
        created_at: 'timestamptz',
        updated_at: 'timestamptz',
      },
      things: world.groups,
      moments: (group) => [group.shell.madeAt],
      row: (group, at) => ({
        id: globalId(group.n),
        context_id: globalId(group.shell.n),
        context_type: 'Course',
        name: group.name,
        position: group.position,
        group_weight: group.weight,
        rules: group.name === 'Quizzes' ? 'drop_lowest:0\n' : null,
        workflow_state: 'available',
        created_at: at,
        updated_at: at,
      }),
    }),
    lifeTable({
      namespace: 'canvas',
      name: 'assignments',
      columns: {
        id: 'bigint',
        context_id: 'bigint',
        context_type: 'text',
        assignment_group_id: 'bigint?',
        title: 'text?',
        description: 'text?',
        submission_types: 'text',
        grading_type: 'text',
        workflow_state: 'text',
        points_possible: 'double precision?',
        due_at: 'timestamptz?',
        unlock_at: 'timestamptz?',
        lock_at: 'timestamptz?',
        position: 'integer?',
        allowed_attempts: 'integer?',
        omit_from_final_grade: 'boolean',
        post_to_sis: 'boolean',
        anonymous_grading: 'boolean',
        moderated_grading: 'boolean',
        peer_reviews: 'boolean',
        only_visible_to_overrides: 'boolean',
        sis_source_id: 'text?',
        lti_context_id: 'text?',
        created_at: 'timestamptz',
        updated_at: 'timestamptz',
      },
      things: world.assignments,
      moments: (assignment) => [assignment.shell.madeAt, assignment.publishedAt],
      row: (assignment, at) => assignmentRow(assignment, at),
    }),
  ];
}

function assignmentRow(assignment: Assignment, at: number) {
  const { kind, dueAt } = assignment;
  return {
    id: globalId(assignment.n),
    context_id: globalId(assignment.shell.n),
    context_type: 'Course',
    assignment_group_id: globalId(assignment.group.n),
    title: assignment.title,
    description: assignment.n % 211 === 0 ? '__dap_oversized_truncated__' : `<p>${assignment.title}</p>`,
    submission_types: SUBMISSION_TYPES[kind],
    grading_type: 'points',
    workflow_state: at >= assignment.publishedAt ? 'published' : 'unpublished',
    points_possible: assignment.points,
    due_at: dueAt,
    unlock_at: null,
    lock_at: kind === 'quiz' || kind === 'exam' ? dueAt : null,
    position: assignment.position,
    allowed_attempts: kind === 'paper' ? -1 : 1,
    omit_from_final_grade: false,
    post_to_sis: kind === 'exam',
    anonymous_grading: false,
    moderated_grading: false,
    peer_reviews: false,
    only_visible_to_overrides: false,
    sis_source_id: null,
    lti_context_id: uuidOf('assignment', assignment.n),
    created_at: assignment.shell.madeAt,
    updated_at: at,
  };
}
