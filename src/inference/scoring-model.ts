/** One row to score: the values of the model's columns, in their order. */
export type FeatureRow = readonly (string | number)[];

/** A model that gives a probability for each row. */
export interface ScoringModel {
  /** Kept with each score. */
  readonly id: string;
  /**
   * Scores some rows at once.
   * @returns a number between 0 and 1 for each row, in their order
   * @throws ModelEndpointError, `retryable` where another attempt may go well
   */
  score(
    columns: readonly string[],
    rows: readonly FeatureRow[],
    signal: AbortSignal,
  ): Promise<readonly number[]>;
}
