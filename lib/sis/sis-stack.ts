import { Annotations, CfnOutput } from 'aws-cdk-lib';
import { CfnReplicationInstance, CfnReplicationSubnetGroup } from 'aws-cdk-lib/aws-dms';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { AwsPlaces } from '../../src/platform/aws/places.ts';
import { changesPrefix, loadPrefix } from '../../src/sis/raw-layout.ts';
import { acknowledge, acknowledgeWide } from '../acknowledge.ts';
import { DeployError } from '../errors.ts';
import { LakeStack } from '../lake-stack.ts';
import { maintenanceWindow } from '../maintenance-window.ts';
import type { NetworkStack } from '../network/network-stack.ts';
import type { Settings } from '../settings.ts';
import type { StorageStack } from '../storage/storage-stack.ts';
import { accountRoles } from './account-roles.ts';
import { taskNeeds } from './mapping-limits.ts';
import { secretArn, secretOf } from './secret-of.ts';
import { sourceEndpoint } from './source-endpoint.ts';
import { targetEndpoint } from './target-endpoint.ts';

/** @throws DeployError where DMS would need a public address that nobody has asked for */
function allowedOut(source: string, { overInternet }: Settings['sis'][number][1]): void {
  if (overInternet) return;
  throw new DeployError(`nothing in campus.yaml says how AWS reaches ${source}`, {
    about: source,
    hint: `Name a VPN (aws.network.vpn) or a VPC that reaches it (aws.network.existing); or, for a public address from which DMS goes out to it by TLS, write overInternet: true under sources.${source}.`,
  });
}

export interface SisStackProps {
  readonly settings: Settings;
  readonly storage: StorageStack;
  readonly network: NetworkStack;
}

/**
 * How the SIS is copied: one DMS instance, and for each SIS its endpoints. Tasks are made by the pipeline, anew for
 * each load, from the catalog: a task that CloudFormation owns cannot be changed while it runs.
 */
export class SisStack extends LakeStack {
  /** What the pipeline must know of it. */
  readonly replication: NonNullable<AwsPlaces['replication']>;
  readonly instance: CfnReplicationInstance;
  readonly instanceName: string;
  /** Roles that DMS must be handed by whoever changes its endpoints. */
  readonly passedRoles: readonly Role[];

  constructor(scope: Construct, { settings, storage, network }: SisStackProps) {
    super(scope, 'sis', settings, {
      description: `Replication of the SIS of ${settings.campus.name} by DMS`,
    });
    this.after(storage, network);
    if (settings.network.reach === 'internet') for (const sis of settings.sis) allowedOut(...sis);
    this.instanceName = this.named('replication');
    this.instance = this.#instance(storage, network);
    const writer = this.#writer(storage);
    const reader = this.#reader();
    this.passedRoles = [writer, reader];
    this.replication = Object.fromEntries(
      settings.sis.map(([source, config]) => {
        const needs = taskNeeds(settings, source);
        const secret = secretOf(settings, source, config);
        this.#warn(source, config, secret, needs.tables);
        const from = sourceEndpoint(this, {
          settings,
          source,
          config,
          secret,
          role: reader,
          identifier: this.named(`${source}-source`),
        });
        const target = { source, bucket: storage.buckets.raw, key: storage.key, role: writer };
        const to = targetEndpoint(this, { ...target, of: 'loads', identifier: this.named(`${source}-raw`) });
        // There whether changes are captured or not: tasks that write to it are ended by the pipeline, not by a deploy.
        const changes = targetEndpoint(this, {
          ...target,
          of: 'changes',
          identifier: this.named(`${source}-changes`),
        });
        const places = {
          instanceArn: this.instance.ref,
          sourceEndpointArn: from.ref,
          targetEndpointArn: to.ref,
          changesEndpointArn: changes.ref,
        };
        return [source, places];
      }),
    );
    if (settings.network.reach === 'internet')
      new CfnOutput(this, 'ReplicationAddress', {
        description: 'The one address from which the SIS is read: let it through the firewall of the campus',
        value: this.instance.attrReplicationInstancePublicIpAddresses,
      });
  }

  #instance(storage: StorageStack, network: NetworkStack): CfnReplicationInstance {
    const {
      replication,
      campus,
      network: { reach },
    } = this.settings;
    const group = new CfnReplicationSubnetGroup(this, 'Subnets', {
      replicationSubnetGroupIdentifier: this.named('replication'),
      replicationSubnetGroupDescription: `Where the SIS of ${campus.name} is reached from`,
      subnetIds: [...network.subnets.replication],
    });
    const instance = new CfnReplicationInstance(this, 'Instance', {
      replicationInstanceIdentifier: this.instanceName,
      replicationInstanceClass: replication.instance,
      allocatedStorage: replication.storageGb,
      engineVersion: replication.engine,
      autoMinorVersionUpgrade: true,
      multiAz: false,
      preferredMaintenanceWindow: maintenanceWindow(campus.timeZone),
      publiclyAccessible: reach === 'internet',
      kmsKeyId: storage.key.keyArn,
      replicationSubnetGroupIdentifier: group.ref,
      vpcSecurityGroupIds: [network.replicationGroup.securityGroupId],
    });
    if (replication.accountRoles === 'create')
      for (const role of accountRoles(this)) group.node.addDependency(role);
    if (reach === 'internet')
      acknowledge(
        instance,
        'campus.yaml asks for it: for going out to the SIS by TLS without a NAT; its security group lets nobody in.',
        'DMS5',
      );
    return instance;
  }

  /** DMS as the writer of the raw zone: only below the folders of the SIS. */
  #writer({ buckets, key }: StorageStack): Role {
    const role = new Role(this, 'Writer', {
      roleName: this.named('dms-writer'),
      description: 'DMS writes what it reads from the SIS into the raw zone',
      assumedBy: new ServicePrincipal('dms.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    });
    const folders = this.settings.sis.flatMap(([source]) =>
      [loadPrefix(source, '*'), `${changesPrefix(source)}/*`].map((keys) => buckets.raw.arnForObjects(keys)),
    );
    role.addToPolicy(
      new PolicyStatement({
        actions: ['s3:PutObject', 's3:DeleteObject', 's3:PutObjectTagging'],
        resources: folders,
      }),
    );
    role.addToPolicy(
      new PolicyStatement({
        actions: ['s3:ListBucket', 's3:GetBucketLocation'],
        resources: [buckets.raw.bucketArn],
      }),
    );
    role.addToPolicy(
      new PolicyStatement({
        actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey'],
        resources: [key.keyArn],
      }),
    );
    acknowledgeWide(role, 'It writes below the folders of the SIS, and nowhere else.', ...folders);
    return role;
  }

  /** DMS as the reader of the secrets of the SIS. Its principal is that of the region, as DMS demands. */
  #reader(): Role {
    const role = new Role(this, 'SecretReader', {
      roleName: this.named('dms-secrets'),
      description: 'DMS reads how to log in to the SIS',
      assumedBy: new ServicePrincipal(`dms.${this.region}.${this.urlSuffix}`),
    });
    const secrets = this.settings.sis.map(([source, config]) => secretOf(this.settings, source, config));
    role.addToPolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        actions: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
        resources: secrets.map((secret) => secretArn(this, secret)),
      }),
    );
    return role;
  }

  #warn(source: string, config: Settings['sis'][number][1], secret: string, tables: number): void {
    const warn = (id: string, text: string) =>
      Annotations.of(this).addWarningV2(`lake:${source}:${id}`, text);
    if (!('secretsManager' in config.password))
      warn(
        'secret',
        `sources.${source}.password lies on one machine; DMS will read the secret "${secret}" of Secrets Manager, with username, password, host and port: docs/deploy.md`,
      );
    if (config.ssl === 'disable')
      warn(
        'ssl',
        `sources.${source}.ssl is "disable": rows of students would travel in clear text; write ssl: require`,
      );
    if (tables === 0) warn('catalog', `the catalog lists no table of ${source}: lake discover ${source}`);
  }
}
