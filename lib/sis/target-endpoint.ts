import { Stack } from 'aws-cdk-lib';
import { CfnEndpoint } from 'aws-cdk-lib/aws-dms';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

export interface TargetEndpointProps {
  readonly source: string;
  readonly identifier: string;
  readonly bucket: IBucket;
  readonly key: IKey;
  /** By which DMS writes. */
  readonly role: IRole;
}

/**
 * The raw zone as DMS sees it. DMS's own defaults are CSV in place of Parquet, and microseconds, which Athena does
 * not read. What is left out, is left out on purpose:
 *
 * - `cdcInsertsOnly`, `cdcInsertsAndUpdates`: they drop deletes, which erasure needs;
 * - `preserveTransactions`, `cdcPath`: they write CSV;
 * - `datePartitionEnabled`: its folders are days of arrival, near midnight the wrong ones;
 * - `glueCatalogGeneration`: the catalog is the lake's own;
 * - `includeOpForFullLoad`: a file of a full load holds rows that are there.
 *
 * https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Target.S3.html
 */
export function targetEndpoint(scope: Construct, props: TargetEndpointProps): CfnEndpoint {
  return new CfnEndpoint(scope, `Target-${props.source}`, {
    endpointIdentifier: props.identifier,
    endpointType: 'target',
    engineName: 's3',
    s3Settings: {
      bucketName: props.bucket.bucketName,
      // Each load has a folder of its own below it, set when the load starts.
      bucketFolder: `raw/${props.source}`,
      serviceAccessRoleArn: props.role.roleArn,
      expectedBucketOwner: Stack.of(scope).account,
      encryptionMode: 'sse-kms',
      serverSideEncryptionKmsKeyId: props.key.keyArn,
      dataFormat: 'parquet',
      parquetVersion: 'parquet-2-0',
      parquetTimestampInMillisecond: true,
      compressionType: 'GZIP',
      enableStatistics: true,
      // Of changes, when they flow: the source's own time of commit, and few files.
      timestampColumnName: 'dms_commit_time',
      useTaskStartTimeForFullLoadTimestamp: true,
      cdcMaxBatchInterval: 300,
      cdcMinFileSize: 65_536,
    },
  });
}
