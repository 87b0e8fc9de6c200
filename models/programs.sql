-- description: Programs of study, and how many study them
-- grain: program_code
-- check: { kind: not_null, columns: [program_code] }
-- owner: Registrar
-- stale: build
-- column program_code (none): the registrar's code of the program
-- column title (none): its name
-- column degree (none): the degree to which it leads
-- column required_credits (none): credits that it takes
-- column students (none): students on record in the program
-- column registered_students (none): of these, those with a registration that stands in a running term
WITH registered AS (
  SELECT DISTINCT r.student_id
  FROM sis.registrar_registrations r
  JOIN campus.terms t ON t.term_code = r.term_code AND t.phase = 'running'
  CROSS JOIN ops.run z
  WHERE coalesce(r.registered_at <= z.as_of, true)
    AND (r.status NOT IN ('DC', 'RW', 'DD', 'DW') OR r.status_date > z.as_of_date)
),
counted AS (
  SELECT s.program_code, count(*) AS students, count(r.student_id) AS registered_students
  FROM sis.registrar_students s
  LEFT JOIN registered r ON r.student_id = s.student_id
  GROUP BY s.program_code
)
SELECT
  p.program_code,
  p.title,
  p.degree,
  p.required_credits,
  coalesce(c.students, 0) AS students,
  coalesce(c.registered_students, 0) AS registered_students
FROM sis.registrar_programs p
LEFT JOIN counted c ON c.program_code = p.program_code
