-- description: Students of each term and program, and how many of them passed all that they were graded in; small numbers are protected
-- grain: term_code, program_code
-- owner: Registrar
-- disclosure: min 10, counts students, shares passed_all of students
-- column term_code (none): the registrar's code of the term
-- column program_code (none): the program of study
-- column students (none): students with a grade in the term; empty where a small number would show
-- column passed_all (none): share of them who passed every course that was graded, in whole per cents
-- To publish it: copy it into the folder of the models. Roles with aggregatesOnly see it and no other table. The counts of
-- another table about the same students, by other dimensions, are not compared with these: publish one or the other.
WITH by_student AS (
  SELECT
    g.term_code,
    coalesce(s.program_code, 'none') AS program_code,
    g.student_id,
    min(CASE WHEN g.outcome = 'passed' THEN 1 ELSE 0 END) AS passed
  FROM campus.grades g
  LEFT JOIN campus.students s ON s.student_id = g.student_id
  WHERE g.outcome IN ('passed', 'unsuccessful')
  GROUP BY g.term_code, s.program_code, g.student_id
)
SELECT
  term_code,
  program_code,
  count(*) AS students,
  avg(CAST(passed AS double)) AS passed_all
FROM by_student
GROUP BY term_code, program_code
