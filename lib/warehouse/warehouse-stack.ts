import { CfnOutput } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnWorkgroup } from 'aws-cdk-lib/aws-redshiftserverless';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { AwsPlaces } from '../../src/platform/aws/places.ts';
import { exported } from '../exported.ts';
import { LakeStack } from '../lake-stack.ts';
import type { NetworkStack } from '../network/network-stack.ts';
import type { Settings } from '../settings.ts';
import { usageLimit } from './usage-limit.ts';
import type { WarehouseDataStack } from './warehouse-data-stack.ts';

export interface WarehouseStackProps {
  readonly settings: Settings;
  readonly data: WarehouseDataStack;
  readonly network: NetworkStack;
  /** Under which logs lie. Default: CloudWatch's own. */
  readonly logKey?: IKey;
}

const PORT = 5439;

/**
 * Redshift Serverless, which dashboards reach by JDBC. Asleep it costs nothing; awake it is bounded twice, in size
 * and in hours a day. What it holds outlives it: see `WarehouseDataStack`.
 */
export class WarehouseStack extends LakeStack {
  readonly places: NonNullable<AwsPlaces['warehouse']>;
  readonly workgroup: CfnWorkgroup;
  /** The login by which the pipeline loads. */
  readonly admin: ISecret;

  constructor(scope: Construct, props: WarehouseStackProps) {
    const { settings } = props;
    super(scope, 'warehouse', settings, {
      description: `The warehouse of ${settings.campus.name}: curated tables over JDBC`,
    });
    this.after(props.data, props.network);
    const { namespace, loader, admin, reader } = props.data;
    this.admin = admin;
    this.workgroup = this.#workgroup(props.network, namespace.name);
    usageLimit(this, {
      workgroupArn: this.workgroup.attrWorkgroupWorkgroupArn,
      rpuHoursPerDay: settings.warehouse.rpuHoursPerDay,
      logKey: props.logKey,
    });
    const host = this.workgroup.attrWorkgroupEndpointAddress;
    this.places = {
      workgroup: this.workgroup.workgroupName,
      database: namespace.database,
      host,
      port: PORT,
      loaderSecretArn: admin.secretArn,
      copyRoleArn: loader.roleArn,
      reader: { user: settings.campus.warehouse.readOnlyUser, secretArn: reader.secretArn },
    };
    exported(this, settings, {
      'warehouse/workgroup': [this.workgroup.workgroupName, 'Workgroup of Redshift Serverless'],
      'warehouse/host': [host, 'Address of the warehouse'],
      'warehouse/database': [namespace.database, 'Its database'],
      'warehouse/reader-secret': [reader.secretArn, 'Secret with the login of the dashboards'],
      'warehouse/security-group': [
        props.network.warehouseGroup.securityGroupId,
        'Security group of the warehouse: let in by it from the same VPC',
      ],
    });
    new CfnOutput(this, 'Jdbc', {
      description: `For dashboards: user ${settings.campus.warehouse.readOnlyUser}, password in the secret ${this.named('warehouse-reader')}`,
      value: `jdbc:redshift://${host}:${PORT}/${namespace.database}`,
    });
    new CfnOutput(this, 'Odbc', {
      description: 'The same for ODBC',
      value: `Driver={Amazon Redshift (x64)}; Server=${host}; Port=${PORT}; Database=${namespace.database}`,
    });
  }

  #workgroup({ subnets, warehouseGroup }: NetworkStack, namespaceName: string): CfnWorkgroup {
    const { rpu, maxRpu } = this.settings.warehouse;
    return new CfnWorkgroup(this, 'Workgroup', {
      workgroupName: this.settings.name,
      namespaceName,
      baseCapacity: rpu,
      maxCapacity: maxRpu,
      port: PORT,
      publiclyAccessible: false,
      enhancedVpcRouting: false,
      subnetIds: [...subnets.warehouse],
      securityGroupIds: [warehouseGroup.securityGroupId],
      configParameters: [
        { parameterKey: 'require_ssl', parameterValue: 'true' },
        { parameterKey: 'enable_user_activity_logging', parameterValue: 'true' },
        // A forgotten query must not keep the warehouse awake all night: one hour, in seconds.
        { parameterKey: 'max_query_execution_time', parameterValue: '3600' },
      ],
    });
  }
}
