import { CfnOutput, RemovalPolicy } from 'aws-cdk-lib';
import { CompositePrincipal, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnNamespace, CfnWorkgroup } from 'aws-cdk-lib/aws-redshiftserverless';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { AwsPlaces } from '../../src/platform/aws/places.ts';
import { acknowledge, acknowledgeWide } from '../acknowledge.ts';
import { LakeStack } from '../lake-stack.ts';
import type { NetworkStack } from '../network/network-stack.ts';
import type { Settings } from '../settings.ts';
import type { StorageStack } from '../storage/storage-stack.ts';
import { usageLimit } from './usage-limit.ts';

export interface WarehouseStackProps {
  readonly settings: Settings;
  readonly storage: StorageStack;
  readonly network: NetworkStack;
}

const DATABASE = 'lake';
const PORT = 5439;
const ADMIN = 'lake_admin';

/** The smallest sizes that the service has: 4, then 8 and its multiples. */
const nextSize = (rpu: number) => (rpu < 8 ? 8 : rpu + 8);

/**
 * Redshift Serverless, which dashboards reach by JDBC. Asleep it costs nothing; awake it is bounded twice, in size
 * and in hours a day. It holds nothing that the lake has not, except what people make in it.
 */
export class WarehouseStack extends LakeStack {
  readonly places: NonNullable<AwsPlaces['warehouse']>;
  readonly workgroup: CfnWorkgroup;
  /** By which the pipeline loads. */
  readonly admin: Secret;

  constructor(scope: Construct, props: WarehouseStackProps) {
    const { settings } = props;
    super(scope, 'warehouse', settings, {
      description: `The warehouse of ${settings.campus.name}: curated tables over JDBC`,
    });
    this.after(props.storage, props.network);
    const loader = this.#loader(props.storage);
    // Not a password that Redshift keeps itself: CloudFormation does not tell where that lies.
    this.admin = this.#login(
      'Admin',
      ADMIN,
      props.storage,
      'The login by which the pipeline loads the warehouse',
      'The password opens nothing from outside of the VPC, and the pipeline alone reads it.',
    );
    const namespace = this.#namespace(props.storage, loader, this.admin);
    this.workgroup = this.#workgroup(props.network, namespace);
    // The pipeline makes this user, with this password.
    const reader = this.#login(
      'Reader',
      settings.campus.warehouse.readers,
      props.storage,
      'The read-only login of the dashboards to the warehouse',
      'Dashboards hold this password themselves: changed by night, it would leave them without data by day.',
    );
    usageLimit(this, {
      workgroupArn: this.workgroup.attrWorkgroupWorkgroupArn,
      rpuHoursPerDay: settings.warehouse.rpuHoursPerDay,
    });
    const host = this.workgroup.attrWorkgroupEndpointAddress;
    this.places = {
      workgroup: this.workgroup.workgroupName,
      database: DATABASE,
      host,
      port: PORT,
      // Makes users and swaps tables: rights that no other login has.
      loaderSecretArn: this.admin.secretArn,
      copyRoleArn: loader.roleArn,
      reader: { user: settings.campus.warehouse.readers, secretArn: reader.secretArn },
    };
    new CfnOutput(this, 'Jdbc', {
      description: `For dashboards: user ${settings.campus.warehouse.readers}, password in the secret ${this.named('warehouse-reader')}`,
      value: `jdbc:redshift://${host}:${PORT}/${DATABASE}`,
    });
    new CfnOutput(this, 'Odbc', {
      description: 'The same for ODBC',
      value: `Driver={Amazon Redshift (x64)}; Server=${host}; Port=${PORT}; Database=${DATABASE}`,
    });
  }

  #namespace({ key }: StorageStack, loader: Role, admin: Secret): CfnNamespace {
    const namespace = new CfnNamespace(this, 'Namespace', {
      namespaceName: this.settings.name,
      dbName: DATABASE,
      adminUsername: ADMIN,
      adminUserPassword: admin.secretValueFromJson('password').unsafeUnwrap(),
      kmsKeyId: key.keyArn,
      iamRoles: [loader.roleArn],
      logExports: ['userlog', 'connectionlog', 'useractivitylog'],
    });
    namespace.applyRemovalPolicy(this.settings.deletesData ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN);
    return namespace;
  }

  #workgroup({ subnets, warehouseGroup }: NetworkStack, namespace: CfnNamespace): CfnWorkgroup {
    const { rpu } = this.settings.warehouse;
    const workgroup = new CfnWorkgroup(this, 'Workgroup', {
      workgroupName: this.settings.name,
      namespaceName: namespace.namespaceName,
      baseCapacity: rpu,
      maxCapacity: nextSize(rpu),
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
    workgroup.addResourceDependency(namespace);
    return workgroup;
  }

  /** By which the warehouse reads curated files when it loads them. */
  #loader({ buckets, key }: StorageStack): Role {
    const role = new Role(this, 'Loader', {
      roleName: this.named('warehouse-loader'),
      description: 'Redshift reads curated tables to load them',
      assumedBy: new CompositePrincipal(
        ...['redshift', 'redshift-serverless'].map(
          (service) =>
            new ServicePrincipal(`${service}.amazonaws.com`, {
              conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
            }),
        ),
      ),
    });
    const files = buckets.curated.arnForObjects('*');
    const allow = (actions: string[], ...resources: string[]) =>
      role.addToPolicy(new PolicyStatement({ actions, resources }));
    allow(['s3:GetObject'], files);
    allow(['s3:ListBucket', 's3:GetBucketLocation'], buckets.curated.bucketArn);
    allow(['kms:Decrypt'], key.keyArn);
    acknowledgeWide(role, 'It reads the curated zone, all of it and nothing else.', files);
    return role;
  }

  /** A login of the warehouse, and its password, made by AWS and never changed by itself. */
  #login(id: string, username: string, { key }: StorageStack, says: string, whyNotRotated: string): Secret {
    const secret = new Secret(this, id, {
      secretName: this.named(`warehouse-${id.toLowerCase()}`),
      description: says,
      encryptionKey: key,
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ username }),
        generateStringKey: 'password',
        passwordLength: 32,
        excludeCharacters: `/@"'\\ `,
      },
      removalPolicy: this.settings.deletesData ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
    acknowledge(secret, whyNotRotated, 'SMG4');
    return secret;
  }
}
