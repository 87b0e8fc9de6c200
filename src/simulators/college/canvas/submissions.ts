import { type LivingTable, lifeTable } from '../history.ts';
import type { Submission } from '../model/submissions.ts';
import type { World } from '../model/world.ts';
import { hash } from '../random.ts';
import { leftWithoutTrace } from './enrolments.ts';
import { globalId } from './ids.ts';

const SUBMISSION_TYPE = {
  paper: 'online_upload',
  quiz: 'online_quiz',
  discussion: 'discussion_topic',
  exam: 'online_quiz',
} as const;

/** One row for every student and assignment, from the day that both were there, handed in or not. */
export function submissionTable(world: World): LivingTable {
  return lifeTable({
    namespace: 'canvas',
    name: 'submissions',
    columns: {
      id: 'bigint',
      assignment_id: 'bigint',
      user_id: 'bigint',
      course_id: 'bigint',
      workflow_state: 'text',
      submission_type: 'text?',
      submitted_at: 'timestamptz?',
      graded_at: 'timestamptz?',
      posted_at: 'timestamptz?',
      grader_id: 'bigint?',
      attempt: 'integer?',
      score: 'double precision?',
      grade: 'text?',
      published_score: 'double precision?',
      published_grade: 'text?',
      excused: 'boolean?',
      late_policy_status: 'text?',
      points_deducted: 'numeric(6,2)?',
      seconds_late_override: 'integer?',
      cached_due_date: 'timestamptz?',
      cached_quiz_lti: 'boolean',
      grading_period_id: 'bigint?',
      quiz_submission_id: 'bigint?',
      submission_comments_count: 'integer?',
      body: 'text?',
      url: 'text?',
      redo_request: 'boolean',
      anonymous_id: 'text?',
      created_at: 'timestamptz',
      updated_at: 'timestamptz',
    },
    things: world.submissions,
    moments: (submission) => submissionMoments(world, submission),
    row: (submission, at) => submissionRow(world, submission, at),
  });
}
/** When the enrolment's deletion took the student's work with it (Canvas: submission_lifecycle_manager.rb). */
function deletedAt(world: World, { enrolment }: Submission): number | undefined {
  return leftWithoutTrace(world, enrolment) ? enrolment.canvasLeftAt : undefined;
}

function submissionMoments(world: World, submission: Submission): (number | undefined)[] {
  const gone = deletedAt(world, submission);
  const { madeAt, extendedAt, handedInAt, gradedAt, postedAt, zeroedAt, excusedAt } = submission;
  return [madeAt, extendedAt, handedInAt, gradedAt, postedAt, zeroedAt, excusedAt, gone].filter(
    (moment) => moment !== undefined && moment >= madeAt && (gone === undefined || moment <= gone),
  );
}

function submissionRow(world: World, submission: Submission, at: number) {
  const { assignment, enrolment } = submission;
  const handedIn = happened(submission.handedInAt, at);
  const zeroed = happened(submission.zeroedAt, at);
  const graded = happened(submission.gradedAt, at) || zeroed;
  const posted = happened(submission.postedAt, at) || zeroed;
  const score = graded ? (zeroed ? 0 : submission.score!) : null;
  const gone = happened(deletedAt(world, submission), at);
  const isTest = assignment.kind === 'quiz' || assignment.kind === 'exam';
  return {
    id: globalId(submission.n),
    assignment_id: globalId(assignment.n),
    user_id: globalId(enrolment.student.n),
    course_id: globalId(assignment.shell.n),
    workflow_state: gone ? 'deleted' : graded ? 'graded' : handedIn ? 'submitted' : 'unsubmitted',
    submission_type: handedIn ? SUBMISSION_TYPE[assignment.kind] : null,
    submitted_at: handedIn ? submission.handedInAt! : null,
    graded_at: zeroed ? submission.zeroedAt! : graded ? submission.gradedAt! : null,
    posted_at: zeroed ? submission.zeroedAt! : posted ? submission.postedAt! : null,
    grader_id: graded && !zeroed && !isTest ? globalId(assignment.shell.teacher.n) : null,
    attempt: handedIn ? 1 : null,
    score,
    grade: score === null ? null : String(score),
    published_score: posted ? score : null,
    published_grade: posted && score !== null ? String(score) : null,
    excused: happened(submission.excusedAt, at) ? true : null,
    late_policy_status: happened(submission.extendedAt, at) && submission.n % 2 === 0 ? 'none' : null,
    points_deducted: null,
    seconds_late_override: null,
    cached_due_date: happened(submission.extendedAt, at) ? submission.dueAt : assignment.dueAt,
    cached_quiz_lti: false,
    grading_period_id: globalId(
      assignment.shell.term.n * 2 + (assignment.dueDay < assignment.shell.term.firstDay + 56 ? 1 : 2),
    ),
    quiz_submission_id: isTest && handedIn ? globalId(submission.n) : null,
    submission_comments_count: happened(submission.commentedAt, at) ? 1 : null,
    body: null,
    url: null,
    redo_request: false,
    anonymous_id: hash('anonymous', submission.n).toString(36).slice(0, 5),
    created_at: submission.madeAt,
    updated_at: at,
  };
}

function happened(moment: number | undefined, at: number): boolean {
  return moment !== undefined && moment <= at;
}
