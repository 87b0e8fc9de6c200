import { THEMES } from './measures.ts';
import { CONTACT_DAYS } from './students/records.ts';

/**
 * What `campus.early_warning_scores` is and what must hold in it, said as in the header of every model, for the data
 * dictionary and the checks.
 */
export const SCORE_HEADER = `
-- description: Which students may need help, by course and week, with reasons in plain words and the facts behind
--   them. It supports an adviser's judgement; it decides nothing and is no part of a grade. There once early warning
--   has been trained
-- grain: user_id, course_id, term_code, week
-- check: { kind: not_null, columns: [user_id, course_id, term_code, week, cutoff_date, evidence, place, model] }
-- check: { kind: unique, columns: [term_code, week, place] }
-- check: { kind: accepted_values, column: evidence, values: [scored, nothing handed in, on hold, in correction,
--   nothing due yet] }
-- check: { kind: range, column: risk, min: 0, max: 1 }
-- check: { kind: relationships, column: course_id, to: campus.courses, field: course_id }
-- owner: Student success
-- column user_id (quasi): the student's user in Canvas, after merges
-- column student_id (direct): the registrar's number of the student
-- column course_id (none): the Canvas course
-- column course_code (none): its short name
-- column term_code (none): the term
-- column week (none): week of the term; week n ends with its day 7 n
-- column cutoff_date (none): the last day of the week: nothing later is in the row
-- column is_first_semester (education): whether the student was admitted in the term
-- column evidence (education): scored, nothing handed in (a call, no prediction), on hold (the course is out
--   of the range of the past, or a person decided so), in correction (the student says that facts are wrong), or
--   nothing due yet
-- column risk (education): 0 to 1: how likely the course ends with D, F or a withdrawal; empty where it is a rule
-- column is_thin (education): whether the risk rests on at most one piece of work
-- column place (education): in the list of the term and week, 1 first
-- column reasons (education): what speaks against the student, most first, in plain words
-- column in_favour (education): what speaks for the student most
-- column log_odds_base (none): log-odds of the average student of past terms
-- column log_odds_course (education): what the course adds to them: how much more or less often it was lost than its
--   students' work said; 0 in a course that is new to the model or was too small to tell
${THEMES.map((theme) => `-- column log_odds_${theme} (education): what ${theme} adds to them`).join('\n')}
-- column due (education): pieces of work due for a week or more
-- column missing (education): of these, not handed in
-- column just_due (education): pieces due in the last week, quizzes apart
-- column just_due_open (education): of these, not in yet
-- column handed_in (education): pieces handed in
-- column late (education): of those with a due date, late, quizzes apart
-- column timed (education): pieces handed in that had a due date, quizzes apart
-- column points_percent (education): weighted percent of the points so far, missing work as 0
-- column class_points_percent (education): the class median of the same
-- column mean_score_gap (education): mean of the scores against the class median of the same piece
-- column days_since_hand_in (education): days since the last hand-in
-- column class_days_since_hand_in (education): the class median of the same
-- column contacts (education): how often somebody tried to reach the student in the last ${CONTACT_DAYS} days, as
--   \`lake early-warning contact\` has recorded
-- column last_contact_on (education): the day of the newest of these
-- column last_contact (education): how, and whether the student was reached
-- column model (none): the trained model that scored: the name of its card`.trimStart();
