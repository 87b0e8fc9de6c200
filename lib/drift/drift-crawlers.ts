import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnCrawler, CfnDatabase } from 'aws-cdk-lib/aws-glue';
import { PolicyStatement, type Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { LakeRole } from '../access/lake-role.ts';
import { acknowledge, acknowledgeWide } from '../acknowledge.ts';
import { databaseArns, tableArns } from '../pipeline/catalog-arns.ts';
import { catalogKeyRights } from '../pipeline/catalog-key.ts';
import type { Settings } from '../settings.ts';
import { OPEN_TO_IAM } from '../storage/databases.ts';
import type { StorageStack } from '../storage/storage-stack.ts';
import { driftDatabase, driftPlaces, driftRole } from './drift-places.ts';

export interface DriftCrawlersProps {
  readonly settings: Settings;
  readonly storage: StorageStack;
}

/** Where a table's folder stands in `bucket/raw/<source>/<load>/<schema>/<table>`, the bucket being 1. */
const TABLE_LEVEL = 6;

/**
 * A crawler over the raw files of each SIS, which tells what the catalog does not know. It has no schedule: the run
 * shows it the load of the night, as often as `driftDays` says. It writes to a database of its own, and never to a
 * table that people query: the catalog says what those are.
 */
export class DriftCrawlers extends Construct {
  constructor(scope: Construct, id: string, { settings, storage }: DriftCrawlersProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const places = Object.entries(driftPlaces(settings) ?? {});
    const name = driftDatabase(settings);
    const database = this.#database(stack, name);
    const role = this.#role(settings, storage);
    for (const [source, place] of places) {
      const crawler = new CfnCrawler(this, `Crawler-${source}`, {
        name: place.crawler,
        description: `Looks for what the catalog does not know of ${source}; the run says where and when`,
        role: role.roleArn,
        databaseName: name,
        targets: { s3Targets: [{ path: `s3://${storage.buckets.raw.bucketName}/raw/${source}/` }] },
        schemaChangePolicy: { updateBehavior: 'LOG', deleteBehavior: 'LOG' },
        // Where Lake Formation hands out the raw files, it refuses a crawler that does not ask it.
        ...(settings.access.mode === 'lake-formation' && {
          lakeFormationConfiguration: { useLakeFormationCredentials: true },
        }),
        recrawlPolicy: { recrawlBehavior: 'CRAWL_EVERYTHING' },
        configuration: JSON.stringify({
          Version: 1,
          Grouping: {
            TableGroupingPolicy: 'CombineCompatibleSchemas',
            TableLevelConfiguration: TABLE_LEVEL,
          },
        }),
      });
      crawler.addResourceDependency(database);
      crawler.node.addDependency(role);
      acknowledge(crawler, 'Its log names tables and columns, and holds no row of any of them.', 'GL1');
    }
  }

  /** Of IAM's alone, whatever Lake Formation decides elsewhere: it holds names of columns, and nobody asks it. */
  #database(stack: Stack, name: string): CfnDatabase {
    const database = new CfnDatabase(this, 'Database', {
      catalogId: stack.account,
      databaseInput: {
        name,
        description: 'What the crawlers saw in the raw zone; made again by each crawl',
        createTableDefaultPermissions: OPEN_TO_IAM,
      },
    });
    database.applyRemovalPolicy(RemovalPolicy.DESTROY);
    return database;
  }

  /** Reads the raw files of the SIS, writes to its own database and to its log. */
  #role(settings: Settings, { buckets, key }: StorageStack): Role {
    const stack = Stack.of(this);
    const role = new LakeRole(this, 'Role', {
      roleName: driftRole(settings),
      description: 'The crawlers read the raw files of the SIS',
      assumedBy: new ServicePrincipal('glue.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
      }),
    });
    const allow = (actions: string[], resources: string[], conditions?: Record<string, unknown>) =>
      role.addToPolicy(new PolicyStatement({ actions, resources, conditions }));
    const files = settings.sis.map(([source]) => buckets.raw.arnForObjects(`raw/${source}/*`));
    allow(['s3:GetObject'], files);
    allow(['s3:ListBucket', 's3:GetBucketLocation'], [buckets.raw.bucketArn]);
    allow(['kms:Decrypt'], [key.keyArn]);
    if (settings.access.mode === 'lake-formation') allow(['lakeformation:GetDataAccess'], ['*']);
    const verbs = ['GetDatabase', 'GetTable', 'GetTables', 'CreateTable', 'UpdateTable'];
    const partitions = ['BatchGetPartition', 'BatchCreatePartition', 'GetPartitions', 'UpdatePartition'];
    const database = [driftDatabase(settings)];
    const tables = tableArns(stack, database);
    allow(
      [...verbs, ...partitions].map((verb) => `glue:${verb}`),
      [...databaseArns(stack, database), ...tables],
    );
    for (const right of catalogKeyRights(stack, settings)) role.addToPolicy(right);
    // Crawlers of an account share one log.
    const logs = ['log-group:/aws-glue/crawlers', 'log-group:/aws-glue/crawlers:log-stream:*'].map(
      (resource) => stack.formatArn({ service: 'logs', resource, arnFormat: ArnFormat.NO_RESOURCE_NAME }),
    );
    allow(['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], logs);
    acknowledgeWide(
      role,
      'Files below the folders of the SIS, tables of a database of its own, streams of one log; IAM has no resource for the data access of Lake Formation.',
      ...files,
      ...tables,
      ...logs.filter((arn) => arn.includes('*')),
      '*',
    );
    return role;
  }
}
