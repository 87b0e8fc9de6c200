-- description: Who teaches: the registrar's instructors of sections and Canvas's teachers with a number
-- grain: instructor_id
-- check: { kind: not_null, columns: [instructor_id] }
-- owner: Registrar
-- stale: build
-- column instructor_id (direct): the registrar's number of the person
-- column canvas_user_id (quasi): the person's user in Canvas, after merges; empty where there is none
-- column given_name (direct): given name
-- column family_name (direct): family name
-- column sections (quasi): sections of which the registrar names them the instructor
-- column running_sections (quasi): of these, those of running terms
-- column canvas_courses (quasi): courses in which Canvas has them as teacher
WITH by_registrar AS (
  SELECT
    s.instructor_id,
    count(*) AS sections,
    count_if(t.phase = 'running') AS running_sections
  FROM sis.registrar_sections s
  LEFT JOIN campus.terms t ON t.term_code = s.term_code
  WHERE s.instructor_id IS NOT NULL
  GROUP BY s.instructor_id
),
in_canvas AS (
  SELECT p.sis_user_id AS instructor_id, count(DISTINCT e.course_id) AS canvas_courses
  FROM canvas.enrollments e
  JOIN campus.canvas_people p ON p.user_id = e.user_id
  CROSS JOIN ops.run z
  WHERE e.type = 'TeacherEnrollment' AND e.workflow_state <> 'deleted' AND p.sis_user_id IS NOT NULL
    AND coalesce(e.created_at <= z.as_of, true)
  GROUP BY p.sis_user_id
),
everybody AS (
  SELECT instructor_id FROM by_registrar
  UNION
  SELECT instructor_id FROM in_canvas
)
SELECT
  e.instructor_id,
  n.person_user_id AS canvas_user_id,
  p.given_name,
  p.family_name,
  coalesce(r.sections, 0) AS sections,
  coalesce(r.running_sections, 0) AS running_sections,
  coalesce(c.canvas_courses, 0) AS canvas_courses
FROM everybody e
LEFT JOIN by_registrar r ON r.instructor_id = e.instructor_id
LEFT JOIN in_canvas c ON c.instructor_id = e.instructor_id
LEFT JOIN campus.sis_people n ON n.sis_user_id = e.instructor_id
LEFT JOIN sis.registrar_persons p ON p.person_id = e.instructor_id
