-- description: How each student's course ended, as far as it is known, and since when
-- grain: user_id, course_id, term_code
-- check: { kind: not_null, columns: [user_id, course_id, term_code, outcome, is_unsuccessful] }
-- check: { kind: not_null, columns: [known_on], severity: warn }
-- owner: Student success
-- column user_id (quasi): the student's user in Canvas, after merges
-- column student_id (direct): the registrar's number of the student
-- column course_id (none): the Canvas course
-- column term_code (none): the term
-- column outcome (education): the final grade, W for a withdrawal without one
-- column is_unsuccessful (education): D, F, Fail, U, NP, NC or a withdrawal
-- column known_on (education): the day on which the outcome became known
-- The grade map: unsuccessful are D (with + or -), F or Fail, U, NP, NC and withdrawals; I, IP, NR and AU are no
-- outcomes. Who dropped before the census has none either, nor who is still in a course that is not graded.
WITH ended AS (
  SELECT
    e.user_id,
    e.student_id,
    e.course_id,
    e.term_code,
    e.registration_status IN ('RW', 'DW') AS is_withdrawn,
    e.registration_status IN ('DC', 'DD') AS is_dropped,
    e.final_grade,
    e.withdrawn_on,
    CAST(at_timezone(g.posted_at, z.time_zone) AS date) AS posted_on,
    -- Several sections of one course: the one that counts is the one still held, then the newest.
    row_number() OVER (
      PARTITION BY e.user_id, e.course_id, e.term_code
      ORDER BY CASE WHEN e.is_current THEN 0 ELSE 1 END, e.created_at DESC, e.enrolment_id DESC
    ) AS place
  FROM campus.enrolments e
  JOIN (SELECT DISTINCT term_code, time_zone FROM campus.early_warning_cutoffs) z ON z.term_code = e.term_code
  LEFT JOIN sis.registrar_sections s ON s.section_code = e.section_code
  LEFT JOIN sis.registrar_grades g
    ON g.student_id = e.student_id AND g.term_code = s.term_code AND g.crn = s.crn
)
SELECT
  user_id,
  student_id,
  course_id,
  term_code,
  coalesce(final_grade, 'W') AS outcome,
  CASE
    WHEN final_grade IS NULL THEN true
    ELSE regexp_like(final_grade, '^(D[+-]?|F|Fail|U|NP|NC|W|Withdrawn)$')
  END AS is_unsuccessful,
  CASE WHEN final_grade IS NULL THEN withdrawn_on ELSE coalesce(posted_on, withdrawn_on) END AS known_on
FROM ended
WHERE place = 1 AND NOT coalesce(is_dropped, false) AND (final_grade IS NOT NULL OR is_withdrawn)
  AND coalesce(final_grade, 'W') NOT IN ('I', 'IP', 'NR', 'AU')
