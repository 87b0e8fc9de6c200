import { ArnFormat, type Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { DmsSourceConfig } from '../../src/campus/campus-schema.ts';
import type { Settings } from '../settings.ts';

/** The secret of a SIS in Secrets Manager: the one that campus.yaml names, otherwise `<name>/<source>`. */
export function secretOf({ name }: Settings, source: string, { password }: DmsSourceConfig): string {
  return 'secretsManager' in password ? password.secretsManager : `${name}/${source}`;
}

/** The ARN to allow in a policy. A name has six characters after it in its ARN, which nobody knows beforehand. */
export function secretArn(stack: Stack, secret: string): string {
  if (secret.startsWith('arn:')) return secret;
  return stack.formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    resourceName: `${secret}-??????`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/**
 * To decrypt secrets that lie under a key of the college's own, and nothing else by it.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
 */
export function secretKeyRights(stack: Stack, { secretsKey }: Settings): PolicyStatement[] {
  if (secretsKey === undefined) return [];
  const service = `secretsmanager.${stack.region}.${stack.urlSuffix}`;
  return [
    new PolicyStatement({
      actions: ['kms:Decrypt'],
      resources: [secretsKey],
      conditions: { StringEquals: { 'kms:ViaService': service } },
    }),
  ];
}
