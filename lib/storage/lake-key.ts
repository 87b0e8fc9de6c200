import { ArnFormat, RemovalPolicy } from 'aws-cdk-lib';
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
  // Also where no log lies under it: what was written while one did must stay readable.
  key.addToResourcePolicy(forLogs(key));
  return key;
}

/**
 * CloudWatch encrypts by itself, in the name of a log group.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
function forLogs({ stack }: Key): PolicyStatement {
  const groups = stack.formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  return new PolicyStatement({
    sid: 'EncryptLogs',
    principals: [new ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
    actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*'],
    resources: ['*'],
    conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': groups } },
  });
}
