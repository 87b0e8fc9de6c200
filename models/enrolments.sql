-- description: Students in sections: what Canvas knows of the enrolment and the registrar of the registration
-- grain: enrolment_id
-- check: { kind: not_null, columns: [enrolment_id, user_id, course_id] }
-- check: { kind: relationships, column: student_id, to: campus.students, field: student_id, severity: warn }
-- check: { kind: relationships, column: section_id, to: campus.sections, field: section_id, severity: warn }
-- check: { kind: relationships, column: term_code, to: campus.terms, field: term_code, severity: warn }
-- check: { kind: accepted_values, column: dates_from, values: [enrolment, section, course, term] }
-- owner: Registrar
-- stale: build
-- column enrolment_id (none): the Canvas enrolment
-- column user_id (quasi): the student's user in Canvas, after merges
-- column student_id (direct): the registrar's number of the student, under which the enrolment was made
-- column course_id (none): the Canvas course, after cross-listing
-- column home_course_id (none): the Canvas course for which the section was made, where it was cross-listed
-- column section_id (none): the Canvas section
-- column section_code (none): the registrar's code of the section
-- column term_id (none): the Canvas term of the section, else of the course
-- column term_code (none): the registrar's term of the section, else the code of the Canvas term
-- column crn (none): the registrar's number of the section in its term
-- column state (education): Canvas's own state of the enrolment
-- column is_current (education): takes part now; what the registrar says goes before what Canvas says
-- column registration_status (education): the registrar's status code; empty where there is no registration, or where it
--   has changed since
-- column registered_at (education): when the registration was made
-- column withdrawn_on (education): when it was dropped or withdrawn from
-- column credits (education): credits of the registration
-- column final_grade (education): the registrar's final grade
-- column current_score (education): percent so far in Canvas, over what has been graded
-- column final_score (education): percent in Canvas with everything not handed in as zero
-- column start_at (none): when the student may take part from
-- column end_at (none): and until when
-- column dates_from (none): whose dates these are: enrolment, section, course or term
-- column last_activity_at (education): last seen in the course by Canvas
-- column created_at (education): when the enrolment was made in Canvas
-- column updated_at (none): when it last changed there
-- Which dates bind is Canvas's rule (canvas-lms, enrollment.rb and enrollment_term.rb): the enrolment's own where it
-- has both, else the section's where it restricts enrolments to its dates, else the course's likewise, else the
-- term's, for which students can have other ones than teachers.
-- Registrations, grades and enrolments count that were made by the moment up to which everything is known
-- (`ops.run.as_of`); Canvas keeps no history of an enrolment's state, which counts as it stands.
-- When Canvas merges two users who were in the same section, the enrolment of the one that goes stays behind,
-- deleted: it is left out, for it is no second seat.
WITH scores AS (
  SELECT enrollment_id, max(current_score) AS current_score, max(final_score) AS final_score
  FROM canvas.scores
  CROSS JOIN ops.run z
  WHERE course_score AND workflow_state = 'active' AND grading_period_id IS NULL
    AND coalesce(updated_at <= z.as_of, true)
  GROUP BY enrollment_id
),
student_terms AS (
  SELECT enrollment_term_id, min(start_at) AS start_at, max(end_at) AS end_at
  FROM canvas.enrollment_dates_overrides
  WHERE enrollment_type = 'StudentEnrollment' AND workflow_state = 'active'
  GROUP BY enrollment_term_id
),
seats AS (
  SELECT
    e.*,
    p.person_user_id,
    p.sis_user_id,
    row_number() OVER (
      PARTITION BY p.person_user_id, e.course_section_id
      ORDER BY
        CASE WHEN e.user_id = p.person_user_id THEN 0 ELSE 1 END,
        CASE WHEN e.workflow_state = 'deleted' THEN 1 ELSE 0 END,
        e.id
    ) AS place
  FROM canvas.enrollments e
  JOIN campus.canvas_people p ON p.user_id = e.user_id
  CROSS JOIN ops.run z
  -- Teachers, observers and the test student of "Student View" are none.
  WHERE e.type = 'StudentEnrollment' AND coalesce(e.created_at <= z.as_of, true)
),
registered AS (
  SELECT
    r.student_id,
    r.term_code,
    r.crn,
    r.registered_at,
    r.credits,
    r.status_date,
    -- What it was before is not kept: a registration whose status has changed since stood.
    CASE WHEN coalesce(r.status_date <= z.as_of_date, true) THEN r.status END AS status
  FROM sis.registrar_registrations r
  CROSS JOIN ops.run z
  WHERE coalesce(r.registered_at <= z.as_of, true)
),
graded AS (
  SELECT g.student_id, g.term_code, g.crn, g.final_grade
  FROM sis.registrar_grades g
  CROSS JOIN ops.run z
  WHERE coalesce(g.posted_at <= z.as_of, true)
),
dated AS (
  SELECT
    e.*,
    s.nonxlist_course_id,
    s.sis_source_id AS section_code,
    coalesce(s.enrollment_term_id, c.enrollment_term_id) AS term_id,
    CASE
      WHEN e.start_at IS NOT NULL AND e.end_at IS NOT NULL THEN 'enrolment'
      WHEN s.restrict_enrollments_to_section_dates THEN 'section'
      WHEN c.restrict_enrollments_to_course_dates THEN 'course'
      ELSE 'term'
    END AS dates_from,
    s.start_at AS section_start_at,
    s.end_at AS section_end_at,
    c.start_at AS course_start_at,
    c.conclude_at AS course_end_at
  FROM seats e
  JOIN canvas.courses c ON c.id = e.course_id
  LEFT JOIN canvas.course_sections s ON s.id = e.course_section_id
  WHERE e.place = 1 OR e.user_id = e.person_user_id
),
numbered AS (
  SELECT
    e.*,
    -- A person with several numbers is enrolled under one of them.
    coalesce(n.sis_user_id, e.sis_user_id) AS student_id
  FROM dated e
  LEFT JOIN canvas.pseudonyms l ON l.id = e.sis_pseudonym_id
  LEFT JOIN campus.sis_people n ON n.sis_user_id = l.sis_user_id AND n.person_user_id = e.person_user_id
)
SELECT
  e.id AS enrolment_id,
  e.person_user_id AS user_id,
  e.student_id,
  e.course_id,
  e.nonxlist_course_id AS home_course_id,
  e.course_section_id AS section_id,
  e.section_code,
  e.term_id,
  -- A section can be moved into a course of another term: the registrar's goes first.
  coalesce(sec.term_code, t.sis_source_id) AS term_code,
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
  CASE e.dates_from
    WHEN 'enrolment' THEN e.start_at
    WHEN 'section' THEN e.section_start_at
    WHEN 'course' THEN e.course_start_at
    ELSE coalesce(o.start_at, t.start_at)
  END AS start_at,
  CASE e.dates_from
    WHEN 'enrolment' THEN e.end_at
    WHEN 'section' THEN e.section_end_at
    WHEN 'course' THEN e.course_end_at
    ELSE coalesce(o.end_at, t.end_at)
  END AS end_at,
  e.dates_from,
  CASE WHEN e.last_activity_at <= z.as_of THEN e.last_activity_at END AS last_activity_at,
  e.created_at,
  e.updated_at
FROM numbered e
CROSS JOIN ops.run z
LEFT JOIN canvas.enrollment_terms t ON t.id = e.term_id
LEFT JOIN student_terms o ON o.enrollment_term_id = e.term_id
LEFT JOIN scores sc ON sc.enrollment_id = e.id
LEFT JOIN sis.registrar_sections sec ON sec.section_code = e.section_code
LEFT JOIN registered r
  ON r.student_id = e.student_id AND r.term_code = sec.term_code AND r.crn = sec.crn
LEFT JOIN graded g
  ON g.student_id = e.student_id AND g.term_code = sec.term_code AND g.crn = sec.crn
