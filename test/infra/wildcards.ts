import { FUNCTION_NAMES } from '../../lib/pipeline/functions.ts';
import { filledIn, statementsOf } from '../conformance/infra/policy.ts';
import type { Deployed, Resource } from './deployed.ts';
import { isOnAllOnly } from './iam-reference.ts';

/** A right of functions over more than one thing, and why it cannot be narrower. */
interface Wildcard {
  /** Functions, by the names of their roles. */
  readonly of: readonly string[];
  readonly may: readonly string[];
  readonly on: string;
  readonly why: string;
}

const READ = ['s3:GetObject'];
const WRITE = ['s3:AbortMultipartUpload', 's3:DeleteObject', 's3:GetObject', 's3:PutObject'];
const TABLES = ['BatchDeleteTable', 'CreateTable', 'DeleteTable', 'GetPartitions', 'GetTable', 'GetTables']
  .concat('GetDatabase', 'GetDatabases', 'UpdateTable')
  .map((verb) => `glue:${verb}`);
const SQL = ['stage', 'models', 'sweep'];
const OBJECTS = 'objects are named by load and file; the folder is the narrowest that is known beforehand';
const OWN_TABLES = 'tables come with the catalog and the models; the databases are the lake’s own';
const NO_ARN = 'AWS has no resource for it';
const SUFFIX = 'six characters that Secrets Manager chooses are behind a name';
const LATER = 'its name is chosen by AWS when it is made';

/** Every right of a function with a wildcard. What is not here, no function may have. */
const WILDCARDS: readonly Wildcard[] = [
  {
    of: FUNCTION_NAMES,
    may: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
    on: '*',
    why: `traces: ${NO_ARN}`,
  },
  { of: FUNCTION_NAMES, may: WRITE, on: 'records/ledger/*', why: OBJECTS },
  { of: FUNCTION_NAMES, may: WRITE, on: 'records/runs/*', why: OBJECTS },
  { of: ['lms'], may: WRITE, on: 'raw/raw/canvas/*', why: OBJECTS },
  { of: ['sis', 'sweep'], may: WRITE, on: 'raw/raw/sis/*', why: OBJECTS },
  { of: ['sis', 'sweep'], may: WRITE, on: 'raw/raw/sis-changes/*', why: OBJECTS },
  { of: ['models'], may: READ, on: 'raw/raw/sis/*', why: OBJECTS },
  { of: ['models'], may: READ, on: 'raw/raw/sis-changes/*', why: OBJECTS },
  {
    of: ['models', 'sweep'],
    may: READ,
    on: 'raw/raw/canvas/*/manifest.json',
    why: `not what was loaded: ${OBJECTS}`,
  },
  { of: ['sweep'], may: ['s3:DeleteObject'], on: 'raw/raw/canvas/*', why: OBJECTS },
  { of: ['stage'], may: READ, on: 'raw/raw/*', why: `it stages every source: ${OBJECTS}` },
  { of: ['stage', 'sweep'], may: WRITE, on: 'raw/raw/lake-staging/*', why: OBJECTS },
  { of: ['stage', 'sweep'], may: WRITE, on: 'staged/staged/*', why: OBJECTS },
  { of: ['models'], may: READ, on: 'staged/staged/*', why: OBJECTS },
  { of: ['models', 'sweep'], may: WRITE, on: 'curated/curated/*', why: OBJECTS },
  { of: SQL, may: WRITE, on: 'results/*', why: 'Athena writes as whoever asks, under names of its own' },
  { of: ['models', 'sweep'], may: WRITE, on: 'records/publications/*', why: OBJECTS },
  { of: ['warehouse', 'run'], may: READ, on: 'records/publications/*', why: OBJECTS },
  { of: ['warehouse'], may: WRITE, on: 'records/warehouse/*', why: OBJECTS },
  { of: ['models'], may: READ, on: 'records/early-warning/*', why: OBJECTS },
  { of: ['stage'], may: WRITE, on: 'records/early-warning/*', why: `people are erased from it: ${OBJECTS}` },
  { of: ['stage'], may: WRITE, on: 'records/erasures/*', why: `the suppression list: ${OBJECTS}` },
  ...['canvas', 'sis', 'sis-changes'].map((folder) => ({
    of: ['stage'],
    may: WRITE,
    on: `raw/raw/${folder}/*`,
    why: `loads are written again without erased people: ${OBJECTS}`,
  })),
  {
    of: ['stage'],
    may: ['s3:DeleteObjectVersion'],
    on: 'raw/*',
    why: `earlier versions of rewritten loads, whose names are not known beforehand`,
  },
  { of: ['sis'], may: WRITE, on: 'records/replication/*', why: OBJECTS },
  { of: ['sis'], may: WRITE, on: 'records/drift/*', why: OBJECTS },
  ...['campus', 'canvas', 'lake_versions', 'ops', 'sis'].map((database) => ({
    of: SQL,
    may: TABLES,
    on: `glue:table/${database}/*`,
    why: OWN_TABLES,
  })),
  {
    of: ['sis'],
    may: ['glue:BatchDeleteTable', 'glue:GetTables'],
    on: 'glue:table/lake_drift/*',
    why: 'a crawler finds what nobody has named; the database is its own',
  },
  {
    of: ['sis'],
    may: ['Connections', 'Endpoints', 'ReplicationTasks', 'ReplicationConfigs', 'Replications'].map(
      (what) => `dms:Describe${what}`,
    ),
    on: '*',
    why: `DMS describes all or nothing: ${NO_ARN}`,
  },
  {
    of: ['sis'],
    may: ['Create', 'Delete', 'Modify', 'Start', 'Stop']
      .map((verb) => `dms:${verb}ReplicationTask`)
      .concat('dms:DescribeTableStatistics'),
    on: 'dms:task:*',
    why: `a task of a load: ${LATER}; endpoints and instance are named`,
  },
  {
    of: ['sis'],
    may: ['CreateReplicationConfig', 'DeleteReplicationConfig', 'ModifyReplicationConfig']
      .concat('StartReplication', 'StopReplication', 'DescribeReplicationTableStatistics')
      .map((verb) => `dms:${verb}`),
    on: 'dms:replication-config:*',
    why: `a serverless replication of a load: ${LATER}; endpoints are named`,
  },
  {
    of: ['lms'],
    may: ['secretsmanager:GetSecretValue'],
    on: 'secretsmanager:secret:riverbend/canvas-??????',
    why: SUFFIX,
  },
  {
    of: SQL,
    may: ['lakeformation:GetDataAccess'],
    on: '*',
    why: `Lake Formation decides itself on what: ${NO_ARN}`,
  },
  {
    of: ['models'],
    may: ['AddLFTagsToResource', 'ListPermissions', 'BatchGrantPermissions', 'BatchRevokePermissions'].map(
      (verb) => `lakeformation:${verb}`,
    ),
    on: '*',
    why: `grants of Lake Formation narrow it: ${NO_ARN}`,
  },
  {
    of: ['warehouse'],
    may: ['redshift-data:DescribeStatement', 'redshift-data:GetStatementResult'],
    on: '*',
    why: `a statement, shown only to whoever asked it: ${NO_ARN}`,
  },
  {
    of: ['run'],
    may: ['states:DescribeExecution'],
    on: 'states:execution:campus-lake-nightly:*',
    why: 'executions get their names when they start',
  },
  {
    of: ['usage-limit'],
    may: ['Create', 'Delete', 'Update'].map((verb) => `redshift-serverless:${verb}UsageLimit`),
    on: '*',
    why: `a usage limit: ${NO_ARN}`,
  },
];

/** Rights of the lake's functions with a wildcard that the table does not explain. */
export function unexplained(lake: Deployed): string[] {
  const found = [...lake.stacks.values()].flatMap((resources) =>
    Object.entries(resources)
      .filter(([, role]) => isOfFunction(role))
      .flatMap(([id, role]) => wildRights(resources, id, nameOf(id, role))),
  );
  return found
    .filter(
      ({ name, action, on }) =>
        // What AWS could decide by a resource is never left open, whatever the table says.
        (on === '*' && !isOnAllOnly(action)) ||
        !WILDCARDS.some((w) => w.of.includes(name) && w.may.includes(action) && w.on === on),
    )
    .map(({ name, action, on }) => `${name}: ${action} on ${on}`);
}

function wildRights(resources: Readonly<Record<string, Resource>>, id: string, name: string) {
  return statementsOf(resources, id).flatMap(({ Action, Resource }) =>
    [Resource].flat().flatMap((resource) => {
      const on = short(filledIn(resource));
      const actions = [Action].flat().map(String);
      return actions.filter((action) => /[*?]/.test(action + on)).map((action) => ({ name, action, on }));
    }),
  );
}

function isOfFunction({ Type, Properties }: Resource): boolean {
  const trust = JSON.stringify(Properties?.AssumeRolePolicyDocument ?? '');
  return Type === 'AWS::IAM::Role' && trust.includes('lambda.amazonaws.com');
}

function nameOf(id: string, { Properties }: Resource): string {
  if (id.startsWith('UsageLimit')) return 'usage-limit';
  return filledIn(Properties.RoleName).replace('campus-lake-', '');
}

/** `raw/…` for keys of a bucket, `glue:table/…` for the rest. */
const short = (arn: string): string =>
  arn
    .replace(/^arn:aws:s3:::campus-lake-(\w+)-123456789012-us-east-1/, '$1')
    .replace(/^arn:aws:([\w-]+):us-east-1:123456789012:/, '$1:');
