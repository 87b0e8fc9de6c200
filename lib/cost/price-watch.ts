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
