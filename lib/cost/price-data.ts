import { pseudonymSecrets } from '../../src/campus/pseudonym-secrets.ts';
import { ASSUMED } from './assumptions.ts';
import { bucketStorage } from './bucket-storage.ts';
import { serverlessReplication } from './price-network.ts';
import type { Charge, Resource } from './template.ts';
import type { Usage } from './usage.ts';

const { nightsPerMonth: NIGHTS } = ASSUMED;

export function buckets(found: readonly Resource[], usage: Usage): Charge[] {
  const objects = NIGHTS * (usage.datasets + usage.models) * ASSUMED.objectsPerDataset;
  const cooled = found.some(({ properties }) => JSON.stringify(properties).includes('"Transitions"'));
  return [
    ...found.flatMap((bucket) => bucketStorage(bucket, usage)),
    { what: 'S3: requests', price: 's3-writes', quantity: objects },
    { what: 'S3: requests', price: 's3-reads', quantity: objects * ASSUMED.readsPerObject },
    ...(cooled ? [{ what: 'S3: requests', price: 's3-transitions', quantity: objects / 4 }] : []),
  ];
}

/** The ledger and the limits share what functions ask of them; one that can be set back in time costs for that. */
export function dynamo(found: readonly Resource[], { callsPerNight }: Usage): Charge[] {
  const what = 'DynamoDB';
  const calls = NIGHTS * callsPerNight;
  const recoverable = found.filter(
    ({ properties }) =>
      (properties.PointInTimeRecoverySpecification as { PointInTimeRecoveryEnabled?: boolean } | undefined)
        ?.PointInTimeRecoveryEnabled === true,
  );
  return [
    { what, price: 'dynamodb-writes', quantity: calls * ASSUMED.ledgerWritesPerCall },
    { what, price: 'dynamodb-reads', quantity: calls * ASSUMED.ledgerReadsPerCall },
    { what, price: 'dynamodb-storage', quantity: ASSUMED.ledgerGb },
    { what, price: 'dynamodb-recovery', quantity: recoverable.length * ASSUMED.ledgerGb },
  ];
}

export function keys(found: readonly Resource[], usage: Usage): Charge[] {
  return [{ what: 'Key (KMS)', price: 'kms-key', quantity: found.length }, keyRequests(usage)];
}

const keyRequests = ({ callsPerNight }: Usage): Charge => ({
  what: 'Key (KMS)',
  price: 'kms-requests',
  quantity: NIGHTS * callsPerNight * ASSUMED.keyRequestsPerCall,
});

export function glue(_found: readonly Resource[], { datasets, models }: Usage): Charge[] {
  const tables = datasets + models;
  return [
    { what: 'Glue catalog', price: 'glue-objects', quantity: tables * ASSUMED.catalogObjectsPerDataset },
    {
      what: 'Glue catalog',
      price: 'glue-requests',
      quantity: NIGHTS * tables * ASSUMED.catalogRequestsPerDataset,
    },
  ];
}

export function secrets(found: readonly Resource[]): Charge[] {
  return [{ what: 'Secrets', price: 'secret', quantity: found.length }];
}

/** What no template holds: replications that the pipeline makes, secrets that people make, what leaves AWS. */
export function besideTemplates(usage: Usage): Charge[] {
  const { settings } = usage;
  const { campus, catalog, sis } = settings;
  const captured = sis
    .filter(([, source]) => source.replication === 'full-load-and-cdc')
    .flatMap(([source]) => catalog.of(source)).length;
  const changeFiles = captured * ASSUMED.busyTables * ASSUMED.changeFilesPerTable;
  const made = Object.keys(campus.sources).length + pseudonymSecrets(campus).length;
  return [
    ...serverlessReplication(settings),
    // A key of the college's own costs what is asked of it.
    ...(settings.kmsKey === undefined ? [] : [keyRequests(usage)]),
    ...(captured > 0
      ? [
          { what: 'S3: requests', price: 's3-writes', quantity: changeFiles },
          { what: 'S3: requests', price: 's3-reads', quantity: changeFiles * ASSUMED.readsPerChangeFile },
        ]
      : []),
    { what: 'Secrets', price: 'secret', quantity: made },
    { what: 'Data out of AWS', price: 'data-out', quantity: ASSUMED.gbOutPerMonth },
  ];
}
