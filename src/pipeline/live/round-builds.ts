import type { ModelRecord } from '../model-record.ts';

export interface RoundFailure {
  /** A dataset, a model or a source. */
  readonly about: string;
  readonly message: string;
}

/** The tables that a round has built, and what it could not build. */
export interface RoundBuilds {
  readonly built: readonly ModelRecord[];
  readonly failed: readonly RoundFailure[];
}

/** What is built in rounds takes a tenth of the time at most: two seconds of work, every twenty. */
const PAUSES = 9;

/** When it may be built again: ms, as `begun` and `ended`. */
export const dueAgain = (begun: number, ended: number): number => ended + Math.max(0, ended - begun) * PAUSES;
