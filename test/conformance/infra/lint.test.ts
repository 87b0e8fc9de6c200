import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { campusLake } from '../../../lib/campus-lake.ts';
import { CAMPUS, settingsFor } from '../../infra/campus.ts';
import { LINT_MS, lintErrors } from './cfn-lint.ts';

/** cfn-lint over every template that campus.yaml can ask for, beside those of this campus (see synth.test.ts). */

const ROOT = path.resolve(import.meta.dirname, '../../..');
const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
const people = { analysts: [role('analyst')], stewards: [role('steward')], admins: [role('admin')] };
const vpn = { gateway: '203.0.113.7', cidrs: ['10.0.0.0/16'] };
const existing = {
  vpc: 'vpc-0a1b2c3d',
  subnets: ['subnet-0a1b2c3d', 'subnet-1a2b3c4d'],
};

/** What campus.yaml says under `aws`, and the profile. */
const ASKED: Record<string, { profile: string; aws: object; deleteData?: string }> = {
  'a frugal lake with a VPN and a warehouse, under Lake Formation': {
    profile: 'frugal',
    aws: {
      network: { vpn },
      warehouse: { enabled: true },
      access: { mode: 'lake-formation', ...people },
      alarmEmails: ['team@riverbend.example'],
    },
  },
  'a standard lake with a VPN and a warehouse, hybrid': {
    profile: 'standard',
    aws: { network: { vpn }, access: { mode: 'hybrid', ...people } },
  },
  'a standard lake in a VPC that is there': { profile: 'standard', aws: { network: { existing } } },
  'a frugal lake whose SIS is copied by DMS Serverless': {
    profile: 'frugal',
    aws: { network: { vpn }, replication: { serverless: { minDcu: 1, maxDcu: 4 } } },
  },
  'a lake that goes with its data': {
    profile: 'standard',
    aws: { deleteData: true, databasePrefix: 'riverbend_' },
    deleteData: 'campus-lake',
  },
};

let folder: string;
/** Paths by what they were asked for; a template that several ask for is written, and linted, once. */
const templates = new Map<string, string[]>();

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lint-'));
  const { context } = JSON.parse(await readFile(path.join(ROOT, 'cdk.json'), 'utf8')) as { context: object };
  const seen = new Set<string>();
  for (const [asked, { profile, aws, deleteData }] of Object.entries(ASKED)) {
    const app = new App({
      outdir: path.join(folder, 'out'),
      context: { ...context, 'aws:cdk:bundling-stacks': [], 'aws:cdk:disable-stack-trace': true },
      builtinCloudFormationValidation: false,
    });
    campusLake(app, settingsFor({ ...CAMPUS, profile, aws }, { deleteData }));
    const files: string[] = [];
    for (const { stackName, template } of app.synth().stacks) {
      const text = JSON.stringify(template);
      const file = `${stackName}-${createHash('sha256').update(text).digest('hex').slice(0, 8)}.json`;
      if (seen.has(file)) continue;
      seen.add(file);
      await writeFile(path.join(folder, file), text);
      files.push(path.join(folder, file));
    }
    templates.set(asked, files);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(Object.keys(ASKED))('%s', (asked) => {
  it('has no error that cfn-lint knows', { timeout: LINT_MS }, async () => {
    const files = templates.get(asked)!;
    expect(files.length).toBeGreaterThan(1);
    expect(await lintErrors(files)).toEqual([]);
  });
});

it('is asked about every resource that the lake has', async () => {
  const all = await Promise.all([...templates.values()].flat().map((file) => readFile(file, 'utf8')));
  const types = new Set(all.join().match(/"Type":"AWS::[\w:]+"/g));
  for (const type of ['EC2::VPNConnection', 'LakeFormation::TagAssociation', 'RedshiftServerless::Workgroup'])
    expect([...types]).toContain(`"Type":"AWS::${type}"`);
});
