import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { estimate } from '../../lib/cost/estimate.ts';
import { usageOf } from '../../lib/cost/usage.ts';
import { awsPlacesSchema } from '../../src/platform/aws/places.ts';
import { allows, filledIn, statementsOf } from '../conformance/infra/policy.ts';
import { CAMPUS, settingsFor } from './campus.ts';
import { deploy, ofType } from './deployed.ts';

const folder = mkdtempSync(join(tmpdir(), 'models-'));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, 'small.sql'), '-- description: Few rows\nSELECT 1 AS one\n-- engine: glue\n');
writeFileSync(join(folder, 'big.sql'), '-- description: Many rows\n-- engine: glue\nSELECT 1 AS one\n');

const settings = settingsFor({
  ...CAMPUS,
  models: folder,
  aws: {
    spark: { workers: 10, timeoutMinutes: 60 },
    access: { mode: 'hybrid', analysts: [], stewards: [], admins: [] },
  },
});
const lake = deploy(settings);
const resources = lake.stacks.get('pipeline')!;
const jobs = ofType(lake, 'AWS::Glue::Job');

describe('the Spark job', () => {
  it('is for the models whose headers ask for it, and for no others', () => {
    expect(settings.spark).toEqual({ models: ['big'], workers: 10, minutes: 60 });
    expect(settingsFor(CAMPUS).spark).toEqual({ models: [], workers: 2, minutes: 120 });
  });

  it('is small unless it needs more, in no network, and ends', () => {
    expect(jobs).toHaveLength(1);
    const { Properties } = jobs[0]![1];
    expect(Properties).toMatchObject({
      Name: 'campus-lake-spark',
      GlueVersion: '5.1',
      WorkerType: 'G.1X',
      NumberOfWorkers: 10,
      Timeout: 60,
      MaxRetries: 0,
      JobRunQueuingEnabled: true,
      ExecutionProperty: { MaxConcurrentRuns: 4 },
      Command: { Name: 'glueetl', PythonVersion: '3' },
      DefaultArguments: {
        '--datalake-formats': 'iceberg',
        '--enable-auto-scaling': 'true',
        '--custom-logGroup-prefix': '/aws-glue/jobs/campus-lake-spark',
      },
    });
    expect(Properties).not.toHaveProperty('Connections');
    const logs = ofType(lake, 'AWS::Logs::LogGroup').map(([, group]) => group.Properties);
    for (const kind of ['output', 'error'])
      expect(logs).toContainEqual({
        LogGroupName: `/aws-glue/jobs/campus-lake-spark/${kind}`,
        RetentionInDays: 30,
        Tags: [{ Key: 'lake', Value: 'campus-lake' }],
      });
  });

  it('is told of in the places, so that the functions find it', () => {
    const { Value } = lake.outputs.get('pipeline')!.Places!;
    const places = awsPlacesSchema.parse(JSON.parse(filledIn(Value) as string));
    expect(places.sparkJob).toBe('campus-lake-spark');
  });

  it('costs while it runs, and only then', () => {
    const college = { students: 10_000, models: 8, waves: 3 };
    const usage = usageOf(settings, college);
    const [[id, { Type: type, Properties: properties }]] = jobs as [(typeof jobs)[number]];
    const { lines, assumptions } = estimate([{ id, type, properties }], usage);
    // 30.4 nights of ten minutes with ten workers.
    expect(lines.find(({ what }) => what === 'Spark job (Glue)')?.monthly).toBeCloseTo(22.3, 1);
    expect(assumptions.join('\n')).toContain('on each of 1 models, with 10 workers');
    expect(usageOf(settingsFor(CAMPUS), college).settings.spark.models).toEqual([]);
  });
});

const bucket = (zone: string, key = '') => `arn:aws:s3:::campus-lake-${zone}-123456789012-us-east-1${key}`;
const glue = (rest: string) => `arn:aws:glue:us-east-1:123456789012:${rest}`;
const logs = (rest: string) => `arn:aws:logs:us-east-1:123456789012:log-group:${rest}`;
const roleOf = (name: string) => {
  const [id] = Object.entries(resources).find(
    ([, r]) => r.Type === 'AWS::IAM::Role' && filledIn(r.Properties.RoleName) === `campus-lake-${name}`,
  )!;
  const statements = statementsOf(resources, id);
  return ([action, resource]: readonly [string, string]) => allows(statements, action, resource);
};

describe('the role of the Spark job', () => {
  const may = roleOf('spark');

  it.each([
    ['s3:GetObject', bucket('staged', '/staged/canvas.users/r1/data.parquet')],
    ['s3:GetObject', bucket('raw', '/raw/sis/r1/LOAD00000001.parquet')],
    ['s3:GetObject', bucket('records', '/spark-tasks/campus__big__1.json')],
    ['s3:PutObject', bucket('records', '/spark-tasks/campus__big__1.events/spark-application-1')],
    ['s3:ListBucket', bucket('curated')],
    ['s3:PutObject', bucket('curated', '/curated/campus.big/r1/part-0.parquet')],
    ['s3:AbortMultipartUpload', bucket('curated', '/curated/campus.big/r1/part-0.parquet')],
    ['glue:GetTable', glue('catalog')],
    ['glue:GetTable', glue('database/lake_versions')],
    ['glue:GetTable', glue('table/lake_versions/canvas__users__1')],
    ['logs:PutLogEvents', logs('/aws-glue/jobs/campus-lake-spark/error:log-stream:jr_1')],
  ] as const)('allows %s on %s', (...call) => {
    expect(may(call)).toBe(true);
  });

  it.each([
    ['s3:PutObject', bucket('staged', '/staged/canvas.users/r1/data.parquet')],
    ['s3:GetObject', bucket('raw', '/raw/canvas/canvas/users/r1/part-0.jsonl.gz')],
    ['s3:GetObject', bucket('records', '/publications/r1.json')],
    ['s3:PutObject', bucket('records', '/spark-tasks/campus__big__1.json')],
    ['s3:DeleteBucket', bucket('curated')],
    ['glue:CreateTable', glue('table/lake_versions/campus__big__1')],
    ['glue:UpdateTable', glue('table/lake_versions/campus__big__1')],
    ['glue:GetTable', glue('table/payroll/people')],
    ['dynamodb:GetItem', 'arn:aws:dynamodb:us-east-1:123456789012:table/campus-lake-ledger'],
    [
      'secretsmanager:GetSecretValue',
      'arn:aws:secretsmanager:us-east-1:123456789012:secret:riverbend/sis-AbCd12',
    ],
    ['logs:PutLogEvents', logs('/aws/lambda/campus-lake-models:log-stream:x')],
    ['iam:PassRole', 'arn:aws:iam::123456789012:role/campus-lake-spark'],
  ] as const)('refuses %s on %s', (...call) => {
    expect(may(call)).toBe(false);
  });

  it('writes tables in the eyes of Lake Formation', () => {
    const grants = ofType(lake, 'AWS::LakeFormation::PrincipalPermissions');
    const principals = grants.map(([, { Properties }]) => filledIn(Properties.Principal));
    expect(JSON.stringify(principals)).toContain('role/campus-lake-spark');
  });
});

describe('the models function', () => {
  const job = glue('job/campus-lake-spark');

  it('may start the job, ask after it and tell it what to do, and change nothing of it', () => {
    const may = roleOf('models');
    const task = bucket('records', '/spark-tasks/campus__big__1.json');
    const calls = [
      ['glue:StartJobRun', job],
      ['glue:GetJobRun', job],
      ['s3:PutObject', task],
      ['s3:DeleteObject', task],
    ] as const;
    expect(calls.filter((call) => !may(call))).toEqual([]);
    expect(may(['glue:UpdateJob', job])).toBe(false);
    expect(may(['glue:StartJobRun', glue('job/somebody-elses')])).toBe(false);
    expect(may(['iam:PassRole', 'arn:aws:iam::123456789012:role/campus-lake-spark'])).toBe(false);
  });

  it('is the only one that may', () => {
    for (const name of ['lms', 'sis', 'stage', 'warehouse', 'sweep', 'run'])
      expect(roleOf(name)(['glue:StartJobRun', job])).toBe(false);
  });
});
