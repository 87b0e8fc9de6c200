-- description: How each registration was graded, as far as it is known, by one published grade map
-- grain: student_id, term_code, crn
-- check: { kind: not_null, columns: [student_id, term_code, crn, outcome] }
-- check: { kind: accepted_values, column: outcome, values: [passed, unsuccessful, withdrawn, open] }
-- check: { kind: range, column: credits_earned, min: 0 }
-- owner: Registrar
-- stale: build
-- column student_id (direct): the registrar's number of the student
-- column term_code (none): the term
-- column crn (none): the registrar's number of the section in its term
-- column section_code (none): the registrar's code of the section
-- column course_id (none): the Canvas course, after cross-listing
-- column midterm_grade (education): the grade at half term
-- column final_grade (education): the final grade as the registrar writes it
-- column posted_at (education): when it was posted
-- column outcome (education): passed, unsuccessful, withdrawn, or open while there is no grade that ends the course
-- column is_dfw (education): whether it counts among D, F and withdrawals; empty while it is open
-- column credits_attempted (education): credits of the registration, whatever became of it
-- column credits_earned (education): of these, those of a grade that passes
-- column gpa_credits (education): credits that count in the grade point average: those with quality points
-- column quality_points (education): points of the grade times credits; divided by gpa_credits they are the average
-- The grade map: withdrawn is W, Withdrawn or the registration's own status; unsuccessful are F, Fail, U, NP and NC;
-- I, IP, NR and AU leave a course open. D passes and counts in DFW. A dropped registration has no grade and no row.
-- A grade that was posted after the moment up to which everything is known (`ops.run.as_of`) is not seen.
WITH posted AS (
  SELECT
    student_id,
    term_code,
    crn,
    midterm_grade,
    CASE WHEN is_known THEN final_grade END AS final_grade,
    CASE WHEN is_known THEN posted_at END AS posted_at,
    CASE WHEN is_known THEN quality_points END AS quality_points
  FROM (
    SELECT g.*, coalesce(g.posted_at <= z.as_of, true) AS is_known
    FROM sis.registrar_grades g
    CROSS JOIN ops.run z
  ) dated
  WHERE is_known OR midterm_grade IS NOT NULL
),
graded AS (
  SELECT
    r.student_id,
    r.term_code,
    r.crn,
    r.section_code,
    r.course_id,
    r.credits,
    g.midterm_grade,
    g.final_grade,
    g.posted_at,
    g.quality_points,
    CASE
      WHEN r.standing = 'withdrawn' OR g.final_grade IN ('W', 'Withdrawn') THEN 'withdrawn'
      WHEN g.final_grade IS NULL OR g.final_grade IN ('I', 'IP', 'NR', 'AU') THEN 'open'
      WHEN g.final_grade IN ('F', 'Fail', 'U', 'NP', 'NC') THEN 'unsuccessful'
      ELSE 'passed'
    END AS outcome
  FROM campus.registrations r
  LEFT JOIN posted g
    ON g.student_id = r.student_id AND g.term_code = r.term_code AND g.crn = r.crn
  WHERE r.standing <> 'dropped' AND (g.student_id IS NOT NULL OR r.standing = 'withdrawn')
)
SELECT
  student_id,
  term_code,
  crn,
  section_code,
  course_id,
  midterm_grade,
  final_grade,
  posted_at,
  outcome,
  CASE
    WHEN outcome = 'open' THEN NULL
    WHEN outcome = 'withdrawn' THEN true
    ELSE regexp_like(final_grade, '^(D[+-]?|F|Fail)$')
  END AS is_dfw,
  credits AS credits_attempted,
  CASE WHEN outcome = 'passed' THEN credits END AS credits_earned,
  CASE WHEN quality_points IS NOT NULL THEN credits END AS gpa_credits,
  quality_points
FROM graded
