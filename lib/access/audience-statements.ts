import { Stack } from 'aws-cdk-lib';
import type { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { DEFAULT_DATABASE, databaseArns, tableArns } from '../pipeline/catalog-arns.ts';
import { catalogKeyRights } from '../pipeline/catalog-key.ts';
import type { Settings } from '../settings.ts';
import type { Zone } from '../storage/bucket-names.ts';
import type { StorageStack } from '../storage/storage-stack.ts';

/** What the people of an audience may read where. */
export interface Audience {
  /** In which they ask. */
  readonly workgroup: CfnWorkGroup;
  /** The folder of their answers. */
  readonly answers: string;
  readonly description: string;
  readonly databases: readonly string[];
  /** Zones whose files are read directly. */
  readonly zones: readonly Zone[];
  /** Folders of the raw zone that are. Default: none. */
  readonly folders?: readonly string[];
}

export interface AudienceParts {
  readonly settings: Settings;
  readonly storage: StorageStack;
}

/** What a policy grows by: a database whose tables are seen, or a folder of the raw zone that is read. */
export type Grown = { readonly database: string } | { readonly folder: string };

/** To see the tables of databases, and to read the folders. */
export function grownStatements(
  scope: Construct,
  { storage: { buckets } }: AudienceParts,
  items: readonly Grown[],
): PolicyStatement[] {
  const stack = Stack.of(scope);
  const databases = items.flatMap((item) => ('database' in item ? [item.database] : []));
  const folders = items.flatMap((item) => ('folder' in item ? [buckets.raw.arnForObjects(item.folder)] : []));
  const statements: PolicyStatement[] = [];
  if (databases.length > 0)
    statements.push(
      new PolicyStatement({
        sid: 'SeeTables',
        actions: [
          'glue:GetDatabase',
          'glue:GetDatabases',
          'glue:GetTable',
          'glue:GetTables',
          'glue:GetPartition',
          'glue:GetPartitions',
        ],
        resources: [...databaseArns(stack, databases), ...tableArns(stack, databases)],
      }),
    );
  if (folders.length > 0)
    statements.push(
      new PolicyStatement({
        sid: 'ReadLoads',
        actions: ['s3:GetObject', 's3:ListBucket', 's3:GetBucketLocation'],
        resources: [buckets.raw.bucketArn, ...folders],
      }),
    );
  return statements;
}

/** What an audience may do however many sources there are: ask, see what there is to ask, and keep the answers. */
export function fixedStatements(
  scope: Construct,
  { settings, storage }: AudienceParts,
  allowed: Pick<Audience, 'workgroup' | 'answers' | 'zones'>,
): PolicyStatement[] {
  const stack = Stack.of(scope);
  const { results } = storage.buckets;
  const read = [...allowed.zones.map((zone) => storage.buckets[zone]), results];
  // Beside these lie the answers of others, which hold what those may see.
  const answers = results.arnForObjects(`${allowed.answers}/*`);
  const files = allowed.zones.map((zone) => storage.buckets[zone].arnForObjects('*'));
  return [
    new PolicyStatement({
      sid: 'Ask',
      actions: [
        'athena:StartQueryExecution',
        'athena:StopQueryExecution',
        'athena:GetQueryExecution',
        'athena:BatchGetQueryExecution',
        'athena:GetQueryResults',
        'athena:GetQueryResultsStream',
        'athena:GetQueryRuntimeStatistics',
        'athena:ListQueryExecutions',
        'athena:GetWorkGroup',
        'athena:GetNamedQuery',
        'athena:BatchGetNamedQuery',
        'athena:ListNamedQueries',
      ],
      resources: [
        stack.formatArn({
          service: 'athena',
          resource: 'workgroup',
          resourceName: allowed.workgroup.name,
        }),
      ],
    }),
    new PolicyStatement({
      sid: 'SeeTheCatalog',
      actions: [
        'athena:GetDataCatalog',
        'athena:ListDatabases',
        'athena:GetDatabase',
        'athena:ListTableMetadata',
        'athena:GetTableMetadata',
      ],
      resources: [
        stack.formatArn({ service: 'athena', resource: 'datacatalog', resourceName: 'AwsDataCatalog' }),
      ],
    }),
    // By these the console, and clients, list what one can choose: names, and nothing behind them.
    new PolicyStatement({
      sid: 'Choose',
      actions: ['athena:ListWorkGroups', 'athena:ListDataCatalogs', 'athena:ListEngineVersions'],
      resources: ['*'],
    }),
    new PolicyStatement({
      sid: 'AsAthenaDoes',
      actions: ['glue:GetDatabase', 'glue:GetCatalogImportStatus'],
      resources: databaseArns(stack, [DEFAULT_DATABASE]),
    }),
    new PolicyStatement({
      sid: 'ReadAndKeepAnswers',
      actions: ['s3:GetObject', 's3:ListBucket', 's3:GetBucketLocation'],
      resources: [...read.map(({ bucketArn }) => bucketArn), ...files, answers],
    }),
    new PolicyStatement({
      sid: 'WriteAnswers',
      actions: ['s3:PutObject', 's3:AbortMultipartUpload'],
      resources: [answers],
    }),
    new PolicyStatement({
      sid: 'Unlock',
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [storage.key.keyArn],
    }),
    ...catalogKeyRights(stack, settings),
    ...(settings.access.mode === 'iam'
      ? []
      : [
          new PolicyStatement({
            sid: 'ByTags',
            actions: ['lakeformation:GetDataAccess'],
            resources: ['*'],
          }),
        ]),
  ];
}
