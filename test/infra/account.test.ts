import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stage } from 'aws-cdk-lib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addCampusLake } from '../../lib/embed.ts';
import type { StackTemplate } from '../../lib/synthesize.ts';
import { CAMPUS, settingsFor } from './campus.ts';
import { type Deployed, deploy, ofType } from './deployed.ts';

/** What an account asks of everything in it, and what it has already: aws.tags, permissionsBoundary, kmsKey, catalogKey. */
const KEY = 'arn:aws:kms:us-east-2:123456789012:key/0a1b2c3d-0000-4000-8000-000000000001';
const CATALOG_KEY = 'arn:aws:kms:us-east-2:123456789012:key/0a1b2c3d-0000-4000-8000-000000000002';
const ASKED = {
  name: 'riverbend',
  tags: { 'cost-centre': '4711', team: 'institutional research' },
  permissionsBoundary: 'college-boundary',
  kmsKey: KEY,
  catalogKey: CATALOG_KEY,
};
const text = (value: unknown) => JSON.stringify(value);

let lake: Deployed;
beforeAll(() => {
  lake = deploy(settingsFor({ ...CAMPUS, profile: 'standard', aws: ASKED }));
});

const statementsOn = (resource: string) =>
  [...ofType(lake, 'AWS::IAM::Policy'), ...ofType(lake, 'AWS::IAM::ManagedPolicy')].filter(
    ([, { Properties }]) => text(Properties.PolicyDocument).includes(resource),
  );

describe('A lake in a lived-in account', () => {
  it('has every role bounded', () => {
    const roles = ofType(lake, 'AWS::IAM::Role');
    expect(roles.length).toBeGreaterThan(10);
    expect(
      roles.filter(
        ([, { Properties }]) =>
          !text(Properties.PermissionsBoundary ?? '').includes('policy/college-boundary'),
      ),
    ).toEqual([]);
  });

  it('tags what can be tagged, beside its own tag', () => {
    const [, { Properties }] = ofType(lake, 'AWS::DynamoDB::Table')[0]!;
    expect(Properties.Tags).toEqual([
      { Key: 'cost-centre', Value: '4711' },
      { Key: 'lake', Value: 'riverbend' },
      { Key: 'team', Value: 'institutional research' },
    ]);
  });

  it('uses the key that it is given, and makes none', () => {
    expect(ofType(lake, 'AWS::KMS::Key')).toEqual([]);
    const encrypted = ofType(lake, 'AWS::S3::Bucket').filter(([id]) => !id.includes('Logs'));
    expect(
      encrypted.map(([, { Properties }]) => text(Properties).includes(`"KMSMasterKeyID":"${KEY}"`)),
    ).toEqual(Array(5).fill(true));
  });

  it('may use the key of the encrypted catalog where it reads tables, through Glue only', () => {
    const holders = statementsOn(CATALOG_KEY).map(([id]) => id.replace(/[0-9A-F]{8}$/, ''));
    expect(holders.sort()).toEqual([
      'access/Policyanalyst',
      'access/Policysteward',
      'pipeline/DriftRoleDefaultPolicy',
      'pipeline/EraserDefaultPolicy',
      'pipeline/FunctionmodelsRoleDefaultPolicy',
      'pipeline/FunctionsisRoleDefaultPolicy',
      'pipeline/FunctionstageRoleDefaultPolicy',
      'pipeline/FunctionsweepRoleDefaultPolicy',
    ]);
    for (const [, { Properties }] of statementsOn(CATALOG_KEY)) {
      const { Statement } = Properties.PolicyDocument as {
        Statement: { Resource: unknown; Condition?: unknown }[];
      };
      const [own] = Statement.filter(({ Resource }) => Resource === CATALOG_KEY);
      expect(text(own?.Condition)).toContain('"glue.');
    }
  });

  it('has databases of its own by its name, so that a second lake in the account collides with none', () => {
    const names = ofType(lake, 'AWS::Glue::Database').map(
      ([, { Properties }]) => (Properties.DatabaseInput as { Name: string }).Name,
    );
    expect(names.length).toBeGreaterThan(4);
    expect(names.filter((name) => !name.startsWith('riverbend_'))).toEqual([]);
  });

  it('tells others what it has by parameters of fixed names', () => {
    const names = ofType(lake, 'AWS::SSM::Parameter').map(([, { Properties }]) => String(Properties.Name));
    expect(names.every((name) => name.startsWith('/lake/riverbend/'))).toBe(true);
    expect(names.map((name) => name.replace('/lake/riverbend/', '')).sort()).toEqual([
      'bucket/curated',
      'bucket/raw',
      'bucket/staged',
      'database/campus',
      'database/canvas',
      'database/lake_versions',
      'database/ops',
      'database/sis',
      'key',
      'state-machine',
      'topic',
      'warehouse/database',
      'warehouse/host',
      'warehouse/reader-secret',
      'warehouse/security-group',
      'warehouse/workgroup',
      'workgroup/analysts',
      'workgroup/stewards',
    ]);
  });
});

describe('A lake within another app', () => {
  const folder = mkdtempSync(join(tmpdir(), 'embed-'));
  const { context } = JSON.parse(readFileSync(join(import.meta.dirname, '../../cdk.json'), 'utf8')) as {
    context: object;
  };
  afterAll(() => rmSync(folder, { recursive: true }));
  beforeAll(() => {
    const file = {
      ...CAMPUS,
      sources: { canvas: CAMPUS.sources.canvas },
      environments: { dev: {}, prod: { profile: 'standard', aws: { name: 'riverbend' } } },
    };
    // JSON is YAML.
    writeFileSync(join(folder, 'campus.yaml'), JSON.stringify(file));
  });
  const app = () =>
    new App({
      outdir: join(folder, 'out'),
      context: { ...context, 'aws:cdk:bundling-stacks': [], 'aws:cdk:disable-stack-trace': true },
      builtinCloudFormationValidation: false,
      analyticsReporting: false,
      treeMetadata: false,
    });

  it('is named as the command line looks for it, also in a stage, and hands out what it has', async () => {
    const whole = app();
    const stage = new Stage(whole, 'College');
    const { storage, warehouse } = await addCampusLake(stage, { campus: folder, environment: 'prod' });
    const { stacks } = stage.synth();
    expect(stacks.map(({ stackName }) => stackName).sort()).toEqual([
      'riverbend-access',
      'riverbend-network',
      'riverbend-notify',
      'riverbend-observe',
      'riverbend-pipeline',
      'riverbend-serve',
      'riverbend-storage',
      'riverbend-warehouse',
      'riverbend-warehouse-data',
    ]);
    expect(warehouse?.workgroup.workgroupName).toBe('riverbend');
    expect(storage.resolve(storage.buckets.curated.bucketName)).toEqual({
      'Fn::Join': ['', ['riverbend-curated-', { Ref: 'AWS::AccountId' }, '-', { Ref: 'AWS::Region' }]],
    });
    const pipeline = stacks.find(({ stackName }) => stackName === 'riverbend-pipeline')!
      .template as StackTemplate;
    const lambdas = Object.values(pipeline.Resources!).filter(({ Type }) => Type === 'AWS::Lambda::Function');
    // The functions load the same campus.yaml, and must read it as the same environment.
    expect(lambdas.every((one) => text(one.Properties).includes('"LAKE_ENVIRONMENT":"prod"'))).toBe(true);
  });

  it('is refused where nothing says which environment', async () => {
    await expect(addCampusLake(app(), { campus: folder })).rejects.toThrow('describes 2 environments');
  });
});
