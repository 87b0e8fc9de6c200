import { Stack } from 'aws-cdk-lib';
import type { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledgeWide } from '../acknowledge.ts';
import { DEFAULT_DATABASE, databaseArns, tableArns } from '../pipeline/catalog-arns.ts';
import { catalogKeyRights } from '../pipeline/catalog-key.ts';
import type { Settings } from '../settings.ts';
import type { Zone } from '../storage/bucket-names.ts';
import type { StorageStack } from '../storage/storage-stack.ts';
import { checkPolicySize } from './policy-size.ts';

export interface PeoplePoliciesProps {
  readonly settings: Settings;
  readonly storage: StorageStack;
  readonly workgroups: Readonly<Record<'analysts' | 'stewards', CfnWorkGroup>>;
}

/**
 * What people may do, as policies of fixed names: a permission set of IAM Identity Center takes them by name, a role
 * takes them as they are. Where IAM decides, analysts read what the models make and stewards what was loaded too;
 * where Lake Formation does, it hands out the data itself and nobody reads a bucket.
 */
export function peoplePolicies(scope: Construct, props: PeoplePoliciesProps): void {
  const { campus } = props.settings;
  const sources = Object.keys(campus.sources);
  const byTags = props.settings.access.mode === 'lake-formation';
  audiencePolicy(scope, 'analyst', props, {
    workgroup: props.workgroups.analysts,
    answers: 'analysts',
    description: 'Analysts of the lake: questions in SQL',
    databases: byTags ? ['campus', ...sources] : ['campus'],
    zones: byTags ? [] : ['curated'],
  });
  audiencePolicy(scope, 'steward', props, {
    workgroup: props.workgroups.stewards,
    answers: 'stewards',
    description: 'Data stewards of the lake: also what was loaded, and the ledger',
    databases: ['campus', 'ops', 'lake_versions', ...sources],
    zones: byTags ? ['records'] : ['curated', 'staged', 'records'],
    // Tables of a SIS are read where their load lies.
    folders: byTags ? [] : props.settings.sis.map(([source]) => `raw/${source}/*`),
  });
}

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

/** The policy `<name>-<audience>`, for a permission set or a role. */
export function audiencePolicy(
  scope: Construct,
  audience: string,
  props: Pick<PeoplePoliciesProps, 'settings' | 'storage'>,
  allowed: Audience,
): void {
  const { settings, storage } = props;
  const stack = Stack.of(scope);
  const named = allowed.databases.map((database) => `${settings.databasePrefix}${database}`);
  const tables = tableArns(stack, named);
  const results = storage.buckets.results;
  const { raw } = storage.buckets;
  const folders = (allowed.folders ?? []).map((folder) => raw.arnForObjects(folder));
  const read = [
    ...allowed.zones.map((zone) => storage.buckets[zone]),
    results,
    ...(folders.length > 0 ? [raw] : []),
  ];
  // Beside these lie the answers of others, which hold what those may see.
  const answers = results.arnForObjects(`${allowed.answers}/*`);
  const files = [
    ...allowed.zones.map((zone) => storage.buckets[zone].arnForObjects('*')),
    ...folders,
    answers,
  ];
  const made = new ManagedPolicy(scope, `Policy-${audience}`, {
    managedPolicyName: `${settings.name}-${audience}`,
    // Another description would replace the policy, which its fixed name forbids.
    description: settings.deployed?.policies[audience] ?? allowed.description,
    statements: [
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
        sid: 'SeeTables',
        actions: [
          'glue:GetDatabase',
          'glue:GetDatabases',
          'glue:GetTable',
          'glue:GetTables',
          'glue:GetPartition',
          'glue:GetPartitions',
        ],
        resources: [...databaseArns(stack, named), ...tables],
      }),
      new PolicyStatement({
        sid: 'ReadAndKeepAnswers',
        actions: ['s3:GetObject', 's3:ListBucket', 's3:GetBucketLocation'],
        resources: [...read.map((bucket) => bucket.bucketArn), ...files],
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
    ],
  });
  checkPolicySize(made, `${settings.name}-${audience}`, 'the sources');
  acknowledgeWide(
    made,
    'Tables come and go with the catalog and the models; the databases are named.',
    ...tables,
  );
  acknowledgeWide(
    made,
    'A zone is read whole, or not at all; answers lie under names of their own.',
    ...files,
  );
  acknowledgeWide(
    made,
    'IAM has no resource for lists of names, nor for the data access of Lake Formation, which decides by its grants.',
    '*',
  );
}
