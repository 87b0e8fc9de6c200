import { pseudonymSecrets } from '../../src/campus/pseudonym-secrets.ts';
import { ASSUMED } from './assumptions.ts';
import { bucketStorage, isOfSecondRegion, SECOND_REGION } from './bucket-storage.ts';
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
    ...replicated(usage, objects),
  ];
}

/** What goes to the second Region: a night's loads, models and records, each a PUT there. */
function replicated(usage: Usage, objects: number): Charge[] {
  const { recovery } = usage.settings;
  if (!recovery?.copies) return [];
  const { lmsGb, sisGb, curatedGb } = usage;
  const gb = NIGHTS * (lmsGb * ASSUMED.lmsChangesPerNight + sisGb + curatedGb);
  return [
    { what: SECOND_REGION, price: 'data-between-regions', quantity: gb },
    { what: SECOND_REGION, price: 's3-writes', quantity: objects },
    ...(recovery.replicationTime
      ? [{ what: SECOND_REGION, price: 's3-replication-time', quantity: gb }]
      : []),
    // Of each that is made by hand; those of the warehouse are made there anew.
    { what: SECOND_REGION, price: 'secret', quantity: Object.keys(usage.settings.campus.sources).length },
  ];
}

/** What AWS Backup keeps: the ledger, and the records with what changes in them a day. */
export function backups(found: readonly Resource[], { settings, callsPerNight }: Usage): Charge[] {
  const what = 'Backups';
  const records = (callsPerNight * ASSUMED.logKbPerCall) / 1e6;
  const days = settings.backupDays ?? 0;
  // DynamoDB's are whole each day; S3's hold what has changed.
  return found.flatMap(() => [
    { what, price: 'backup-dynamodb', quantity: ASSUMED.ledgerGb * days },
    { what, price: 'backup-s3', quantity: records * (ASSUMED.ageDays + days) },
  ]);
}

/** The ledger and the limits share what functions ask of them; one that can be set back in time costs for that. */
export function dynamo(found: readonly Resource[], usage: Usage): Charge[] {
  const what = 'DynamoDB';
  const [own, second] = apart(found, usage);
  const { callsPerNight } = usage;
  const calls = NIGHTS * callsPerNight;
  const recoverable = own.filter(
    ({ properties }) =>
      (properties.PointInTimeRecoverySpecification as { PointInTimeRecoveryEnabled?: boolean } | undefined)
        ?.PointInTimeRecoveryEnabled === true,
  );
  return [
    { what, price: 'dynamodb-writes', quantity: calls * ASSUMED.ledgerWritesPerCall },
    { what, price: 'dynamodb-reads', quantity: calls * ASSUMED.ledgerReadsPerCall },
    { what, price: 'dynamodb-storage', quantity: ASSUMED.ledgerGb },
    { what, price: 'dynamodb-recovery', quantity: recoverable.length * ASSUMED.ledgerGb },
    // Empty while it stands by: counted as if the ledger lay there.
    ...(second.length > 0
      ? [{ what: SECOND_REGION, price: 'dynamodb-storage', quantity: ASSUMED.ledgerGb }]
      : []),
  ];
}

/** Those of the lake, and those of its second Region. */
function apart(found: readonly Resource[], usage: Usage): [Resource[], Resource[]] {
  const isSecond = ({ id }: Resource) => isOfSecondRegion(id, usage);
  return [found.filter((one) => !isSecond(one)), found.filter(isSecond)];
}

export function keys(found: readonly Resource[], usage: Usage): Charge[] {
  const [own, second] = apart(found, usage);
  return [
    { what: 'Key (KMS)', price: 'kms-key', quantity: own.length },
    ...(second.length > 0 ? [{ what: SECOND_REGION, price: 'kms-key', quantity: second.length }] : []),
    keyRequests(usage),
  ];
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
