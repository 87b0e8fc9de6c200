import { ReferenceStrength, Stack } from 'aws-cdk-lib';
import { CfnReplicationInstance, CfnReplicationSubnetGroup } from 'aws-cdk-lib/aws-dms';
import { memoryOfClass } from '../../src/sis/lob-memory.ts';
import { acknowledge } from '../acknowledge.ts';
import { DeployError } from '../errors.ts';
import type { LakeStack } from '../lake-stack.ts';
import { maintenanceWindow } from '../maintenance-window.ts';
import type { NetworkStack } from '../network/network-stack.ts';
import type { Settings } from '../settings.ts';
import type { StorageStack } from '../storage/storage-stack.ts';

export interface ComputeProps {
  readonly settings: Settings;
  readonly storage: StorageStack;
  readonly network: NetworkStack;
  /** Of the instance and the group of subnets. */
  readonly name: string;
}

/** What tasks run on, as the pipeline sees it; of an instance also the resource. */
export type Compute =
  | {
      readonly instance: CfnReplicationInstance;
      readonly place: { readonly instanceArn: string; readonly memoryMb?: number };
    }
  | {
      readonly instance?: undefined;
      readonly place: {
        readonly serverless: {
          readonly subnetGroup: string;
          readonly securityGroup: string;
          readonly minDcu: number;
          readonly maxDcu: number;
        };
      };
    };

/**
 * One instance for all SIS; or, where campus.yaml asks for serverless, what the replications are made with that the
 * pipeline makes for each load.
 */
export function compute(scope: LakeStack, props: ComputeProps): Compute {
  const { settings, network, name } = props;
  const { serverless } = settings.replication;
  const group = new CfnReplicationSubnetGroup(scope, 'Subnets', {
    replicationSubnetGroupIdentifier: name,
    replicationSubnetGroupDescription: `Where the SIS of ${settings.campus.name} is reached from`,
    subnetIds: [...network.subnets.replication],
  });
  if (!serverless) {
    const instance = instanceOf(scope, group.ref, props);
    const memoryMb = memoryOfClass(settings.replication.instance);
    return {
      instance,
      place: { instanceArn: instance.ref, ...(memoryMb === undefined ? {} : { memoryMb }) },
    };
  }
  const { securityGroupId: securityGroup } = network.replicationGroup;
  return { place: { serverless: { ...serverless, subnetGroup: group.ref, securityGroup } } };
}

function instanceOf(
  scope: LakeStack,
  subnetGroup: string,
  { settings: { replication, campus, network: way, kmsKey }, storage, network, name }: ComputeProps,
): CfnReplicationInstance {
  const instance = new CfnReplicationInstance(scope, 'Instance', {
    replicationInstanceIdentifier: name,
    replicationInstanceClass: replication.instance,
    allocatedStorage: replication.storageGb,
    engineVersion: replication.engine,
    autoMinorVersionUpgrade: true,
    multiAz: false,
    preferredMaintenanceWindow: maintenanceWindow(campus.timeZone),
    publiclyAccessible: way.reach === 'internet',
    // A change of it would replace the instance. A weak reference is unknown until the update is carried out, so
    // CloudFormation would plan the replacement with every update: https://github.com/aws/aws-cdk/issues/38829
    kmsKeyId: kmsKey ?? Stack.consumeReference(storage.key.keyArn, ReferenceStrength.STRONG),
    replicationSubnetGroupIdentifier: subnetGroup,
    vpcSecurityGroupIds: [network.replicationGroup.securityGroupId],
  });
  if (way.reach === 'internet')
    acknowledge(
      instance,
      'campus.yaml asks for it: for going out to the SIS by TLS without a NAT; its security group lets nobody in.',
      'DMS5',
    );
  return instance;
}

/** @throws DeployError where DMS would need a public address that nobody has asked for, or cannot have */
export function allowedOut(
  { network, replication }: Settings,
  source: string,
  { overInternet }: Settings['sis'][number][1],
): void {
  if (network.reach !== 'internet') return;
  if (replication.serverless)
    throw new DeployError(`DMS Serverless has no public address from which it could reach ${source}`, {
      about: source,
      hint: 'Name a VPN (aws.network.vpn) or a VPC that reaches it (aws.network.existing); or leave aws.replication.serverless out: an instance can go out by TLS.',
    });
  if (overInternet) return;
  throw new DeployError(`nothing in campus.yaml says how AWS reaches ${source}`, {
    about: source,
    hint: `Name a VPN (aws.network.vpn) or a VPC that reaches it (aws.network.existing); or, for a public address from which DMS goes out to it by TLS, write overInternet: true under sources.${source}.`,
  });
}
