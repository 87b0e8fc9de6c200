import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

export interface WorkgroupOptions {
  /** What one query may read, in bytes; Athena stops it beyond. */
  readonly bytesPerQuery: number;
  /**
   * Whether its settings overrule the client's. Default: true. The pipeline's own queries say where a table is to
   * lie, which Athena refuses in a workgroup that does.
   */
  readonly enforced?: boolean;
}

export interface WorkgroupProps extends WorkgroupOptions {
  readonly name: string;
  readonly description: string;
  readonly results: IBucket;
  readonly key: IKey;
}

/** Gigabytes as Athena counts them. */
export const GIGABYTE = 1024 ** 3;

/**
 * One workgroup an audience, and a folder for its answers: history shows the SQL of everybody in it, answers hold what
 * their asker may see, and each has its own limit.
 */
export function workgroup(scope: Construct, id: string, props: WorkgroupProps): CfnWorkGroup {
  const group = new CfnWorkGroup(scope, id, {
    name: props.name,
    description: props.description,
    state: 'ENABLED',
    recursiveDeleteOption: true,
    workGroupConfiguration: {
      enforceWorkGroupConfiguration: props.enforced ?? true,
      bytesScannedCutoffPerQuery: props.bytesPerQuery,
      publishCloudWatchMetricsEnabled: true,
      requesterPaysEnabled: false,
      engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
      resultConfiguration: {
        outputLocation: `s3://${props.results.bucketName}/${id.toLowerCase()}/`,
        expectedBucketOwner: Stack.of(scope).account,
        encryptionConfiguration: { encryptionOption: 'SSE_KMS', kmsKey: props.key.keyArn },
      },
    },
  });
  group.applyRemovalPolicy(RemovalPolicy.DESTROY);
  return group;
}
