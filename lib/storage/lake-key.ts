import { RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Settings } from '../settings.ts';

/** Services that write to the lake's topic, which is encrypted with the key. */
const PUBLISHERS = ['cloudwatch.amazonaws.com', 'budgets.amazonaws.com', 'dms.amazonaws.com'];

/**
 * The one key of the lake. Buckets ask it once for many objects (bucket keys), so requests cost next to nothing. The
 * policy of a key of the college's own is the college's: docs/deploy.md says what it must allow.
 */
export function lakeKey(scope: Construct, { name, deletesData, kmsKey }: Settings): IKey {
  if (kmsKey !== undefined) return Key.fromKeyArn(scope, 'Key', kmsKey);
  const key = new Key(scope, 'Key', {
    alias: `alias/${name}`,
    description: `Everything that the lake ${name} stores`,
    enableKeyRotation: true,
    removalPolicy: deletesData ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'PublishToTheTopic',
      principals: PUBLISHERS.map((service) => new ServicePrincipal(service)),
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': key.stack.account } },
    }),
  );
  return key;
}
