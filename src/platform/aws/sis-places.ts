import {
  type DatabaseMigrationServiceClient,
  DescribeEndpointsCommand,
} from '@aws-sdk/client-database-migration-service';
import { called, isNamed } from './errors.ts';
import { type AwsPlaces, crawlerOf, endpointsOf, type ReplicationPlace } from './places.ts';

/** Where one SIS is copied, by its name in campus.yaml; undefined where nothing is deployed for it. */
export type ReplicationPlaces = (source: string) => Promise<ReplicationPlace | undefined>;

/**
 * The places of each SIS. Functions are given what all SIS share, and find the endpoints of one by their names: an
 * environment has 4 KB, whatever the number of sources.
 */
export function openSisPlaces(
  dms: DatabaseMigrationServiceClient,
  { replication, sis }: Pick<AwsPlaces, 'replication' | 'sis'>,
): ReplicationPlaces {
  const found = new Map<string, Promise<ReplicationPlace | undefined>>();
  return async (source) => {
    const given = replication?.[source];
    if (given || !sis) return given;
    const known = found.get(source) ?? lookUp(dms, source, sis);
    found.set(source, known);
    // What was not found may be deployed by the next look.
    known.then(
      (place) => place ?? found.delete(source),
      () => found.delete(source),
    );
    return known;
  };
}

async function lookUp(
  dms: DatabaseMigrationServiceClient,
  source: string,
  { name, drift: _drift, ...shared }: NonNullable<AwsPlaces['sis']>,
): Promise<ReplicationPlace | undefined> {
  const names = endpointsOf(name, source);
  const Filters = [{ Name: 'endpoint-id', Values: Object.values(names) }];
  const { Endpoints = [] } = await called(
    `Looking up the endpoints of ${source} in DMS`,
    source,
    dms.send(new DescribeEndpointsCommand({ Filters })).catch((error: unknown) => {
      if (isNamed(error, 'ResourceNotFoundFault')) return { Endpoints: [] };
      throw error;
    }),
  );
  const arns = new Map(Endpoints.map((one) => [one.EndpointIdentifier?.toLowerCase(), one.EndpointArn]));
  const [sourceEndpointArn, targetEndpointArn, changesEndpointArn] = [
    arns.get(names.source),
    arns.get(names.loads),
    arns.get(names.changes),
  ];
  if (!sourceEndpointArn || !targetEndpointArn || !changesEndpointArn) return undefined;
  return { ...shared, sourceEndpointArn, targetEndpointArn, changesEndpointArn };
}

/** The crawlers of these SIS, where the deployment has any. */
export function driftPlacesOf(
  { drift, sis }: Pick<AwsPlaces, 'drift' | 'sis'>,
  sources: readonly string[],
): AwsPlaces['drift'] {
  if (drift || !sis) return drift;
  return Object.fromEntries(
    sources.map((source) => [source, { ...sis.drift, crawler: crawlerOf(sis.name, source) }]),
  );
}
