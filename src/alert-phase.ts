/**
 * `inactive`; `pending`: it holds, not yet for long enough; `firing`; `resolved`: it fired a while ago, and does no
 * more; `no-data`: nobody knows.
 */
export type AlertPhase = 'inactive' | 'pending' | 'firing' | 'resolved' | 'no-data';

export type AlertState = {
  readonly phase: AlertPhase;
  /** From when on it is so, in the units of `nextPhase`. */
  readonly since: number;
  /** While it fires: since when its condition has not held without interruption. */
  readonly calmSince?: number;
};

/** How long an alert takes to begin and to end, in any unit of time. */
export interface AlertTiming {
  /** How long its condition has to hold. */
  readonly for: number;
  /** How long it has to be calm before it ends: one that comes and goes is one alert. */
  readonly calm: number;
  /** For how long one that has ended is shown as resolved. */
  readonly resolved: number;
}

/**
 * The state of an alert at an instant, from the one before. @param holds undefined: nobody knows
 * @param at in the unit of the timing
 */
export function nextPhase(
  before: AlertState | undefined,
  timing: AlertTiming,
  holds: boolean | undefined,
  at: number,
): AlertState {
  if (holds === undefined) return before?.phase === 'no-data' ? before : { phase: 'no-data', since: at };
  if (before?.phase === 'firing') {
    if (holds) return { phase: 'firing', since: before.since };
    const calmSince = before.calmSince ?? at;
    if (at - calmSince < timing.calm) return { ...before, calmSince };
    return { phase: 'resolved', since: at };
  }
  if (!holds && before?.phase === 'resolved' && at - before.since < timing.resolved) return before;
  if (!holds) return before?.phase === 'inactive' ? before : { phase: 'inactive', since: at };
  const since = before?.phase === 'pending' ? before.since : at;
  if (at - since >= timing.for) return { phase: 'firing', since: at };
  return { phase: 'pending', since };
}
