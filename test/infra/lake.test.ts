import { readFileSync } from 'node:fs';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { pricerOf } from '../../lib/cost/pricers.ts';
import { awsPlacesSchema } from '../../src/platform/aws/places.ts';
import { CAMPUS, settingsFor } from './campus.ts';
import { deploy, ofType } from './deployed.ts';
import { isOnAllOnly } from './iam-reference.ts';
import { both, properties, text } from './profiles.ts';
import { flat, shapeOf } from './shape.ts';
import { unexplained } from './wildcards.ts';

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

  it('holds stacks together by weak references, except where a change would replace something', () => {
    const all = text([...lake.stacks.values()]);
    const strong = all.match(/"\w+":\{"Fn::ImportValue"/g);
    expect(strong).toEqual(['"KmsKeyId":{"Fn::ImportValue"']);
    expect(all).toContain('Fn::GetStackOutput');
    expect(text([...lake.outputs.values()]).match(/"Export"/g)).toHaveLength(1);
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
    // The crawlers' database is made again by every crawl.
    const kept = [...lake.stacks.values()]
      .flatMap(Object.values)
      .filter((r) => !text(r.Properties).includes('lake_drift'))
      .filter((r) => stateful.test(r.Type) || r.Properties?.TableName === 'campus-lake-ledger');
    expect(kept.length).toBeGreaterThanOrEqual(13);
    for (const resource of kept)
      expect(resource).toMatchObject({
        DeletionPolicy: 'RetainExceptOnCreate',
        UpdateReplacePolicy: 'Retain',
      });
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
        const actions = [Action].flat().map(String);
        if (Resource === '*') expect(actions.filter((action) => !isOnAllOnly(action))).toEqual([]);
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
    // Without a name: what one role has besides the policy that is full.
    const named = properties(lake, 'AWS::IAM::ManagedPolicy').filter(
      (p) => p.ManagedPolicyName !== undefined,
    );
    const answers = named.map((p) => {
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
        .filter(
          ([, r]) =>
            r.DeletionPolicy?.startsWith('Retain') && !/Glue::Database|IAM::Role|Secret$/.test(r.Type),
        )
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
it('would hear of it if cdk-nag found something', () => {
  const app = new App({ builtinCloudFormationValidation: false, analyticsReporting: false });
  new Bucket(new Stack(app, 'Careless'), 'Open');
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  expect(() => app.synth()).toThrow('AwsSolutions-S1');
});
it('asks AWS for nothing before it is deployed, also where campus.yaml names account and region', () => {
  const named = { account: '123456789012', region: 'us-east-1' };
  const { lookUps, stacks } = deploy(settingsFor({ ...CAMPUS, aws: named }));

  expect([...stacks.keys()]).toContain('network');
  expect(lookUps).toEqual([]);
});
