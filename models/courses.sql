-- description: Canvas courses with their term and how many students take part
-- grain: course_id
-- check: { kind: not_null, columns: [course_id] }
-- owner: Data team
-- stale: build
-- column course_id (none): the Canvas course
-- column course_code (none): its short name
-- column name (none): its name
-- column workflow_state (none): created, claimed, available or completed
-- column term_id (none): its Canvas term
-- column term_code (none): the registrar's code of that term
-- column term_name (none): the name of the term in Canvas
-- column start_at (none): its own beginning, else that of its term
-- column end_at (none): its own end, else that of its term
-- column sections (none): sections with students
-- column students (none): people who are or were enrolled as students
-- column current_students (none): of these, those who take part now
-- column assignments (none): published assignments
-- column points_possible (none): points of all published assignments together
WITH students AS (
  SELECT
    course_id,
    count(DISTINCT user_id) AS students,
    count(DISTINCT CASE WHEN is_current THEN user_id END) AS current_students,
    count(DISTINCT section_id) AS sections
  FROM campus.enrolments
  GROUP BY course_id
),
work AS (
  SELECT context_id AS course_id, count(*) AS assignments, sum(points_possible) AS points_possible
  FROM canvas.assignments
  CROSS JOIN ops.run z
  WHERE workflow_state = 'published' AND context_type = 'Course' AND coalesce(created_at <= z.as_of, true)
  GROUP BY context_id
)
SELECT
  c.id AS course_id,
  c.course_code,
  c.name,
  c.workflow_state,
  c.enrollment_term_id AS term_id,
  t.sis_source_id AS term_code,
  t.name AS term_name,
  coalesce(c.start_at, t.start_at) AS start_at,
  coalesce(c.conclude_at, t.end_at) AS end_at,
  coalesce(s.sections, 0) AS sections,
  coalesce(s.students, 0) AS students,
  coalesce(s.current_students, 0) AS current_students,
  coalesce(w.assignments, 0) AS assignments,
  w.points_possible
FROM canvas.courses c
LEFT JOIN canvas.enrollment_terms t ON t.id = c.enrollment_term_id
LEFT JOIN students s ON s.course_id = c.id
LEFT JOIN work w ON w.course_id = c.id
WHERE c.workflow_state <> 'deleted'
