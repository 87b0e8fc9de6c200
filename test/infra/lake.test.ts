import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { estimate } from '../../lib/cost/estimate.ts';
import { pricerOf } from '../../lib/cost/pricers.ts';
import { usageOf } from '../../lib/cost/usage.ts';
import { settingsOf } from '../../lib/settings.ts';
import { loadCampus } from '../../src/campus/load.ts';
import { awsPlacesSchema } from '../../src/platform/aws/places.ts';
import { CAMPUS, settingsFor } from './campus.ts';
import { type Deployed, deploy, ofType } from './deployed.ts';
import { flat, shapeOf } from './shape.ts';
import { unexplained } from './wildcards.ts';

const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
/** Everything that can be switched on. */
const LARGE = {
  ...CAMPUS,
  profile: 'standard',
  aws: {
    network: { vpn: { gateway: '203.0.113.7', ranges: ['10.0.0.0/16'] } },
    access: {
      mode: 'lake-formation',
      analysts: [role('analyst')],
      stewards: [role('steward')],
      admins: [role('admin')],
    },
    emails: ['team@riverbend.example'],
  },
};
// One synthesis of each for all tests; it throws what cdk-nag finds.
const frugal = deploy(settingsFor(CAMPUS));
const standard = deploy(settingsFor(LARGE));
const both: [string, Deployed][] = [
  ['frugal', frugal],
  ['standard', standard],
];
const text = (value: unknown) => JSON.stringify(value);
const properties = (deployed: Deployed, type: string) => ofType(deployed, type).map(([, r]) => r.Properties);

describe.each(both)('%s', (profile, lake) => {
  it('has the shape that was looked at', async () => {
    await expect(shapeOf(lake)).toMatchFileSnapshot(`baselines/${profile}.txt`);
  });

  it('holds nothing of which nobody has said what it costs', () => {
    const types = new Set(
      [...lake.stacks.values()].flatMap((stack) => Object.values(stack).map((r) => r.Type)),
    );
    expect([...types].filter((type) => pricerOf(type) === undefined)).toEqual([]);
  });

  it('stays far from the limits of CloudFormation', () => {
    for (const resources of lake.stacks.values()) expect(Object.keys(resources).length).toBeLessThan(400);
    for (const bytes of lake.bytes.values()) expect(bytes).toBeLessThan(800_000);
  });

  it('holds stacks together by weak references only', () => {
    const all = text([...lake.stacks.values(), ...lake.outputs.values()]);
    expect(all).not.toContain('Fn::ImportValue');
    expect(all).toContain('Fn::GetStackOutput');
    expect(text([...lake.outputs.values()])).not.toContain('"Export"');
  });

  it('encrypts every bucket, closes it to the public and to all but TLS', () => {
    const buckets = ofType(lake, 'AWS::S3::Bucket');
    const policies = text(properties(lake, 'AWS::S3::BucketPolicy'));
    expect(buckets).toHaveLength(6);
    for (const [id, { Properties }] of buckets) {
      const name = id.split('/')[1]!;
      const rule = (Properties.BucketEncryption as { ServerSideEncryptionConfiguration: Rule[] })
        .ServerSideEncryptionConfiguration[0]!;
      expect(rule.ServerSideEncryptionByDefault.SSEAlgorithm).toBe(
        name.startsWith('Logs') ? 'AES256' : 'aws:kms',
      );
      if (!name.startsWith('Logs')) expect(rule.BucketKeyEnabled).toBe(true);
      expect(Object.values(Properties.PublicAccessBlockConfiguration as object)).toEqual([
        true,
        true,
        true,
        true,
      ]);
      expect(policies).toContain(
        `"Condition":{"Bool":{"aws:SecureTransport":"false"}},"Effect":"Deny","Principal":{"AWS":"*"},"Resource":[{"Fn::GetAtt":["${name}"`,
      );
      expect(text(Properties.LifecycleConfiguration)).toContain('"DaysAfterInitiation":1');
    }
  });

  it('keeps versions of its records and none of what DMS writes', () => {
    const versioned = ofType(lake, 'AWS::S3::Bucket').filter(([, r]) => r.Properties.VersioningConfiguration);
    expect(versioned.map(([id]) => id.replace(/[0-9A-F]{8}$/, ''))).toEqual(['storage/Records']);
  });

  it('never deletes raw, staged or curated files by their age', () => {
    for (const [id, { Properties }] of ofType(lake, 'AWS::S3::Bucket'))
      if (/Raw|Staged|Curated/.test(id))
        expect(text(Properties.LifecycleConfiguration)).not.toContain('"ExpirationInDays"');
  });

  it('keeps data when its stack goes', () => {
    const stateful =
      /^AWS::(S3::Bucket|KMS::Key|Glue::Database|RedshiftServerless::Namespace|SecretsManager::Secret)$/;
    // The crawlers' database is made anew by every crawl.
    const kept = [...lake.stacks.values()]
      .flatMap(Object.values)
      .filter((r) => !text(r.Properties).includes('lake_drift'))
      .filter((r) => stateful.test(r.Type) || r.Properties?.TableName === 'campus-lake-ledger');
    expect(kept.length).toBeGreaterThanOrEqual(13);
    for (const resource of kept)
      expect(resource).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(lake.protectedStacks).toEqual(
      profile === 'standard' ? ['storage', 'warehouse-data'] : ['storage'],
    );
    const [ledger] = properties(lake, 'AWS::DynamoDB::Table').filter(
      (p) => p.TableName === 'campus-lake-ledger',
    );
    expect(ledger).toMatchObject({
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
    });
  });

  it('lets nobody in from the internet, and pays for no NAT', () => {
    expect(ofType(lake, 'AWS::EC2::NatGateway')).toEqual([]);
    const groups = properties(lake, 'AWS::EC2::SecurityGroup');
    expect(groups.length).toBeGreaterThanOrEqual(2);
    expect(text(groups.map((group) => group.SecurityGroupIngress ?? []))).not.toMatch(/"(0\.0\.0\.0|::)\/0"/);
    expect(text(groups)).not.toContain('"IpProtocol":"-1","CidrIp":"0.0.0.0/0"');
    expect(text(properties(lake, 'AWS::EC2::SecurityGroupIngress'))).not.toContain('CidrIp');
  });

  it('has DMS write what Athena reads, and leave no delete out', () => {
    const [target] = properties(lake, 'AWS::DMS::Endpoint').filter((p) => p.EngineName === 's3');
    const settings = target!.S3Settings as Record<string, unknown>;
    expect(settings).toMatchObject({
      DataFormat: 'parquet',
      ParquetVersion: 'parquet-2-0',
      ParquetTimestampInMillisecond: true,
      EncryptionMode: 'sse-kms',
      UseTaskStartTimeForFullLoadTimestamp: true,
      ExpectedBucketOwner: { Ref: 'AWS::AccountId' },
    });
    const forbidden = ['CdcInsertsOnly', 'CdcInsertsAndUpdates', 'PreserveTransactions', 'CdcPath'];
    expect(Object.keys(settings).filter((key) => forbidden.includes(key))).toEqual([]);
  });

  it('has DMS log in by a secret, by TLS, without writing to the SIS', () => {
    const [source] = properties(lake, 'AWS::DMS::Endpoint').filter((p) => p.EndpointType === 'source');
    expect(source).toMatchObject({
      EngineName: 'postgres',
      SslMode: 'require',
      PostgreSqlSettings: {
        SecretsManagerSecretId: 'riverbend/sis',
        CaptureDdls: false,
        FailTasksOnLobTruncation: true,
      },
    });
    expect(Object.keys(source!)).not.toEqual(expect.arrayContaining(['Password']));
    const roles = text(lake.stacks.get('sis'));
    expect(roles).toContain('secret:riverbend/sis-??????');
    expect(roles).toContain('raw/sis/*');
  });

  it('lets DMS, the warehouse and people do nothing with everything', () => {
    for (const stack of ['sis', 'warehouse', 'access', 'network', 'notify', 'serve']) {
      const resources = Object.values(lake.stacks.get(stack) ?? {});
      const statements = resources
        .filter((r) => /^AWS::IAM::(Policy|ManagedPolicy)$/.test(r.Type))
        .flatMap((r) => (r.Properties.PolicyDocument as { Statement: Statement[] }).Statement);
      for (const { Action, Resource } of statements) {
        expect(text(Action)).not.toMatch(/"[a-z0-9-]*:?\*"/);
        if (text(Action) !== '"lakeformation:GetDataAccess"') expect(Resource).not.toBe('*');
      }
    }
  });

  it('gives functions no right with a wildcard that nobody has explained', () => {
    expect(unexplained(lake)).toEqual([]);
  });

  it('limits what one query may read', () => {
    const groups = properties(lake, 'AWS::Athena::WorkGroup').map((p) => p.WorkGroupConfiguration);
    expect(groups).toHaveLength(3);
    for (const people of groups.slice(0, 2)) {
      expect(people).toMatchObject({
        EnforceWorkGroupConfiguration: true,
        BytesScannedCutoffPerQuery: (profile === 'frugal' ? 20 : 200) * 1024 ** 3,
        ResultConfiguration: { EncryptionConfiguration: { EncryptionOption: 'SSE_KMS' } },
      });
    }
    expect(groups[2]).toMatchObject({ BytesScannedCutoffPerQuery: 2000 * 1024 ** 3 });
  });

  it('lets nobody read the answers that others got', () => {
    const answers = properties(lake, 'AWS::IAM::ManagedPolicy').map((p) => {
      const { Statement: statements } = p.PolicyDocument as { Statement: Statement[] };
      const arns = statements.flatMap(({ Resource }) => [Resource].flat().map(flat));
      const behind = (mark: RegExp) =>
        new Set(arns.flatMap((arn) => (mark.test(arn) ? arn.replace(mark, '') : [])));
      return [
        String(p.ManagedPolicyName).replace('campus-lake-', ''),
        [...behind(/^.*-results-[^/]*\//)],
        [...behind(/^.*:workgroup\//)],
      ];
    });
    expect(answers).toEqual([
      ['analyst', ['analysts/*'], ['campus-lake-analysts']],
      ['steward', ['stewards/*'], ['campus-lake-stewards']],
    ]);
  });

  it('tells the adapters where everything is', () => {
    const { Value } = lake.outputs.get('pipeline')!.Places!;
    const places = awsPlacesSchema.parse(JSON.parse(flat(Value)));
    expect(places).toMatchObject({
      buckets: { raw: 'campus-lake-raw-<AccountId>-<Region>' },
      ledgerTable: 'campus-lake-ledger',
      workgroup: 'campus-lake-pipeline',
    });
    expect(Object.keys(places.replication!)).toEqual(['sis']);
    expect(places.warehouse?.workgroup).toBe(profile === 'frugal' ? undefined : 'campus-lake');
  });

  it('has an entry in the runbook for every alarm, and tells the team of its beginning and its end', () => {
    const runbook = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8');
    const alarms = properties(lake, 'AWS::CloudWatch::Alarm');
    expect(alarms.length).toBeGreaterThanOrEqual(8);
    for (const alarm of alarms) {
      expect(runbook).toContain(`| \`${String(alarm.AlarmName).replace('campus-lake-', '')}\` |`);
      expect(alarm.AlarmActions).toHaveLength(1);
      expect(alarm.OKActions).toEqual(alarm.AlarmActions);
    }
  });

  it('keeps the ids of what holds data: another id would be another, empty one', () => {
    const ids = [...lake.stacks].flatMap(([stack, resources]) =>
      Object.entries(resources)
        .filter(([, r]) => r.DeletionPolicy === 'Retain' && !/Glue::Database|IAM::Role|Secret$/.test(r.Type))
        .map(([id]) => `${stack}/${id}`),
    );
    expect(ids.sort()).toEqual(
      [...KEPT, ...(profile === 'standard' ? ['warehouse-data/Namespace'] : [])].sort(),
    );
  });
});

interface Rule {
  readonly ServerSideEncryptionByDefault: { readonly SSEAlgorithm: string };
  readonly BucketKeyEnabled?: boolean;
}
interface Statement {
  readonly Action: unknown;
  readonly Resource: unknown;
}

const KEPT = [
  'storage/CuratedF137945A',
  'storage/Key961B73FD',
  'storage/LedgerB7379752',
  'storage/Logs6819BB44',
  'storage/Raw72517081',
  'storage/Records091F6ECA',
  'storage/Results25575328',
  'storage/Staged8865E9E3',
];

describe('the frugal profile', () => {
  it('has nothing that costs while nobody uses it, but DMS and its key', () => {
    const idle = [
      'AWS::EC2::VPNConnection',
      'AWS::RedshiftServerless::Workgroup',
      'AWS::Kinesis::Stream',
      'AWS::EC2::NatGateway',
    ];
    for (const type of idle) expect(ofType(frugal, type)).toEqual([]);
    const endpoints = properties(frugal, 'AWS::EC2::VPCEndpoint').map((p) => p.VpcEndpointType);
    expect(endpoints).toEqual(['Gateway']);
    expect(properties(frugal, 'AWS::DMS::ReplicationInstance')).toEqual([
      expect.objectContaining({ ReplicationInstanceClass: 'dms.t3.micro', MultiAZ: false }),
    ]);
  });
});

describe('the standard profile', () => {
  it('has a warehouse that is private, bounded twice, and speaks TLS only', () => {
    const [workgroup] = properties(standard, 'AWS::RedshiftServerless::Workgroup');
    expect(workgroup).toMatchObject({
      BaseCapacity: 4,
      MaxCapacity: 8,
      PubliclyAccessible: false,
      ConfigParameters: expect.arrayContaining([{ ParameterKey: 'require_ssl', ParameterValue: 'true' }]),
    });
    const limit = text(standard.stacks.get('warehouse'));
    expect(limit).toContain('createUsageLimit');
    expect(limit).toContain('deactivate');
  });

  it('hands out what lies behind tables that people see, full loads of a SIS too, and lets nobody change those', () => {
    const registered = properties(standard, 'AWS::LakeFormation::Resource').map((p) => text(p.ResourceArn));
    const folder = registered.filter((arn) => arn.includes('/raw/'));
    expect([registered.length, folder]).toEqual([3, [expect.stringMatching(/-raw-.*\/raw\/sis"/)]]);
    const access = properties(standard, 'AWS::IAM::Policy').find((p) =>
      text(p.PolicyName).includes('DataAccess'),
    );
    const { Statement: statements } = access!.PolicyDocument as { Statement: Record<string, unknown>[] };
    const on = (action: string) => statements.filter((one) => text(one.Action).includes(action));
    expect(text(on('s3:GetObject'))).toContain('/raw/sis/*');
    expect(text(on('s3:PutObject'))).not.toContain('/raw/');
    const places = properties(standard, 'AWS::LakeFormation::PrincipalPermissions').filter(
      (p) => text(p.Permissions) === '["DATA_LOCATION_ACCESS"]',
    );
    expect(places.filter((p) => text(p.Resource).includes('/raw/sis'))).toHaveLength(4);
  });

  it('hides a column from analysts until its class is known, and keeps the administrators', () => {
    const tags = properties(standard, 'AWS::LakeFormation::TagAssociation');
    const value = (p: Record<string, unknown>) => (p.LFTags as { TagValues: string[] }[])[0]!.TagValues;
    const database = (p: Record<string, unknown>) =>
      (p.Resource as { Database: { Name: string } }).Database.Name;
    expect(Object.fromEntries(tags.map((p) => [database(p), value(p)]))).toEqual({
      canvas: ['secret'],
      sis: ['secret'],
      ops: ['secret'],
      lake_versions: ['secret'],
      campus: ['secret'],
    });
    const analyst = properties(standard, 'AWS::LakeFormation::PrincipalPermissions').filter(
      (p) => text(p.Principal).includes('analyst') && text(p.Resource).includes('LFTagPolicy'),
    );
    expect(text(analyst)).toContain('["none","quasi","education"]');
    const writer = properties(standard, 'AWS::LakeFormation::PrincipalPermissions').filter(
      (p) => text(p.Principal).includes('role/campus-lake-stage') && text(p.Permissions) === '["ALL"]',
    );
    expect(writer).toHaveLength(5);
    // The run tags what it shows, of whichever role's making; no other function can.
    const grants = properties(standard, 'AWS::LakeFormation::PrincipalPermissions');
    const passedOn = grants.filter((p) => text(p.PermissionsWithGrantOption) === '["ALL"]');
    expect(passedOn).toHaveLength(5);
    expect(passedOn.every((p) => text(p.Principal).includes('role/campus-lake-models'))).toBe(true);
    const tagging = grants.filter((p) => text(p.Permissions) === '["ASSOCIATE","DESCRIBE"]');
    expect(tagging.map((p) => text(p.Principal).includes('role/campus-lake-models'))).toEqual([true]);
    const mayTag = properties(standard, 'AWS::IAM::Policy').filter((p) =>
      text(p.PolicyDocument).includes('lakeformation:AddLFTagsToResource'),
    );
    expect(mayTag).toHaveLength(1);
    expect(text(frugal.stacks.get('pipeline'))).not.toContain('lakeformation:');
    expect(properties(standard, 'AWS::LakeFormation::DataLakeSettings')).toEqual([
      expect.objectContaining({ MutationType: 'APPEND' }),
    ]);
  });
});

it('would hear of it if cdk-nag found something', () => {
  const app = new App({ builtinCloudFormationValidation: false, analyticsReporting: false });
  new Bucket(new Stack(app, 'Careless'), 'Open');
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  expect(() => app.synth()).toThrow('AwsSolutions-S1');
});

describe('The bill of a college of 10,000 students', async () => {
  // The catalog and plan of a whole campus; the templates above are the same but for a few names.
  const loaded = await loadCampus(join(import.meta.dirname, '../..'));
  const bill = (lake: Deployed, profile: string) => {
    const resources = [...lake.stacks].flatMap(([stack, all]) =>
      Object.entries(all).map(([id, { Type: type, Properties }]) => ({
        id: `${stack}/${id}`,
        type,
        properties: Properties ?? {},
      })),
    );
    const college = { students: 10_000, models: 8, waves: 3 };
    return estimate(resources, usageOf(settingsOf(loaded, { profile }), college));
  };

  it('is at most 40 dollars a month in frugal', () => {
    const { total, unpriced } = bill(frugal, 'frugal');
    expect(unpriced).toEqual([]);
    expect(total).toBeLessThanOrEqual(40);
    // Below its instance, its address and its key it cannot be: something would have been forgotten.
    expect(total).toBeGreaterThan(20);
  });

  it('stays below the budget of standard with a VPN and a warehouse that is awake up to its limit', () => {
    const { total, lines } = bill(standard, 'standard');
    const names = lines.map(({ what }) => what);
    expect(names).toEqual(
      expect.arrayContaining(['Warehouse (Redshift)', 'VPN to the campus', 'VPC endpoints']),
    );
    expect(total).toBeGreaterThan(200);
    expect(total).toBeLessThanOrEqual(400);
  });

  it('is made of prices with a date and a source, and adds up', () => {
    for (const { total, lines } of [bill(frugal, 'frugal'), bill(standard, 'standard')]) {
      const parts = lines.flatMap((line) => line.parts);
      expect(parts.length).toBeGreaterThan(25);
      for (const { price, quantity, monthly, usd, date, source } of parts) {
        expect(monthly, price).toBeCloseTo(quantity * usd, 9);
        expect(date).toMatch(/^20\d\d-\d\d-\d\d$/);
        expect(source).toMatch(/^https:\/\/aws\.amazon\.com\//);
      }
      expect(total).toBeCloseTo(
        parts.reduce((sum, part) => sum + part.monthly, 0),
        6,
      );
    }
  });
});

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

it('asks AWS for nothing before it is deployed, also where campus.yaml names account and region', () => {
  const named = { account: '123456789012', region: 'us-east-1' };
  const { lookUps, stacks } = deploy(settingsFor({ ...CAMPUS, aws: named }));

  expect([...stacks.keys()]).toContain('network');
  expect(lookUps).toEqual([]);
});
