import type { Uses } from './step.ts';

/**
 * Work that may wait: loading a table again, looking for drift, joining small files and tidying the ledger, a deployment.
 * The load of a night, its checks, its models and its publication are none of it, so nothing can hold them.
 */
export type OptionalWork = 'reload' | 'drift' | 'maintenance' | 'deploy';

/** What each is for people. */
export const WORK_IN_WORDS: Readonly<Record<OptionalWork, string>> = {
  reload: 'loading tables again',
  drift: 'the look for drift',
  maintenance: 'joining small files and tidying the ledger',
  deploy: 'a deployment',
};

/** Something that somebody is about to do. */
export interface AskedWork {
  readonly work: OptionalWork;
  /** Datasets, sources or nothing in particular. */
  readonly about?: readonly string[];
  /** The run that would do it. Absent: a person asks. */
  readonly run?: string;
}

/** Why work is held, and what allows it all the same. */
export interface Hold {
  readonly because: string;
  readonly hint: string;
  /** Whether it was held before in this run. Default: no */
  readonly again?: boolean;
}

export type HoldLake = Uses<'campus' | 'catalog' | 'features' | 'clock' | 'ledger'>;

/**
 * Decides whether work is held now, and keeps a record of it where it is.
 *
 * @example
 * ```ts
 * import type { FeatureHolds } from './optional-work.ts';
 *
 * const quietOnFridays: FeatureHolds = {
 *   load: async () => async ({ platform }, { work }) =>
 *     work === 'deploy' && new Date(platform.clock.now()).getUTCDay() === 5
 *       ? { because: 'nobody deploys on a Friday', hint: 'wait until Monday' }
 *       : undefined,
 * };
 * ```
 */
export interface FeatureHolds {
  load(): Promise<(lake: HoldLake, asked: AskedWork) => Promise<Hold | undefined>>;
}
