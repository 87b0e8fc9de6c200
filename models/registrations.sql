-- description: The registrar's registrations, the final word on who takes what, with their course in Canvas
-- grain: student_id, term_code, crn
-- check: { kind: not_null, columns: [student_id, term_code, crn] }
-- check: { kind: relationships, column: student_id, to: campus.students, field: student_id, severity: warn }
-- check: { kind: relationships, column: section_code, to: campus.sections, field: section_code }
-- check: { kind: accepted_values, column: standing, values: [registered, dropped, withdrawn] }
-- owner: Registrar
-- stale: build
-- column student_id (direct): the registrar's number of the student
-- column term_code (none): the term
-- column crn (none): the registrar's number of the section in its term
-- column section_code (none): the registrar's code of the section
-- column subject (none): subject of the catalogue
-- column number (none): number in the subject
-- column section_id (none): the Canvas section; empty where it is not in Canvas
-- column course_id (none): the Canvas course, after cross-listing
-- column canvas_user_id (quasi): the student's user in Canvas, after merges
-- column standing (education): registered, dropped (no trace on the transcript) or withdrawn
-- column status (education): the registrar's own status code; empty where it has changed since
-- column status_date (education): since when
-- column registered_at (education): when the registration was made
-- column days_before_term (education): days from that to the first day of the term, by the clock of the campus;
--   negative where it came later
-- column credits (education): credits
-- column grading_basis (education): the registrar's code of how it is graded
-- column is_first_semester (education): whether the term is the one in which the student was admitted
-- Status codes: DC and DD are drops, RW and DW withdrawals; everything else stands.
-- What was registered, dropped or withdrawn after the moment up to which everything is known (`ops.run.as_of`) is not
-- seen; what the status was before is not kept, so a registration whose status has changed since stood.
WITH known AS (
  SELECT
    r.student_id,
    r.term_code,
    r.crn,
    r.registered_at,
    r.credits,
    r.grading_basis,
    CASE WHEN coalesce(r.status_date <= z.as_of_date, true) THEN r.status END AS status,
    CASE WHEN r.status_date <= z.as_of_date THEN r.status_date END AS status_date,
    z.time_zone
  FROM sis.registrar_registrations r
  CROSS JOIN ops.run z
  WHERE coalesce(r.registered_at <= z.as_of, true)
)
SELECT
  r.student_id,
  r.term_code,
  r.crn,
  s.section_code,
  s.subject,
  s.number,
  s.section_id,
  s.course_id,
  p.person_user_id AS canvas_user_id,
  CASE
    WHEN r.status IN ('DC', 'DD') THEN 'dropped'
    WHEN r.status IN ('RW', 'DW') THEN 'withdrawn'
    ELSE 'registered'
  END AS standing,
  r.status,
  r.status_date,
  r.registered_at,
  date_diff('day', CAST(at_timezone(r.registered_at, r.time_zone) AS date), t.first_day) AS days_before_term,
  r.credits,
  r.grading_basis,
  coalesce(st.admitted_term = r.term_code, false) AS is_first_semester
FROM known r
LEFT JOIN campus.sections s ON s.term_code = r.term_code AND s.crn = r.crn
LEFT JOIN campus.terms t ON t.term_code = r.term_code
LEFT JOIN campus.sis_people p ON p.sis_user_id = r.student_id
LEFT JOIN sis.registrar_students st ON st.student_id = r.student_id
