import { RemovalPolicy } from 'aws-cdk-lib';
import { CfnServiceLinkedRole, ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';

/** By name: DMS looks for exactly these, once in an account. */
const ROLES = {
  'dms-vpc-role': 'service-role/AmazonDMSVPCManagementRole',
  'dms-cloudwatch-logs-role': 'service-role/AmazonDMSCloudWatchLogsRole',
} as const;

/**
 * The roles that DMS itself uses in an account: to put its instance into a VPC, and to write its logs. They stay
 * when the stack goes, as other users of DMS in the account need them too.
 * https://docs.aws.amazon.com/dms/latest/userguide/security-iam.html#CHAP_Security.APIRole
 */
export function accountRoles(scope: Construct, serverless: boolean): Construct[] {
  const roles = Object.entries(ROLES).map(([roleName, policy]) => {
    const role = new Role(scope, roleName, {
      roleName,
      assumedBy: new ServicePrincipal('dms.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName(policy)],
    });
    role.applyRemovalPolicy(RemovalPolicy.RETAIN);
    acknowledge(
      role,
      'DMS demands this role with this policy of AWS by name.',
      `IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${policy}]`,
    );
    return role;
  });
  return serverless ? [...roles, serverlessRole(scope)] : roles;
}

/**
 * By which DMS Serverless works in an account. Made here, so that no function needs the right to make roles.
 * https://docs.aws.amazon.com/dms/latest/userguide/slr-services-sl.html
 */
function serverlessRole(scope: Construct): CfnServiceLinkedRole {
  const role = new CfnServiceLinkedRole(scope, 'serverless-role', {
    awsServiceName: 'dms.amazonaws.com',
    description: 'DMS Serverless manages what its replications need',
  });
  role.applyRemovalPolicy(RemovalPolicy.RETAIN);
  return role;
}
