-- description: What was known of each student in each course at the end of each week, as facts and as the measures
--   that early warning weighs. A measure is higher where there is more to worry about.
-- grain: user_id, course_id, term_code, week
-- check: { kind: not_null, columns: [user_id, course_id, term_code, week, cutoff_date, evidence] }
-- check: { kind: not_null, columns: [missing_share, last_missing, open_share, points_below_class, scores_below_class,
--   no_score, late_share, days_behind_class, silence_beyond_class] }
-- check: { kind: accepted_values, column: evidence, values: [scored, nothing handed in, nothing due yet] }
-- check: { kind: range, column: missing_share, min: 0, max: 1 }
-- check: { kind: range, column: open_share, min: 0, max: 1 }
-- check: { kind: range, column: late_share, min: 0, max: 1 }
-- check: { kind: range, column: days_since_hand_in, min: 0 }
-- check: { kind: relationships, column: course_id, to: campus.courses, field: course_id }
-- check: { kind: relationships, column: student_id, to: campus.students, field: student_id, severity: warn }
-- owner: Student success
-- column user_id (quasi): the student's user in Canvas, after merges
-- column student_id (direct): the registrar's number of the student
-- column course_id (none): the Canvas course
-- column course_code (none): its short name
-- column term_code (none): the term
-- column week (none): week of the term; week n ends with its day 7 n
-- column cutoff_date (none): the last day of the week: nothing later is in the row
-- column is_first_semester (education): whether the student was admitted in the term
-- column evidence (education): scored, nothing handed in, or nothing due yet
-- column due (education): pieces of work due for a week or more
-- column missing (education): of these, not handed in
-- column is_last_missing (education): whether the latest of them is missing, quizzes apart
-- column just_due (education): pieces due in the last week, quizzes apart
-- column just_due_open (education): of these, not in yet
-- column handed_in (education): pieces handed in
-- column carried_over (education): pieces with a score and without a hand-in, such as those of an earlier attempt
-- column timed (education): pieces handed in that had a due date, quizzes apart
-- column late (education): of these, late
-- column scored (education): pieces handed in with a score that the student could see
-- column mean_score_gap (education): mean of their scores against the class median of the same piece, in points of 100
-- column points_percent (education): weighted percent of the points so far, missing work as 0
-- column class_points_percent (education): the class median of the same
-- column last_score_percent (education): of the latest piece due, missing as 0
-- column mean_lead_gap (education): mean days by which work came before the class median, quizzes apart
-- column days_since_hand_in (education): days since the last hand-in
-- column class_days_since_hand_in (education): the class median of the same
-- column missing_share (education): measure: share of the work due for a week or more that is missing
-- column last_missing (education): measure: 1 where the latest of it is missing
-- column open_share (education): measure: share of the work due in the last week that is not in yet
-- column points_below_class (education): measure: points so far below the class median
-- column scores_below_class (education): measure: scores below the class median of the same work
-- column no_score (education): measure: 1 where there is no score yet
-- column late_share (education): measure: share of the work handed in that was late
-- column days_behind_class (education): measure: days by which work comes after the class median
-- column silence_beyond_class (education): measure: days since the last hand-in, beyond the class median
-- `campus.early_warning_cutoffs` says at which weeks of which terms is looked: week n ends with day 7 n of the term.
-- Everything is cut off at the end of the week before it is joined or summed, so nothing that came later can show:
-- hand-ins, scores, registrations and departures by their own day, by the clock of the campus. Only who was enrolled
-- at that moment is there. What Canvas keeps without a history counts as it stands: due dates, excuses, points.
-- Work counts as missing a week after it was due. Quizzes say nothing about lateness: they close when they are due.
-- A score above 0 without a hand-in is work that came another way (on paper, from an earlier attempt): not missing.
WITH cutoffs AS (
  SELECT term_code, week, cutoff_date FROM campus.early_warning_cutoffs
),
-- One seat in a course, however many sections and enrolments it had.
seats AS (
  SELECT
    e.user_id,
    max(e.student_id) AS student_id,
    e.course_id,
    e.term_code,
    min(CAST(at_timezone(coalesce(e.registered_at, e.created_at), z.time_zone) AS date)) AS registered_on,
    CASE WHEN NOT bool_or(e.is_current) THEN
      max(coalesce(e.withdrawn_on, CAST(at_timezone(e.updated_at, z.time_zone) AS date))) END AS left_on
  FROM campus.enrolments e
  JOIN (SELECT DISTINCT term_code, time_zone FROM campus.early_warning_cutoffs) z ON z.term_code = e.term_code
  GROUP BY e.user_id, e.course_id, e.term_code
),
enrolled AS (
  SELECT s.user_id, s.student_id, s.course_id, s.term_code, c.week, c.cutoff_date
  FROM seats s
  JOIN cutoffs c ON c.term_code = s.term_code
    AND s.registered_on <= c.cutoff_date
    AND (s.left_on IS NULL OR s.left_on > c.cutoff_date)
),
-- Every piece of work with the days on which something of it became known.
pieces AS (
  SELECT
    p.person_user_id AS user_id,
    s.course_id,
    s.assignment_id,
    a.assignment_group_id,
    a.points_possible,
    coalesce(s.cached_quiz_lti, false) OR strpos(coalesce(a.submission_types, ''), 'online_quiz') > 0 AS is_quiz,
    CAST(at_timezone(s.cached_due_date, z.time_zone) AS date) AS due_on,
    CAST(at_timezone(s.submitted_at, z.time_zone) AS date) AS submitted_on,
    CASE s.late_policy_status
      WHEN 'late' THEN true
      WHEN 'none' THEN false
      ELSE s.submitted_at > s.cached_due_date
    END AS is_late,
    CAST(at_timezone(s.posted_at, z.time_zone) AS date) AS posted_on,
    CASE WHEN a.points_possible > 0 THEN 100e0 * s.score / a.points_possible END AS score_percent
  FROM canvas.submissions s
  JOIN canvas.assignments a ON a.id = s.assignment_id
  JOIN campus.canvas_people p ON p.user_id = s.user_id
  JOIN (
    SELECT DISTINCT e.course_id, c.time_zone
    FROM campus.enrolments e
    JOIN campus.early_warning_cutoffs c ON c.term_code = e.term_code
  ) z ON z.course_id = s.course_id
  WHERE a.workflow_state = 'published'
    AND NOT coalesce(s.excused, false)
    AND s.custom_grade_status_id IS NULL
    AND NOT (s.submitted_at IS NULL AND coalesce(s.late_policy_status, '') IN ('none', 'extended'))
    AND (
      coalesce(s.cached_quiz_lti, false)
      OR NOT regexp_like(
        coalesce(a.submission_types, 'none'),
        '(^|,)(none|not_graded|on_paper|wiki_page|external_tool)(,|$)'
      )
    )
),
-- The cut: from here on there is only what had happened by the end of the week.
seen AS (
  SELECT
    e.user_id,
    e.course_id,
    e.term_code,
    e.week,
    p.assignment_id,
    p.assignment_group_id,
    p.points_possible,
    p.is_quiz,
    p.due_on,
    date_diff('day', p.due_on, e.cutoff_date) AS days_past_due,
    CASE WHEN p.submitted_on <= e.cutoff_date THEN p.submitted_on END AS submitted_on,
    CASE WHEN p.submitted_on <= e.cutoff_date THEN p.is_late END AS is_late,
    CASE WHEN p.posted_on <= e.cutoff_date THEN p.score_percent END AS score_percent
  FROM enrolled e
  JOIN pieces p ON p.user_id = e.user_id AND p.course_id = e.course_id
  WHERE p.due_on <= e.cutoff_date OR p.submitted_on <= e.cutoff_date OR p.posted_on <= e.cutoff_date
),
judged AS (
  SELECT
    s.*,
    submitted_on IS NOT NULL AS is_in,
    submitted_on IS NULL AND coalesce(score_percent, 0e0) > 0e0 AS is_carried,
    days_past_due >= 7 AND (submitted_on IS NOT NULL OR coalesce(score_percent, 0e0) = 0e0) AS is_due,
    NOT is_quiz AND days_past_due BETWEEN 0 AND 6
      AND (submitted_on IS NOT NULL OR coalesce(score_percent, 0e0) = 0e0) AS is_just_due,
    CASE WHEN NOT is_quiz THEN date_diff('day', submitted_on, due_on) END AS lead_days
  FROM seen s
),
-- Medians are those of windows: the mean of the one or two in the middle, by place. No table is joined to itself, for
-- Athena would compute it anew for every mention.
placed AS (
  SELECT
    j.*,
    is_in AND score_percent IS NOT NULL AS is_scored,
    row_number() OVER (
      PARTITION BY assignment_id, term_code, week, is_in AND score_percent IS NOT NULL ORDER BY score_percent
    ) AS score_place,
    count_if(is_in AND score_percent IS NOT NULL) OVER (PARTITION BY assignment_id, term_code, week) AS scored_of_class,
    row_number() OVER (PARTITION BY assignment_id, term_code, week, lead_days IS NOT NULL ORDER BY lead_days) AS lead_place,
    count(lead_days) OVER (PARTITION BY assignment_id, term_code, week) AS timed_of_class,
    row_number() OVER (PARTITION BY assignment_id, term_code, week, is_due ORDER BY user_id) AS due_place,
    row_number() OVER (
      PARTITION BY user_id, course_id, term_code, week
      ORDER BY CASE WHEN is_due AND NOT is_quiz THEN 0 ELSE 1 END, due_on DESC, assignment_id DESC
    ) AS recency
  FROM judged j
),
classed AS (
  SELECT
    p.*,
    avg(CASE
      WHEN is_scored AND score_place IN ((scored_of_class + 1) / 2, (scored_of_class + 2) / 2) THEN score_percent
    END) OVER (PARTITION BY assignment_id, term_code, week) AS median_percent,
    avg(CASE
      WHEN lead_place IN ((timed_of_class + 1) / 2, (timed_of_class + 2) / 2) THEN CAST(lead_days AS double)
    END) OVER (PARTITION BY assignment_id, term_code, week) AS median_lead_days,
    -- Of the work due so far, each piece once.
    sum(CASE WHEN is_due AND due_place = 1 THEN points_possible END)
      OVER (PARTITION BY assignment_group_id, term_code, week) AS group_points
  FROM placed p
),
measured AS (
  SELECT
    j.*,
    CASE WHEN j.is_scored THEN j.score_percent - j.median_percent END AS score_gap,
    j.lead_days - j.median_lead_days AS lead_gap,
    -- What a piece weighs in the course grade: its group's weight, shared by points among the work due.
    CASE
      WHEN NOT j.is_due OR (j.is_in AND j.score_percent IS NULL) THEN NULL
      WHEN c.group_weighting_scheme = 'percent' THEN g.group_weight * j.points_possible / nullif(j.group_points, 0e0)
      ELSE CAST(j.points_possible AS double)
    END AS weight
  FROM classed j
  JOIN canvas.courses c ON c.id = j.course_id
  LEFT JOIN canvas.assignment_groups g ON g.id = j.assignment_group_id
),
counted AS (
  SELECT
    user_id,
    course_id,
    term_code,
    week,
    count_if(is_due) AS due,
    count_if(is_due AND NOT is_in) AS missing,
    coalesce(bool_or(recency = 1 AND is_due AND NOT is_quiz AND NOT is_in), false) AS is_last_missing,
    count_if(is_just_due) AS just_due,
    count_if(is_just_due AND NOT is_in) AS just_due_open,
    count_if(is_in) AS handed_in,
    count_if(is_carried) AS carried_over,
    count_if(is_in AND NOT is_quiz AND is_late IS NOT NULL) AS timed,
    count_if(is_in AND NOT is_quiz AND is_late) AS late,
    count(score_gap) AS scored,
    avg(score_gap) AS score_gap,
    avg(lead_gap) AS lead_gap,
    CASE
      WHEN sum(weight) > 0e0 THEN sum(weight * coalesce(score_percent, 0e0)) / sum(weight)
      ELSE avg(CASE WHEN is_due AND NOT (is_in AND score_percent IS NULL) THEN coalesce(score_percent, 0e0) END)
    END AS points_percent,
    max(submitted_on) AS last_handed_in,
    max(CASE WHEN recency = 1 AND is_due AND NOT is_quiz AND NOT (is_in AND score_percent IS NULL) THEN
      coalesce(score_percent, 0e0) END) AS last_score_percent
  FROM measured
  GROUP BY user_id, course_id, term_code, week
),
known AS (
  SELECT
    e.*,
    coalesce(k.due, 0) AS due,
    coalesce(k.missing, 0) AS missing,
    coalesce(k.is_last_missing, false) AS is_last_missing,
    coalesce(k.just_due, 0) AS just_due,
    coalesce(k.just_due_open, 0) AS just_due_open,
    coalesce(k.handed_in, 0) AS handed_in,
    coalesce(k.carried_over, 0) AS carried_over,
    coalesce(k.timed, 0) AS timed,
    coalesce(k.late, 0) AS late,
    coalesce(k.scored, 0) AS scored,
    k.score_gap,
    k.lead_gap,
    k.points_percent,
    k.last_score_percent,
    date_diff('day', k.last_handed_in, e.cutoff_date) AS days_since
  FROM enrolled e
  LEFT JOIN counted k ON k.user_id = e.user_id AND k.course_id = e.course_id AND k.term_code = e.term_code
    AND k.week = e.week
),
-- The class: those still enrolled who have handed something in.
compared AS (
  SELECT
    k.*,
    avg(CASE
      WHEN since_place IN ((active + 1) / 2, (active + 2) / 2) AND handed_in > 0 THEN CAST(days_since AS double)
    END) OVER (PARTITION BY course_id, term_code, week) AS median_days,
    avg(CASE
      WHEN points_place IN ((with_points + 1) / 2, (with_points + 2) / 2) AND handed_in > 0 THEN points_percent
    END) OVER (PARTITION BY course_id, term_code, week) AS median_points
  FROM (
    SELECT
      k.*,
      row_number() OVER (PARTITION BY course_id, term_code, week, handed_in > 0 ORDER BY days_since) AS since_place,
      count_if(handed_in > 0) OVER (PARTITION BY course_id, term_code, week) AS active,
      row_number() OVER (
        PARTITION BY course_id, term_code, week, handed_in > 0 AND points_percent IS NOT NULL ORDER BY points_percent
      ) AS points_place,
      count_if(handed_in > 0 AND points_percent IS NOT NULL) OVER (PARTITION BY course_id, term_code, week) AS with_points
    FROM known k
  ) k
)
SELECT
  k.user_id,
  k.student_id,
  k.course_id,
  c.course_code,
  k.term_code,
  k.week,
  k.cutoff_date,
  coalesce(s.admitted_term = k.term_code, false) AS is_first_semester,
  -- Who has handed nothing in is a plain rule and a call, not a prediction.
  CASE
    WHEN k.handed_in + k.carried_over > 0 THEN 'scored'
    WHEN k.due + k.just_due > 0 THEN 'nothing handed in'
    ELSE 'nothing due yet'
  END AS evidence,
  k.due,
  k.missing,
  k.is_last_missing,
  k.just_due,
  k.just_due_open,
  k.handed_in,
  k.carried_over,
  k.timed,
  k.late,
  k.scored,
  k.score_gap AS mean_score_gap,
  k.points_percent,
  k.median_points AS class_points_percent,
  k.last_score_percent,
  k.lead_gap AS mean_lead_gap,
  k.days_since AS days_since_hand_in,
  k.median_days AS class_days_since_hand_in,
  -- The measures.
  CASE WHEN k.due > 0 THEN CAST(k.missing AS double) / k.due ELSE 0e0 END AS missing_share,
  CASE WHEN k.is_last_missing THEN 1e0 ELSE 0e0 END AS last_missing,
  CASE WHEN k.just_due > 0 THEN CAST(k.just_due_open AS double) / k.just_due ELSE 0e0 END AS open_share,
  coalesce(k.median_points - k.points_percent, 0e0) AS points_below_class,
  coalesce(0e0 - k.score_gap, 0e0) AS scores_below_class,
  CASE WHEN k.scored = 0 THEN 1e0 ELSE 0e0 END AS no_score,
  CASE WHEN k.timed > 0 THEN CAST(k.late AS double) / k.timed ELSE 0e0 END AS late_share,
  greatest(-30e0, least(30e0, coalesce(0e0 - k.lead_gap, 0e0))) AS days_behind_class,
  coalesce(coalesce(k.days_since, 7 * k.week) - k.median_days, 0e0) AS silence_beyond_class
FROM compared k
JOIN campus.courses c ON c.course_id = k.course_id
LEFT JOIN campus.students s ON s.student_id = k.student_id
