-- description: For each advisor the students of campus.first_semester_attention whom they advise, most concern first.
--   It supports a conversation; it decides nothing and is no part of a grade
-- grain: advisor_id, student_id, term_code
-- check: { kind: not_null, columns: [advisor_id, student_id, term_code, reasons] }
-- check: { kind: relationships, column: student_id, to: campus.first_semester_attention, field: student_id }
-- owner: Advising
-- stale: keep
-- column advisor_id (direct): the registrar's number of the advisor; `nobody` for students without one
-- column advisor_given_name (direct): given name of the advisor
-- column advisor_family_name (direct): family name of the advisor
-- column role (quasi): in which role they advise
-- column place (education): in the advisor's list of the term, 1 first
-- column student_id (direct): the registrar's number of the student
-- column given_name (direct): given name of the student
-- column family_name (direct): family name of the student
-- column program_code (education): program of study
-- column term_code (none): the running term
-- column concern (education): 0 to 100, orders the list; no probability
-- column reasons (education): why, in plain words
-- column worst_course_code (none): the course that adds most to the concern
-- column work_due (education): pieces of work due by now
-- column work_missing (education): of these, missing
-- column silent_days (education): days without anything done, in the course with the fewest
-- column as_of (none): the moment up to which anything was known
-- A student whom nobody advises must not fall off the list: somebody has to take `nobody`'s.
WITH advised AS (
  SELECT
    coalesce(a.advisor_id, 'nobody') AS advisor_id,
    a.role,
    f.*
  FROM campus.first_semester_attention f
  LEFT JOIN sis.registrar_advisors a ON a.student_id = f.student_id
)
SELECT
  a.advisor_id,
  p.given_name AS advisor_given_name,
  p.family_name AS advisor_family_name,
  a.role,
  row_number() OVER (
    PARTITION BY a.advisor_id, a.term_code ORDER BY a.concern DESC, a.silent_days DESC, a.student_id
  ) AS place,
  a.student_id,
  a.given_name,
  a.family_name,
  a.program_code,
  a.term_code,
  a.concern,
  a.reasons,
  a.worst_course_code,
  a.work_due,
  a.work_missing,
  a.silent_days,
  a.as_of
FROM advised a
LEFT JOIN sis.registrar_persons p ON p.person_id = a.advisor_id
