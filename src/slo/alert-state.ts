import type Fraction from 'fraction.js';
import { type AlertState, nextPhase } from '../alert-phase.ts';
import { burnRate } from './budget.ts';
import type { Measured } from './measured.ts';
import type { BurnAlert, Objective } from './objective.ts';
import { MINUTE_MS } from './spans.ts';

/** An alert ends once it has been calm for so long: one that comes and goes is one alert. */
export const CALM_MS = 15 * MINUTE_MS;

/** For so long an alert that has ended is shown as resolved. */
export const RESOLVED_MS = 60 * MINUTE_MS;

/**
 * The state at the end of a minute, from the one before.
 * @param minute the minute that has just ended, plus one: windows end there
 */
export const nextState = (
  before: AlertState | undefined,
  { forMs = 0 }: Pick<BurnAlert, 'forMs'>,
  burns: boolean | undefined,
  minute: number,
): AlertState =>
  nextPhase(
    before,
    { for: forMs / MINUTE_MS, calm: CALM_MS / MINUTE_MS, resolved: RESOLVED_MS / MINUTE_MS },
    burns,
    minute,
  );

/** Whether the budget burns too fast in all windows of an alert; undefined where one of them measured nothing. */
export function burnsTooFast(
  measured: Measured,
  { target }: Pick<Objective, 'target'>,
  { windowsMs, threshold, inclusive = false }: BurnAlert,
  minute: number,
): boolean | undefined {
  let too = true;
  for (const windowMs of windowsMs) {
    const rate = burnRate(measured, target, windowMs, minute);
    if (rate === undefined) return undefined;
    too &&= inclusive ? rate.gte(threshold) : rate.gt(threshold);
  }
  return too;
}

/**
 * The state of an alert at a minute: the same whenever it is computed, so that an evaluator that slept misses nothing.
 * Looks as far back as is needed to find a minute at which the state depends on nothing earlier.
 */
export function stateAt(
  measured: Measured,
  objective: Pick<Objective, 'target'>,
  alert: BurnAlert,
  minute: number,
): AlertState {
  const window = alert.windowsMs[0]! / MINUTE_MS;
  for (let back = window + 2 * SETTLED_MINUTES; ; back *= 2) {
    const from = minute - back;
    const { state, isCertain } = replay(measured, objective, alert, from, minute);
    if (isCertain || isNothing(measured.tally(from - back, from).bad)) return state;
  }
}

/** After so long without burning too fast, an alert is inactive whatever was before. */
const SETTLED_MINUTES = (CALM_MS + RESOLVED_MS) / MINUTE_MS;

interface Replayed {
  readonly state: AlertState;
  /** Whether it would be the same with any state at the beginning: it was calm, or blind, for long enough since. */
  readonly isCertain: boolean;
}

function replay(
  measured: Measured,
  objective: Pick<Objective, 'target'>,
  alert: BurnAlert,
  from: number,
  minute: number,
): Replayed {
  // Nearly always nothing went wrong: then the last minute tells all.
  const since = minute - alert.windowsMs[0]! / MINUTE_MS - SETTLED_MINUTES;
  const isQuiet = isNothing(measured.tally(since, minute).bad);
  let state: AlertState | undefined;
  let calm = 0;
  let isCertain = isQuiet;
  for (let at = isQuiet ? minute : from + 1; at <= minute; at++) {
    const burns = burnsTooFast(measured, objective, alert, at);
    state = nextState(state, alert, burns, at);
    calm = burns === false ? calm + 1 : 0;
    isCertain ||= burns === undefined || calm > SETTLED_MINUTES;
  }
  return { state: state!, isCertain };
}

const isNothing = (count: Fraction): boolean => count.equals(0);
