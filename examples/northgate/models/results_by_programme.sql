-- description: Marks of each programme and academic year, over modules that have been marked
-- grain: acad_year, prog_code
-- owner: Student Records
-- check: { kind: range, column: pass_share, min: 0, max: 1 }
-- check: { kind: relationships, column: prog_code, to: records.programmes, field: prog_code }
-- column acad_year (none): the year in which the academic year begins
-- column prog_code (none): the programme
-- column prog_title (none): its title
-- column faculty (none): its faculty
-- column learners (none): learners enrolled that year, those who left included
-- column left_early (none): of these, those who left before as_of
-- column marked (none): module results with a mark
-- column pass_share (none): share of the marked results that are 40 or more; empty before there are marks
-- column mean_mark (none): mean mark, weighted by credits
WITH results AS (
  SELECT
    learner_no,
    acad_year,
    count(mark) AS marked,
    count_if(mark >= 40) AS passed,
    sum(CASE WHEN mark IS NOT NULL THEN credits END) AS marked_credits,
    sum(CAST(mark AS double) * CAST(credits AS double)) AS weighted_marks
  FROM records.module_results
  GROUP BY learner_no, acad_year
)
SELECT
  e.acad_year,
  e.prog_code,
  p.prog_title,
  p.faculty,
  count(*) AS learners,
  count_if(e.left_on <= z.as_of_date) AS left_early,
  coalesce(sum(r.marked), 0) AS marked,
  CAST(sum(r.passed) AS double) / nullif(sum(r.marked), 0) AS pass_share,
  sum(r.weighted_marks) / nullif(CAST(sum(r.marked_credits) AS double), 0) AS mean_mark
FROM records.enrolments e
JOIN records.programmes p ON p.prog_code = e.prog_code
LEFT JOIN results r ON r.learner_no = e.learner_no AND r.acad_year = e.acad_year
CROSS JOIN ops.run z
GROUP BY e.acad_year, e.prog_code, p.prog_title, p.faculty
