import { DAY, MINUTE } from '../calendar.ts';
import { type LivingTable, lifeTable } from '../history.ts';
import type { Assignment } from '../model/assignments.ts';
import type { Submission } from '../model/submissions.ts';
import type { World } from '../model/world.ts';
import { hash } from '../random.ts';
import { globalId } from './ids.ts';

/** Quizzes of the classic engine: the assignments that are one, and each student's attempt. */
export function quizTables(world: World): LivingTable[] {
  const isQuiz = ({ kind }: Assignment) => kind === 'quiz' || kind === 'exam';
  const attempts = () => world.submissions.filter((s) => isQuiz(s.assignment) && s.handedInAt !== undefined);
  const startOf = (submission: Submission) =>
    Math.max(submission.madeAt, submission.handedInAt! - (10 + (hash(submission.n, 'quiz') % 40)) * MINUTE);
  return [
    lifeTable({
      namespace: 'canvas',
      name: 'quizzes',
      columns: {
        id: 'bigint',
        context_id: 'bigint',
        context_type: 'text',
        assignment_id: 'bigint?',
        assignment_group_id: 'bigint?',
        title: 'text?',
        workflow_state: 'text',
        quiz_type: 'text?',
        points_possible: 'double precision?',
        due_at: 'timestamptz?',
        unlock_at: 'timestamptz?',
        lock_at: 'timestamptz?',
        allowed_attempts: 'integer?',
        time_limit: 'integer?',
        question_count: 'integer?',
        shuffle_answers: 'boolean',
        scoring_policy: 'text?',
        published_at: 'timestamptz?',
        created_at: 'timestamptz',
        updated_at: 'timestamptz',
      },
      things: world.assignments.filter(isQuiz),
      moments: (assignment) => [assignment.shell.madeAt, assignment.publishedAt],
      row: (assignment, at) => ({
        id: globalId(assignment.n),
        context_id: globalId(assignment.shell.n),
        context_type: 'Course',
        assignment_id: globalId(assignment.n),
        assignment_group_id: globalId(assignment.group.n),
        title: assignment.title,
        workflow_state: at >= assignment.publishedAt ? 'available' : 'unpublished',
        quiz_type: assignment.n % 61 === 0 ? '__dap_unspecified__' : 'assignment',
        points_possible: assignment.points,
        due_at: assignment.dueAt,
        unlock_at: null,
        lock_at: assignment.dueAt,
        allowed_attempts: 1,
        time_limit: assignment.kind === 'exam' ? 120 : 30,
        question_count: assignment.points / 2,
        shuffle_answers: assignment.n % 2 === 0,
        scoring_policy: 'keep_highest',
        published_at: at >= assignment.publishedAt ? assignment.publishedAt : null,
        created_at: assignment.shell.madeAt,
        updated_at: at,
      }),
    }),
    lifeTable({
      namespace: 'canvas',
      name: 'quiz_submissions',
      columns: {
        id: 'bigint',
        quiz_id: 'bigint',
        user_id: 'bigint?',
        submission_id: 'bigint?',
        workflow_state: 'text',
        attempt: 'integer?',
        started_at: 'timestamptz?',
        finished_at: 'timestamptz?',
        end_at: 'timestamptz?',
        score: 'double precision?',
        kept_score: 'double precision?',
        time_spent: 'integer?',
        submission_data: 'jsonb?',
        created_at: 'timestamptz',
        updated_at: 'timestamptz',
      },
      things: attempts,
      moments: (submission) => [startOf(submission), submission.handedInAt, submission.gradedAt],
      row: (submission, at) => {
        const done = at >= submission.handedInAt!;
        const graded = at >= submission.gradedAt!;
        const startedAt = startOf(submission);
        return {
          id: globalId(submission.n),
          quiz_id: globalId(submission.assignment.n),
          user_id: globalId(submission.enrolment.student.n),
          submission_id: globalId(submission.n),
          workflow_state: graded ? 'complete' : done ? 'pending_review' : 'untaken',
          attempt: 1,
          started_at: startedAt,
          finished_at: done ? submission.handedInAt! : null,
          end_at: submission.assignment.dueAt + DAY,
          score: graded ? submission.score! : null,
          kept_score: graded ? submission.score! : null,
          time_spent: done ? Math.round((submission.handedInAt! - startedAt) / 1000) : null,
          submission_data: done ? { answered: submission.assignment.points / 2, attempt: 1 } : null,
          created_at: startedAt,
          updated_at: at,
        };
      },
    }),
  ];
}
