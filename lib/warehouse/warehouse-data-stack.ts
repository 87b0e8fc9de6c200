import { RemovalPolicy } from 'aws-cdk-lib';
import { CompositePrincipal, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnNamespace } from 'aws-cdk-lib/aws-redshiftserverless';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { acknowledge, acknowledgeWide } from '../acknowledge.ts';
import { LakeStack } from '../lake-stack.ts';
import type { Settings } from '../settings.ts';
import type { StorageStack } from '../storage/storage-stack.ts';

export interface WarehouseDataStackProps {
  readonly settings: Settings;
  readonly storage: StorageStack;
}

const DATABASE = 'lake';
const ADMIN = 'lake_admin';

/**
 * What of the warehouse outlives it: the namespace, in which people may have made tables of their own, and the two
 * logins, whose passwords the namespace and the dashboards hold. Protected as the storage is, so that a warehouse that
 * was taken down or switched off comes back to what it had. Without a workgroup it costs what it stores.
 */
export class WarehouseDataStack extends LakeStack {
  readonly namespace: { readonly name: string; readonly database: string };
  /** By which the warehouse reads curated tables. */
  readonly loader: Role;
  /** By which the pipeline loads: it makes users and swaps tables, rights that no other login has. */
  readonly admin: Secret;
  /** The read-only login of the dashboards: the pipeline makes this user, with this password. */
  readonly reader: Secret;

  constructor(scope: Construct, { settings, storage }: WarehouseDataStackProps) {
    super(scope, 'warehouse-data', settings, {
      description: `What outlives the warehouse of ${settings.campus.name}: its namespace, its logins`,
      holdsData: true,
    });
    this.after(storage);
    this.loader = this.#loader(storage);
    // Not a password that Redshift keeps itself: CloudFormation does not tell where that lies.
    this.admin = this.#login(
      'Admin',
      ADMIN,
      storage,
      'The login by which the pipeline loads the warehouse',
      'The password opens nothing from outside of the VPC, and the pipeline alone reads it.',
    );
    this.reader = this.#login(
      'Reader',
      settings.campus.warehouse.readOnlyUser,
      storage,
      'The read-only login of the dashboards to the warehouse',
      'Dashboards hold this password themselves: changed by night, it would leave them without data by day.',
    );
    const { namespaceName: name } = this.#namespace(storage);
    this.namespace = { name, database: DATABASE };
  }

  #namespace({ key }: StorageStack): CfnNamespace {
    const namespace = new CfnNamespace(this, 'Namespace', {
      namespaceName: this.settings.name,
      dbName: DATABASE,
      adminUsername: ADMIN,
      adminUserPassword: this.admin.secretValueFromJson('password').unsafeUnwrap(),
      kmsKeyId: key.keyArn,
      iamRoles: [this.loader.roleArn],
      logExports: ['userlog', 'connectionlog', 'useractivitylog'],
    });
    namespace.applyRemovalPolicy(
      this.settings.deletesData ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    );
    return namespace;
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
        // It goes into connection strings, where most other characters mean something.
        excludePunctuation: true,
      },
      removalPolicy: this.settings.deletesData
        ? RemovalPolicy.DESTROY
        : RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    acknowledge(secret, whyNotRotated, 'SMG4');
    return secret;
  }
}
