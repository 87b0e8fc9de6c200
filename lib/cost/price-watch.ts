import { ASSUMED } from './assumptions.ts';
import type { Charge, Resource } from './template.ts';
import type { Usage } from './usage.ts';

const { nightsPerMonth: NIGHTS } = ASSUMED;

/** By the metrics that an alarm looks at: one, unless it reckons with several. */
export function alarms(found: readonly Resource[]): Charge[] {
  return found.map(({ properties }) => ({
    what: 'Alarms',
    price: 'alarm',
    quantity: Array.isArray(properties.Metrics) ? properties.Metrics.length : 1,
  }));
}

/** By the alarm, whatever it joins; those are priced for themselves. */
export function compositeAlarms(found: readonly Resource[]): Charge[] {
  return [{ what: 'Alarms', price: 'composite-alarm', quantity: found.length }];
}

const MINUTES_PER_MONTH = 43_830;

/**
 * Objectives of Application Signals: two signals for each period of their metric. Each stands for a watched objective,
 * which has a metric of what is left, one of whether it was good, and one for each window.
 */
export function levels(found: readonly Resource[]): Charge[] {
  return found.flatMap(({ properties }) => {
    const { Sli, BurnRateConfigurations: windows = [] } = properties as {
      Sli: { SliMetric: { MetricDataQueries: { MetricStat: { Period: number } }[] } };
      BurnRateConfigurations?: object[];
    };
    const minutes = Sli.SliMetric.MetricDataQueries[0]!.MetricStat.Period / 60;
    return [
      { what: 'Service levels', price: 'application-signals', quantity: (2 * MINUTES_PER_MONTH) / minutes },
      { what: 'Service levels', price: 'metric', quantity: 2 + windows.length },
    ];
  });
}

export function dashboards(found: readonly Resource[]): Charge[] {
  return [
    { what: 'Dashboard', price: 'dashboard', quantity: found.length },
    { what: 'Metrics of failures', price: 'metric', quantity: ASSUMED.customMetrics },
  ];
}

/** All groups together: what functions and the state machine write is spread over them. */
export function logs(found: readonly Resource[], { night, callsPerNight }: Usage): Charge[] {
  const kb = callsPerNight * ASSUMED.logKbPerCall + night.transitions * ASSUMED.logKbPerTransition;
  const nightly = kb / 1e6;
  const days = Math.max(
    ...found.map(({ properties }) => Number(properties.RetentionInDays ?? ASSUMED.ageDays)),
  );
  return [
    { what: 'Logs', price: 'logs-ingested', quantity: NIGHTS * nightly },
    { what: 'Logs', price: 'logs-stored', quantity: days * nightly },
  ];
}
