import { ArnFormat, type Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { pseudonymSecrets } from '../../src/campus/pseudonym-secrets.ts';
import { isLms, roleOf, type SourceRole } from '../../src/campus/source-role.ts';
import { FEATURES } from '../../src/features.ts';
import { REGISTER_FOLDER, STAGING_FOLDER } from '../../src/platform/aws/places.ts';
import type { SecretRef } from '../../src/ports/secrets.ts';
import { changesPrefix, loadPrefix } from '../../src/sis/raw-layout.ts';
import { secretArn, secretKeyRights } from '../sis/secret-of.ts';
import { sparkJobName } from '../transform/spark-job-name.ts';
import { DEFAULT_DATABASE, databaseArns, tableArns } from './catalog-arns.ts';
import { catalogKeyRights } from './catalog-key.ts';
import { historyOf, type LakeParts } from './places.ts';
import { replicationRights } from './replication-rights.ts';

type Bucket = 'raw' | 'staged' | 'curated' | 'results' | 'records';

const allow = (actions: string[], ...resources: string[]): PolicyStatement[] =>
  resources.length === 0 ? [] : [new PolicyStatement({ actions, resources })];

/** Rights by what they are for. */
export class Rights {
  readonly #stack: Stack;
  readonly #parts: LakeParts;

  constructor(stack: Stack, parts: LakeParts) {
    this.#stack = stack;
    this.#parts = parts;
  }

  /** State, rows, and the texts too long for either. No scans: what is asked for has a key. */
  ledger(): PolicyStatement[] {
    const { tableArn } = this.#parts.storage.tables.ledger;
    const actions = ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'];
    return [
      ...allow(
        actions.map((action) => `dynamodb:${action}`),
        tableArn,
      ),
      ...this.records('ledger/*', 'runs/*'),
    ];
  }

  limits(): PolicyStatement[] {
    return allow(['dynamodb:GetItem', 'dynamodb:PutItem'], this.#parts.storage.tables.limits.tableArn);
  }

  key(): PolicyStatement[] {
    return allow(['kms:Decrypt', 'kms:GenerateDataKey'], this.#parts.storage.key.keyArn);
  }

  records(...keys: string[]): PolicyStatement[] {
    return this.write('records', ...keys);
  }

  read(bucket: Bucket, ...keys: string[]): PolicyStatement[] {
    return [...allow(['s3:GetObject'], ...this.#objects(bucket, keys)), ...this.#list(bucket)];
  }

  remove(bucket: Bucket, ...keys: string[]): PolicyStatement[] {
    return [...allow(['s3:DeleteObject'], ...this.#objects(bucket, keys)), ...this.#list(bucket)];
  }

  write(bucket: Bucket, ...keys: string[]): PolicyStatement[] {
    const actions = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'];
    return [...allow(actions, ...this.#objects(bucket, keys)), ...this.#list(bucket)];
  }

  /** Athena works with the rights of the caller, its results included. */
  queries(): PolicyStatement[] {
    const verbs = ['StartQueryExecution', 'GetQueryExecution', 'GetQueryResults', 'StopQueryExecution'];
    const arn = (resource: string, resourceName: string) =>
      this.#stack.formatArn({ service: 'athena', resource, resourceName });
    return [
      ...allow(
        verbs.map((verb) => `athena:${verb}`),
        arn('workgroup', this.#parts.serve.pipeline.name),
      ),
      ...allow(['athena:GetDataCatalog'], arn('datacatalog', 'AwsDataCatalog')),
      ...allow(['glue:GetDatabase'], ...databaseArns(this.#stack, [DEFAULT_DATABASE])),
      ...this.write('results', '*'),
      ...(this.#parts.settings.access.mode === 'iam' ? [] : allow(['lakeformation:GetDataAccess'], '*')),
    ];
  }

  /** The lake's own databases and their tables, and nobody else's. */
  catalog(): PolicyStatement[] {
    const { storage } = this.#parts;
    const names = [...storage.databases.values()];
    const read = ['GetDatabase', 'GetDatabases', 'GetTable', 'GetTables', 'GetPartitions'];
    const change = ['CreateTable', 'UpdateTable', 'DeleteTable', 'BatchDeleteTable'];
    return [
      ...allow(
        [...read, ...change].map((verb) => `glue:${verb}`),
        ...databaseArns(this.#stack, names),
        ...tableArns(this.#stack, names),
      ),
      ...this.catalogKey(),
    ];
  }

  /** To use the key of a catalog that is encrypted. */
  catalogKey(): PolicyStatement[] {
    return catalogKeyRights(this.#stack, this.#parts.settings);
  }

  /** To have models built by the Spark job, where there is one. */
  sparkJob(): PolicyStatement[] {
    const { settings } = this.#parts;
    if (settings.spark.models.length === 0) return [];
    const job = this.#stack.formatArn({
      service: 'glue',
      resource: 'job',
      resourceName: sparkJobName(settings),
    });
    return [...allow(['glue:StartJobRun', 'glue:GetJobRun'], job), ...this.records('spark-tasks/*')];
  }

  /**
   * To say of the columns of shown tables what they tell about people, and to make the access mode true of every table;
   * Lake Formation's own grants narrow it.
   */
  tags(): PolicyStatement[] {
    const byTags = this.#parts.settings.access.mode !== 'iam';
    if (!byTags) return [];
    const modes = ['ListPermissions', 'BatchGrantPermissions', 'BatchRevokePermissions'];
    return allow(
      ['AddLFTagsToResource', ...modes].map((verb) => `lakeformation:${verb}`),
      '*',
    );
  }

  /** To read what people asked Athena, and in the account's trail who did. */
  history(): PolicyStatement[] {
    const { settings } = this.#parts;
    const { workgroups, trail } = historyOf(settings);
    const groups = workgroups.map((name) =>
      this.#stack.formatArn({
        service: 'athena',
        resource: 'workgroup',
        resourceName: `${settings.name}-${name}`,
      }),
    );
    const { partition, account, region } = this.#stack;
    const folder = `AWSLogs/${account}/CloudTrail/${region}`;
    return [
      ...allow(['athena:ListQueryExecutions', 'athena:BatchGetQueryExecution'], ...groups),
      ...(trail
        ? [
            ...allow(['s3:GetObject'], `arn:${partition}:s3:::${trail.bucket}/${trail.prefix}${folder}/*`),
            ...allow(['s3:ListBucket'], `arn:${partition}:s3:::${trail.bucket}`),
          ]
        : []),
    ];
  }

  replication(): PolicyStatement[] {
    const { sis } = this.#parts;
    return sis ? replicationRights(this.#stack, sis) : [];
  }

  warehouse(): PolicyStatement[] {
    const { warehouse } = this.#parts;
    if (!warehouse) return [];
    const group = warehouse.workgroup.attrWorkgroupWorkgroupArn;
    return [
      ...allow(['redshift-data:ExecuteStatement', 'redshift-data:BatchExecuteStatement'], group),
      ...allow(['redshift-serverless:GetCredentials'], group),
      // A statement has no ARN; the service shows each only to its caller.
      ...allow(['redshift-data:DescribeStatement', 'redshift-data:GetStatementResult'], '*'),
      ...allow(
        ['secretsmanager:GetSecretValue'],
        warehouse.places.reader.secretArn,
        warehouse.admin.secretArn,
      ),
    ];
  }

  topic(): PolicyStatement[] {
    return allow(['sns:Publish'], this.#parts.notify.topic.topicArn);
  }

  /** To see whether the execution that holds an unfinished run is still alive. */
  executions(): PolicyStatement[] {
    const arn = this.#stack.formatArn({
      service: 'states',
      resource: 'execution',
      resourceName: `${this.#parts.settings.name}-nightly:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    return allow(['states:DescribeExecution'], arn);
  }

  secrets(refs: readonly SecretRef[]): PolicyStatement[] {
    const names = refs.flatMap((ref) => ('secretsManager' in ref ? [ref.secretsManager] : []));
    const arns = [...new Set(names)].map((name) => secretArn(this.#stack, name));
    const read = allow(['secretsmanager:GetSecretValue'], ...arns);
    return arns.length === 0 ? [] : [...read, ...secretKeyRights(this.#stack, this.#parts.settings)];
  }

  lmsSecrets(): SecretRef[] {
    return Object.values(this.#parts.settings.campus.sources).flatMap((source) =>
      isLms(source) ? [source.clientId, source.clientSecret] : [],
    );
  }

  pseudonymSecrets(): SecretRef[] {
    return pseudonymSecrets(this.#parts.settings.campus);
  }

  notifySecrets(): SecretRef[] {
    return this.#parts.settings.campus.notify.flatMap((way) => {
      const authority = 'ca' in way && way.ca ? [way.ca] : [];
      if (way.kind === 'subscription')
        return [way.url, way.secret, ...(way.previousSecret ? [way.previousSecret] : []), ...authority];
      if ('url' in way) return [way.url, ...authority];
      return 'password' in way && way.password ? [way.password, ...authority] : authority;
    });
  }

  /** To take people on the suppression list out of what was loaded, and of what features keep besides their tables. */
  erasing(): PolicyStatement[] {
    return [
      ...this.records(`${REGISTER_FOLDER}*`),
      ...this.write('raw', ...this.foldersOf('lms'), ...this.foldersOf('sis')),
      ...FEATURES.flatMap(({ people, rights }) =>
        people ? this.records(...(rights?.read ?? []), ...(rights?.write ?? [])) : [],
      ),
    ];
  }

  /** To read everything that the lake keeps, earlier versions too. */
  scanning(): PolicyStatement[] {
    const { buckets, tables } = this.#parts.storage;
    return [
      ...allow(['s3:GetObjectVersion'], ...Object.values(buckets).map((bucket) => bucket.arnForObjects('*'))),
      ...allow(['dynamodb:Scan'], tables.ledger.tableArn),
    ];
  }

  /** To remove what a bucket keeps of objects that were replaced. */
  forgetting(...buckets: Bucket[]): PolicyStatement[] {
    return buckets.flatMap((bucket) => [
      ...allow(['s3:ListBucketVersions'], this.#parts.storage.buckets[bucket].bucketArn),
      ...allow(['s3:DeleteObjectVersion'], ...this.#objects(bucket, ['*'])),
    ]);
  }

  /** Where tables lie that live no longer than a staging. */
  staging(): PolicyStatement[] {
    return this.write('raw', `${STAGING_FOLDER}/*`);
  }

  /** What says of each load of an LMS what it is, and holds nothing of what was loaded. */
  lmsManifests(): string[] {
    return this.foldersOf('lms').map((folder) => `${folder}/manifest.json`);
  }

  /** Folders of the raw zone of all sources of one role. */
  foldersOf(role: SourceRole): string[] {
    const sources = Object.entries(this.#parts.settings.campus.sources);
    return sources
      .filter(([, source]) => roleOf(source) === role)
      .flatMap(([name]) => [loadPrefix(name, '*'), ...(role === 'sis' ? [`${changesPrefix(name)}/*`] : [])]);
  }

  #objects(bucket: Bucket, keys: readonly string[]): string[] {
    return keys.map((key) => this.#parts.storage.buckets[bucket].arnForObjects(key));
  }

  #list(bucket: Bucket): PolicyStatement[] {
    return allow(['s3:ListBucket', 's3:GetBucketLocation'], this.#parts.storage.buckets[bucket].bucketArn);
  }
}
