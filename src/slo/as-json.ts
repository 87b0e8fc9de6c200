import type Fraction from 'fraction.js';
import type { AlertState } from '../alert-phase.ts';
import type { Json } from '../json.ts';
import type { Standing } from './assess.ts';
import { duration } from './burn-alerts.ts';
import type { Silence } from './exceptions.ts';
import type { Objective } from './objective.ts';
import { promiseInWords, windowInWords } from './words.ts';

/** An objective as plain data, for `--json`, the API and the workbench. */
export const objectiveAsJson = (objective: Objective) => ({
  name: objective.name,
  promise: promiseInWords(objective),
  ...(objective.description === undefined ? {} : { description: objective.description }),
  ...(objective.owner === undefined ? {} : { owner: objective.owner }),
  target: Number(objective.target),
  window: windowInWords(objective.window),
  budgeting: objective.budgeting.method,
  alerts: objective.alerts.map(({ name, severity, threshold, windowsMs }) => ({
    name,
    severity,
    threshold: Number(threshold),
    windows: windowsMs.map(duration),
  })),
  place: objective.place,
});

/** A figure for people and programs; null where there is none. */
export const numberOf = (value: Fraction | undefined): number | null =>
  value === undefined ? null : Number(value);

/** The state of an alert for people: one that would fire and is silenced is `silenced`. */
export const phaseOf = ({ phase }: AlertState, silence?: Silence): AlertState['phase'] | 'silenced' =>
  silence && (phase === 'firing' || phase === 'pending') ? 'silenced' : phase;

/** Figures as numbers; comparisons were made before they were. */
export const standingAsJson = ({
  objective,
  at,
  period,
  budget,
  measured,
  alerts,
  exhaustedInMinutes,
}: Standing) => ({
  ...objectiveAsJson(objective),
  at: new Date(at).toISOString(),
  from: new Date(period.from * 60_000).toISOString(),
  to: new Date(period.to * 60_000).toISOString(),
  unit: measured.unit,
  sli: numberOf(budget.sli),
  bad: Number(budget.tally.bad),
  total: Number(budget.tally.total),
  budget: {
    allowed: Number(budget.allowed),
    left: Number(budget.left),
    spent: numberOf(budget.spent),
    exhaustedInMinutes: numberOf(exhaustedInMinutes),
  },
  alerts: alerts.map(({ alert, rates, state, silence }) => ({
    name: alert.name,
    severity: alert.severity,
    threshold: Number(alert.threshold),
    burnRates: Object.fromEntries(rates.map(({ windowMs, rate }) => [duration(windowMs), numberOf(rate)])),
    state: phaseOf(state, silence),
    since: new Date(state.since * 60_000).toISOString(),
    ...(silence
      ? { silencedUntil: new Date(silence.until).toISOString(), silencedBecause: silence.reason }
      : {}),
  })) satisfies Json,
});

export type StandingData = ReturnType<typeof standingAsJson>;
