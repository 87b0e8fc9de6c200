-- description: Students in sections: what Canvas knows of the enrolment and the registrar of the registration
-- grain: enrolment_id
-- owner: Registrar
-- column enrolment_id (none): the Canvas enrolment
-- column user_id (quasi): the student's user in Canvas, after merges
-- column student_id (direct): the registrar's number of the student
-- column course_id (none): the Canvas course, after cross-listing
-- column section_id (none): the Canvas section
-- column section_code (none): the registrar's code of the section
-- column term_id (none): the Canvas term of the section, else of the course
-- column term_code (none): the registrar's code of that term
-- column crn (none): the registrar's number of the section in its term
-- column state (education): Canvas's own state of the enrolment
-- column is_current (education): takes part now; what the registrar says goes before what Canvas says
-- column registration_status (education): the registrar's status code; empty where there is no registration
-- column registered_at (education): when the registration was made
-- column withdrawn_on (education): when it was dropped or withdrawn from
-- column credits (education): credits of the registration
-- column final_grade (education): the registrar's final grade
-- column current_score (education): percent so far in Canvas, over what has been graded
-- column final_score (education): percent in Canvas with everything not handed in as zero
-- column start_at (none): when the student may take part from: enrolment, else section, course, term
-- column end_at (none): and until when
-- column last_activity_at (education): last seen in the course by Canvas
-- column created_at (education): when the enrolment was made in Canvas
-- column updated_at (none): when it last changed there
WITH scores AS (
  SELECT enrollment_id, max(current_score) AS current_score, max(final_score) AS final_score
  FROM canvas.scores
  WHERE course_score AND workflow_state = 'active' AND grading_period_id IS NULL
  GROUP BY enrollment_id
)
SELECT
  e.id AS enrolment_id,
  p.person_user_id AS user_id,
  p.sis_user_id AS student_id,
  e.course_id,
  e.course_section_id AS section_id,
  s.sis_source_id AS section_code,
  coalesce(s.enrollment_term_id, c.enrollment_term_id) AS term_id,
  t.sis_source_id AS term_code,
  sec.crn,
  e.workflow_state AS state,
  -- Canvas ends an enrolment late; what the registrar says goes first.
  e.workflow_state IN ('active', 'invited', 'completed')
    AND (r.status IS NULL OR r.status NOT IN ('DC', 'RW', 'DD', 'DW'))
    AND (sec.crn IS NULL OR r.student_id IS NOT NULL) AS is_current,
  r.status AS registration_status,
  r.registered_at,
  CASE WHEN r.status IN ('DC', 'RW', 'DD', 'DW') THEN r.status_date END AS withdrawn_on,
  r.credits,
  g.final_grade,
  sc.current_score,
  sc.final_score,
  -- Section over course over term.
  coalesce(e.start_at, s.start_at, c.start_at, t.start_at) AS start_at,
  coalesce(e.end_at, s.end_at, c.conclude_at, t.end_at) AS end_at,
  e.last_activity_at,
  e.created_at,
  e.updated_at
FROM canvas.enrollments e
JOIN campus.canvas_people p ON p.user_id = e.user_id
JOIN canvas.courses c ON c.id = e.course_id
LEFT JOIN canvas.course_sections s ON s.id = e.course_section_id
LEFT JOIN canvas.enrollment_terms t ON t.id = coalesce(s.enrollment_term_id, c.enrollment_term_id)
LEFT JOIN scores sc ON sc.enrollment_id = e.id
LEFT JOIN sis.registrar_sections sec ON sec.section_code = s.sis_source_id
LEFT JOIN sis.registrar_registrations r
  ON r.student_id = p.sis_user_id AND r.term_code = sec.term_code AND r.crn = sec.crn
LEFT JOIN sis.registrar_grades g
  ON g.student_id = p.sis_user_id AND g.term_code = sec.term_code AND g.crn = sec.crn
-- Teachers, observers and the test student of "Student View" are none.
WHERE e.type = 'StudentEnrollment'
