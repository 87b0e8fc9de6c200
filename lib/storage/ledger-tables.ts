import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { Settings } from '../settings.ts';

/** `ledger`: state records and ops rows. `limits`: what was asked of the sources in the last minutes. */
export const tableName = ({ name }: Settings, table: 'ledger' | 'limits'): string => `${name}-${table}`;

/** Paid by the request: a nightly run makes some thousands. */
export function ledgerTables(scope: Construct, key: IKey, settings: Settings): void {
  const { deletesData } = settings;
  new Table(scope, 'Ledger', {
    tableName: tableName(settings, 'ledger'),
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    sortKey: { name: 'sk', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    encryption: TableEncryption.CUSTOMER_MANAGED,
    encryptionKey: key,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: !deletesData,
    removalPolicy: deletesData ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  const limits = new Table(scope, 'Limits', {
    tableName: tableName(settings, 'limits'),
    partitionKey: { name: 'bucket', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    timeToLiveAttribute: 'expires',
    encryption: TableEncryption.CUSTOMER_MANAGED,
    encryptionKey: key,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  acknowledge(limits, 'It counts requests of the last minutes, which nobody needs back.', 'DDB3');
}
