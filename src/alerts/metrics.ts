/** A metric that the lake knows by SQL over its tables: the history of what a stream would bring. */
export interface Metric {
  /** The tag `name` of its datapoints. */
  readonly name: string;
  /** The words by which rules in plain English call it. */
  readonly words: readonly string[];
  readonly description: string;
  /** The other tags of its datapoints. */
  readonly tags: readonly string[];
  /** Whether its values tell a grade. */
  readonly tellsGrade?: boolean;
  /** Whether every student has a datapoint of 0 at each step, so that their absence is seen. */
  readonly isRostered?: boolean;
  /** Whether it happens by the clock of the lake, while data are known up to a moment in the past. */
  readonly isOfLake?: boolean;
  readonly reads: readonly string[];
  /** A SELECT in Athena's SQL of `happened_at`, `value` and the tags. Its rows without one of them are left out. */
  readonly sql: string;
}

/** Who is enrolled where, and from when to when: `student`, `course`, `term`, `begins_at`, `ends_at`. */
export const ROSTER = {
  reads: ['campus.enrolments', 'campus.courses'],
  tags: ['student', 'course', 'term'],
  sql: `SELECT e.student_id AS student, c.course_code AS course, c.term_code AS term,
  coalesce(e.start_at, e.created_at) AS begins_at,
  coalesce(
    CAST(e.withdrawn_on AS timestamp),
    CASE WHEN e.state IN ('deleted', 'rejected', 'inactive') AND e.updated_at < e.end_at THEN e.updated_at ELSE e.end_at END
  ) AS ends_at
FROM campus.enrolments e
JOIN campus.courses c ON c.course_id = e.course_id
WHERE e.student_id IS NOT NULL AND c.course_code IS NOT NULL AND c.term_code IS NOT NULL`,
} as const;

/** Whether the student was enrolled at that moment: nothing of one who has left, or was not there yet, counts. */
const enrolledAt = (at: string, student: string): string => `EXISTS (
  SELECT 1 FROM (${ROSTER.sql}) r
  WHERE r.student = ${student} AND r.course = c.course_code AND r.term = c.term_code
    AND r.begins_at <= ${at} AND ${at} < r.ends_at
)`;

const WORK = `FROM campus.submissions s
JOIN campus.courses c ON c.course_id = s.course_id
WHERE s.student_id IS NOT NULL AND NOT s.is_deleted`;

/** Pieces of work that are due, in the order of their dates; equal dates in that of the assignments. */
const DUE = `SELECT s.student_id, c.course_code, c.term_code, s.due_at, s.assignment_id, s.status
${WORK} AND s.counts AND s.due_at IS NOT NULL AND s.status IN ('on time', 'late', 'missing', 'graded without')
  AND ${enrolledAt('s.due_at', 's.student_id')}`;

/** How many pieces of work were handed in before each, so that those missed in a row share a number. */
const STREAKS = `SELECT student_id, course_code, term_code, due_at, assignment_id, status,
  sum(CASE WHEN status = 'missing' THEN 0 ELSE 1 END) OVER (
    PARTITION BY student_id, course_code, term_code ORDER BY due_at, assignment_id
    ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
  ) AS handed_in
FROM (${DUE}) due`;

const MEDIANS = `SELECT c.course_code, c.term_code, s.assignment_id, max(s.graded_at) AS graded_at,
  approx_percentile(CAST(s.score_percent AS double), 0.5) AS median
${WORK} AND s.graded_at IS NOT NULL AND s.score_percent IS NOT NULL
GROUP BY c.course_code, c.term_code, s.assignment_id
HAVING count(*) >= 5`;

export const METRICS: readonly Metric[] = [
  {
    name: 'submissions',
    words: ['submission', 'submissions', 'hand-in', 'hand-ins'],
    description: 'Pieces of work handed in',
    tags: ['student', 'course', 'term'],
    isRostered: true,
    reads: ['campus.submissions', ...ROSTER.reads],
    sql: `SELECT s.submitted_at AS happened_at, CAST(1 AS double) AS value,
  s.student_id AS student, c.course_code AS course, c.term_code AS term
${WORK} AND s.submitted_at IS NOT NULL AND ${enrolledAt('s.submitted_at', 's.student_id')}`,
  },
  {
    name: 'activity',
    words: ['activity', 'activities'],
    description: 'Page views, hand-ins and posts',
    tags: ['student', 'course', 'term'],
    isRostered: true,
    reads: ['campus.activity_by_day', ...ROSTER.reads],
    sql: `SELECT a.last_activity_at AS happened_at, CAST(a.page_views + a.submissions + a.posts AS double) AS value,
  a.student_id AS student, c.course_code AS course, c.term_code AS term
FROM campus.activity_by_day a JOIN campus.courses c ON c.course_id = a.course_id
WHERE ${enrolledAt('a.last_activity_at', 'a.student_id')}`,
  },
  {
    name: 'missed',
    words: [],
    description: 'Pieces of work that were due: 1 where it is missing, else 0',
    tags: ['student', 'course', 'term'],
    reads: ['campus.submissions', ...ROSTER.reads],
    sql: `SELECT due_at AS happened_at, CAST(CASE WHEN status = 'missing' THEN 1 ELSE 0 END AS double) AS value,
  student_id AS student, course_code AS course, term_code AS term FROM (${DUE}) d`,
  },
  {
    name: 'missed_in_a_row',
    words: [],
    description: 'When a piece of work was due: how many in a row are missing, this one included',
    tags: ['student', 'course', 'term'],
    reads: ['campus.submissions', ...ROSTER.reads],
    sql: `SELECT due_at AS happened_at,
  CAST(sum(CASE WHEN status = 'missing' THEN 1 ELSE 0 END) OVER (
    PARTITION BY student_id, course_code, term_code, handed_in ORDER BY due_at, assignment_id
    ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
  ) AS double) AS value,
  student_id AS student, course_code AS course, term_code AS term FROM (${STREAKS}) streaks`,
  },
  {
    name: 'class_median',
    words: ['class median'],
    description:
      'The median of an assignment with five scores or more, in percent, when its last score was given',
    tags: ['course', 'term'],
    tellsGrade: true,
    reads: ['campus.submissions', 'campus.courses'],
    sql: `SELECT graded_at AS happened_at, median AS value, course_code AS course, term_code AS term FROM (${MEDIANS}) m`,
  },
  {
    name: 'class_median_change',
    words: [],
    description: 'By how many percent the class median of an assignment differs from the one before it',
    tags: ['course', 'term'],
    tellsGrade: true,
    reads: ['campus.submissions', 'campus.courses'],
    sql: `SELECT graded_at AS happened_at, 100.0 * (median - before) / before AS value, course_code AS course, term_code AS term
FROM (
  SELECT m.*, lag(median) OVER (PARTITION BY course_code, term_code ORDER BY graded_at, assignment_id) AS before
  FROM (${MEDIANS}) m
) changes WHERE before > 0`,
  },
  {
    name: 'step_failed',
    words: [],
    description: 'Steps of runs that failed',
    tags: ['step', 'item'],
    isOfLake: true,
    reads: ['ops.steps'],
    sql: `SELECT ended_at AS happened_at, CAST(1 AS double) AS value, step, coalesce(item, '') AS item
FROM ops.steps WHERE status = 'failed'`,
  },
];
