-- description: Every student in every course, week by week: activity, work on time, late and missing, the score
--   beside the class, and how long nothing was done
-- grain: user_id, course_id, week
-- check: { kind: not_null, columns: [user_id, course_id, term_code, week] }
-- check: { kind: range, column: active_days, min: 0, max: 7 }
-- check: { kind: range, column: class_percentile, min: 0, max: 100 }
-- check: { kind: range, column: days_since_activity, min: 0 }
-- check: { kind: relationships, column: course_id, to: campus.courses, field: course_id, severity: warn }
-- owner: Data team
-- stale: build
-- column user_id (quasi): the student's user in Canvas, after merges
-- column student_id (direct): the registrar's number of the student
-- column course_id (none): the Canvas course
-- column term_code (none): the term
-- column week (none): the Monday on which the week begins, by the clock of the campus
-- column week_of_term (none): 1 is the week of the first day of the term
-- column active_days (education): days of the week with anything done
-- column page_views (education): requests to pages of the course
-- column participations (education): page views that Canvas counts as taking part
-- column submissions (education): pieces of work handed in during the week
-- column posts (education): entries in discussions
-- column days_since_activity (education): at the end of the week, days since anything was done in the course; empty
--   where nothing was yet
-- column work_due (education): pieces of work due in the week
-- column on_time (education): of these, handed in on time
-- column late (education): of these, handed in late
-- column missing (education): of these, missing as things stand now
-- column work_scored (education): of these, with a score that the student can see
-- column score_percent (education): mean score of these
-- column class_mean_percent (education): mean score of the class in the same pieces
-- column score_so_far (education): percent of the possible points, over all pieces with a score due until now
-- column class_mean_so_far (education): mean of the same over the class
-- column class_percentile (education): percent of the classmates with a score so far who stand below: 0 is the lowest
-- column class_size (none): students of the class with a score so far; with few, percentiles say little
-- Weeks run from the one in which the student was registered to the one in which they left or the term ended. A piece
-- of work belongs to the week in which it is due for this student and is judged as it stands now; what was known at
-- the time is in campus.early_warning_features. Missing work has no score and does not lower one here.
WITH seats AS (
  SELECT
    e.user_id,
    max(e.student_id) AS student_id,
    e.course_id,
    max(e.term_code) AS term_code,
    min(CAST(at_timezone(coalesce(e.registered_at, e.created_at), r.time_zone) AS date)) AS registered_on,
    CASE WHEN NOT bool_or(e.is_current) THEN
      max(coalesce(e.withdrawn_on, CAST(at_timezone(e.updated_at, r.time_zone) AS date))) END AS left_on
  FROM campus.enrolments e
  CROSS JOIN ops.run r
  WHERE e.term_code IS NOT NULL
  GROUP BY e.user_id, e.course_id
),
-- The calendar may be newer than what people did: days that are not known yet are no days without activity.
weeks AS (
  SELECT s.user_id, s.course_id, w.week, w.week_of_term, least(w.last_day, r.as_of_date) AS last_day
  FROM seats s
  JOIN campus.term_weeks w ON w.term_code = s.term_code
    AND s.registered_on <= w.last_day
    AND (s.left_on IS NULL OR s.left_on > w.week)
  JOIN ops.run r ON w.week <= r.as_of_date AND s.registered_on <= r.as_of_date
),
-- Due dates are few: the clock of the campus is looked up once for each.
due_days AS (
  SELECT d.due_at, CAST(at_timezone(d.due_at, r.time_zone) AS date) AS due_on
  FROM (SELECT DISTINCT due_at FROM campus.submissions WHERE counts) d
  CROSS JOIN ops.run r
),
pieces AS (
  SELECT
    s.user_id,
    s.course_id,
    date_trunc('week', d.due_on) AS week,
    s.assignment_id,
    s.status,
    s.points_possible,
    CASE WHEN s.posted_at IS NOT NULL AND s.points_possible > 0 THEN s.score END AS score,
    CASE WHEN s.posted_at IS NOT NULL THEN s.score_percent END AS score_percent
  FROM campus.submissions s
  JOIN due_days d ON d.due_at = s.due_at
  WHERE s.counts
),
class_means AS (
  SELECT assignment_id, avg(score_percent) AS mean_percent
  FROM pieces
  GROUP BY assignment_id
),
work AS (
  SELECT
    p.user_id,
    p.course_id,
    p.week,
    count(*) AS work_due,
    count_if(p.status = 'on time') AS on_time,
    count_if(p.status = 'late') AS late,
    count_if(p.status = 'missing') AS missing,
    count(p.score_percent) AS work_scored,
    avg(p.score_percent) AS score_percent,
    avg(CASE WHEN p.score_percent IS NOT NULL THEN m.mean_percent END) AS class_mean_percent,
    sum(p.score) AS points,
    sum(CASE WHEN p.score IS NOT NULL THEN p.points_possible END) AS points_possible
  FROM pieces p
  JOIN class_means m ON m.assignment_id = p.assignment_id
  GROUP BY p.user_id, p.course_id, p.week
),
-- What adds up from week to week, and what is compared in a class: no more columns than it takes, as whoever sorts
-- rows carries all of theirs along.
so_far AS (
  SELECT
    w.user_id,
    w.course_id,
    w.week,
    w.week_of_term,
    w.last_day,
    max(a.last_active_day) OVER (PARTITION BY w.user_id, w.course_id ORDER BY w.week) AS last_active_day,
    sum(k.points) OVER (PARTITION BY w.user_id, w.course_id ORDER BY w.week) AS points,
    sum(k.points_possible) OVER (PARTITION BY w.user_id, w.course_id ORDER BY w.week) AS points_possible
  FROM weeks w
  LEFT JOIN campus.activity_by_week a ON a.user_id = w.user_id AND a.course_id = w.course_id AND a.week = w.week
  LEFT JOIN work k ON k.user_id = w.user_id AND k.course_id = w.course_id AND k.week = w.week
),
scored AS (
  SELECT
    user_id,
    course_id,
    week,
    week_of_term,
    greatest(date_diff('day', last_active_day, last_day), 0) AS days_since_activity,
    -- Rounded, so that equal scores stay equal in whatever order they were added up.
    round(100e0 * points / points_possible, 2) AS score_so_far
  FROM so_far
),
placed AS (
  SELECT
    s.*,
    -- Added up as decimals, in whatever order the same; a mean of fractions may end on either side of a half.
    sum(CAST(score_so_far AS decimal(18, 2))) OVER (PARTITION BY course_id, week) AS class_sum,
    count(score_so_far) OVER (PARTITION BY course_id, week) AS class_size,
    -- Who has no score yet stands behind all others, and so counts in nobody's rank.
    rank() OVER (PARTITION BY course_id, week ORDER BY score_so_far NULLS LAST) AS place
  FROM scored s
)
SELECT
  p.user_id,
  s.student_id,
  p.course_id,
  s.term_code,
  p.week,
  p.week_of_term,
  coalesce(a.active_days, 0) AS active_days,
  coalesce(a.page_views, 0) AS page_views,
  coalesce(a.participations, 0) AS participations,
  coalesce(a.submissions, 0) AS submissions,
  coalesce(a.posts, 0) AS posts,
  p.days_since_activity,
  coalesce(k.work_due, 0) AS work_due,
  coalesce(k.on_time, 0) AS on_time,
  coalesce(k.late, 0) AS late,
  coalesce(k.missing, 0) AS missing,
  coalesce(k.work_scored, 0) AS work_scored,
  round(k.score_percent, 2) AS score_percent,
  round(k.class_mean_percent, 2) AS class_mean_percent,
  p.score_so_far,
  round(CAST(p.class_sum AS double) / nullif(p.class_size, 0), 2) AS class_mean_so_far,
  CASE WHEN p.score_so_far IS NOT NULL THEN
    round(100e0 * (p.place - 1) / nullif(p.class_size - 1, 0), 2) END AS class_percentile,
  p.class_size
FROM placed p
JOIN seats s ON s.user_id = p.user_id AND s.course_id = p.course_id
LEFT JOIN campus.activity_by_week a ON a.user_id = p.user_id AND a.course_id = p.course_id AND a.week = p.week
LEFT JOIN work k ON k.user_id = p.user_id AND k.course_id = p.course_id AND k.week = p.week
