/** The scores between two nights: what is known by now, of students whose facts have changed since. */
export const LIVE_SCORES = 'campus.live_scores';
/** The scores by the lake's own model, over the same features: facts, reasons and what may be said of whom. */
export const OWN_SCORES = 'campus.live_scores_by_own_model';
/** What a model said of each row, and how it ended. */
export const OUTCOMES_OF_ROWS = 'campus.live_score_outcomes';

/** As in the header of every model, for the dictionary and the checks. */
export const LIVE_HEADER = `
-- description: The newest risk of each student in each course of a running term, as of the newest facts, between two
--   nights. Provisional: the next run rebuilds it. It supports an adviser's judgement; it decides nothing and is no
--   part of a grade
-- grain: user_id, course_id, term_code
-- check: { kind: not_null, columns: [user_id, course_id, term_code, week, as_of, evidence, outcome, model, feature_digest] }
-- check: { kind: accepted_values, column: evidence, values: [scored, nothing handed in, on hold, in correction,
--   nothing due yet] }
-- check: { kind: accepted_values, column: outcome, values: [score, fallback, dead letter, no score] }
-- check: { kind: range, column: risk, min: 0, max: 1 }
-- owner: Student success
-- column user_id (quasi): the student's user in Canvas, after merges
-- column student_id (direct): the registrar's number of the student
-- column course_id (none): the Canvas course
-- column course_code (none): its short name
-- column term_code (none): the term
-- column week (none): the newest week of the term that is over, whose model scores
-- column as_of (none): how far all facts of the row were known when it was scored
-- column evidence (education): as in campus.early_warning_scores
-- column risk (education): 0 to 1; empty where there is none
-- column nightly_risk (education): the risk of the newest week in campus.early_warning_scores
-- column reasons (education): what speaks against the student, most first, by the lake's own model
-- column in_favour (education): what speaks for the student most
-- column outcome (education): score, fallback (the model gave none, and the lake's own did), dead letter (neither did), or
--   no score (a rule, a hold, a correction)
-- column reason (none): why it is a fallback or a dead letter, as the code of a failure
-- column model (none): which model scored
-- column feature_digest (education): a digest of the facts that it scored; of the same facts the same
-- column scored_at (none): when it was scored`.trimStart();

/** The rows with what the model said. The reasons of a held or disputed row are those of the own scores. */
export const LIVE_SQL = `${LIVE_HEADER}
SELECT s.user_id, s.student_id, s.course_id, s.course_code, s.term_code, s.week, o.as_of, s.evidence, o.risk,
  o.nightly_risk, s.reasons, s.in_favour, o.outcome, o.reason, o.model, o.feature_digest, o.scored_at
FROM ${OWN_SCORES} s
JOIN ${OUTCOMES_OF_ROWS} o ON o.user_id = s.user_id AND o.course_id = s.course_id AND o.term_code = s.term_code`;
