/** What measures speak of. Those of one theme go together, so a contribution is told by theme. */
export const THEMES = ['work', 'scores', 'lateness', 'silence'] as const;
export type Theme = (typeof THEMES)[number];

/** One input of the model: a column of `campus.early_warning_features`, higher where there is more to worry about. */
export interface Measure {
  readonly column: string;
  readonly theme: Theme;
  /** What it measures, for the model card. */
  readonly words: string;
}

/**
 * The inputs, all of them. None says who a student is: no gender, race, age, disability or deprivation; those serve
 * to audit the model and never to predict. All are coded so that more is riskier, and their weights are held at or
 * above zero: no explanation can say that missing work helps.
 */
export const MEASURES: readonly Measure[] = [
  {
    column: 'missing_share',
    theme: 'work',
    words: 'share of the work due for a week or more that is missing',
  },
  { column: 'last_missing', theme: 'work', words: 'whether the latest of it is missing (quizzes apart)' },
  { column: 'open_share', theme: 'work', words: 'share of the work due in the last week that is not in yet' },
  {
    column: 'points_below_class',
    theme: 'work',
    words: 'points so far, with missing work as 0, below the class median (percentage points)',
  },
  {
    column: 'scores_below_class',
    theme: 'scores',
    words: 'mean score of the work handed in, below the class median of the same work',
  },
  { column: 'no_score', theme: 'scores', words: 'whether there is no score yet' },
  {
    column: 'late_share',
    theme: 'lateness',
    words: 'share of the work handed in that was late (quizzes apart)',
  },
  {
    column: 'days_behind_class',
    theme: 'lateness',
    words: 'days by which work comes after the class median of the same work (quizzes apart)',
  },
  {
    column: 'silence_beyond_class',
    theme: 'silence',
    words: 'days since the last hand-in, beyond the class median',
  },
];

export const COLUMNS: readonly string[] = MEASURES.map(({ column }) => column);
