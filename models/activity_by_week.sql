-- description: What students did in their courses, week by week: page views, hand-ins, posts
-- grain: user_id, course_id, week
-- check: { kind: range, column: active_days, min: 1, max: 7 }
-- owner: Data team
-- column user_id (quasi): the person's user in Canvas, after merges
-- column student_id (direct): the registrar's number of the student; empty where Canvas has no link
-- column course_id (none): the Canvas course
-- column week (none): the Monday on which the week begins, by the clock of the campus
-- column active_days (education): days of the week with anything done
-- column page_views (education): requests to pages of the course
-- column participations (education): page views that Canvas counts as taking part
-- column submissions (education): pieces of work handed in
-- column posts (education): entries in discussions
-- column last_activity_at (education): the last thing done in the week
-- Weeks begin on Monday by the clock of the campus. Canvas keeps page views for 30 days, so weeks before the lake's
-- first load have none.
WITH events AS (
  SELECT
    w.user_id,
    w.web_application_context_id AS course_id,
    w."timestamp" AS happened_at,
    1 AS page_views,
    CASE WHEN w.participated THEN 1 ELSE 0 END AS participations,
    0 AS submissions,
    0 AS posts
  FROM canvas.web_logs w
  WHERE w.web_application_context_type = 'Course'
  UNION ALL
  SELECT s.user_id, s.course_id, s.submitted_at, 0, 0, 1, 0
  FROM campus.submissions s
  WHERE s.submitted_at IS NOT NULL
  UNION ALL
  SELECT d.user_id, t.context_id, d.created_at, 0, 0, 0, 1
  FROM canvas.discussion_entries d
  JOIN canvas.discussion_topics t ON t.id = d.discussion_topic_id
  WHERE t.context_type = 'Course'
),
-- The clock of the campus is looked up once an hour: doing so for every event costs more than all the rest. A clock
-- that is put forward or back within an hour does so far from midnight, so the day is right all the same.
hours AS (
  SELECT h.hour, at_timezone(h.hour, r.time_zone) AS by_the_clock
  FROM (SELECT DISTINCT date_trunc('hour', happened_at) AS hour FROM events) h
  CROSS JOIN ops.run r
),
dated AS (
  SELECT
    p.person_user_id AS user_id,
    p.sis_user_id AS student_id,
    e.course_id,
    CAST(date_add('second', date_diff('second', h.hour, e.happened_at), h.by_the_clock) AS date) AS day,
    e.happened_at,
    e.page_views,
    e.participations,
    e.submissions,
    e.posts
  FROM events e
  -- Page views can be those of users of other institutions.
  JOIN campus.canvas_people p ON p.user_id = e.user_id
  JOIN hours h ON h.hour = date_trunc('hour', e.happened_at)
  CROSS JOIN ops.run r
  WHERE e.happened_at <= r.as_of
)
SELECT
  d.user_id,
  max(d.student_id) AS student_id,
  d.course_id,
  date_trunc('week', d.day) AS week,
  count(DISTINCT d.day) AS active_days,
  sum(d.page_views) AS page_views,
  sum(d.participations) AS participations,
  sum(d.submissions) AS submissions,
  sum(d.posts) AS posts,
  max(d.happened_at) AS last_activity_at
FROM dated d
JOIN (SELECT DISTINCT user_id, course_id FROM campus.enrolments) e
  ON e.user_id = d.user_id AND e.course_id = d.course_id
GROUP BY d.user_id, d.course_id, date_trunc('week', d.day)
