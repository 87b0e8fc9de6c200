import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { BackupPlan, BackupPlanRule, BackupResource, BackupVault } from 'aws-cdk-lib/aws-backup';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { Settings } from '../settings.ts';
import { bucketName } from './bucket-names.ts';
import { tableName } from './ledger-tables.ts';

/** By these AWS Backup reads and restores what it keeps; AWS maintains them. */
const POLICIES = [
  'service-role/AWSBackupServiceRolePolicyForBackup',
  'AWSBackupServiceRolePolicyForS3Backup',
];

/**
 * A copy a day of the ledger and the records, which no role of the lake may delete: what a mistake of the pipeline, or
 * somebody with its rights, could ruin. Raw files are not in it, which would need versions that DMS times out over.
 */
export function dailyBackups(scope: Construct, key: IKey, settings: Settings, keepDays: number): void {
  const stack = Stack.of(scope);
  const vault = new BackupVault(scope, 'Vault', {
    backupVaultName: settings.name,
    encryptionKey: key,
    removalPolicy: settings.deletesData ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
  });
  const plan = new BackupPlan(scope, 'Backups', { backupPlanName: settings.name, backupVault: vault });
  plan.addRule(
    new BackupPlanRule({
      ruleName: 'daily',
      scheduleExpression: Schedule.cron({ hour: '12', minute: '0' }),
      startWindow: Duration.hours(1),
      completionWindow: Duration.hours(8),
      deleteAfter: Duration.days(keepDays),
    }),
  );
  const role = new Role(scope, 'BackupRole', {
    roleName: `${settings.name}-backup`,
    description: 'AWS Backup copies the ledger and the records of the lake',
    assumedBy: new ServicePrincipal('backup.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
    }),
    managedPolicies: POLICIES.map((policy) => ManagedPolicy.fromAwsManagedPolicyName(policy)),
  });
  acknowledge(
    role,
    'AWS keeps the rights of its backups in these, which its documentation demands.',
    ...POLICIES.map((policy) => `IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${policy}]`),
  );
  plan.addSelection('Kept', {
    backupSelectionName: `${settings.name}-ledger-and-records`,
    role,
    resources: [
      BackupResource.fromArn(
        stack.formatArn({
          service: 'dynamodb',
          resource: 'table',
          resourceName: tableName(settings, 'ledger'),
        }),
      ),
      BackupResource.fromArn(
        stack.formatArn({
          service: 's3',
          region: '',
          account: '',
          resource: bucketName(settings, 'records'),
        }),
      ),
    ],
    disableDefaultBackupPolicy: true,
  });
}
