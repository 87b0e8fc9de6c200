/** What the watch between runs is called in CloudWatch, and what its alarms look at. */
export const WATCHED_NAMES = {
  /** 1 each time that somebody has looked. */
  watched: 'ServiceLevelsWatched',
  /** The part of an error budget that is left. */
  left: 'ErrorBudgetLeft',
  /** How fast it burned in a window. */
  burn: 'BurnRate',
  /** Whether every minute since the look before was good. */
  good: 'Good',
} as const;

/** How often somebody looks. */
export const WATCHED_MINUTES = 5;
