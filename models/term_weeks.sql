-- description: The weeks of each term that have begun, Monday to Sunday: the calendar of everything told by week
-- grain: term_code, week
-- check: { kind: not_null, columns: [term_code, week] }
-- check: { kind: relationships, column: term_code, to: campus.terms, field: term_code }
-- owner: Registrar
-- stale: build
-- column term_code (none): the registrar's code of the term
-- column week (none): the Monday on which the week begins
-- column week_of_term (none): 1 is the week of the first day of the term
-- column last_day (none): the last day of the week that has been: its Sunday, or the last of the term, or today
-- column is_over (none): whether the whole week has passed
WITH digits AS (
  SELECT n FROM (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) AS d(n)
),
-- No term has a hundred weeks.
counted AS (
  SELECT 10 * tens.n + ones.n AS weeks_before
  FROM digits tens
  CROSS JOIN digits ones
),
weeks AS (
  SELECT
    t.term_code,
    t.last_day,
    r.as_of_date,
    c.weeks_before,
    date_add('day', 7 * c.weeks_before, date_trunc('week', t.first_day)) AS week
  FROM campus.terms t
  CROSS JOIN ops.run r
  CROSS JOIN counted c
)
SELECT
  term_code,
  week,
  weeks_before + 1 AS week_of_term,
  least(date_add('day', 6, week), last_day, as_of_date) AS last_day,
  date_add('day', 6, week) < as_of_date AS is_over
FROM weeks
WHERE week <= least(last_day, as_of_date)
