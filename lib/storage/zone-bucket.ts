import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type IBucket,
  type LifecycleRule,
  ObjectOwnership,
  StorageClass,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

export interface ZoneBucketOptions {
  /** For how many days what is overwritten or deleted stays. Default: it does not. */
  readonly versionDays?: number;
  /** Objects older than this are deleted. Default: never. */
  readonly expireDays?: number;
  /** Objects move to cheaper storage after 30 and 90 days. Default: false. */
  readonly cools?: boolean;
}

export interface ZoneBucketProps extends ZoneBucketOptions {
  readonly bucketName: string;
  readonly key: IKey;
  /** Where its access log goes. */
  readonly accessLogs: IBucket;
  /** Deleted with its objects on a teardown. */
  readonly disposable: boolean;
}

/**
 * The bucket of one zone: encrypted with the lake's key, reached by TLS only, never public, its access logged. What
 * a killed writer has sent of an unfinished object is thrown away after a day.
 */
export function zoneBucket(scope: Construct, id: string, props: ZoneBucketProps): Bucket {
  const rules: LifecycleRule[] = [
    { id: 'unfinished', abortIncompleteMultipartUploadAfter: Duration.days(1) },
  ];
  if (props.expireDays !== undefined) rules.push({ id: 'old', expiration: Duration.days(props.expireDays) });
  if (props.versionDays !== undefined)
    rules.push({ id: 'overwritten', noncurrentVersionExpiration: Duration.days(props.versionDays) });
  if (props.cools) rules.push({ id: 'cool', transitions: cooling(props.expireDays) });
  return new Bucket(scope, id, {
    bucketName: props.bucketName,
    encryption: BucketEncryption.KMS,
    encryptionKey: props.key,
    bucketKeyEnabled: true,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    versioned: props.versionDays !== undefined,
    serverAccessLogsBucket: props.accessLogs,
    serverAccessLogsPrefix: `access/${id.toLowerCase()}/`,
    lifecycleRules: rules,
    removalPolicy: props.disposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    autoDeleteObjects: props.disposable,
  });
}

/** Instant retrieval all along: what is cold can be read, and staged again, like the rest. */
function cooling(expireDays = Number.POSITIVE_INFINITY): LifecycleRule['transitions'] {
  return [
    { storageClass: StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(30) },
    { storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(90) },
  ].filter(({ transitionAfter }) => transitionAfter.toDays() < expireDays);
}
