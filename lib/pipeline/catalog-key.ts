import type { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Settings } from '../settings.ts';

/**
 * To read and write tables of a Glue catalog that the account encrypts, and nothing else by its key.
 * https://docs.aws.amazon.com/glue/latest/dg/encrypt-glue-data-catalog.html
 */
export function catalogKeyRights(
  stack: Stack,
  { catalogKey }: Pick<Settings, 'catalogKey'>,
): PolicyStatement[] {
  if (catalogKey === undefined) return [];
  return [
    new PolicyStatement({
      actions: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'],
      resources: [catalogKey],
      conditions: { StringEquals: { 'kms:ViaService': `glue.${stack.region}.${stack.urlSuffix}` } },
    }),
  ];
}
