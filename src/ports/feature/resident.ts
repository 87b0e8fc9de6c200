import type { Campus } from '../../campus/campus.ts';
import type { Lake } from '../step.ts';

/**
 * Work of a feature that goes on while `lake follow` runs, beside its rounds.
 *
 * @example
 * ```ts
 * import type { FeatureResident } from './resident.ts';
 *
 * const counting: FeatureResident = {
 *   isWanted: () => true,
 *   load: async () => async () => ({ round: async () => [], close: async () => undefined }),
 * };
 * ```
 */
export interface FeatureResident {
  /** Whether it has anything to do in this campus. */
  isWanted(campus: Pick<Campus, 'sources'>): boolean;
  load(): Promise<OpenResident>;
}

/**
 * Begins the work. It is not done by the right to write: what it keeps is its own.
 * @param once whether there is one round only, so that nothing is waited for
 */
export type OpenResident = (lake: Lake, options: { readonly once: boolean }) => Promise<Resident>;

export interface Resident {
  /**
   * Called in each round, by who has the right to write. What it throws costs its own tables.
   * @param load the name of the round
   * @returns the names of the models that it has built, to be published with the round
   */
  round(load: string): Promise<readonly string[]>;
  /** Ends the work. */
  close(): Promise<void>;
}
