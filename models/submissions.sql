-- description: Every student's work on every published assignment: on time, late, missing, by Canvas's own rule,
--   as of the moment to which the lake is loaded
-- grain: submission_id
-- check: { kind: not_null, columns: [submission_id, assignment_id, user_id, course_id, status] }
-- check: { kind: unique, columns: [user_id, assignment_id] }
-- check: { kind: accepted_values, column: status, values: [on time, late, missing, excused, not due,
--   graded without, not expected] }
-- check: { kind: range, column: score_percent, min: 0, severity: warn }
-- owner: Data team
-- stale: build
-- column submission_id (none): the Canvas submission; there is one whether or not anything was handed in
-- column assignment_id (none): the assignment
-- column user_id (quasi): the student's user in Canvas, after merges
-- column student_id (direct): the registrar's number of the student
-- column course_id (none): the Canvas course
-- column title (none): title of the assignment
-- column points_possible (none): points that it can bring
-- column due_at (education): when it is due for this student
-- column submitted_at (education): when it was handed in
-- column graded_at (education): when it was graded
-- column posted_at (education): since when the student can see the grade
-- column score (education): points given
-- column score_percent (education): the same in percent of the possible points
-- column status (education): on time, late, missing, excused, not due, graded without, not expected
-- column counts (education): whether a student can be judged by it: due by now, or handed in before
-- column hours_late (education): whole hours after the due date, of late work
-- column is_deleted (education): deleted in Canvas, mostly with the enrolment
-- The rule (canvas-lms, submission.rb): excused work is neither late nor missing; a status set by the teacher
-- decides; otherwise work is late after its due date (a quiz a minute after), and missing when it is due, not handed
-- in, not graded by a person, and of a kind that is handed in through Canvas.
-- What happened after the moment up to which everything is known (`ops.run.as_of`) is not seen. Work that was handed in
-- again since may have been in by then, which Canvas does not tell: it is held against nobody.
-- Only the work of students: the test student of "Student View" hands in too. When Canvas merges two users who had
-- the same assignment, the row that does not count stays behind with the one that goes (canvas-lms, user_merge.rb):
-- it is left out.
WITH students AS (
  SELECT DISTINCT user_id, course_id FROM campus.enrolments
),
merged AS (
  SELECT
    s.id AS submission_id,
    row_number() OVER (
      PARTITION BY p.person_user_id, s.assignment_id
      ORDER BY CASE WHEN s.user_id = p.person_user_id THEN 0 ELSE 1 END, s.id
    ) AS place
  FROM canvas.submissions s
  JOIN campus.canvas_people p ON p.user_id = s.user_id
  WHERE p.users > 1
),
work AS (
  SELECT
    s.id AS submission_id,
    s.assignment_id,
    p.person_user_id AS user_id,
    p.sis_user_id AS student_id,
    s.course_id,
    a.title,
    a.points_possible,
    s.cached_due_date AS due_at,
    CASE WHEN s.submitted_at <= r.as_of THEN s.submitted_at END AS submitted_at,
    CASE WHEN s.graded_at <= r.as_of THEN s.graded_at END AS graded_at,
    CASE WHEN s.posted_at <= r.as_of THEN s.posted_at END AS posted_at,
    CASE WHEN s.graded_at <= r.as_of THEN s.score END AS score,
    CASE WHEN coalesce(s.graded_at <= r.as_of, true) THEN s.grader_id END AS grader_id,
    coalesce(s.excused, false) OR s.custom_grade_status_id IS NOT NULL AS is_excused,
    CASE WHEN coalesce(s.submitted_at <= r.as_of, true) THEN
      nullif(s.late_policy_status, '__dap_unspecified__') END AS set_status,
    coalesce(s.submitted_at > r.as_of AND s.attempt > 1, false) AS is_handed_in_again,
    CASE WHEN s.submission_type = 'online_quiz' THEN 60 ELSE 0 END AS grace_seconds,
    coalesce(s.cached_quiz_lti, false)
      OR NOT regexp_like(
        coalesce(a.submission_types, 'none'),
        '(^|,)(none|not_graded|on_paper|wiki_page|external_tool)(,|$)'
      ) AS is_expected,
    -- When an enrolment is deleted, Canvas deletes the student's work with it: kept, so that those who left are seen.
    s.workflow_state = 'deleted' AS is_deleted,
    r.as_of
  FROM canvas.submissions s
  JOIN canvas.assignments a ON a.id = s.assignment_id
  JOIN campus.canvas_people p ON p.user_id = s.user_id
  JOIN students e ON e.user_id = p.person_user_id AND e.course_id = s.course_id
  LEFT JOIN merged m ON m.submission_id = s.id
  CROSS JOIN ops.run r
  WHERE a.workflow_state = 'published' AND coalesce(m.place, 1) = 1
    AND coalesce(a.created_at <= r.as_of, true) AND coalesce(s.created_at <= r.as_of, true)
),
judged AS (
  SELECT
    w.*,
    CASE
      WHEN is_excused THEN 'excused'
      WHEN set_status = 'missing' THEN 'missing'
      WHEN set_status = 'late' THEN 'late'
      WHEN set_status IN ('none', 'extended') THEN
        CASE WHEN submitted_at IS NULL THEN 'not due' ELSE 'on time' END
      WHEN submitted_at IS NOT NULL THEN
        CASE WHEN submitted_at > date_add('second', grace_seconds, due_at) THEN 'late' ELSE 'on time' END
      WHEN due_at IS NULL OR due_at >= as_of THEN 'not due'
      WHEN grader_id IS NOT NULL THEN 'graded without'
      WHEN NOT is_expected OR is_handed_in_again THEN 'not expected'
      ELSE 'missing'
    END AS status
  FROM work w
)
SELECT
  submission_id,
  assignment_id,
  user_id,
  student_id,
  course_id,
  title,
  points_possible,
  due_at,
  submitted_at,
  graded_at,
  posted_at,
  score,
  CASE WHEN points_possible > 0 THEN 100 * score / points_possible END AS score_percent,
  status,
  -- Work on which a student can be judged: due by now, or handed in before.
  status IN ('on time', 'late', 'missing') AND NOT is_deleted AS counts,
  CASE WHEN status = 'late' THEN date_diff('hour', due_at, submitted_at) END AS hours_late,
  is_deleted
FROM judged
