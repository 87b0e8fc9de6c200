import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { awsPlacesSchema, endpointsOf } from '../../src/platform/aws/places.ts';
import { driftPlacesOf } from '../../src/platform/aws/sis-places.ts';
import { CAMPUS, settingsFor } from './campus.ts';
import { type Deployed, deploy, ofType } from './deployed.ts';
import { frugal, LARGE, properties, standard, text } from './profiles.ts';
import { flat } from './shape.ts';
import { unexplained } from './wildcards.ts';

it('gives DMS no public address that nobody has asked for', () => {
  const { overInternet: _asked, ...sis } = CAMPUS.sources.sis;
  const hidden = { ...CAMPUS, sources: { sis } };

  expect(() => deploy(settingsFor(hidden))).toThrow('nothing in campus.yaml says how AWS reaches sis');
  const instances = ofType(standard, 'AWS::DMS::ReplicationInstance').map(([, { Properties }]) => Properties);
  expect(instances).toMatchObject([{ PubliclyAccessible: false }]);
});

it('follows changes into an endpoint of their own, with a heartbeat where one is asked for', () => {
  const followed = {
    ...CAMPUS.sources.sis,
    replication: 'full-load-and-cdc',
    heartbeat: { schema: 'lake_heartbeat', minutes: 7 },
  };
  const endpoints = (lake: Deployed) =>
    ofType(lake, 'AWS::DMS::Endpoint').map(([, { Properties }]) => Properties);
  const following = deploy(settingsFor({ ...CAMPUS, sources: { sis: followed } }));
  const [source, ...targets] = endpoints(following);
  const [quiet] = endpoints(frugal);

  expect(source).toMatchObject({
    PostgreSqlSettings: { HeartbeatEnable: true, HeartbeatSchema: 'lake_heartbeat', HeartbeatFrequency: 7 },
  });
  expect(text(quiet)).not.toContain('Heartbeat');
  expect(targets.map(({ S3Settings }) => (S3Settings as { BucketFolder: string }).BucketFolder)).toEqual([
    'raw/sis',
    'raw/sis-changes',
  ]);
  for (const { S3Settings } of targets) {
    expect(S3Settings).toMatchObject({ TimestampColumnName: 'dms_commit_time', DataFormat: 'parquet' });
    expect(Object.keys(S3Settings as object)).not.toContain('CdcInsertsAndUpdates');
  }
  // Tasks of the lake's own instance, whatever they are called; only where there are such.
  const lags = (lake: Deployed) =>
    properties(lake, 'AWS::CloudWatch::Alarm').filter((alarm) => text(alarm).includes('CDCLatency'));
  expect(lags(frugal)).toEqual([]);
  expect(lags(following)).toMatchObject([
    {
      AlarmName: 'campus-lake-replication-lag',
      Threshold: 3600,
      EvaluationPeriods: 3,
      Metrics: [
        {
          Expression: `SELECT MAX(CDCLatencyTarget) FROM "AWS/DMS" WHERE ReplicationInstanceIdentifier = 'campus-lake-replication'`,
          Period: 900,
        },
      ],
    },
  ]);
  expect(readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8')).toContain(
    '| `replication-lag` |',
  );
});

it('follows changes between runs where campus.yaml asks for it, by a function that asks DMS and changes nothing there', () => {
  const followed = { ...CAMPUS.sources.sis, replication: 'full-load-and-cdc' };
  const lake = deploy(
    settingsFor({
      ...CAMPUS,
      sources: { sis: followed },
      aws: { replication: { followMinutes: 5 } },
    }),
  );

  const schedules = properties(lake, 'AWS::Scheduler::Schedule');
  expect(schedules.find(({ Name }) => Name === 'campus-lake-follow')).toMatchObject({
    ScheduleExpression: 'rate(5 minutes)',
    Target: { Input: '{"call":"follow"}', RetryPolicy: { MaximumRetryAttempts: 0 } },
  });
  expect(properties(frugal, 'AWS::Lambda::Function').map(text).join()).not.toContain('follow.handler');
  const [round] = properties(lake, 'AWS::Lambda::Function').filter(
    ({ Handler }) => Handler === 'follow.handler',
  );
  expect(round).toMatchObject({ FunctionName: 'campus-lake-follow', Timeout: 600 });
  const rights = [...ofType(lake, 'AWS::IAM::Policy'), ...ofType(lake, 'AWS::IAM::ManagedPolicy')].filter(
    ([id]) => id.includes('Functionfollow'),
  );
  const actions = rights.flatMap(([, { Properties }]) => text(Properties).match(/dms:\w+/g) ?? []).sort();
  expect([...new Set(actions)]).toEqual([
    'dms:DescribeEndpoints',
    'dms:DescribeReplicationTasks',
    'dms:DescribeTableStatistics',
  ]);
  const alarms = properties(lake, 'AWS::CloudWatch::Alarm').map(({ AlarmName, Threshold }) => [
    AlarmName,
    Threshold,
  ]);
  expect(alarms).toEqual(
    expect.arrayContaining([
      ['campus-lake-not-followed', 1],
      ['campus-lake-followed-late', 3900],
      ['campus-lake-replication-lag', 900],
    ]),
  );
  const runbook = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8');
  expect(runbook).toContain('| `not-followed` |');
  expect(runbook).toContain('| `followed-late` |');
});

it('copies the SIS without an instance where campus.yaml asks for it, and says what that means', () => {
  const aws = { replication: { serverless: { minDcu: 2, maxDcu: 8 } }, network: LARGE.aws.network };
  const lake = deploy(settingsFor({ ...CAMPUS, aws }));
  const places = awsPlacesSchema.parse(JSON.parse(flat(lake.outputs.get('pipeline')!.Places!.Value)));

  expect(ofType(lake, 'AWS::DMS::ReplicationInstance')).toEqual([]);
  expect(lake.outputs.get('sis')).not.toHaveProperty('ReplicationAddress');
  expect(properties(lake, 'AWS::IAM::ServiceLinkedRole')).toMatchObject([
    { AWSServiceName: 'dms.amazonaws.com' },
  ]);
  const { sis } = places.replication!;
  expect(sis).toMatchObject({ serverless: { minDcu: 2, maxDcu: 8 } });
  expect(sis).not.toHaveProperty('instanceArn');
  expect(unexplained(lake)).toEqual([]);
  const rights = text(properties(lake, 'AWS::IAM::Policy'));
  expect(rights).toContain('dms:StartReplication"');
  expect(rights).not.toMatch(/dms:\w+ReplicationTask"|TestConnection|iam:CreateServiceLinkedRole/);
  const metrics = text(properties(lake, 'AWS::CloudWatch::Alarm'));
  expect(metrics).not.toContain('AWS/DMS');
  // It has no address of its own to go out from.
  expect(() => deploy(settingsFor({ ...CAMPUS, aws: { replication: aws.replication } }))).toThrow(
    'DMS Serverless has no public address from which it could reach sis',
  );
});

it('lets DMS and the functions decrypt secrets that lie under a key of their own', () => {
  const key = 'arn:aws:kms:us-east-1:000000000000:key/secrets';
  const lake = deploy(settingsFor({ ...LARGE, aws: { ...LARGE.aws, secretsKey: key } }));
  const decrypting = (deployed: Deployed) =>
    ofType(deployed, 'AWS::IAM::Policy')
      .filter(([, { Properties }]) => text(Properties).includes(key))
      .map(([id]) => id.replace(/(RoleDefault|Default)Policy.*/, ''));

  expect(decrypting(standard)).toEqual([]);
  expect(decrypting(lake)).toEqual(expect.arrayContaining(['sis/SecretReader', 'pipeline/Functionlms']));
  expect(text(properties(lake, 'AWS::IAM::Policy'))).toContain('kms:ViaService');
});

it('gives functions an environment of the same length for a dozen sources as for one, from which each is found', () => {
  const many = Object.fromEntries(
    Array.from({ length: 12 }, (_, i) => [`student_records_${i}`, CAMPUS.sources.sis] as const),
  );
  const lake = deploy(settingsFor({ ...CAMPUS, sources: many }));
  const placesIn = (deployed: Deployed) =>
    properties(deployed, 'AWS::Lambda::Function').map(({ Environment }) => {
      const { Variables } = Environment as { Variables: Record<string, unknown> };
      return { bytes: flatBytes(Variables), places: flat(Variables.LAKE_PLACES) };
    });
  const [first, ...others] = placesIn(lake);
  const [ofOne] = placesIn(frugal);

  expect(first!.bytes).toBeLessThan(2048);
  expect(first!.bytes).toBe(ofOne!.bytes);
  expect(others.every(({ bytes }) => bytes === first!.bytes)).toBe(true);
  const { sis } = awsPlacesSchema.parse(JSON.parse(first!.places));
  const identifiers = properties(lake, 'AWS::DMS::Endpoint').map((one) => one.EndpointIdentifier);
  const named = Object.keys(many).flatMap((source) => Object.values(endpointsOf(sis!.name, source)));
  expect(new Set(named)).toEqual(new Set(identifiers));
  expect(named).toHaveLength(36);
  const crawlers = properties(lake, 'AWS::Glue::Crawler').map(({ Name }) => Name);
  const drift = driftPlacesOf({ sis: sis! }, Object.keys(many));
  expect(Object.values(drift!).map(({ crawler }) => crawler)).toEqual(crawlers);
  // The command line is told of each.
  const all = awsPlacesSchema.parse(JSON.parse(flat(lake.outputs.get('pipeline')!.Places!.Value)));
  expect(Object.keys(all.replication!)).toEqual(Object.keys(many));
});

/** As AWS counts it: names and values, with the longest ARNs and names that stand in for references. */
const flatBytes = (variables: Record<string, unknown>): number =>
  Object.entries(variables).reduce(
    (sum, [name, value]) => sum + name.length + flat(value).replaceAll(/<[^>]*>/g, 'x'.repeat(100)).length,
    0,
  );
