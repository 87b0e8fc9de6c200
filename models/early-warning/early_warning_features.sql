-- description: What was known of each student in each course at the end of each week, as facts and as the measures
--   that early warning weighs. A measure is higher where there is more to worry about.
-- grain: user_id, course_id, term_code, week
-- check: { kind: not_null, columns: [user_id, course_id, term_code, week, cutoff_date, evidence] }
-- check: { kind: not_null, columns: [missing_share, last_missing, open_share, hand_ins_below_class, points_below_class,
--   scores_below_class, no_score, late_share, days_behind_class, silence_beyond_class] }
-- check: { kind: accepted_values, column: evidence, values: [scored, nothing handed in, nothing due yet] }
-- check: { kind: range, column: missing_share, min: 0, max: 1 }
-- check: { kind: range, column: open_share, min: 0, max: 1 }
-- check: { kind: range, column: late_share, min: 0, max: 1 }
-- check: { kind: range, column: hand_ins_below_class, min: -0.5, max: 0.5 }
-- check: { kind: range, column: points_below_class, min: -0.5, max: 0.5 }
-- check: { kind: range, column: scores_below_class, min: -3, max: 3 }
-- check: { kind: range, column: days_behind_class, min: -30, max: 30 }
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
-- column carried_over (education): pieces that were marked and have no hand-in by then, such as those of an earlier
--   attempt at the course, or handed in again later
-- column timed (education): pieces handed in that had a due date, quizzes apart
-- column late (education): of these, late
-- column class_handed_in (education): the class median of the same
-- column scored (education): pieces handed in that count towards the grade, with a score that the student could see
-- column mean_score_gap (education): mean of their scores against the class median of the same piece, in points of 100
-- column points_percent (education): weighted percent of the points so far in work that counts, missing work as 0
-- column class_points_percent (education): the class median of the same
-- column last_score_percent (education): of the latest piece due that counts, missing as 0
-- column mean_lead_gap (education): mean days by which work came before the class median, quizzes apart
-- column days_since_hand_in (education): days since the last hand-in
-- column class_days_since_hand_in (education): the class median of the same
-- column days_enrolled (education): days since the student registered
-- column other_courses (education): other courses of the student in the term
-- column other_courses_silent (education): of these, where work was due and nothing was handed in
-- column days_since_activity (education): days since Canvas last saw the student in the course; empty where that was
--   later than the week, or never
-- column call_place (education): within the same evidence of the term and week, who has most work due and nothing in
-- column missing_share (education): measure: share of the work due for a week or more that is missing
-- column last_missing (education): measure: 1 where the latest of it is missing
-- column open_share (education): measure: share of the work due in the last week that is not in yet
-- column hand_ins_below_class (education): measure: place in the class by pieces handed in, -0.5 most to 0.5 fewest
-- column points_below_class (education): measure: place in the class by points so far, -0.5 best to 0.5 worst
-- column scores_below_class (education): measure: mean distance of the scores below the class median of the same work,
--   in spreads (interquartile range, at least 10 points of 100), each at most 3
-- column no_score (education): measure: 1 where there is no score of work that counts yet
-- column late_share (education): measure: share of the work handed in that was late
-- column days_behind_class (education): measure: days by which work comes after the class median
-- column silence_beyond_class (education): measure: days since the last hand-in, beyond the class median
-- `campus.early_warning_cutoffs` lists the weeks of the terms: week n ends with day 7 n of the term.
-- Everything is cut off at the end of the week before it is joined or summed, so nothing that came later can show:
-- hand-ins, scores, excuses, registrations and departures by their own day, by the clock of the campus. Only who was
-- enrolled at that moment is there.
-- A mark counts from the later of its posting and its grading: Canvas keeps the first posting when it is changed, and
-- dates New Quizzes back to the hand-in. Canvas delivers no earlier versions of a mark, so one that was changed after
-- the week is not known in it, and the piece is neither missing nor scored. The same holds of work that was marked by
-- then and was handed in again later: the day of the first hand-in is not kept. Due dates, points and statuses other
-- than an excuse have no date and count as they are.
-- Work counts as missing a week after it was due. Quizzes say nothing about lateness: they close when they are due.
-- A score above 0 without a hand-in is work that came another way (on paper, from an earlier attempt): not missing.
-- Only work that counts towards the grade gives a score: not what is left out of the grade or weighs 0, has no points,
-- is marked complete or incomplete, or is a practice quiz or a survey. Handing it in still counts. Where nothing in a
-- course counts (its grade is an examination, say), its scores are used as they are.
-- Somebody who is gone without a day on which they left is in no week: Canvas only says when the enrolment was last
-- touched. What the registrar still has registered has not left.
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
    bool_or(e.is_current OR (e.registration_status IS NOT NULL AND e.withdrawn_on IS NULL)) AS is_held,
    max(e.withdrawn_on) AS withdrawn_on,
    max(CAST(at_timezone(e.last_activity_at, z.time_zone) AS date)) AS last_active_on
  FROM campus.enrolments e
  JOIN (SELECT DISTINCT term_code, time_zone FROM campus.early_warning_cutoffs) z ON z.term_code = e.term_code
  GROUP BY e.user_id, e.course_id, e.term_code
),
enrolled AS (
  SELECT
    s.user_id,
    s.student_id,
    s.course_id,
    s.term_code,
    c.week,
    c.cutoff_date,
    date_diff('day', s.registered_on, c.cutoff_date) AS days_enrolled,
    CASE WHEN s.last_active_on <= c.cutoff_date THEN date_diff('day', s.last_active_on, c.cutoff_date) END AS days_inactive
  FROM seats s
  JOIN cutoffs c ON c.term_code = s.term_code
    AND s.registered_on <= c.cutoff_date
    AND (s.is_held OR s.withdrawn_on > c.cutoff_date)
),
-- What is to be done in each course, and whether its marks say anything about the grade.
work AS (
  SELECT
    a.*,
    a.is_marked AND (
      a.weighs OR max(CASE WHEN a.is_marked AND a.weighs THEN 1 ELSE 0 END) OVER (PARTITION BY a.course_id) = 0
    ) AS counts
  FROM (
    SELECT
      a.id,
      a.context_id AS course_id,
      a.assignment_group_id,
      coalesce(a.submission_types, 'none') AS submission_types,
      a.points_possible,
      c.group_weighting_scheme = 'percent' AS is_by_group,
      coalesce(g.group_weight, 0e0) AS group_weight,
      coalesce(a.points_possible, 0e0) > 0e0
        AND coalesce(a.grading_type, 'points') NOT IN ('pass_fail', 'not_graded')
        AND coalesce(q.is_practice, 0) = 0 AS is_marked,
      NOT coalesce(a.omit_from_final_grade, false)
        AND (coalesce(c.group_weighting_scheme, '') <> 'percent' OR coalesce(g.group_weight, 0e0) > 0e0) AS weighs
    FROM canvas.assignments a
    JOIN canvas.courses c ON c.id = a.context_id
    LEFT JOIN canvas.assignment_groups g ON g.id = a.assignment_group_id
    LEFT JOIN (
      SELECT
        assignment_id,
        max(CASE WHEN quiz_type IN ('practice_quiz', 'survey', 'graded_survey') THEN 1 ELSE 0 END) AS is_practice
      FROM canvas.quizzes
      WHERE assignment_id IS NOT NULL
      GROUP BY assignment_id
    ) q ON q.assignment_id = a.id
    WHERE a.workflow_state = 'published' AND a.context_type = 'Course'
      AND NOT regexp_like(coalesce(a.submission_types, 'none'), '(^|,)(none|not_graded|on_paper|wiki_page)(,|$)')
  ) a
),
-- Every piece of work with the days on which something of it became known.
pieces AS (
  SELECT
    p.person_user_id AS user_id,
    s.course_id,
    s.assignment_id,
    a.assignment_group_id,
    a.points_possible,
    a.counts,
    a.is_by_group,
    a.group_weight,
    coalesce(s.cached_quiz_lti, false) OR strpos(a.submission_types, 'online_quiz') > 0 AS is_quiz,
    CAST(at_timezone(s.cached_due_date, z.time_zone) AS date) AS due_on,
    CAST(at_timezone(s.submitted_at, z.time_zone) AS date) AS submitted_on,
    CASE s.late_policy_status
      WHEN 'late' THEN true
      WHEN 'none' THEN false
      ELSE s.submitted_at > s.cached_due_date
    END AS is_late,
    coalesce(s.late_policy_status, '') IN ('none', 'extended') AS is_let_off,
    coalesce(s.excused, false) AS is_excused,
    CASE WHEN s.excused THEN CAST(at_timezone(s.graded_at, z.time_zone) AS date) END AS excused_on,
    CAST(at_timezone(s.posted_at, z.time_zone) AS date) AS posted_on,
    CAST(at_timezone(CASE WHEN s.graded_at > s.posted_at THEN s.graded_at ELSE s.posted_at END, z.time_zone) AS date)
      AS marked_on,
    CASE WHEN NOT coalesce(s.excused, false) THEN s.score END AS score
  FROM canvas.submissions s
  JOIN work a ON a.id = s.assignment_id
  JOIN campus.canvas_people p ON p.user_id = s.user_id
  JOIN (
    SELECT DISTINCT e.course_id, c.time_zone
    FROM campus.enrolments e
    JOIN campus.early_warning_cutoffs c ON c.term_code = e.term_code
  ) z ON z.course_id = s.course_id
  WHERE s.custom_grade_status_id IS NULL
    AND (coalesce(s.cached_quiz_lti, false) OR NOT regexp_like(a.submission_types, '(^|,)external_tool(,|$)'))
),
-- The cut: from here on there is only what had happened by the end of the week.
cut AS (
  SELECT
    e.user_id,
    e.course_id,
    e.term_code,
    e.week,
    p.assignment_id,
    p.assignment_group_id,
    p.points_possible,
    p.counts,
    p.is_by_group,
    p.group_weight,
    p.is_quiz,
    p.is_let_off,
    p.due_on,
    date_diff('day', p.due_on, e.cutoff_date) AS days_past_due,
    CASE WHEN p.submitted_on <= e.cutoff_date THEN p.submitted_on END AS submitted_on,
    CASE WHEN p.submitted_on <= e.cutoff_date THEN p.is_late END AS is_late,
    coalesce(p.posted_on <= e.cutoff_date AND p.marked_on > e.cutoff_date, false) AS is_mark_lost,
    CASE WHEN p.marked_on <= e.cutoff_date THEN p.score END AS score
  FROM enrolled e
  JOIN pieces p ON p.user_id = e.user_id AND p.course_id = e.course_id
  WHERE (p.due_on <= e.cutoff_date OR p.submitted_on <= e.cutoff_date OR p.posted_on <= e.cutoff_date)
    AND NOT (p.is_excused AND (p.excused_on IS NULL OR p.excused_on <= e.cutoff_date))
),
seen AS (
  SELECT
    c.*,
    submitted_on IS NOT NULL AS is_in,
    coalesce(score, 0e0) > 0e0 OR is_mark_lost AS is_known,
    CASE WHEN counts THEN 100e0 * score / points_possible END AS score_percent
  FROM cut c
  -- Let off without a hand-in: neither missing nor done.
  WHERE NOT (is_let_off AND submitted_on IS NULL)
),
judged AS (
  SELECT
    s.*,
    NOT is_in AND is_known AS is_carried,
    days_past_due >= 7 AND (is_in OR NOT is_known) AS is_due,
    NOT is_quiz AND days_past_due BETWEEN 0 AND 6 AND (is_in OR NOT is_known) AS is_just_due,
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
    -- The quartiles, by place likewise: half of the class lies between them.
    max(CASE WHEN is_scored AND score_place = (scored_of_class + 3) / 4 THEN score_percent END)
      OVER (PARTITION BY assignment_id, term_code, week) AS low_percent,
    max(CASE WHEN is_scored AND score_place = scored_of_class + 1 - (scored_of_class + 3) / 4 THEN score_percent END)
      OVER (PARTITION BY assignment_id, term_code, week) AS high_percent,
    -- Of the work due so far that counts, each piece once.
    sum(CASE WHEN is_due AND counts AND due_place = 1 THEN points_possible END)
      OVER (PARTITION BY assignment_group_id, term_code, week) AS group_points
  FROM placed p
),
measured AS (
  SELECT
    j.*,
    CASE WHEN j.is_scored THEN j.score_percent - j.median_percent END AS score_gap,
    -- Scales differ (0, 1 and 100; 60 to 100): the gap is told in spreads of the class, and none counts for more than 3.
    CASE WHEN j.is_scored THEN
      greatest(-3e0, least(3e0, (j.median_percent - j.score_percent) / greatest(10e0, j.high_percent - j.low_percent)))
    END AS spreads_below,
    j.lead_days - j.median_lead_days AS lead_gap,
    -- What a piece weighs in the course grade: its group's weight, shared by points among the work due.
    CASE
      WHEN NOT j.counts OR NOT j.is_due OR (j.is_in AND j.score_percent IS NULL) THEN NULL
      WHEN j.is_by_group AND j.group_weight > 0e0 THEN j.group_weight * j.points_possible / nullif(j.group_points, 0e0)
      ELSE CAST(j.points_possible AS double)
    END AS weight
  FROM classed j
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
    avg(spreads_below) AS spreads_below,
    avg(lead_gap) AS lead_gap,
    -- Rounded, so that who has the same points has the same place, in whichever order they were summed.
    round(sum(weight * coalesce(score_percent, 0e0)) / nullif(sum(weight), 0e0), 6) AS points_percent,
    max(submitted_on) AS last_handed_in,
    max(CASE WHEN recency = 1 AND counts AND is_due AND NOT is_quiz AND NOT (is_in AND score_percent IS NULL) THEN
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
    k.spreads_below,
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
      WHEN since_place IN ((with_day + 1) / 2, (with_day + 2) / 2) THEN CAST(days_since AS double)
    END) OVER (PARTITION BY course_id, term_code, week) AS median_days,
    avg(CASE
      WHEN has_points AND points_place IN ((with_points + 1) / 2, (with_points + 2) / 2) THEN points_percent
    END) OVER (PARTITION BY course_id, term_code, week) AS median_points,
    avg(CASE
      WHEN is_active AND hand_in_place IN ((active + 1) / 2, (active + 2) / 2) THEN CAST(handed_in AS double)
    END) OVER (PARTITION BY course_id, term_code, week) AS median_handed_in,
    -- The share of the class below, equals counted half: 0.5 at the top, -0.5 at the bottom, and 0 for one alone.
    CASE WHEN has_points THEN (points_rank + (same_points - 1) / 2e0 - 0.5e0) / with_points - 0.5e0 END AS points_standing,
    CASE WHEN is_active THEN (hand_in_rank + (same_hand_ins - 1) / 2e0 - 0.5e0) / active - 0.5e0 END AS hand_in_standing
  FROM (
    SELECT
      k.*,
      row_number() OVER (PARTITION BY course_id, term_code, week, days_since IS NOT NULL ORDER BY days_since) AS since_place,
      count(days_since) OVER (PARTITION BY course_id, term_code, week) AS with_day,
      row_number() OVER (PARTITION BY course_id, term_code, week, is_active ORDER BY handed_in) AS hand_in_place,
      rank() OVER (PARTITION BY course_id, term_code, week, is_active ORDER BY handed_in) AS hand_in_rank,
      count(*) OVER (PARTITION BY course_id, term_code, week, is_active, handed_in) AS same_hand_ins,
      count_if(is_active) OVER (PARTITION BY course_id, term_code, week) AS active,
      row_number() OVER (PARTITION BY course_id, term_code, week, has_points ORDER BY points_percent) AS points_place,
      rank() OVER (PARTITION BY course_id, term_code, week, has_points ORDER BY points_percent) AS points_rank,
      count(*) OVER (PARTITION BY course_id, term_code, week, has_points, points_percent) AS same_points,
      count_if(has_points) OVER (PARTITION BY course_id, term_code, week) AS with_points,
      count(*) OVER (PARTITION BY user_id, term_code, week) - 1 AS other_courses,
      count_if(due + just_due > 0 AND handed_in + carried_over = 0) OVER (PARTITION BY user_id, term_code, week)
        - CASE WHEN due + just_due > 0 AND handed_in + carried_over = 0 THEN 1 ELSE 0 END AS other_courses_silent
    FROM (SELECT k.*, handed_in > 0 AS is_active, handed_in > 0 AND points_percent IS NOT NULL AS has_points FROM known k) k
  ) k
),
told AS (
  SELECT
    k.*,
    -- Who has handed nothing in is a plain rule and a call, not a prediction.
    CASE
      WHEN handed_in + carried_over > 0 THEN 'scored'
      WHEN due + just_due > 0 THEN 'nothing handed in'
      ELSE 'nothing due yet'
    END AS evidence
  FROM compared k
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
  k.evidence,
  k.due,
  k.missing,
  k.is_last_missing,
  k.just_due,
  k.just_due_open,
  k.handed_in,
  k.median_handed_in AS class_handed_in,
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
  k.days_enrolled,
  k.other_courses,
  k.other_courses_silent,
  k.days_inactive AS days_since_activity,
  -- More work due is more evidence, then longer enrolled, silent in more courses, longer not seen. Of equals, others
  -- come first each week.
  row_number() OVER (
    PARTITION BY k.term_code, k.week, k.evidence
    ORDER BY
      k.due DESC, k.just_due DESC, k.days_enrolled DESC, k.other_courses_silent DESC,
      coalesce(k.days_inactive, -1) DESC, (k.user_id % 100003) * (2 * k.week + 1) % 1009, k.user_id, k.course_id
  ) AS call_place,
  -- The measures.
  CASE WHEN k.due > 0 THEN CAST(k.missing AS double) / k.due ELSE 0e0 END AS missing_share,
  CASE WHEN k.is_last_missing THEN 1e0 ELSE 0e0 END AS last_missing,
  CASE WHEN k.just_due > 0 THEN CAST(k.just_due_open AS double) / k.just_due ELSE 0e0 END AS open_share,
  coalesce(0e0 - k.hand_in_standing, 0.5e0) AS hand_ins_below_class,
  coalesce(0e0 - k.points_standing, 0e0) AS points_below_class,
  coalesce(k.spreads_below, 0e0) AS scores_below_class,
  CASE WHEN k.scored = 0 THEN 1e0 ELSE 0e0 END AS no_score,
  CASE WHEN k.timed > 0 THEN CAST(k.late AS double) / k.timed ELSE 0e0 END AS late_share,
  greatest(-30e0, least(30e0, coalesce(0e0 - k.lead_gap, 0e0))) AS days_behind_class,
  coalesce(coalesce(k.days_since, 7 * k.week) - k.median_days, 0e0) AS silence_beyond_class
FROM told k
JOIN campus.courses c ON c.course_id = k.course_id
LEFT JOIN campus.students s ON s.student_id = k.student_id
