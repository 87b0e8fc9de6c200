import type { Calendar } from '../calendar.ts';
import { globalId } from '../canvas/ids.ts';
import type { OuladAssessment, OuladResult } from './files.ts';
import { handedInAt, type Presentation, type RealEnrolment } from './presentations.ts';
import type { Shapes } from './shapes.ts';

interface RealSubmission {
  readonly n: number;
  readonly enrolment: RealEnrolment;
  readonly assessment: OuladAssessment;
  readonly result: OuladResult | undefined;
  readonly handedInAt: number | undefined;
}

const SUBMISSION_TYPES = { TMA: 'online_upload', CMA: 'online_quiz', Exam: 'on_paper' } as const;
/** The data have no marking date, so a mark is there an hour after the work: on the same day. */
const MARKED_AFTER = 3_600_000;

/** The real students' work as Canvas tables. */
export function fillWork(
  shapes: Shapes,
  presentations: readonly Presentation[],
  enrolments: readonly RealEnrolment[],
  calendar: Calendar,
): void {
  const work = presentations.flatMap((presentation) =>
    presentation.assessments.map((assessment, i) => ({ presentation, assessment, position: i + 1 })),
  );
  // Canvas weighs groups, not assignments: so every piece of work has a group of its own that bears its weight.
  shapes.fill('canvas.assignment_groups', {
    things: work,
    moments: ({ presentation }) => [presentation.madeAt],
    row: ({ presentation, assessment, position }, at) => ({
      id: globalId(assessment.id),
      context_id: globalId(presentation.n),
      context_type: 'Course',
      name: `${assessment.type} ${assessment.id}`,
      position,
      group_weight: assessment.weight,
      workflow_state: 'available',
      created_at: at,
      updated_at: at,
    }),
  });
  shapes.fill('canvas.assignments', {
    things: work,
    moments: ({ presentation }) => [presentation.madeAt],
    row: ({ presentation, assessment, position }, at) => ({
      id: globalId(assessment.id),
      context_id: globalId(presentation.n),
      context_type: 'Course',
      assignment_group_id: globalId(assessment.id),
      title: `${assessment.type} ${assessment.id}`,
      submission_types: SUBMISSION_TYPES[assessment.type],
      grading_type: 'points',
      workflow_state: 'published',
      points_possible: 100,
      due_at: dueAt(calendar, presentation, assessment),
      position,
      omit_from_final_grade: assessment.weight === 0,
      post_to_sis: false,
      anonymous_grading: false,
      moderated_grading: false,
      peer_reviews: false,
      only_visible_to_overrides: false,
      sis_source_id: String(assessment.id),
      created_at: at,
      updated_at: at,
    }),
  });
  shapes.fill('canvas.submissions', {
    things: () => submissions(enrolments, calendar),
    moments: ({ enrolment: { since }, result, handedInAt: at }) =>
      result === undefined || at === undefined
        ? [since]
        : result.banked
          ? [since, Math.max(since, at)]
          : [
              since,
              Math.max(since, at),
              result.score === null ? undefined : Math.max(since, at + MARKED_AFTER),
            ],
    row: (submission, at) => submissionRow(submission, at, calendar),
  });
  shapes.fill('canvas.scores', {
    things: enrolments,
    moments: (enrolment) => [enrolment.since, ...marks(enrolment, calendar).map(({ at }) => at)],
    row: (enrolment, at) => {
      const total = totals(
        enrolment,
        marks(enrolment, calendar).filter((mark) => mark.at <= at),
      );
      return {
        id: globalId(enrolment.n),
        enrollment_id: globalId(enrolment.n),
        course_score: true,
        workflow_state: 'active',
        ...total,
        unposted_current_score: total.current_score,
        unposted_final_score: total.final_score,
        created_at: enrolment.since,
        updated_at: at,
      };
    },
  });
}

/** A minute before midnight of the due day; null for the exams that have none. */
function dueAt(calendar: Calendar, { dayZero }: Presentation, { day }: OuladAssessment): number | null {
  return day === null ? null : calendar.at(dayZero + day, 23 * 60 + 59);
}

/** One for every enrolment and piece of work of its presentation, whether anything was handed in or not. */
function submissions(enrolments: readonly RealEnrolment[], calendar: Calendar): RealSubmission[] {
  const all: RealSubmission[] = [];
  for (const enrolment of enrolments) {
    for (const assessment of enrolment.presentation.assessments) {
      const result = enrolment.results.get(assessment.id);
      all.push({
        n: all.length + 1,
        enrolment,
        assessment,
        result,
        handedInAt: result && handedInAt(calendar, enrolment, result),
      });
    }
  }
  return all;
}

/** Work handed in has `submitted_at`; a banked score is a grade without one (and one of them has no score). */
function submissionRow(submission: RealSubmission, at: number, calendar: Calendar) {
  const { n, enrolment, assessment, result, handedInAt: when } = submission;
  const isIn = when !== undefined && Math.max(when, enrolment.since) <= at;
  const banked = result?.banked === true;
  const markedAt = when === undefined ? undefined : banked ? when : when + MARKED_AFTER;
  const score = result?.score ?? null;
  const isMarked =
    (banked || score !== null) && markedAt !== undefined && Math.max(markedAt, enrolment.since) <= at;
  const shownScore = isMarked ? score : null;
  return {
    id: globalId(n),
    assignment_id: globalId(assessment.id),
    user_id: globalId(enrolment.student.student),
    course_id: globalId(enrolment.presentation.n),
    workflow_state: isMarked ? 'graded' : isIn && !banked ? 'submitted' : 'unsubmitted',
    submission_type: isIn && !banked ? SUBMISSION_TYPES[assessment.type] : null,
    submitted_at: isIn && !banked ? when : null,
    graded_at: isMarked ? markedAt : null,
    posted_at: isMarked ? markedAt : null,
    attempt: isIn && !banked ? 1 : null,
    score: shownScore,
    grade: shownScore === null ? null : String(shownScore),
    published_score: shownScore,
    published_grade: shownScore === null ? null : String(shownScore),
    cached_due_date: dueAt(calendar, enrolment.presentation, assessment),
    cached_quiz_lti: false,
    redo_request: false,
    created_at: enrolment.since,
    updated_at: at,
  };
}

interface Mark {
  readonly at: number;
  readonly score: number;
  readonly weight: number;
}

function marks(enrolment: RealEnrolment, calendar: Calendar): Mark[] {
  return enrolment.presentation.assessments.flatMap(({ id, type, weight }) => {
    const result = enrolment.results.get(id);
    if (result === undefined || result.score === null || type === 'Exam') return [];
    const at = handedInAt(calendar, enrolment, result) + (result.banked ? 0 : MARKED_AFTER);
    return [{ at: Math.max(at, enrolment.since), score: result.score, weight }];
  });
}

/** The running mark over coursework, weighted as the module weighs it; exams are apart. */
function totals({ presentation }: RealEnrolment, got: readonly Mark[]) {
  const weights = presentation.assessments
    .filter(({ type }) => type !== 'Exam')
    .reduce((sum, { weight }) => sum + weight, 0);
  const points = got.reduce((sum, { score, weight }) => sum + (score * weight) / 100, 0);
  const graded = got.reduce((sum, { weight }) => sum + weight, 0);
  return {
    current_score: graded === 0 ? null : Math.round((points / graded) * 1e4) / 100,
    final_score: weights === 0 ? null : Math.round((points / weights) * 1e4) / 100,
    current_points: points,
    final_points: points,
  };
}
