-- description: First-semester students of a running term who may need attention, each with reasons in plain words
--   and the counts behind them. It supports an adviser's judgement; it decides nothing and is no part of a grade.
-- grain: student_id, term_code
-- check: { kind: range, column: concern, min: 0, max: 100 }
-- check: { kind: relationships, column: student_id, to: campus.students, field: student_id }
-- owner: Advising
-- stale: keep
-- column student_id (direct): the registrar's number of the student
-- column term_code (none): the running term
-- column canvas_user_id (quasi): the student's user in Canvas
-- column given_name (direct): given name
-- column family_name (direct): family name
-- column program_code (education): program of study
-- column concern (education): 0 to 100, orders the list; no probability
-- column reasons (education): why, in plain words
-- column worst_course_code (none): the course that adds most to the concern
-- column worst_course_concern (education): what it would be if the student had this course alone
-- column courses (education): courses taken now
-- column work_due (education): pieces of work due by now
-- column work_handed_in (education): of all work, pieces handed in
-- column work_missing (education): of the work due, pieces missing
-- column work_late (education): of the work due, pieces handed in late
-- column silent_days (education): days without anything done, in the course with the fewest
-- column usual_silent_days (education): the median of the classes
-- column work_scored (education): pieces with a score that the student can see
-- column courses_left (education): courses dropped or withdrawn from after the first week of the term
-- column recent_score_gap (education): percent above (or below, negative) the median of the class, last three pieces
-- column earlier_score_gap (education): the same of the pieces before
-- column days_late_registered (education): days after the first of the term at which the earliest registration was made
-- column days_into_term (none): days since the term began
-- column as_of (none): the moment up to which anything was known
-- Only who is still enrolled is looked at, and only what was known at the moment to which the lake is loaded.
-- Concern (0 to 100): each course has one, and the student's is half that of the worst and half the mean, so that one
-- abandoned course is not averaged away. In a course with `due` pieces due, missing work adds 48 * missing / (due + 1),
-- late work 14 * late / (due + 1), scores up to 20 (40 percent below the class), silence beyond that of the class up to
-- 5 (three weeks), nothing handed in of three or more pieces 24. Each of up to two courses left adds 7, silence in every
-- course up to 12 (four weeks). These weights order a list; they are no probability. Listed is who has at least 17, or
-- is silent in every course. Work that does not count towards the grade gives no score; handed in, it still counts as
-- handed in.
WITH running AS (
  SELECT t.term_code, t.first_day, t.last_day, r.as_of, r.as_of_date, r.time_zone
  FROM sis.registrar_terms t
  CROSS JOIN ops.run r
  WHERE r.as_of_date BETWEEN t.first_day AND t.last_day
),
taking AS (
  SELECT
    e.student_id,
    e.term_code,
    e.user_id,
    e.course_id,
    min(e.registered_at) AS registered_at,
    -- Nobody is silent for longer than the term has been running.
    date_diff(
      'day',
      greatest(
        r.first_day,
        coalesce(CAST(at_timezone(max(a.last_activity_at), r.time_zone) AS date), r.first_day),
        coalesce(CAST(at_timezone(max(e.last_activity_at), r.time_zone) AS date), r.first_day)
      ),
      r.as_of_date
    ) AS silent_days
  FROM campus.enrolments e
  JOIN running r ON r.term_code = e.term_code
  LEFT JOIN campus.activity_by_week a ON a.user_id = e.user_id AND a.course_id = e.course_id
  WHERE e.is_current
  GROUP BY e.student_id, e.term_code, e.user_id, e.course_id, r.first_day, r.as_of_date, r.time_zone
),
-- How long silences are in a class: where the lake has no page views, a fortnight between two hand-ins is usual.
silences AS (
  SELECT course_id, avg(silent_days) AS usual_days
  FROM (
    SELECT
      course_id,
      silent_days,
      row_number() OVER (PARTITION BY course_id ORDER BY silent_days) AS place,
      count(*) OVER (PARTITION BY course_id) AS students
    FROM taking
  ) ranked
  WHERE place IN ((students + 1) / 2, (students + 2) / 2)
  GROUP BY course_id
),
enrolled AS (
  SELECT t.*, q.usual_days
  FROM taking t
  JOIN campus.students s ON s.student_id = t.student_id AND s.admitted_term = t.term_code
  JOIN silences q ON q.course_id = t.course_id
),
-- Of everybody: to name a WITH query a second time has Athena plan it a second time, and a plan has a limit.
work AS (
  SELECT
    user_id,
    course_id,
    count_if(counts) AS due,
    count_if(counts AND status = 'missing') AS missing,
    count_if(counts AND status = 'late') AS late,
    count(submitted_at) AS handed_in
  FROM campus.submissions
  WHERE NOT is_deleted
  GROUP BY user_id, course_id
),
-- Work whose marks say something about the grade.
scored_work AS (
  SELECT a.id AS assignment_id
  FROM canvas.assignments a
  JOIN canvas.courses c ON c.id = a.context_id
  LEFT JOIN canvas.assignment_groups g ON g.id = a.assignment_group_id
  WHERE a.context_type = 'Course'
    AND NOT coalesce(a.omit_from_final_grade, false)
    AND coalesce(a.grading_type, 'points') NOT IN ('pass_fail', 'not_graded')
    AND (coalesce(c.group_weighting_scheme, '') <> 'percent' OR coalesce(g.group_weight, 0e0) > 0e0)
),
-- Scores that students can see, against the median of their class on the same piece of work.
visible AS (
  SELECT
    s.user_id,
    s.course_id,
    s.assignment_id,
    s.posted_at,
    s.score_percent,
    row_number() OVER (PARTITION BY s.assignment_id ORDER BY s.score_percent) AS place,
    count(*) OVER (PARTITION BY s.assignment_id) AS scored
  FROM campus.submissions s
  JOIN scored_work w ON w.assignment_id = s.assignment_id
  WHERE s.posted_at IS NOT NULL AND s.submitted_at IS NOT NULL AND s.score_percent IS NOT NULL AND NOT s.is_deleted
),
medians AS (
  SELECT assignment_id, avg(score_percent) AS median_percent
  FROM visible
  WHERE place IN ((scored + 1) / 2, (scored + 2) / 2)
  GROUP BY assignment_id
),
gaps AS (
  SELECT
    e.student_id,
    e.term_code,
    e.user_id,
    e.course_id,
    v.score_percent - m.median_percent AS gap,
    row_number() OVER (PARTITION BY e.student_id, e.term_code ORDER BY v.posted_at DESC, v.assignment_id DESC) AS recency
  FROM enrolled e
  JOIN visible v ON v.user_id = e.user_id AND v.course_id = e.course_id
  JOIN medians m ON m.assignment_id = v.assignment_id
),
course_scores AS (
  SELECT
    student_id,
    term_code,
    user_id,
    course_id,
    count(*) AS scored,
    avg(gap) AS gap,
    -- Of the student's newest three, in whatever courses they are, and of those before.
    count_if(recency <= 3) AS recent,
    sum(CASE WHEN recency <= 3 THEN gap END) AS recent_sum,
    sum(CASE WHEN recency > 3 THEN gap END) AS earlier_sum
  FROM gaps
  GROUP BY student_id, term_code, user_id, course_id
),
course_facts AS (
  SELECT
    e.student_id,
    e.term_code,
    e.course_id,
    coalesce(c.course_code, CAST(c.course_id AS varchar)) AS course_code,
    e.registered_at,
    e.silent_days,
    e.usual_days,
    coalesce(w.due, 0) AS due,
    coalesce(w.missing, 0) AS missing,
    coalesce(w.late, 0) AS late,
    coalesce(w.handed_in, 0) AS handed_in,
    coalesce(s.scored, 0) AS scored,
    coalesce(s.gap, 0e0) AS gap,
    coalesce(s.recent, 0) AS recent,
    s.recent_sum,
    s.earlier_sum
  FROM enrolled e
  JOIN campus.courses c ON c.course_id = e.course_id
  LEFT JOIN work w ON w.user_id = e.user_id AND w.course_id = e.course_id
  LEFT JOIN course_scores s
    ON s.student_id = e.student_id AND s.term_code = e.term_code
    AND s.user_id = e.user_id AND s.course_id = e.course_id
),
course_concerns AS (
  SELECT
    f.*,
    due >= 3 AND handed_in = 0 AS is_abandoned,
    48e0 * missing / (due + 1)
      + 14e0 * late / (due + 1)
      + CASE WHEN gap < 0e0 THEN 20e0 * least(-gap, 40e0) / 40e0 * least(scored, 3) / 3e0 ELSE 0e0 END
      + CASE WHEN silent_days > usual_days THEN 5e0 * least(silent_days - usual_days, 21e0) / 21e0 ELSE 0e0 END
      + CASE WHEN due >= 3 AND handed_in = 0 THEN 24e0 ELSE 0e0 END AS points
  FROM course_facts f
),
ranked_courses AS (
  SELECT
    c.*,
    row_number() OVER (PARTITION BY student_id, term_code ORDER BY points DESC, due DESC, course_id) AS place
  FROM course_concerns c
),
registered AS (
  SELECT
    student_id,
    term_code,
    count(*) AS courses,
    count_if(is_abandoned) AS abandoned,
    min(registered_at) AS registered_at,
    -- Silent is who is silent in every course.
    min(silent_days) AS silent_days,
    avg(usual_days) AS usual_silent_days,
    CAST(sum(due) AS bigint) AS due,
    CAST(sum(missing) AS bigint) AS missing,
    CAST(sum(late) AS bigint) AS late,
    CAST(sum(handed_in) AS bigint) AS handed_in,
    max(points) AS worst_points,
    avg(points) AS mean_points,
    CAST(sum(scored) AS bigint) AS scored,
    sum(recent_sum) / nullif(CAST(sum(recent) AS double), 0e0) AS recent_gap,
    sum(earlier_sum) / nullif(CAST(sum(scored) - sum(recent) AS double), 0e0) AS earlier_gap,
    max(CASE WHEN place = 1 THEN course_code END) AS worst_course_code,
    max(CASE WHEN place = 1 THEN due END) AS worst_due,
    max(CASE WHEN place = 1 THEN missing END) AS worst_missing,
    count_if(place = 1 AND is_abandoned) > 0 AS worst_is_abandoned,
    max(CASE WHEN place = 1 THEN silent_days END) AS worst_silent_days,
    max(CASE WHEN place = 1 THEN usual_days END) AS worst_usual_days
  FROM ranked_courses
  GROUP BY student_id, term_code
),
-- Changes of the schedule in the first days of a term say nothing. Another section of the same course is no course left.
departed AS (
  SELECT e.student_id, e.term_code, count(DISTINCT e.course_id) AS courses_left
  FROM campus.enrolments e
  JOIN running r ON r.term_code = e.term_code
  LEFT JOIN taking t ON t.user_id = e.user_id AND t.course_id = e.course_id AND t.term_code = e.term_code
  WHERE t.user_id IS NULL AND e.withdrawn_on >= date_add('day', 7, r.first_day) AND e.withdrawn_on <= r.as_of_date
  GROUP BY e.student_id, e.term_code
),
facts AS (
  SELECT
    g.student_id,
    g.term_code,
    g.courses,
    g.abandoned,
    g.due,
    g.missing,
    g.late,
    g.handed_in,
    g.worst_points,
    g.mean_points,
    g.scored,
    g.recent_gap,
    g.earlier_gap,
    g.silent_days,
    g.usual_silent_days,
    coalesce(d.courses_left, 0) AS courses_left,
    date_diff('day', r.first_day, r.as_of_date) AS days_into_term,
    greatest(date_diff('day', r.first_day, CAST(at_timezone(g.registered_at, r.time_zone) AS date)), 0)
      AS days_late_registered,
    g.worst_course_code,
    g.worst_due,
    g.worst_missing,
    g.worst_is_abandoned,
    g.worst_silent_days,
    g.worst_usual_days,
    r.as_of
  FROM registered g
  JOIN running r ON r.term_code = g.term_code
  LEFT JOIN departed d ON d.student_id = g.student_id AND d.term_code = g.term_code
),
reasons AS (
  SELECT
    f.*,
    due >= 2 AND handed_in = 0 AS is_nothing,
    missing >= 1 AS is_missing,
    late >= 2 AND late * 4 >= due AS is_late,
    silent_days >= 14 AND silent_days >= usual_silent_days + 10 AS is_silent,
    worst_silent_days >= 14 AND worst_silent_days >= worst_usual_days + 10 AS is_silent_in_worst,
    scored >= 5 AND recent_gap <= earlier_gap - 12 AND recent_gap < -5 AS is_falling,
    scored >= 2 AND recent_gap <= -20 AS is_low,
    coalesce(days_late_registered, 0) >= 3 AS is_late_registered
  FROM facts f
),
weighed AS (
  SELECT
    r.*,
    CAST(round(least(100e0,
      worst_points / 2 + mean_points / 2
      + 7e0 * least(courses_left, 2)
      + CASE WHEN is_silent THEN 12e0 * least(silent_days, 28) / 28 ELSE 0e0 END
    )) AS integer) AS concern
  FROM reasons r
)
SELECT
  w.student_id,
  w.term_code,
  s.canvas_user_id,
  s.given_name,
  s.family_name,
  s.program_code,
  w.concern,
  concat_ws('; ',
    CASE WHEN is_nothing THEN
      'has handed in nothing of ' || CAST(due AS varchar) || ' pieces due' END,
    CASE WHEN worst_is_abandoned AND NOT is_nothing THEN
      'has handed in nothing in ' || worst_course_code || ' (' || CAST(worst_due AS varchar) || ' due)'
        || CASE
          WHEN abandoned = 2 THEN ' and in one more course'
          WHEN abandoned > 2 THEN ' and in ' || CAST(abandoned - 1 AS varchar) || ' more courses'
          ELSE ''
        END END,
    CASE WHEN is_missing AND NOT is_nothing THEN
      CAST(missing AS varchar) || ' of ' || CAST(due AS varchar) || ' pieces due are missing'
        || CASE
          WHEN worst_is_abandoned OR worst_missing = 0 OR courses = 1 THEN ''
          WHEN worst_missing = missing THEN ', all in ' || worst_course_code
          ELSE ', most in ' || worst_course_code || ' (' || CAST(worst_missing AS varchar) || ' of '
            || CAST(worst_due AS varchar) || ')'
        END END,
    CASE WHEN is_late THEN
      CAST(late AS varchar) || ' of ' || CAST(due AS varchar) || ' pieces came late' END,
    CASE WHEN is_silent THEN
      'no activity in Canvas for ' || CAST(silent_days AS varchar) || ' days (class median '
        || CAST(CAST(round(usual_silent_days) AS integer) AS varchar) || ')'
      WHEN is_silent_in_worst THEN
      'no activity in ' || worst_course_code || ' for ' || CAST(worst_silent_days AS varchar) || ' days (class median '
        || CAST(CAST(round(worst_usual_days) AS integer) AS varchar) || ')' END,
    CASE WHEN is_falling THEN
      'scores have fallen: the last 3 are ' || CAST(CAST(round(-recent_gap) AS integer) AS varchar)
        || ' points below the class median, those before '
        || CAST(CAST(round(abs(earlier_gap)) AS integer) AS varchar)
        || CASE WHEN earlier_gap < 0 THEN ' below' ELSE ' above' END
      WHEN is_low THEN
      'recent scores are ' || CAST(CAST(round(-recent_gap) AS integer) AS varchar)
        || ' points below the class median' END,
    CASE WHEN courses_left = 1 THEN 'has left a course since the first week'
      WHEN courses_left > 1 THEN 'has left ' || CAST(courses_left AS varchar) || ' courses since the first week' END,
    CASE WHEN is_late_registered THEN
      'registered ' || CAST(days_late_registered AS varchar) || ' days after classes began' END
  ) AS reasons,
  w.worst_course_code,
  CAST(round(least(100e0, w.worst_points)) AS integer) AS worst_course_concern,
  w.courses,
  w.due AS work_due,
  w.handed_in AS work_handed_in,
  w.missing AS work_missing,
  w.late AS work_late,
  w.silent_days,
  w.usual_silent_days,
  w.scored AS work_scored,
  w.courses_left,
  w.recent_gap AS recent_score_gap,
  w.earlier_gap AS earlier_score_gap,
  w.days_late_registered,
  w.days_into_term,
  w.as_of
FROM weighed w
JOIN campus.students s ON s.student_id = w.student_id
WHERE (concern >= 17 OR is_silent)
  AND (is_nothing OR is_missing OR is_late OR is_silent OR is_silent_in_worst OR is_falling OR is_low OR courses_left > 0)
