import { Stack } from 'aws-cdk-lib';
import { CfnEndpoint } from 'aws-cdk-lib/aws-dms';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { ADDED_COLUMNS } from '../../src/sis/change-columns.ts';
import { changesPrefix } from '../../src/sis/raw-layout.ts';

export interface TargetEndpointProps {
  readonly source: string;
  /** Full loads into folders of their own, or what changes after one. */
  readonly of: 'loads' | 'changes';
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
 * - `includeOpForFullLoad`: a file of a full load holds rows that are there, and is told by its name;
 * - `addColumnName`, `rfc4180`: they are about CSV.
 *
 * https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Target.S3.html
 */
export function targetEndpoint(scope: Construct, props: TargetEndpointProps): CfnEndpoint {
  const loads = props.of === 'loads';
  return new CfnEndpoint(scope, `${loads ? 'Target' : 'Changes'}-${props.source}`, {
    endpointIdentifier: props.identifier,
    endpointType: 'target',
    engineName: 's3',
    s3Settings: {
      bucketName: props.bucket.bucketName,
      // Each load, or each generation of changes, has a folder of its own below it, set when it starts.
      bucketFolder: loads ? `raw/${props.source}` : changesPrefix(props.source),
      serviceAccessRoleArn: props.role.roleArn,
      expectedBucketOwner: Stack.of(scope).account,
      encryptionMode: 'sse-kms',
      serverSideEncryptionKmsKeyId: props.key.keyArn,
      dataFormat: 'parquet',
      parquetVersion: 'parquet-2-0',
      parquetTimestampInMillisecond: true,
      compressionType: 'GZIP',
      enableStatistics: true,
      // Of changes: the source's own time of commit, and few files.
      timestampColumnName: ADDED_COLUMNS.commitTime,
      useTaskStartTimeForFullLoadTimestamp: true,
      cdcMaxBatchInterval: 300,
      cdcMinFileSize: 65_536,
    },
  });
}
