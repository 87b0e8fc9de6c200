import { RemovalPolicy } from 'aws-cdk-lib';
import { CfnServiceLinkedRole, ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { Settings } from '../settings.ts';

/** By name: DMS looks for exactly these, once in an account. */
export const ACCOUNT_ROLES = {
  'dms-vpc-role': 'service-role/AmazonDMSVPCManagementRole',
  'dms-cloudwatch-logs-role': 'service-role/AmazonDMSCloudWatchLogsRole',
} as const;

const SERVICE = 'dms.amazonaws.com';

/** The roles that a lake makes: those that the account does not have from this lake already. */
export function wantedRoles({ sis, replication, deployed }: Settings): string[] {
  if (sis.length === 0 || replication.accountRoles === 'exist') return [];
  const all = [...Object.keys(ACCOUNT_ROLES), ...(replication.serverless ? [SERVICE] : [])];
  return all.filter((role) => !deployed?.keptRoles.includes(role));
}

/**
 * The roles that DMS itself uses in an account: to put its instance into a VPC, and to write its logs. They stay
 * when the stack goes, as other users of DMS in the account need them too.
 * https://docs.aws.amazon.com/dms/latest/userguide/security-iam.html#CHAP_Security.APIRole
 */
export function accountRoles(scope: Construct, wanted: readonly string[]): void {
  for (const [roleName, policy] of Object.entries(ACCOUNT_ROLES)) {
    if (!wanted.includes(roleName)) continue;
    const role = new Role(scope, roleName, {
      roleName,
      assumedBy: new ServicePrincipal(SERVICE),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName(policy)],
    });
    role.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    acknowledge(
      role,
      'DMS demands this role with this policy of AWS by name.',
      `IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${policy}]`,
    );
  }
  if (wanted.includes(SERVICE)) serverlessRole(scope);
}

/**
 * By which DMS Serverless works in an account. Made here, so that no function needs the right to make roles.
 * https://docs.aws.amazon.com/dms/latest/userguide/slr-services-sl.html
 */
function serverlessRole(scope: Construct): void {
  const role = new CfnServiceLinkedRole(scope, 'serverless-role', {
    awsServiceName: SERVICE,
    description: 'DMS Serverless manages what its replications need',
  });
  role.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
}
