import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { Settings } from '../settings.ts';
import { bucketName, ZONES, type Zone } from './bucket-names.ts';
import { type ZoneBucketOptions, zoneBucket } from './zone-bucket.ts';

/** One bucket a zone, and one for the logs of all. @returns the bucket of the logs */
export function lakeBuckets(scope: Construct, key: IKey, settings: Settings): Bucket {
  const logs = logBucket(scope, settings);
  const rules = rulesOf(settings);
  for (const zone of ZONES)
    zoneBucket(scope, zone[0]!.toUpperCase() + zone.slice(1), {
      ...rules[zone],
      bucketName: bucketName(settings, zone),
      key,
      accessLogs: logs,
      disposable: settings.deletesData,
    });
  return logs;
}

function rulesOf({ resultDays }: Settings): Record<Zone, ZoneBucketOptions> {
  return {
    // DMS lists it while it writes, and times out over old versions of objects: never versioned.
    raw: { cools: true },
    // Iceberg keeps their earlier states itself; versions below it would only hide what was erased.
    staged: {},
    curated: {},
    records: { versioned: true },
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
