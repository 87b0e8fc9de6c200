-- description: The days at whose end early warning looks back: every whole week of the terms that are running
-- grain: term_code, week
-- Week n ends with day 7 n after the first day of the term, so that a whole week's work has passed since it began.
SELECT
  t.term_code,
  CAST(w.week AS integer) AS week,
  date_add('day', CAST(7 * w.week AS integer), t.first_day) AS cutoff_date,
  r.time_zone
FROM sis.registrar_terms t
CROSS JOIN ops.run r
CROSS JOIN UNNEST(sequence(1, 52)) AS w(week)
WHERE r.as_of_date BETWEEN t.first_day AND t.last_day
  -- A day counts when it is over.
  AND date_add('day', CAST(7 * w.week AS integer), t.first_day) < r.as_of_date
  AND date_add('day', CAST(7 * w.week AS integer), t.first_day) <= t.last_day
