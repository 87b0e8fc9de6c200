import type { Settings } from '../settings.ts';
import { taskNeeds } from '../sis/mapping-limits.ts';
import { ASSUMED } from './assumptions.ts';
import type { Charge, Resource } from './template.ts';

const { hoursPerMonth: HOURS } = ASSUMED;
/** GB of disk that the price of a small instance holds already: https://aws.amazon.com/dms/pricing/ */
const DISK_INCLUDED = 50;

/** DMS has no way to stop an instance: it is paid for day and night. */
export function replication(found: readonly Resource[]): Charge[] {
  const what = 'SIS replication (DMS)';
  return found.flatMap(({ properties }) => {
    const zones = properties.MultiAZ === true ? 2 : 1;
    const disk = Math.max(0, Number(properties.AllocatedStorage ?? DISK_INCLUDED) - DISK_INCLUDED);
    return [
      { what, price: String(properties.ReplicationInstanceClass), quantity: zones * HOURS },
      ...(disk > 0 ? [{ what, price: 'dms-storage', quantity: zones * disk }] : []),
      ...(properties.PubliclyAccessible === true
        ? [{ what: 'Public address of DMS', price: 'public-ipv4', quantity: HOURS }]
        : []),
    ];
  });
}

/**
 * Serverless replications are of no template: the pipeline makes them. A load is taken for as dear as it may become,
 * the capture of changes for as cheap as it can be.
 */
export function serverlessReplication(settings: Settings): Charge[] {
  const { serverless } = settings.replication;
  if (!serverless) return [];
  const what = 'SIS replication (DMS)';
  return settings.sis.flatMap(([source, { replication: kind }]): Charge[] => {
    const { tasks } = taskNeeds(settings, source);
    if (kind === 'full-load-and-cdc')
      return [{ what, price: 'dms-dcu', quantity: tasks * HOURS * serverless.minDcu }];
    const hours = ASSUMED.nightsPerMonth * ASSUMED.serverlessHoursPerLoad;
    return [{ what, price: 'dms-dcu', quantity: tasks * hours * serverless.maxDcu }];
  });
}

/** Gateway endpoints (S3, DynamoDB) cost nothing; others by the hour in each zone. */
export function endpoints(found: readonly Resource[]): Charge[] {
  return found
    .filter(({ properties }) => properties.VpcEndpointType === 'Interface')
    .map(({ properties }) => ({
      what: 'VPC endpoints',
      price: 'interface-endpoint',
      quantity: HOURS * (Array.isArray(properties.SubnetIds) ? properties.SubnetIds.length : 1),
    }));
}

export function vpnConnections(found: readonly Resource[]): Charge[] {
  return found.map(() => ({ what: 'VPN to the campus', price: 'vpn-connection', quantity: HOURS }));
}

export function flowLogs(found: readonly Resource[]): Charge[] {
  return found.map(() => ({ what: 'Logs', price: 'flow-logs', quantity: ASSUMED.flowLogGb }));
}
