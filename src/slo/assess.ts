import type Fraction from 'fraction.js';
import type { AlertState } from '../alert-phase.ts';
import { stateAt } from './alert-state.ts';
import { type Budget, budgetIn, burnRate, minutesLeft } from './budget.ts';
import { type Silence, silenceOf } from './exceptions.ts';
import type { History } from './history.ts';
import { type Calendar, measure } from './measure.ts';
import type { Measured } from './measured.ts';
import type { BurnAlert, Objective } from './objective.ts';
import { lengthMs, periodAt } from './periods.ts';
import { minuteOf, type Span } from './spans.ts';

/** How an objective stands at a moment. */
export interface Standing {
  readonly objective: Objective;
  /** Epoch ms. */
  readonly at: number;
  readonly period: Span;
  readonly measured: Measured;
  readonly budget: Budget;
  readonly alerts: readonly AlertStanding[];
  /** Until nothing of the budget is left at the pace of the last hour; undefined: it lasts. */
  readonly exhaustedInMinutes: Fraction | undefined;
}

export interface AlertStanding {
  readonly alert: BurnAlert;
  readonly rates: readonly { readonly windowMs: number; readonly rate: Fraction | undefined }[];
  readonly state: AlertState;
  /** Nobody is told of it meanwhile. Absent: it is not silenced. */
  readonly silence?: Silence;
}

const PACE_MS = 3_600_000;

/** @param at epoch ms: as it stood then, by what the ledger knows of the time before */
export function assess(
  objective: Objective,
  history: History,
  calendar: Calendar,
  at: number,
  silences: readonly Silence[] = [],
): Standing {
  const { target, window, alerts } = objective;
  const measured = measure(objective, history, calendar, at);
  const period = periodAt(window, at);
  const budget = budgetIn(measured, target, period);
  const minute = minuteOf(at);
  const pace = burnRate(measured, target, PACE_MS, minute);
  return {
    objective,
    at,
    period,
    measured,
    budget,
    exhaustedInMinutes: minutesLeft(budget, pace, lengthMs(window)),
    alerts: alerts.map((alert) => ({
      alert,
      ...silencedBy(silenceOf(silences, objective.name, alert.name, at)),
      rates: alert.windowsMs.map((windowMs) => ({
        windowMs,
        rate: burnRate(measured, target, windowMs, minute),
      })),
      state: stateAt(measured, objective, alert, minute),
    })),
  };
}

const silencedBy = (silence: Silence | undefined) => (silence ? { silence } : {});
