-- description: Students of the registrar with their Canvas user
-- grain: student_id
-- check: { kind: not_null, columns: [student_id] }
-- check: { kind: relationships, column: program_code, to: campus.programs, field: program_code, severity: warn }
-- owner: Registrar
-- stale: build
-- column student_id (direct): the registrar's number of the student
-- column canvas_user_id (quasi): the student's user in Canvas, after merges; empty where there is none
-- column given_name (direct): given name
-- column family_name (direct): family name
-- column program_code (education): program of study
-- column admitted_term (education): term of admission
-- column status (education): the registrar's status
-- column terms_registered (education): terms with a registration
-- column first_registered_day (education): first day of the first of them
WITH terms_taken AS (
  SELECT r.student_id, min(t.first_day) AS first_registered_day, count(DISTINCT r.term_code) AS terms
  FROM sis.registrar_registrations r
  JOIN sis.registrar_terms t ON t.term_code = r.term_code
  CROSS JOIN ops.run z
  WHERE coalesce(r.registered_at <= z.as_of, true)
  GROUP BY r.student_id
)
SELECT
  s.student_id,
  c.person_user_id AS canvas_user_id,
  p.given_name,
  p.family_name,
  s.program_code,
  s.admitted_term,
  s.status,
  coalesce(t.terms, 0) AS terms_registered,
  t.first_registered_day
FROM sis.registrar_students s
LEFT JOIN sis.registrar_persons p ON p.person_id = s.student_id
LEFT JOIN campus.sis_people c ON c.sis_user_id = s.student_id
LEFT JOIN terms_taken t ON t.student_id = s.student_id
