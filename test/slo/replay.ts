import type Fraction from 'fraction.js';
import type { AlertState } from '../../src/alert-phase.ts';
import { burnsTooFast, nextState } from '../../src/slo/alert-state.ts';
import type { Measured } from '../../src/slo/measured.ts';
import type { BurnAlert } from '../../src/slo/objective.ts';

/** The state of an alert that was evaluated in every minute since the first. */
export function replayAll(
  measured: Measured,
  target: Fraction,
  alert: BurnAlert,
  minute: number,
): AlertState {
  let state: AlertState | undefined;
  for (let at = 1; at <= minute; at++)
    state = nextState(state, alert, burnsTooFast(measured, { target }, alert, at), at);
  return state!;
}
