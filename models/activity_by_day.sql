-- description: What students did in their courses, day by day: page views, hand-ins, posts
-- grain: user_id, course_id, day
-- check: { kind: not_null, columns: [user_id, course_id, day] }
-- owner: Data team
-- stale: build
-- column user_id (quasi): the person's user in Canvas, after merges
-- column student_id (direct): the registrar's number of the student; empty where Canvas has no link
-- column course_id (none): the Canvas course, after cross-listing
-- column day (none): the day, by the clock of the campus
-- column page_views (education): requests to pages of the course
-- column participations (education): page views that Canvas counts as taking part
-- column submissions (education): pieces of work handed in
-- column posts (education): entries in discussions
-- column last_activity_at (education): the last thing done on the day
-- Canvas keeps page views for 30 days, so days before the lake's first load have none. A student who was moved with
-- a section into another course (cross-listing) did the earlier things in the old one: they count in the new.
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
  FROM canvas.submissions s
  JOIN canvas.assignments a ON a.id = s.assignment_id
  WHERE s.submitted_at IS NOT NULL AND a.workflow_state = 'published'
  UNION ALL
  SELECT d.user_id, t.context_id, d.created_at, 0, 0, 0, 1
  FROM canvas.discussion_entries d
  JOIN canvas.discussion_topics t ON t.id = d.discussion_topic_id
  WHERE t.context_type = 'Course'
),
-- In which courses a student's doing is seen, and to which it belongs.
places AS (
  SELECT
    user_id,
    seen_in,
    coalesce(min(CASE WHEN seen_in = course_id THEN course_id END), min(course_id)) AS course_id
  FROM (
    SELECT user_id, course_id AS seen_in, course_id FROM campus.enrolments
    UNION ALL
    SELECT user_id, home_course_id, course_id FROM campus.enrolments WHERE home_course_id IS NOT NULL
  ) seats
  GROUP BY user_id, seen_in
),
-- The clock of the campus is looked up once an hour: doing so for every event costs more than all the rest. A clock
-- that is put forward or back within an hour does so far from midnight, so the day is right all the same.
hours AS (
  SELECT h.hour, CAST(at_timezone(h.hour, r.time_zone) AS timestamp) AS by_the_clock
  FROM (SELECT DISTINCT date_trunc('hour', happened_at) AS hour FROM events) h
  CROSS JOIN ops.run r
),
dated AS (
  SELECT
    p.person_user_id AS user_id,
    p.sis_user_id AS student_id,
    c.course_id,
    CAST(date_add('second', date_diff('second', h.hour, e.happened_at), h.by_the_clock) AS date) AS day,
    e.happened_at,
    e.page_views,
    e.participations,
    e.submissions,
    e.posts
  FROM events e
  -- Page views can be those of users of other institutions, of teachers, of the test student.
  JOIN campus.canvas_people p ON p.user_id = e.user_id
  JOIN places c ON c.user_id = p.person_user_id AND c.seen_in = e.course_id
  JOIN hours h ON h.hour = date_trunc('hour', e.happened_at)
  CROSS JOIN ops.run r
  WHERE e.happened_at <= r.as_of
)
SELECT
  user_id,
  max(student_id) AS student_id,
  course_id,
  day,
  sum(page_views) AS page_views,
  sum(participations) AS participations,
  sum(submissions) AS submissions,
  sum(posts) AS posts,
  max(happened_at) AS last_activity_at
FROM dated
GROUP BY user_id, course_id, day
