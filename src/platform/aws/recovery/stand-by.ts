import type { AwsPlaces } from '../places.ts';

/** Of campus.yaml, what says where a lake's data lie. */
export interface StandingCampus {
  readonly name: string;
  readonly region: string;
  readonly databasePrefix: string;
}

/**
 * Where the data of a lake lie, by the names that its storage stack gives: a Region that is away cannot be asked, and in
 * the second one nothing but that stack need stand. For data only: nothing is said of what runs.
 */
export function dataPlaces({ name, region, databasePrefix }: StandingCampus, account: string): AwsPlaces {
  const bucket = (zone: string) => `${name}-${zone}-${account}-${region}`;
  return {
    region,
    account,
    buckets: {
      raw: bucket('raw'),
      staged: bucket('staged'),
      curated: bucket('curated'),
      records: bucket('records'),
      results: bucket('results'),
    },
    ledgerTable: `${name}-ledger`,
    limitsTable: `${name}-limits`,
    databasePrefix,
    workgroup: `${name}-pipeline`,
    topicArn: `arn:aws:sns:${region}:${account}:${name}-team`,
  };
}
