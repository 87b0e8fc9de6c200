import { MEASURES, THEMES, type Theme } from './measures.ts';
import { SCORE_HEADER } from './score-header.ts';
import { CONTACTS, CORRECTIONS } from './students/tables.ts';
import { DRIFT, FEATURES } from './tables.ts';

/** One row for each week that is scored: the weights of `week-model.ts` as columns. See `scores.ts`. */
export const WEIGHTS = 'campus.early_warning_weights';
/** What each course that the model knows adds to the log-odds, by week. */
export const EFFECTS = 'campus.early_warning_course_effects';

/**
 * Scores and words in SQL, so that every target computes them where the data lie, and anyone can read how. The same
 * arithmetic as `week-model.ts`: each measure, cut at the range of the past, adds weight × (value − mean) / deviation to
 * the log-odds, and the course its effect.
 */
export function scoreSql(model: string): string {
  return `${SCORE_HEADER}
WITH parts AS (
  SELECT
    ${FEATURE_COLUMNS},
    -- What is on hold is the model's word; that nothing was handed in stays so. What a student disputes is not used.
    CASE
      WHEN f.evidence = 'nothing due yet' THEN f.evidence
      WHEN k.student_id IS NOT NULL THEN 'in correction'
      WHEN f.evidence = 'scored' AND coalesce(h.is_held, false) THEN 'on hold'
      ELSE f.evidence
    END AS evidence,
    h.because AS held_because,
    k.disputed,
    k.since AS disputed_since,
    coalesce(n.contacts, 0) AS contacts,
    n.last_contact_on,
    n.last_contact,
    w.intercept,
    coalesce(c.effect, 0e0) AS from_course,
    ${MEASURES.map(({ column }) => `w.${column}_weight * (greatest(w.${column}_least, least(w.${column}_greatest, f.${column})) - w.${column}_mean) / w.${column}_deviation AS part_${column}`).join(',\n    ')}
  FROM ${FEATURES} f
  LEFT JOIN ${WEIGHTS} w ON w.week = f.week
  LEFT JOIN ${EFFECTS} c ON c.week = f.week AND c.course_code = f.course_code
  LEFT JOIN ${DRIFT} h ON h.term_code = f.term_code AND h.week = f.week AND h.course_code = f.course_code
  LEFT JOIN ${CORRECTIONS} k ON k.student_id = f.student_id AND k.course_code = f.course_code
  LEFT JOIN ${CONTACTS} n ON n.student_id = f.student_id
),
themes AS (
  SELECT
    p.*,
    ${THEMES.map((theme) => `${partsOf(theme)} AS from_${theme}`).join(',\n    ')}
  FROM parts p
),
scored AS (
  SELECT
    t.*,
    CASE WHEN evidence = 'scored' THEN
      1e0 / (1e0 + exp(-(intercept + from_course + ${THEMES.map((theme) => `from_${theme}`).join(' + ')})))
    END AS risk
  FROM themes t
),
worded AS (
  SELECT
    s.*,
    ${THEMES.map((theme) => `CASE WHEN from_${theme} > ${TELLING} THEN ${AGAINST[theme]} END AS against_${theme}`).join(',\n    ')},
    ${THEMES.map((theme) => `CASE WHEN from_${theme} < -${TELLING} THEN ${FOR[theme]} END AS for_${theme}`).join(',\n    ')}
  FROM scored s
),
-- The themes of a student by what they add, most first: each sentence is told in its place.
ordered AS (
  SELECT
    w.*,
    ${THEMES.map((theme) => `CASE WHEN against_${theme} IS NULL THEN 0 ELSE 1 ${earlier(theme)} END AS place_${theme}`).join(',\n    ')},
    least(${THEMES.map((theme) => `CASE WHEN for_${theme} IS NULL THEN 0e0 ELSE from_${theme} END`).join(', ')}) AS most_for
  FROM worded w
)
SELECT
  user_id,
  student_id,
  course_id,
  course_code,
  term_code,
  week,
  cutoff_date,
  is_first_semester,
  evidence,
  risk,
  evidence = 'scored' AND greatest(due, handed_in) < 2 AS is_thin,
  row_number() OVER (
    PARTITION BY term_code, week
    ORDER BY
      CASE evidence WHEN 'nothing handed in' THEN 0 WHEN 'scored' THEN 1 WHEN 'on hold' THEN 2 WHEN 'in correction' THEN 3 ELSE 4 END,
      risk DESC, call_place
  ) AS place,
  CASE evidence
    WHEN 'nothing handed in' THEN
      'has handed in nothing of ' || ${count('due + just_due')} || ' pieces due: a call, not a prediction'
    WHEN 'on hold' THEN 'the scores of this course are on hold: ' || coalesce(held_because, 'no reason was given')
    WHEN 'in correction' THEN
      'the student says that this is wrong: ' || disputed || ' (since ' || CAST(disputed_since AS varchar)
        || '); to be corrected in Canvas or at the registrar'
    WHEN 'nothing due yet' THEN 'nothing was due yet: not enough evidence'
    ELSE nullif(concat_ws('; ', ${[1, 2, 3].map(toldAt).join(', ')}), '')
  END AS reasons,
  CASE WHEN evidence = 'scored' AND most_for < 0e0 THEN
    CASE most_for ${THEMES.map((theme) => `WHEN from_${theme} THEN for_${theme}`).join(' ')} END
  END AS in_favour,
  intercept AS log_odds_base,
  CASE WHEN evidence = 'scored' THEN from_course END AS log_odds_course,
  ${THEMES.map((theme) => `CASE WHEN evidence = 'scored' THEN from_${theme} END AS log_odds_${theme}`).join(',\n  ')},
  due,
  missing,
  just_due,
  just_due_open,
  handed_in,
  late,
  timed,
  points_percent,
  class_points_percent,
  mean_score_gap,
  days_since_hand_in,
  class_days_since_hand_in,
  contacts,
  last_contact_on,
  last_contact,
  '${model}' AS model
FROM ordered`;
}

/** The facts that the scores and their words need, besides the measures. */
const FEATURE_COLUMNS = [
  'user_id',
  'student_id',
  'course_id',
  'course_code',
  'term_code',
  'week',
  'cutoff_date',
  'is_first_semester',
  'due',
  'missing',
  'is_last_missing',
  'just_due',
  'just_due_open',
  'handed_in',
  'class_handed_in',
  'timed',
  'late',
  'scored',
  'mean_score_gap',
  'points_percent',
  'class_points_percent',
  'days_since_hand_in',
  'class_days_since_hand_in',
  'call_place',
  ...MEASURES.map(({ column }) => column),
]
  .map((column) => `f.${column}`)
  .join(', ');

/** What adds less than this to the log-odds (odds × 1.1) is not worth a sentence. */
const TELLING = '0.1e0';

const partsOf = (theme: Theme): string =>
  MEASURES.filter((measure) => measure.theme === theme)
    .map(({ column }) => `part_${column}`)
    .join(' + ');

/** How many themes stand before this one: those that add more, and of equals those named earlier. */
function earlier(theme: Theme): string {
  return THEMES.filter((other) => other !== theme)
    .map((other) => {
      const than = THEMES.indexOf(other) < THEMES.indexOf(theme) ? '>=' : '>';
      return `+ CASE WHEN against_${other} IS NOT NULL AND from_${other} ${than} from_${theme} THEN 1 ELSE 0 END`;
    })
    .join(' ');
}

const toldAt = (place: number): string =>
  `CASE ${place} ${THEMES.map((theme) => `WHEN place_${theme} THEN against_${theme}`).join(' ')} END`;

const count = (expression: string): string => `CAST(${expression} AS varchar)`;
const days = (expression: string): string =>
  `${whole(expression)} || CASE WHEN round(${expression}) = 1e0 THEN ' day' ELSE ' days' END`;
const pieces = (expression: string): string =>
  `${count(expression)} || CASE WHEN ${expression} = 1 THEN ' piece' ELSE ' pieces' END`;
/** A mean over pieces, and over how many: one says less than ten. */
const onPieces = (before: string, mean: string, after: string): string =>
  `${before} || ${whole(mean)} || ${after} || ', on ' || ${pieces('scored')}`;
const whole = (expression: string): string => `CAST(CAST(round(${expression}) AS integer) AS varchar)`;

/** The facts that speak against a student, by theme; null where none does. */
const AGAINST: Readonly<Record<Theme, string>> = {
  work: `nullif(concat_ws(', ',
      CASE
        WHEN missing > 0 AND due = 1 THEN 'the only piece due is missing'
        WHEN missing > 0 THEN ${count('missing')} || ' of ' || ${count('due')} || ' pieces due are missing'
          || CASE WHEN is_last_missing AND missing < due THEN ' (the latest too)' ELSE '' END
      END,
      CASE
        WHEN just_due_open = 1 AND just_due = 1 THEN 'the piece due in the last week is not in yet'
        WHEN just_due_open > 0 THEN
          ${count('just_due_open')} || ' of ' || ${count('just_due')} || ' due in the last week not in yet'
      END,
      CASE WHEN missing = 0 AND just_due_open = 0 AND class_handed_in - handed_in >= 1e0 THEN
        'handed in ' || ${pieces('handed_in')} || ' (class median ' || ${whole('class_handed_in')} || ')' END,
      CASE WHEN class_points_percent - points_percent >= 1e0 THEN
        ${whole('points_percent')} || ' % of the points so far (class median ' || ${whole('class_points_percent')} || ' %)' END
    ), '')`,
  scores: `CASE
      WHEN scored = 0 THEN 'no score yet of work that counts'
      WHEN mean_score_gap <= -1e0 THEN ${onPieces("'scores are '", '0e0 - mean_score_gap', "' points below the class median of the same work'")}
    END`,
  lateness: `nullif(concat_ws(', ',
      CASE
        WHEN late = 1 AND timed = 1 THEN 'the only piece handed in came late'
        WHEN late > 0 THEN ${count('late')} || ' of ' || ${count('timed')} || ' pieces came late'
      END,
      CASE WHEN days_behind_class >= 1e0 THEN
        'hands in ' || ${days('days_behind_class')} || ' after the class median' END
    ), '')`,
  silence: `CASE
      WHEN silence_beyond_class < 1e0 THEN NULL
      WHEN days_since_hand_in IS NULL THEN
        'no dated hand-in in this course (half of the class handed in within the last ' || ${days('class_days_since_hand_in')} || ')'
      ELSE 'last hand-in ' || ${days('days_since_hand_in')} || ' ago (class median ' || ${whole('class_days_since_hand_in')} || ')'
    END`,
};

/** The facts that speak in a student's favour. */
const FOR: Readonly<Record<Theme, string>> = {
  work: `CASE
      WHEN due = 1 AND missing = 0 THEN 'the only piece due is in'
      WHEN due > 0 AND missing = 0 THEN 'all ' || ${count('due')} || ' pieces due are in'
      WHEN points_percent - class_points_percent >= 1e0 THEN
        ${whole('points_percent')} || ' % of the points so far (class median ' || ${whole('class_points_percent')} || ' %)'
      WHEN handed_in - class_handed_in >= 1e0 THEN
        'handed in ' || ${pieces('handed_in')} || ' (class median ' || ${whole('class_handed_in')} || ')'
    END`,
  scores: `CASE WHEN mean_score_gap >= 1e0 THEN
      ${onPieces("'scores are '", 'mean_score_gap', "' points above the class median of the same work'")} END`,
  lateness: `CASE
      WHEN days_behind_class <= -1e0 THEN 'hands in ' || ${days('-days_behind_class')} || ' before the class median'
      WHEN timed > 0 AND late = 0 THEN 'nothing came late'
    END`,
  silence: `CASE WHEN silence_beyond_class <= 0e0 THEN
      'last hand-in ' || ${days('days_since_hand_in')} || ' ago (class median ' || ${whole('class_days_since_hand_in')} || ')' END`,
};
