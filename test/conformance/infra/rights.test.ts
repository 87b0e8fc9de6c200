import { describe, expect, it } from 'vitest';
import { FUNCTION_NAMES, type FunctionName } from '../../../lib/pipeline/functions.ts';
import { CAMPUS, settingsFor } from '../../infra/campus.ts';
import { deploy } from '../../infra/deployed.ts';
import { allows, filledIn, statementsOf } from './policy.ts';

const lake = deploy(
  settingsFor({
    ...CAMPUS,
    privacy: { key: { secretsManager: 'riverbend/pseudonyms' } },
    notify: [{ kind: 'slack', url: { secretsManager: 'riverbend/slack' } }],
    aws: { warehouse: { enabled: true } },
  }),
);
const resources = lake.stacks.get('pipeline')!;

const bucket = (zone: string, key = '') => `arn:aws:s3:::campus-lake-${zone}-123456789012-us-east-1${key}`;
const table = (name: string) => `arn:aws:dynamodb:us-east-1:123456789012:table/campus-lake-${name}`;
const glue = (rest: string) => `arn:aws:glue:us-east-1:123456789012:${rest}`;
const athena = (rest: string) => `arn:aws:athena:us-east-1:123456789012:${rest}`;
const secret = (name: string) => `arn:aws:secretsmanager:us-east-1:123456789012:secret:${name}-AbCd12`;
const dms = (rest: string) => `arn:aws:dms:us-east-1:123456789012:${rest}`;

type Call = readonly [action: string, resource: string];

const ledger: Call[] = ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'].map((verb) => [
  `dynamodb:${verb}`,
  table('ledger'),
]);
const readObject = (zone: string, key: string): Call[] => [
  ['s3:GetObject', bucket(zone, `/${key}`)],
  ['s3:ListBucket', bucket(zone)],
];
const writeObject = (zone: string, key: string): Call[] => [
  ...readObject(zone, key),
  ['s3:PutObject', bucket(zone, `/${key}`)],
  ['s3:AbortMultipartUpload', bucket(zone, `/${key}`)],
  ['s3:DeleteObject', bucket(zone, `/${key}`)],
];
const everyone: Call[] = [
  ...ledger,
  ...writeObject('records', 'runs/r1/list-1.json'),
  ...writeObject('records', 'ledger/long/1.json'),
];
const athenaCalls: Call[] = [
  ...['StartQueryExecution', 'GetQueryExecution', 'GetQueryResults', 'StopQueryExecution'].map(
    (verb): Call => [`athena:${verb}`, athena('workgroup/campus-lake-pipeline')],
  ),
  ...writeObject('results', 'pipeline/1.csv'),
];
const catalogCalls: Call[] = [
  'GetTable',
  'GetTables',
  'CreateTable',
  'UpdateTable',
  'BatchDeleteTable',
].flatMap((verb): Call[] => [
  [`glue:${verb}`, glue('catalog')],
  [`glue:${verb}`, glue('database/canvas')],
  [`glue:${verb}`, glue('table/lake_versions/canvas__users__1')],
]);

/** The calls that the adapters make for the steps of each function. */
const MAKES: Record<FunctionName, Call[]> = {
  lms: [
    ...writeObject('raw', 'raw/canvas/canvas/users/r1/part-0.jsonl.gz'),
    ['dynamodb:GetItem', table('limits')],
    ['dynamodb:PutItem', table('limits')],
    ['secretsmanager:GetSecretValue', secret('riverbend/canvas')],
  ],
  sis: [
    ...writeObject('raw', 'raw/sis/r1/LOAD00000001.parquet'),
    ...writeObject('records', 'replication/sis-r1.json'),
    ['dms:CreateReplicationTask', dms('task:*')],
    ['dms:StartReplicationTask', dms('task:ABC')],
    ['dms:DeleteReplicationTask', dms('task:ABC')],
    ['dms:DescribeReplicationTasks', '*'],
    ['dms:DescribeTableStatistics', dms('task:ABC')],
    ...writeObject('records', 'drift/sis.json'),
    ...['GetCrawler', 'UpdateCrawler', 'StartCrawler'].map(
      (verb): Call => [`glue:${verb}`, glue('crawler/campus-lake-sis-drift')],
    ),
    // Glue asks for the catalog and the database with every table.
    ['glue:GetTables', glue('catalog')],
    ['glue:BatchDeleteTable', glue('catalog')],
    ['glue:GetTables', glue('database/lake_drift')],
    ['glue:BatchDeleteTable', glue('table/lake_drift/student')],
    ['iam:PassRole', 'arn:aws:iam::123456789012:role/campus-lake-drift'],
  ],
  stage: [
    ...readObject('raw', 'raw/canvas/canvas/users/r1/manifest.json'),
    ...readObject('raw', 'raw/sis/r1/LOAD00000001.parquet'),
    ...writeObject('staged', 'staged/canvas.users/r1/data.parquet'),
    ...athenaCalls,
    ...catalogCalls,
    ['secretsmanager:GetSecretValue', secret('riverbend/pseudonyms')],
    // People on the suppression list are taken out of what was loaded, and of what features keep of them.
    ...readObject('records', 'erasures/suppression.json'),
    ...writeObject('raw', 'raw/canvas/canvas/users/r1/part-0.jsonl.gz'),
    ...writeObject('raw', 'raw/sis/r1/LOAD00000001.parquet'),
    ['s3:DeleteObjectVersion', bucket('raw', '/raw/sis/r1/LOAD00000001.parquet')],
    ...readObject('records', 'early-warning/model.json'),
  ],
  models: [
    ...readObject('staged', 'staged/canvas.users/r1/data.parquet'),
    ...readObject('raw', 'raw/sis/r1/LOAD00000001.parquet'),
    ...writeObject('curated', 'curated/campus.courses/r1/data.parquet'),
    ...writeObject('records', 'publications/r1.json'),
    ...readObject('records', 'early-warning/model.json'),
    // Whether a table can be staged again is read off its loads; a pseudonym's key is part of what a table is.
    ...readObject('raw', 'raw/canvas/canvas/users/r1/manifest.json'),
    ['secretsmanager:GetSecretValue', secret('riverbend/pseudonyms')],
    ...athenaCalls,
    ...catalogCalls,
  ],
  warehouse: [
    ...readObject('records', 'publications/r1.json'),
    ...writeObject('records', 'warehouse/publication'),
    ['redshift-data:DescribeStatement', '*'],
    ['secretsmanager:GetSecretValue', secret('riverbend/pseudonyms')],
  ],
  sweep: [
    ...writeObject('raw', 'raw/sis/r0/LOAD00000001.parquet'),
    ...readObject('raw', 'raw/canvas/canvas/users/r0/manifest.json'),
    ['s3:DeleteObject', bucket('raw', '/raw/canvas/canvas/users/r0/part-0.jsonl.gz')],
    ...writeObject('staged', 'staged/canvas.users/r0/data.parquet'),
    ...writeObject('curated', 'curated/campus.courses/r0/data.parquet'),
    ...writeObject('records', 'publications/r0.json'),
    ...athenaCalls,
    ...catalogCalls,
  ],
  run: [
    ...readObject('records', 'publications/r1.json'),
    ['secretsmanager:GetSecretValue', secret('riverbend/slack')],
    ['athena:ListQueryExecutions', athena('workgroup/campus-lake-analysts')],
    ['athena:BatchGetQueryExecution', athena('workgroup/campus-lake-stewards')],
    ['states:DescribeExecution', 'arn:aws:states:us-east-1:123456789012:execution:campus-lake-nightly:abc'],
  ],
};

/** A call with its object's folder in place of the object. */
const kindOf = ([action, resource]: Call): string =>
  `${action} ${resource.replace(/^(arn:aws:s3:::[^/]+\/(?:raw\/)?[^/]+)\/.*$/, '$1')}`;

/** What no function needs, whatever it does. */
const NOBODY: Call[] = [
  ['s3:DeleteBucket', bucket('raw')],
  ['s3:PutBucketPolicy', bucket('staged')],
  ['s3:GetObject', 'arn:aws:s3:::somebody-elses/key'],
  ['dynamodb:DeleteTable', table('ledger')],
  ['dynamodb:Scan', table('ledger')],
  ['dynamodb:GetItem', table('others')],
  ['glue:DeleteDatabase', glue('database/canvas')],
  ['glue:UpdateTable', glue('table/payroll/people')],
  ['glue:UpdateCrawler', glue('crawler/somebody-elses')],
  ['kms:ScheduleKeyDeletion', 'arn:aws:kms:us-east-1:123456789012:key/1'],
  ['iam:CreateRole', 'arn:aws:iam::123456789012:role/any'],
  ['iam:PassRole', 'arn:aws:iam::123456789012:role/admin'],
  ['lambda:InvokeFunction', 'arn:aws:lambda:us-east-1:123456789012:function:any'],
  ['secretsmanager:GetSecretValue', secret('somebody-elses')],
  ['secretsmanager:GetSecretValue', secret('riverbend/sis')],
  ['sts:AssumeRole', 'arn:aws:iam::123456789012:role/admin'],
];

const roles = new Map(
  FUNCTION_NAMES.map((name) => {
    const [id] = Object.entries(resources).find(
      ([, r]) => r.Type === 'AWS::IAM::Role' && filledIn(r.Properties.RoleName) === `campus-lake-${name}`,
    )!;
    return [name, statementsOf(resources, id)] as const;
  }),
);

describe.each(FUNCTION_NAMES)('the role of %s', (name) => {
  const may = ([action, resource]: Call) => allows(roles.get(name)!, action, resource);

  it('allows every call that its steps make', () => {
    expect([...everyone, ...MAKES[name]].filter((call) => !may(call))).toEqual([]);
  });

  it('refuses what no function needs', () => {
    expect(NOBODY.filter(may)).toEqual([]);
  });

  it('refuses what only others need', () => {
    const own = new Set([...everyone, ...MAKES[name]].map(kindOf));
    const others = FUNCTION_NAMES.filter((other) => other !== name)
      .flatMap((other) => MAKES[other])
      .filter((call) => !own.has(kindOf(call)) && call[1] !== '*');
    expect(others.filter(may)).toEqual([]);
  });

  it('names no wildcard of actions', () => {
    const actions = roles.get(name)!.flatMap(({ Action }) => Action);
    expect(actions.length).toBeGreaterThan(8);
    expect(actions.filter((action) => String(action).includes('*'))).toEqual([]);
  });
});

it('only the warehouse function speaks to the warehouse, only the run function to the topic, only sis passes roles', () => {
  const who = (action: string) =>
    FUNCTION_NAMES.filter((name) => roles.get(name)!.some(({ Action }) => [Action].flat().includes(action)));
  expect(who('redshift-data:BatchExecuteStatement')).toEqual(['warehouse']);
  expect(who('sns:Publish')).toEqual(['run']);
  expect(who('iam:PassRole')).toEqual(['sis']);
  expect(who('dms:CreateReplicationTask')).toEqual(['sis']);
});

it('without an instance sis makes, drives and deletes replications in place of tasks', () => {
  const serverless = deploy(
    settingsFor({
      ...CAMPUS,
      aws: {
        network: { vpn: { gateway: '203.0.113.7', cidrs: ['10.0.0.0/16'] } },
        replication: { serverless: { maxDcu: 4 } },
      },
    }),
  ).stacks.get('pipeline')!;
  const [id] = Object.entries(serverless).find(
    ([, r]) => r.Type === 'AWS::IAM::Role' && filledIn(r.Properties.RoleName) === 'campus-lake-sis',
  )!;
  const may = ([action, resource]: Call) => allows(statementsOf(serverless, id), action, resource);
  const config = dms('replication-config:ABC');

  expect(
    (
      [
        ['dms:StartReplication', config],
        ['dms:StopReplication', config],
        ['dms:ModifyReplicationConfig', config],
        ['dms:DeleteReplicationConfig', config],
        ['dms:DescribeReplicationConfigs', '*'],
        ['dms:DescribeReplications', '*'],
        ['dms:DescribeReplicationTableStatistics', config],
        ['dms:DescribeEndpoints', '*'],
      ] as Call[]
    ).filter((call) => !may(call)),
  ).toEqual([]);
  expect(
    (
      [
        ['dms:CreateReplicationTask', dms('task:*')],
        ['dms:TestConnection', dms('endpoint:ABC')],
        ['dms:ModifyEndpoint', dms('endpoint:somebody-elses')],
        ['iam:CreateServiceLinkedRole', 'arn:aws:iam::123456789012:role/aws-service-role/any'],
        ...NOBODY,
      ] as Call[]
    ).filter(may),
  ).toEqual([]);
});
