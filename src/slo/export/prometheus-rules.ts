import { stringify } from 'yaml';
import { CALM_MS } from '../alert-state.ts';
import { detectionMs, duration } from '../burn-alerts.ts';
import type { BurnAlert, Objective } from '../objective.ts';
import { promiseInWords } from '../words.ts';
import { PREFIX, seriesOf } from './exposition.ts';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly keep_firing_for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** How often Prometheus evaluates: a minute is the smallest unit that an age is measured in. */
const INTERVAL = '1m';

/**
 * Alert rules of Prometheus that fire as the lake's own alerts do: the same thresholds over the same windows, ended
 * after the same calm. Also one for each objective whose budget is spent, and one for when nobody knows. Read by
 * Prometheus 2.42 and later.
 */
export function prometheusRules(objectives: readonly Objective[]): string {
  const groups = objectives.map((objective) => ({
    name: `campus-lake ${objective.name}`,
    interval: INTERVAL,
    rules: [
      ...objective.alerts.map((alert) => burnRule(objective, alert)),
      spentRule(objective),
      ...unknownRules(objective),
    ],
  }));
  return stringify({ groups }, { lineWidth: 0 });
}

/** The text of a threshold; JavaScript writes the shortest that reads back as the same number. */
const burns = (objective: Objective, { threshold, inclusive }: BurnAlert, windowMs: number): string =>
  `${burnSeries(objective, windowMs)} ${inclusive ? '>=' : '>'} ${Number(threshold)}`;

const burnSeries = ({ name }: Objective, windowMs: number): string =>
  seriesOf(`${PREFIX}slo_burn_rate`, { objective: name, window: duration(windowMs) });

function burnRule(objective: Objective, alert: BurnAlert): Rule {
  const windows = [...new Set(alert.windowsMs)];
  return {
    alert: 'ErrorBudgetBurnsTooFast',
    expr: windows.map((windowMs) => `(${burns(objective, alert, windowMs)})`).join(' and ignoring(window) '),
    ...(alert.forMs ? { for: duration(alert.forMs) } : {}),
    keep_firing_for: duration(CALM_MS),
    labels: labelsOf(objective, alert),
    annotations: {
      summary: `${objective.name} burns its error budget too fast (${alert.name})`,
      description: promiseInWords(objective),
    },
  };
}

function spentRule(objective: Objective): Rule {
  const left = seriesOf(`${PREFIX}slo_error_budget_left`, { objective: objective.name });
  return {
    alert: 'ErrorBudgetSpent',
    expr: `${left} < 0`,
    labels: { objective: objective.name, severity: 'ticket' },
    annotations: {
      summary: `${objective.name} is broken: its error budget is spent`,
      description: promiseInWords(objective),
    },
  };
}

/**
 * Nothing is measured, or nobody answers: after as long as a total outage would take to be noticed.
 * Source: https://github.com/pyrra-dev/pyrra, `AbsentDuration`
 */
function unknownRules(objective: Objective): Rule[] {
  const [first] = objective.alerts;
  if (!first) return [];
  const waitMs = Math.max(1, Math.round(Number(detectionMs(first, objective.target)) / 60_000)) * 60_000;
  return [
    {
      alert: 'ServiceLevelUnknown',
      expr: `absent(${burnSeries(objective, first.windowsMs[0]!)})`,
      for: duration(waitMs),
      labels: { objective: objective.name, severity: 'ticket' },
      annotations: {
        summary: `Nobody knows how ${objective.name} stands: the lake does not answer, or has nothing to measure`,
        description: promiseInWords(objective),
      },
    },
  ];
}

const labelsOf = ({ name }: Objective, alert: BurnAlert) => ({
  objective: name,
  burn_alert: alert.name,
  severity: alert.severity,
});
