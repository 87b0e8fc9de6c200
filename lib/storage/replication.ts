import { ArnFormat, Aws, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledgeWide } from '../acknowledge.ts';
import type { SecondRegion, Settings } from '../settings.ts';
import { bucketName, type Zone } from './bucket-names.ts';

/** Staged tables are made again from the raw files: Iceberg's files name their own bucket, and would lead back. */
const COPIED = ['raw', 'curated', 'records'] as const;
type CopiedZone = (typeof COPIED)[number];

/** Whether S3 copies a zone to the second Region. */
export const isCopied = (zone: Zone): zone is CopiedZone => (COPIED as readonly Zone[]).includes(zone);

/** What S3 promises, in minutes; it offers no other time. */
const PROMISED_MINUTES = 15;

/**
 * Has S3 copy zones to the same zones of the lake in the second Region, deletions too. Buckets and key there are known by
 * their names: no stack depends on the other Region once both stand.
 * @returns what sets a bucket of this Region up
 */
export function replication(
  scope: Construct,
  key: IKey,
  settings: Settings,
  second: SecondRegion,
): (zone: CopiedZone, bucket: Bucket) => void {
  const stack = Stack.of(scope);
  const there = { ...settings, name: second.name, region: second.region };
  const arn = (lake: Settings, zone: CopiedZone) =>
    stack.formatArn({ service: 's3', region: '', account: '', resource: bucketName(lake, zone) });
  const role = new Role(scope, 'Replicator', {
    roleName: `${settings.name}-replicator`,
    description: `S3 copies files to ${second.region}`,
    assumedBy: new ServicePrincipal('s3.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
    }),
  });
  const here = COPIED.map((zone) => arn(settings, zone));
  const files = here.map((bucket) => `${bucket}/*`);
  const copies = COPIED.map((zone) => `${arn(there, zone)}/*`);
  const keys = keysThere(stack, second);
  const allow = (
    actions: string[],
    resources: string[],
    conditions?: Record<string, Record<string, string>>,
  ) => role.addToPolicy(new PolicyStatement({ actions, resources, ...(conditions ? { conditions } : {}) }));
  allow(['s3:GetReplicationConfiguration', 's3:ListBucket'], here);
  allow(['s3:GetObjectVersionForReplication', 's3:GetObjectVersionAcl', 's3:GetObjectVersionTagging'], files);
  allow(['s3:ReplicateObject', 's3:ReplicateDelete', 's3:ReplicateTags'], copies);
  allow(['kms:Decrypt'], [key.keyArn], {
    StringEquals: { 'kms:ViaService': `s3.${stack.region}.amazonaws.com` },
  });
  allow(['kms:Encrypt', 'kms:GenerateDataKey'], [keys.arn], keys.conditions);
  acknowledgeWide(role, 'A zone is copied whole.', ...files, ...copies);
  if (keys.arn.endsWith('*'))
    acknowledgeWide(role, 'The key there is known by its alias, which the condition names.', keys.arn);

  const time = { minutes: PROMISED_MINUTES };
  return (zone, bucket) => {
    const cfn = bucket.node.defaultChild as CfnBucket;
    cfn.replicationConfiguration = {
      role: role.roleArn,
      rules: [
        {
          id: 'second-region',
          priority: 1,
          status: 'Enabled',
          filter: { prefix: '' },
          deleteMarkerReplication: { status: 'Enabled' },
          sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: 'Enabled' } },
          destination: {
            bucket: arn(there, zone),
            encryptionConfiguration: { replicaKmsKeyId: keys.id },
            ...(second.replicationTime
              ? {
                  replicationTime: { status: 'Enabled', time },
                  metrics: { status: 'Enabled', eventThreshold: time },
                }
              : {}),
          },
        },
      ],
    };
    cfn.node.addDependency(role);
  };
}

interface KeyThere {
  /** As S3 takes it. */
  readonly id: string;
  /** As IAM takes it. */
  readonly arn: string;
  readonly conditions: Record<string, Record<string, string>>;
}

/** The key of the second Region: the college's, or the lake's there by its alias. */
function keysThere(stack: Stack, { kmsKey, name, region }: SecondRegion): KeyThere {
  const through = `s3.${region}.amazonaws.com`;
  if (kmsKey !== undefined)
    return { id: kmsKey, arn: kmsKey, conditions: { StringEquals: { 'kms:ViaService': through } } };
  const kms = (resource: string, resourceName: string) =>
    stack.formatArn({
      service: 'kms',
      region,
      account: Aws.ACCOUNT_ID,
      resource,
      resourceName,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
  return {
    id: kms('alias', name),
    arn: kms('key', '*'),
    conditions: {
      StringEquals: { 'kms:ViaService': through },
      'ForAnyValue:StringEquals': { 'kms:ResourceAliases': `alias/${name}` },
    },
  };
}
