import type { HealthStatus, LakeHealth, TableHealth } from './table-health.ts';

/** The media type of such a document: https://datatracker.ietf.org/doc/html/draft-inadarei-api-health-check-06 */
export const HEALTH_TYPE = 'application/health+json';

/** One check of a health document. Fields beyond the draft's are allowed by it. */
export type HealthCheck = {
  readonly componentId: string;
  readonly componentType: 'datastore';
  readonly status: 'pass' | 'warn' | 'fail';
  /** Hours since what people see was known. Absent: nothing is published. */
  readonly observedValue?: number;
  readonly observedUnit?: 'h';
  /** ISO 8601 UTC: when it was looked at. */
  readonly time: string;
  /** Why it is so. Absent where it passes. */
  readonly output?: string;
  readonly health: Omit<TableHealth, 'table'>;
};

export type HealthDocument = {
  readonly status: 'pass' | 'warn' | 'fail';
  readonly version: '1';
  /** The publication that people see. Absent: nothing is published. */
  readonly releaseId?: string;
  readonly serviceId: 'campus-lake';
  readonly description: string;
  readonly notes: string[];
  /** By `table:freshness`. */
  readonly checks: Readonly<Record<string, HealthCheck[]>>;
};

const STATUS: Readonly<Record<HealthStatus, HealthCheck['status']>> = {
  healthy: 'pass',
  off: 'pass',
  degraded: 'warn',
  stale: 'fail',
  missing: 'fail',
};

/** The health of a lake as `application/health+json`. */
export function healthDocument({
  status,
  at,
  publication,
  openIncidents,
  tables,
}: LakeHealth): HealthDocument {
  return {
    status,
    version: '1',
    ...(publication === undefined ? {} : { releaseId: publication }),
    serviceId: 'campus-lake',
    description: 'Whether the tables of the lake are as new as promised',
    notes:
      openIncidents === 0 ? [] : [`${openIncidents} open ${openIncidents === 1 ? 'incident' : 'incidents'}`],
    checks: Object.fromEntries(tables.map((table) => [`${table.table}:freshness`, [checkOf(table, at)]])),
  };
}

function checkOf({ table, ...health }: TableHealth, at: string): HealthCheck {
  const { status, asOf, reason } = health;
  const hours =
    asOf === undefined ? undefined : Math.round(((Date.parse(at) - Date.parse(asOf)) / 36e5) * 10) / 10;
  return {
    componentId: table,
    componentType: 'datastore',
    status: STATUS[status],
    ...(hours === undefined ? {} : { observedValue: hours, observedUnit: 'h' }),
    time: at,
    ...(reason === undefined ? {} : { output: reason }),
    health,
  };
}
