-- description: Canvas courses with their term and how many students take part
-- grain: course_id
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
  WHERE workflow_state = 'published' AND context_type = 'Course'
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
