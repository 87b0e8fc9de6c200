-- description: What students did in their courses, week by week: page views, hand-ins, posts
-- grain: user_id, course_id, week
-- check: { kind: not_null, columns: [user_id, course_id, week] }
-- check: { kind: range, column: active_days, min: 1, max: 7 }
-- owner: Data team
-- stale: build
-- column user_id (quasi): the person's user in Canvas, after merges
-- column student_id (direct): the registrar's number of the student; empty where Canvas has no link
-- column course_id (none): the Canvas course, after cross-listing
-- column week (none): the Monday on which the week begins, by the clock of the campus
-- column active_days (education): days of the week with anything done
-- column page_views (education): requests to pages of the course
-- column participations (education): page views that Canvas counts as taking part
-- column submissions (education): pieces of work handed in
-- column posts (education): entries in discussions
-- column last_active_day (education): the last day with anything done
-- column last_activity_at (education): the last thing done in the week
-- Weeks begin on Monday by the clock of the campus. Canvas keeps page views for 30 days, so weeks before the lake's
-- first load have none.
SELECT
  user_id,
  max(student_id) AS student_id,
  course_id,
  date_trunc('week', day) AS week,
  count(*) AS active_days,
  sum(page_views) AS page_views,
  sum(participations) AS participations,
  sum(submissions) AS submissions,
  sum(posts) AS posts,
  max(day) AS last_active_day,
  max(last_activity_at) AS last_activity_at
FROM campus.activity_by_day
GROUP BY user_id, course_id, date_trunc('week', day)
