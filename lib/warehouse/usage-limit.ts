import { RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  AwsCustomResource,
  AwsCustomResourcePolicy,
  type AwsSdkCall,
  PhysicalResourceId,
  PhysicalResourceIdReference,
} from 'aws-cdk-lib/custom-resources';
import type { Construct } from 'constructs';
import { acknowledgeWide } from '../acknowledge.ts';

export interface UsageLimitProps {
  readonly workgroupArn: string;
  readonly rpuHoursPerDay: number;
  /** Under which its log lies. Default: CloudWatch's own. */
  readonly logKey?: IKey;
}

const SERVICE = 'redshift-serverless';

/**
 * Stops the warehouse for the rest of a day that has cost enough. CloudFormation knows no usage limits, so a call of
 * the service makes one.
 * https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_CreateUsageLimit.html
 */
export function usageLimit(
  scope: Construct,
  { workgroupArn, rpuHoursPerDay, logKey }: UsageLimitProps,
): void {
  const made = PhysicalResourceId.fromResponse('usageLimit.usageLimitId');
  const usageLimitId = new PhysicalResourceIdReference();
  const rule = { amount: rpuHoursPerDay, breachAction: 'deactivate' };
  const call = (
    action: string,
    parameters: unknown,
    physicalResourceId?: PhysicalResourceId,
  ): AwsSdkCall => ({
    service: SERVICE,
    action,
    parameters,
    physicalResourceId,
  });
  const create = { ...rule, resourceArn: workgroupArn, usageType: 'serverless-compute', period: 'daily' };
  const logGroup = new LogGroup(scope, 'UsageLimitLog', {
    retention: RetentionDays.ONE_MONTH,
    encryptionKey: logKey,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const role = new Role(scope, 'UsageLimitRole', {
    description: 'Sets the usage limit of the warehouse when the stack is deployed',
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
  });
  logGroup.grantWrite(role);
  const limit = new AwsCustomResource(scope, 'UsageLimit', {
    resourceType: 'Custom::WarehouseUsageLimit',
    installLatestAwsSdk: false,
    logGroup,
    role,
    onCreate: call('createUsageLimit', create, made),
    onUpdate: call('updateUsageLimit', { ...rule, usageLimitId }, made),
    onDelete: call('deleteUsageLimit', { usageLimitId }),
    policy: AwsCustomResourcePolicy.fromStatements([
      new PolicyStatement({
        actions: ['Create', 'Update', 'Delete'].map((verb) => `${SERVICE}:${verb}UsageLimit`),
        // IAM has no resource type for a usage limit: rights to an ARN would allow nothing.
        // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonredshiftserverless.html
        resources: ['*'],
      }),
    ]),
  });
  acknowledgeWide(limit, 'IAM has no resource type for a usage limit.', '*');
}
