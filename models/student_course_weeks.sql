-- description: Every student in every course, week by week: activity, work on time, late and missing, the score
--   beside the class, and how long nothing was done
-- grain: user_id, course_id, week
-- check: { kind: not_null, columns: [user_id, course_id, term_code, week] }
-- check: { kind: range, column: active_days, min: 0, max: 7 }
-- check: { kind: range, column: class_percentile, min: 0, max: 100 }
-- check: { kind: range, column: days_since_activity, min: 0 }
-- check: { kind: relationships, column: course_id, to: campus.courses, field: course_id, severity: warn }
-- owner: Data team
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
weeks AS (
  SELECT s.user_id, s.student_id, s.course_id, s.term_code, w.week, w.week_of_term, w.last_day
  FROM seats s
  JOIN campus.term_weeks w ON w.term_code = s.term_code
    AND s.registered_on <= w.last_day
    AND (s.left_on IS NULL OR s.left_on > w.week)
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
active AS (
  SELECT
    user_id,
    course_id,
    date_trunc('week', day) AS week,
    count(*) AS active_days,
    sum(page_views) AS page_views,
    sum(participations) AS participations,
    sum(submissions) AS submissions,
    sum(posts) AS posts,
    max(day) AS last_active_day
  FROM campus.activity_by_day
  GROUP BY user_id, course_id, date_trunc('week', day)
),
summed AS (
  SELECT
    w.user_id,
    w.student_id,
    w.course_id,
    w.term_code,
    w.week,
    w.week_of_term,
    w.last_day,
    a.active_days,
    a.page_views,
    a.participations,
    a.submissions,
    a.posts,
    max(a.last_active_day) OVER (PARTITION BY w.user_id, w.course_id ORDER BY w.week) AS last_active_day,
    k.work_due,
    k.on_time,
    k.late,
    k.missing,
    k.work_scored,
    k.score_percent,
    k.class_mean_percent,
    sum(k.points) OVER (PARTITION BY w.user_id, w.course_id ORDER BY w.week) AS points_so_far,
    sum(k.points_possible) OVER (PARTITION BY w.user_id, w.course_id ORDER BY w.week) AS possible_so_far
  FROM weeks w
  LEFT JOIN active a ON a.user_id = w.user_id AND a.course_id = w.course_id AND a.week = w.week
  LEFT JOIN work k ON k.user_id = w.user_id AND k.course_id = w.course_id AND k.week = w.week
),
scored AS (
  SELECT
    s.*,
    -- Rounded, so that equal scores stay equal in whatever order they were added up.
    round(100e0 * points_so_far / possible_so_far, 2) AS score_so_far
  FROM summed s
)
SELECT
  user_id,
  student_id,
  course_id,
  term_code,
  week,
  week_of_term,
  coalesce(active_days, 0) AS active_days,
  coalesce(page_views, 0) AS page_views,
  coalesce(participations, 0) AS participations,
  coalesce(submissions, 0) AS submissions,
  coalesce(posts, 0) AS posts,
  greatest(date_diff('day', last_active_day, last_day), 0) AS days_since_activity,
  coalesce(work_due, 0) AS work_due,
  coalesce(on_time, 0) AS on_time,
  coalesce(late, 0) AS late,
  coalesce(missing, 0) AS missing,
  coalesce(work_scored, 0) AS work_scored,
  round(score_percent, 2) AS score_percent,
  round(class_mean_percent, 2) AS class_mean_percent,
  score_so_far,
  -- Added up as decimals, in whatever order the same; a mean of fractions may end on either side of a half.
  round(
    CAST(sum(CAST(score_so_far AS decimal(18, 2))) OVER (PARTITION BY course_id, week) AS double)
      / nullif(count(score_so_far) OVER (PARTITION BY course_id, week), 0), 2) AS class_mean_so_far,
  -- Who has no score yet stands behind all others, and so counts in nobody's rank.
  CASE WHEN score_so_far IS NOT NULL THEN round(
    100e0 * (rank() OVER (PARTITION BY course_id, week ORDER BY score_so_far NULLS LAST) - 1)
      / nullif(count(score_so_far) OVER (PARTITION BY course_id, week) - 1, 0), 2) END AS class_percentile,
  count(score_so_far) OVER (PARTITION BY course_id, week) AS class_size
FROM scored
