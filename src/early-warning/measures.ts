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
 * above zero: no explanation can say that missing work helps. They compare with the class of the same work and are
 * bounded, so that a scale of marks that was not seen before cannot drown the rest.
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
    column: 'hand_ins_below_class',
    theme: 'work',
    words: 'place in the class by the number of pieces handed in, from -0.5 (most) to 0.5 (fewest)',
  },
  {
    column: 'points_below_class',
    theme: 'work',
    words:
      'place in the class by the points so far in work that counts, missing work as 0, from -0.5 (best) to 0.5',
  },
  {
    column: 'scores_below_class',
    theme: 'scores',
    words:
      'mean distance of the scores of work that counts below the class median of the same work, in spreads of the class, each at most 3',
  },
  {
    column: 'no_score',
    theme: 'scores',
    words: 'whether there is no score yet of work that counts',
  },
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
