-- description: Terms of the registrar with their days, their term in Canvas and where they stand now
-- grain: term_code
-- check: { kind: not_null, columns: [term_code, first_day, last_day, phase] }
-- check: { kind: accepted_values, column: phase, values: [over, running, to come] }
-- owner: Registrar
-- stale: build
-- column term_code (none): the registrar's code of the term
-- column term_name (none): its name
-- column first_day (none): its first day
-- column last_day (none): its last day
-- column census_day (none): who drops before this day leaves no trace
-- column weeks (none): weeks of the term, as the registrar counts them
-- column place (none): 1 is the earliest term, by first day
-- column previous_term_code (none): the term that began before it
-- column canvas_term_id (none): the term in Canvas with this code
-- column phase (none): over, running or to come at the moment to which the lake is loaded
-- column as_of (none): that moment
WITH canvas_terms AS (
  SELECT sis_source_id, min(id) AS term_id
  FROM canvas.enrollment_terms
  WHERE workflow_state <> 'deleted' AND sis_source_id IS NOT NULL
  GROUP BY sis_source_id
)
SELECT
  t.term_code,
  t.description AS term_name,
  t.first_day,
  t.last_day,
  t.census_day,
  t.weeks,
  row_number() OVER (ORDER BY t.first_day, t.term_code) AS place,
  lag(t.term_code) OVER (ORDER BY t.first_day, t.term_code) AS previous_term_code,
  c.term_id AS canvas_term_id,
  CASE
    WHEN t.last_day < r.as_of_date THEN 'over'
    WHEN t.first_day > r.as_of_date THEN 'to come'
    ELSE 'running'
  END AS phase,
  r.as_of
FROM sis.registrar_terms t
CROSS JOIN ops.run r
LEFT JOIN canvas_terms c ON c.sis_source_id = t.term_code
