-- description: Sections: the registrar's with the Canvas section of each, and those that only Canvas has
-- grain: section_code
-- check: { kind: not_null, columns: [section_code] }
-- check: { kind: unique, columns: [section_id] }
-- check: { kind: unique, columns: [term_code, crn] }
-- check: { kind: relationships, column: term_code, to: campus.terms, field: term_code, severity: warn }
-- owner: Registrar
-- stale: build
-- column section_code (none): the registrar's code; where there is none, Canvas's own, or canvas- and its number
-- column section_id (none): the Canvas section; empty where the section is not in Canvas
-- column course_id (none): the Canvas course in which it is taught, after cross-listing
-- column home_course_id (none): the Canvas course for which it was made, where it was moved to another
-- column is_cross_listed (none): whether it was moved into a course with other sections
-- column section_name (none): its name in Canvas
-- column state (none): its state in Canvas
-- column term_code (none): the registrar's term; of a section that only Canvas has, that of its term there
-- column crn (none): the registrar's number in the term
-- column subject (none): subject of the catalogue
-- column number (none): number in the subject
-- column title (none): title in the catalogue
-- column credits (none): credits in the catalogue
-- column instructor_id (direct): the registrar's number of who teaches it
-- column capacity (none): seats
-- column modality (none): how it is taught
-- column registered (none): registrations that stand
-- column start_at (none): when students may take part from, where the section or its course says so, else the term
-- column end_at (none): and until when
-- Which dates bind is Canvas's rule (canvas-lms, enrollment.rb): those of a section where it restricts enrolments to
-- them, else those of a course that does, else those of the term. A single student can have dates of their own:
-- campus.enrolments.
WITH in_canvas AS (
  SELECT
    s.id AS section_id,
    s.course_id,
    s.nonxlist_course_id,
    s.name,
    s.workflow_state,
    s.sis_source_id,
    t.sis_source_id AS term_code,
    CASE
      WHEN s.restrict_enrollments_to_section_dates THEN s.start_at
      WHEN c.restrict_enrollments_to_course_dates THEN c.start_at
      ELSE t.start_at
    END AS start_at,
    CASE
      WHEN s.restrict_enrollments_to_section_dates THEN s.end_at
      WHEN c.restrict_enrollments_to_course_dates THEN c.conclude_at
      ELSE t.end_at
    END AS end_at
  FROM canvas.course_sections s
  LEFT JOIN canvas.courses c ON c.id = s.course_id
  LEFT JOIN canvas.enrollment_terms t ON t.id = coalesce(s.enrollment_term_id, c.enrollment_term_id)
),
registered AS (
  SELECT term_code, crn, count(*) AS registered
  FROM sis.registrar_registrations
  CROSS JOIN ops.run z
  WHERE coalesce(registered_at <= z.as_of, true)
    AND (status NOT IN ('DC', 'RW', 'DD', 'DW') OR status_date > z.as_of_date)
  GROUP BY term_code, crn
),
of_registrar AS (
  SELECT
    s.section_code,
    s.term_code,
    s.crn,
    s.subject,
    s.number,
    c.title,
    c.credits,
    s.instructor_id,
    s.capacity,
    s.modality,
    coalesce(r.registered, 0) AS registered
  FROM sis.registrar_sections s
  LEFT JOIN sis.registrar_courses c ON c.subject = s.subject AND c.number = s.number
  LEFT JOIN registered r ON r.term_code = s.term_code AND r.crn = s.crn
)
SELECT
  coalesce(o.section_code, i.sis_source_id, 'canvas-' || CAST(i.section_id AS varchar)) AS section_code,
  i.section_id,
  i.course_id,
  i.nonxlist_course_id AS home_course_id,
  i.nonxlist_course_id IS NOT NULL AS is_cross_listed,
  i.name AS section_name,
  i.workflow_state AS state,
  -- A section can be moved into a course of another term: the registrar's goes first.
  coalesce(o.term_code, i.term_code) AS term_code,
  o.crn,
  o.subject,
  o.number,
  o.title,
  o.credits,
  o.instructor_id,
  o.capacity,
  o.modality,
  o.registered,
  i.start_at,
  i.end_at
FROM in_canvas i
FULL OUTER JOIN of_registrar o ON o.section_code = i.sis_source_id
