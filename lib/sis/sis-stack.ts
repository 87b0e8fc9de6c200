import { CfnOutput } from 'aws-cdk-lib';
import { Effect, PolicyStatement, type Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { type AwsPlaces, endpointsOf } from '../../src/platform/aws/places.ts';
import { changesPrefix, loadPrefix } from '../../src/sis/raw-layout.ts';
import { LakeRole } from '../access/lake-role.ts';
import { acknowledgeWide } from '../acknowledge.ts';
import { LakeStack } from '../lake-stack.ts';
import type { NetworkStack } from '../network/network-stack.ts';
import type { Settings } from '../settings.ts';
import type { StorageStack } from '../storage/storage-stack.ts';
import type { AccountStack } from './account-stack.ts';
import { allowedOut, type Compute, compute } from './compute.ts';
import { checkLobNeeds } from './lob-needs.ts';
import { taskNeeds } from './mapping-limits.ts';
import { secretArn, secretKeyRights, secretOf } from './secret-of.ts';
import { sourceEndpoint } from './source-endpoint.ts';
import { targetEndpoint } from './target-endpoint.ts';
import { warnOfServerless, warnOfSource } from './warnings.ts';

export interface SisStackProps {
  readonly settings: Settings;
  readonly storage: StorageStack;
  readonly network: NetworkStack;
  /** With the roles of DMS. Absent: the account has them. */
  readonly account?: AccountStack;
}

/**
 * How the SIS is copied: one DMS instance, unless it is serverless, and for each SIS its endpoints. Tasks are made by the pipeline, again for
 * each load, from the catalog: a task that CloudFormation owns cannot be changed while it runs.
 */
export class SisStack extends LakeStack {
  /** What the pipeline must know of it. */
  readonly replication: NonNullable<AwsPlaces['replication']>;
  /** On what every SIS is copied. */
  readonly compute: Compute['place'];
  /** Identifier of the DMS instance. Absent: serverless. */
  readonly instanceName?: string;
  /** Roles that DMS must be passed by the caller who changes its endpoints. */
  readonly passedRoles: readonly Role[];

  constructor(scope: Construct, { settings, storage, network, account }: SisStackProps) {
    super(scope, 'sis', settings, {
      description: `Replication of the SIS of ${settings.campus.name} by DMS`,
    });
    this.after(storage, account, network);
    for (const [source, config] of settings.sis) allowedOut(settings, source, config);
    const name = this.named('replication');
    const { instance, place } = compute(this, { settings, storage, network, name });
    if (instance) this.instanceName = name;
    this.compute = place;
    const allNeeds = new Map(settings.sis.map(([source]) => [source, taskNeeds(settings, source)]));
    warnOfServerless(this, settings, allNeeds);
    const writer = this.#writer(storage);
    const reader = this.#reader();
    this.passedRoles = [writer, reader];
    this.replication = Object.fromEntries(
      settings.sis.map(([source, config]) => {
        const secret = secretOf(settings, source, config);
        const names = endpointsOf(settings.name, source);
        warnOfSource(this, source, config, secret, allNeeds.get(source)!, settings.network.reach);
        checkLobNeeds(this, settings, source);
        const from = sourceEndpoint(this, {
          settings,
          source,
          config,
          secret,
          role: reader,
          identifier: names.source,
        });
        const target = { source, bucket: storage.buckets.raw, key: storage.key, role: writer };
        const to = targetEndpoint(this, { ...target, of: 'loads', identifier: names.loads });
        // There whether changes are captured or not: tasks that write to it are ended by the pipeline, not by a deploy.
        const changes = targetEndpoint(this, {
          ...target,
          of: 'changes',
          identifier: names.changes,
        });
        const places = {
          ...place,
          sourceEndpointArn: from.ref,
          targetEndpointArn: to.ref,
          changesEndpointArn: changes.ref,
        };
        return [source, places];
      }),
    );
    if (instance && settings.network.reach === 'internet')
      new CfnOutput(this, 'ReplicationAddress', {
        description: 'The one address from which the SIS is read: let it through the firewall of the campus',
        value: instance.attrReplicationInstancePublicIpAddresses,
      });
  }

  /** DMS as the writer of the raw zone: only below the folders of the SIS. */
  #writer({ buckets, key }: StorageStack): Role {
    const role = new LakeRole(this, 'Writer', {
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
    const role = new LakeRole(this, 'SecretReader', {
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
    for (const right of secretKeyRights(this, this.settings)) role.addToPolicy(right);
    return role;
  }
}
