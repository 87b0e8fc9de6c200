export const RESULTS = ['Withdrawn', 'Fail', 'Pass', 'Distinction'] as const;
export type Result = (typeof RESULTS)[number];

/**
 * How students of each final result behave, measured on the Open University's real students by `calibrate.ts`.
 * Quantiles are equally spaced from share 0 to share 1. A “piece” is a graded piece of work other than the
 * final exam.
 */
export interface Parameters {
  readonly source: string;
  readonly licence: string;
  readonly enrolments: number;
  /** Share of enrolments that end so. */
  readonly results: Readonly<Record<Result, number>>;
  readonly byResult: Readonly<Record<Result, ResultParameters>>;
  /** Days before or after the first day at which students register: quantiles. */
  readonly registrationDay: readonly number[];
  /** Withdrawal as a share of the course's length, negative before it began: quantiles. */
  readonly withdrawal: readonly number[];
  /** Of pieces that are late: by how many days; of the others: how many days early. Quantiles. */
  readonly lateDays: readonly number[];
  readonly earlyDays: readonly number[];
}

export interface ResultParameters {
  /** Scores, 0–100: quantiles. */
  readonly score: readonly number[];
  /** Share of the pieces due while enrolled after which the student hands in nothing more: quantiles. */
  readonly stop: readonly number[];
  /** Share of pieces before that point that are missing all the same. */
  readonly gap: number;
  /** Share of pieces due while enrolled that were never handed in. */
  readonly missing: number;
  /** Share of the pieces handed in that came after their due day. */
  readonly late: number;
  /** Of those who hand in anything and then stop: the last piece's due day as a share of the course. Quantiles. */
  readonly silent: readonly number[];
}
