import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { Settings } from '../settings.ts';
import { bucketName, ZONES, type Zone } from './bucket-names.ts';
import { isCopied, replication } from './replication.ts';
import { type ZoneBucketOptions, zoneBucket } from './zone-bucket.ts';

/** One bucket a zone, and one for the logs of all. @returns the bucket of the logs */
export function lakeBuckets(scope: Construct, key: IKey, settings: Settings): Bucket {
  const logs = logBucket(scope, settings);
  const rules = rulesOf(settings);
  const { recovery } = settings;
  const replicate = recovery?.copies ? replication(scope, key, settings, recovery) : undefined;
  for (const zone of ZONES) {
    const bucket = zoneBucket(scope, zone[0]!.toUpperCase() + zone.slice(1), {
      ...rules[zone],
      bucketName: bucketName(settings, zone),
      key,
      accessLogs: logs,
      disposable: settings.deletesData,
    });
    if (isCopied(zone)) replicate?.(zone, bucket);
  }
  return logs;
}

function rulesOf({ resultDays, recovery, standsBy }: Settings): Record<Zone, ZoneBucketOptions> {
  // S3 replicates between buckets with versions only; a day later nothing is left of what was erased.
  const copied = recovery || standsBy ? { versionDays: 1 } : {};
  return {
    // DMS lists it while it writes, and times out over many old versions of objects: of its files there is one each.
    raw: { cools: true, ...copied },
    // Iceberg keeps their earlier states itself; versions below it would only hide what was erased.
    staged: {},
    curated: copied,
    records: { versionDays: 30 },
    results: { expireDays: resultDays },
  };
}

/** S3 writes access logs only into a bucket that it encrypts with a key of its own. */
function logBucket(scope: Construct, settings: Settings): Bucket {
  const bucket = new Bucket(scope, 'Logs', {
    bucketName: bucketName(settings, 'logs'),
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    lifecycleRules: [
      {
        id: 'old',
        expiration: Duration.days(settings.logRetentionDays),
        abortIncompleteMultipartUploadAfter: Duration.days(1),
      },
    ],
    removalPolicy: settings.deletesData ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    autoDeleteObjects: settings.deletesData,
  });
  acknowledge(bucket, 'It is where access logs go: a log of its own would log itself.', 'S1');
  return bucket;
}
