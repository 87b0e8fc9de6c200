import type Fraction from 'fraction.js';
import { phaseOf } from '../as-json.ts';
import type { Standing } from '../assess.ts';
import { burnRate } from '../budget.ts';
import { duration } from '../burn-alerts.ts';
import { partLeft } from '../policy.ts';
import { minuteOf } from '../spans.ts';

/** One value with its labels, in the words of Prometheus and CloudWatch alike. */
export interface Sample {
  readonly metric: Metric;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What is measured of objectives. */
export const METRICS = {
  slo_target: 'The part of the units that has to be good',
  slo_sli: 'The part of the units in the window of the objective that was good',
  slo_error_budget_left: 'The part of the error budget that is left; below 0 when it is overspent',
  slo_burn_rate: 'How fast the error budget burned in a window; 1 uses it up in the window of the objective',
  slo_alert_firing: 'Whether an alert of the lake fires and is not silenced',
} as const;

export type Metric = keyof typeof METRICS;

/** Every value of the objectives at a moment. What nobody knows is left out: it is not 0. */
export function samplesOf(standings: readonly Standing[]): Sample[] {
  return standings.flatMap((standing) => {
    const { objective, budget, alerts } = standing;
    const labels = { objective: objective.name };
    const sample = (metric: Metric, value: Fraction | undefined, more = {}): Sample[] =>
      value === undefined ? [] : [{ metric, labels: { ...labels, ...more }, value: Number(value) }];
    return [
      ...sample('slo_target', objective.target),
      ...sample('slo_sli', budget.sli, { unit: standing.measured.unit }),
      ...sample('slo_error_budget_left', budget.sli && partLeft(standing)),
      ...burnWindows(standing).flatMap((windowMs) =>
        sample(
          'slo_burn_rate',
          burnRate(standing.measured, objective.target, windowMs, minuteOf(standing.at)),
          { window: duration(windowMs) },
        ),
      ),
      ...alerts.map(
        ({ alert: { name, severity }, state, silence }): Sample => ({
          metric: 'slo_alert_firing',
          labels: { ...labels, alert: name, severity },
          value: phaseOf(state, silence) === 'firing' ? 1 : 0,
        }),
      ),
    ];
  });
}

/** The windows of all alerts of an objective, each once, the shortest first. */
const burnWindows = ({ objective }: Standing): number[] =>
  [...new Set(objective.alerts.flatMap(({ windowsMs }) => windowsMs))].sort((a, b) => a - b);
