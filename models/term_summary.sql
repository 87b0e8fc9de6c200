-- description: Each term in numbers: students, registrations, withdrawals, grades, credits, work handed in
-- grain: term_code
-- check: { kind: not_null, columns: [term_code] }
-- check: { kind: range, column: dfw_share, min: 0, max: 1 }
-- owner: Registrar
-- stale: build
-- column term_code (none): the registrar's code of the term
-- column term_name (none): its name
-- column first_day (none): its first day
-- column last_day (none): its last day
-- column students (none): students with a registration that was not dropped
-- column registrations (none): registrations that were not dropped
-- column drops (none): registrations dropped
-- column withdrawals (none): registrations withdrawn from
-- column outcomes (none): registrations with a grade or a withdrawal
-- column dfw_share (none): share of outcomes that are D, F or a withdrawal; empty before there are grades
-- column credits_attempted (none): credits of registrations not dropped
-- column credits_earned (none): of these, those passed
-- column work_due (none): pieces of work due in Canvas
-- column late_share (none): share of them handed in late
-- column missing_share (none): share of them missing
-- column mean_score_percent (none): mean score of them
-- Registrations are those that stood at the census or later (a drop before it leaves no trace at the registrar). What
-- a grade counts as is said in campus.grades: DFW is D, F and withdrawals, over all registrations with an outcome;
-- attempted credits include withdrawals; earned ones are those of passing grades.
-- The registrar's tables may be newer than the work: what came later than as_of counts as not yet.
WITH registrations AS (
  SELECT
    r.student_id,
    r.term_code,
    r.crn,
    r.credits,
    CASE WHEN r.status_date > z.as_of_date THEN 'registered' ELSE r.standing END AS standing,
    coalesce(r.status_date > z.as_of_date, false) AS has_changed,
    z.as_of
  FROM campus.registrations r
  CROSS JOIN ops.run z
  WHERE coalesce(r.registered_at <= z.as_of, true)
),
by_term AS (
  SELECT
    r.term_code,
    count(DISTINCT CASE WHEN r.standing <> 'dropped' THEN r.student_id END) AS students,
    count_if(r.standing <> 'dropped') AS registrations,
    count_if(r.standing = 'dropped') AS drops,
    count_if(r.standing = 'withdrawn') AS withdrawals,
    count_if(g.outcome <> 'open') AS outcomes,
    count_if(g.outcome IN ('passed', 'unsuccessful')) AS graded,
    count_if(g.is_dfw) AS dfw,
    sum(CASE WHEN r.standing <> 'dropped' THEN CAST(r.credits AS double) END) AS credits_attempted,
    sum(CAST(g.credits_earned AS double)) AS credits_earned
  FROM registrations r
  LEFT JOIN campus.grades g
    ON g.student_id = r.student_id AND g.term_code = r.term_code AND g.crn = r.crn
    -- Each condition compares one side with the other, so that engines join by a hash: a grade was posted by then, and a
    -- withdrawal that came later is none yet.
    AND coalesce(g.posted_at, TIMESTAMP '0001-01-01 00:00:00') <= r.as_of
    AND CASE WHEN r.has_changed THEN 1 ELSE 0 END
      <= CASE WHEN coalesce(g.outcome, 'withdrawn') = 'withdrawn' THEN 0 ELSE 1 END
  GROUP BY r.term_code
),
work AS (
  SELECT
    c.term_code,
    count_if(s.counts) AS due,
    count_if(s.counts AND s.status = 'late') AS late,
    count_if(s.counts AND s.status = 'missing') AS missing,
    avg(CASE WHEN s.counts THEN s.score_percent END) AS mean_score_percent
  FROM campus.submissions s
  JOIN campus.courses c ON c.course_id = s.course_id
  GROUP BY c.term_code
)
SELECT
  t.term_code,
  t.description AS term_name,
  t.first_day,
  t.last_day,
  coalesce(b.students, 0) AS students,
  coalesce(b.registrations, 0) AS registrations,
  coalesce(b.drops, 0) AS drops,
  coalesce(b.withdrawals, 0) AS withdrawals,
  coalesce(b.outcomes, 0) AS outcomes,
  -- While a term runs, withdrawals are its only outcomes: no share before grades.
  CASE WHEN b.graded > 0 THEN CAST(b.dfw AS double) / b.outcomes END AS dfw_share,
  b.credits_attempted,
  b.credits_earned,
  coalesce(w.due, 0) AS work_due,
  CAST(w.late AS double) / nullif(w.due, 0) AS late_share,
  CAST(w.missing AS double) / nullif(w.due, 0) AS missing_share,
  w.mean_score_percent
FROM sis.registrar_terms t
LEFT JOIN by_term b ON b.term_code = t.term_code
LEFT JOIN work w ON w.term_code = t.term_code
