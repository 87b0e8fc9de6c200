import type { FeatureLake } from './steps.ts';

/**
 * What a feature makes of the changes of a round of `lake follow`, before they are shown.
 *
 * @example
 * ```ts
 * import type { FeatureRounds } from './rounds.ts';
 *
 * const counting: FeatureRounds = { load: async () => async (_lake, { changed }) => (changed.length > 0 ? ['counts'] : []) };
 * ```
 */
export interface FeatureRounds {
  load(): Promise<RoundWork>;
}

/**
 * Is called after the models of a round are built, for a tenth of the time at most. What it throws costs its own tables.
 * @returns the models whose records it has written, to be published with the round
 */
export type RoundWork = (lake: FeatureLake, round: FollowedRound) => Promise<readonly string[]>;

export interface FollowedRound {
  /** The name of the round, and of the publication to come. */
  readonly load: string;
  /** Tables with a newer version since it was last called. */
  readonly changed: readonly string[];
  /** Whether it is called for the first time since following began: what an earlier process left out is unknown. */
  readonly isFirst: boolean;
}
