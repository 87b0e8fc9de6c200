import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  AwsCustomResource,
  AwsCustomResourcePolicy,
  type AwsSdkCall,
  PhysicalResourceId,
} from 'aws-cdk-lib/custom-resources';
import type { Construct } from 'constructs';
import { acknowledgeWide } from '../acknowledge.ts';

/** A group of IAM Identity Center, as Lake Formation is told of it. */
export interface GroupPrincipal {
  readonly arn: string;
  readonly found: Construct;
}

/**
 * Groups by the names that people give them. Lake Formation knows a group by its id only, and CloudFormation cannot look
 * one up, so a call of the identity store does when the stack is deployed.
 * https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_GetGroupId.html
 * @param logKey under which its log lies. Default: CloudWatch's own
 * @returns by name
 */
export function groupPrincipals(
  scope: Construct,
  identityStore: string,
  names: readonly string[],
  logKey: IKey | undefined,
): ReadonlyMap<string, GroupPrincipal> {
  const stack = Stack.of(scope);
  const logGroup = new LogGroup(scope, 'GroupsLog', {
    retention: RetentionDays.ONE_MONTH,
    encryptionKey: logKey,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const role = new Role(scope, 'GroupsRole', {
    description: 'Looks up the groups of IAM Identity Center when the stack is deployed',
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
  });
  logGroup.grantWrite(role);
  const store = stack.formatArn({
    service: 'identitystore',
    region: '',
    resource: 'identitystore',
    resourceName: identityStore,
  });
  const groups = `arn:${stack.partition}:identitystore:::group/*`;
  return new Map(
    names.map((name, i) => {
      const call: AwsSdkCall = {
        service: 'identitystore',
        action: 'GetGroupId',
        parameters: {
          IdentityStoreId: identityStore,
          AlternateIdentifier: { UniqueAttribute: { AttributePath: 'displayName', AttributeValue: name } },
        },
        physicalResourceId: PhysicalResourceId.fromResponse('GroupId'),
      };
      const found = new AwsCustomResource(scope, `Group-${name.replaceAll(/[^A-Za-z0-9]/g, '')}-${i}`, {
        resourceType: 'Custom::IdentityCenterGroup',
        installLatestAwsSdk: false,
        logGroup,
        role,
        onCreate: call,
        onUpdate: call,
        policy: AwsCustomResourcePolicy.fromStatements([
          new PolicyStatement({ actions: ['identitystore:GetGroupId'], resources: [store, groups] }),
        ]),
      });
      acknowledgeWide(found, 'The id of a group is what is looked up.', groups);
      const arn = `arn:${stack.partition}:identitystore:::group/${found.getResponseField('GroupId')}`;
      return [name, { arn, found }] as const;
    }),
  );
}
