import type { Stack } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { AwsPlaces } from '../../src/platform/aws/places.ts';
import { driftDatabase, driftPlaces } from '../drift/drift-places.ts';
import type { NotifyStack } from '../notify/notify-stack.ts';
import type { ServeStack } from '../serve/serve-stack.ts';
import type { Settings } from '../settings.ts';
import type { SisStack } from '../sis/sis-stack.ts';
import type { StorageStack } from '../storage/storage-stack.ts';
import { sparkJobName } from '../transform/spark-job-name.ts';
import type { WarehouseStack } from '../warehouse/warehouse-stack.ts';
import type { Bundle } from './bundle.ts';

/** The stacks that the pipeline works on. */
export interface LakeParts {
  readonly settings: Settings;
  readonly storage: StorageStack;
  readonly serve: ServeStack;
  readonly notify: NotifyStack;
  readonly sis?: SisStack;
  readonly warehouse?: WarehouseStack;
  /** The functions, where they are bundled already. */
  readonly bundle?: Bundle;
}

/** The key under which logs lie; absent: CloudWatch's own. */
export const logKeyOf = ({ settings, storage }: Pick<LakeParts, 'settings' | 'storage'>): IKey | undefined =>
  settings.encryptLogs ? storage.key : undefined;

/**
 * The same as functions are given it: in place of what is said of each SIS, what they have in common, since an
 * environment has 4 KB (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
 */
export function functionPlaces(
  { replication: _each, drift: _every, ...places }: AwsPlaces,
  { settings, sis }: LakeParts,
): AwsPlaces {
  if (!sis) return places;
  const drift = { database: driftDatabase(settings), everyDays: settings.driftDays };
  return { ...places, sis: { name: settings.name, drift, ...sis.compute } };
}

/** What was deployed, as the adapters of the AWS target read it. */
export function placesOf(
  stack: Stack,
  { settings, storage, serve, notify, sis, warehouse }: LakeParts,
): AwsPlaces {
  const drift = driftPlaces(settings);
  const { raw, staged, curated, records, results } = storage.buckets;
  return {
    region: stack.region,
    account: stack.account,
    buckets: {
      raw: raw.bucketName,
      staged: staged.bucketName,
      curated: curated.bucketName,
      records: records.bucketName,
      results: results.bucketName,
    },
    ledgerTable: storage.tables.ledger.tableName,
    limitsTable: storage.tables.limits.tableName,
    databasePrefix: settings.databasePrefix,
    workgroup: serve.pipeline.name,
    ...(settings.spark.models.length > 0 && { sparkJob: sparkJobName(settings) }),
    ...(sis && { replication: sis.replication }),
    ...(warehouse && { warehouse: warehouse.places }),
    ...(drift && { drift }),
    ...(settings.access.mode === 'iam' ? {} : { lakeFormation: { tagKey: settings.privacyTag } }),
    history: historyOf(settings),
    topicArn: notify.topic.topicArn,
  };
}

/** Workgroups in which people ask, without the lake's name, and the trail that tells who. */
export function historyOf({ roleAccess, trail }: Settings): NonNullable<AwsPlaces['history']> {
  const ofRoles = (roleAccess?.groups ?? []).map(({ role, purpose }) =>
    `${role}-${purpose}`.replaceAll('_', '-'),
  );
  return { workgroups: ['analysts', 'stewards', ...ofRoles], ...(trail ? { trail } : {}) };
}
