import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AthenaClient, CreateWorkGroupCommand, DeleteWorkGroupCommand } from '@aws-sdk/client-athena';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CreateDatabaseCommand, DeleteDatabaseCommand, GlueClient } from '@aws-sdk/client-glue';
import { CreateBucketCommand, DeleteBucketCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { clientConfig } from '../aws/clients.ts';
import { type Ministack, startMinistack } from '../aws/ministack.ts';
import { deploy } from '../deploy/cdk.ts';

/**
 * A first deployment that fails, and the same command again once the cause is gone: nothing of the first try stands in
 * the way of the second, and nobody deletes anything by hand.
 */

let ministack: Ministack;
let folder: string;
let clients: ReturnType<typeof clientsOf>;

function clientsOf(endpoint: string) {
  const config = clientConfig(endpoint);
  return {
    athena: new AthenaClient(config),
    cloudFormation: new CloudFormationClient(config),
    glue: new GlueClient(config),
    s3: new S3Client({ ...config, forcePathStyle: true }),
  };
}

beforeAll(async () => {
  folder = await mkdtemp('/tmp/first-deploy-');
  ministack = await startMinistack();
  clients = clientsOf(ministack.endpoint);
});
afterAll(async () => {
  for (const client of Object.values(clients ?? {})) client.destroy();
  await ministack?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

interface Cause {
  readonly what: string;
  readonly lake: string;
  /** The stack that fails of it. */
  readonly stack: string;
  /** The buckets that are not the lake's. Default: none. */
  readonly taken?: readonly string[];
  inject(): Promise<unknown>;
  remedy(): Promise<unknown>;
}

const CAUSES: readonly Cause[] = [
  {
    what: 'a Glue database of that name exists',
    lake: 'lake-database',
    stack: 'storage',
    inject: () =>
      clients.glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'lake_database_canvas' } })),
    remedy: () => clients.glue.send(new DeleteDatabaseCommand({ Name: 'lake_database_canvas' })),
  },
  {
    what: 'a bucket of that name exists',
    lake: 'lake-bucket',
    stack: 'storage',
    taken: ['lake-bucket-staged-000000000000-us-east-1'],
    inject: () =>
      clients.s3.send(new CreateBucketCommand({ Bucket: 'lake-bucket-staged-000000000000-us-east-1' })),
    remedy: () =>
      clients.s3.send(new DeleteBucketCommand({ Bucket: 'lake-bucket-staged-000000000000-us-east-1' })),
  },
  {
    what: 'a Glue database with the name of the curated one exists',
    lake: 'lake-models',
    stack: 'storage',
    inject: () =>
      clients.glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'lake_models_campus' } })),
    remedy: () => clients.glue.send(new DeleteDatabaseCommand({ Name: 'lake_models_campus' })),
  },
  {
    what: 'a bucket with the name of the one for logs exists',
    lake: 'lake-logs',
    stack: 'storage',
    taken: ['lake-logs-logs-000000000000-us-east-1'],
    inject: () =>
      clients.s3.send(new CreateBucketCommand({ Bucket: 'lake-logs-logs-000000000000-us-east-1' })),
    remedy: () =>
      clients.s3.send(new DeleteBucketCommand({ Bucket: 'lake-logs-logs-000000000000-us-east-1' })),
  },
  {
    what: 'an Athena workgroup of that name exists',
    lake: 'lake-workgroup',
    stack: 'serve',
    inject: () => clients.athena.send(new CreateWorkGroupCommand({ Name: 'lake-workgroup-stewards' })),
    remedy: () => clients.athena.send(new DeleteWorkGroupCommand({ WorkGroup: 'lake-workgroup-stewards' })),
  },
];

async function campusFor(lake: string): Promise<string> {
  const home = path.join(folder, lake);
  await mkdir(path.join(home, 'catalog'), { recursive: true });
  await mkdir(path.join(home, 'models'));
  const canvas = { kind: 'canvas', clientId: { secretsManager: 'a' }, clientSecret: { secretsManager: 'b' } };
  const sis = {
    kind: 'postgres',
    host: 'sis.example',
    database: 'sis',
    user: 'lake',
    password: { secretsManager: 'sis' },
    ssl: 'require',
    overInternet: true,
  };
  const file = path.join(home, 'campus.yaml');
  const aws = { name: lake, databasePrefix: `${lake.replaceAll('-', '_')}_` };
  await writeFile(
    file,
    stringify({ name: 'Test College', timeZone: 'America/Chicago', aws, sources: { canvas, sis } }),
  );
  return file;
}

const statusOf = (stack: string): Promise<string | undefined> =>
  clients.cloudFormation.send(new DescribeStacksCommand({ StackName: stack })).then(
    ({ Stacks }) => Stacks?.[0]?.StackStatus,
    () => undefined,
  );

async function bucketsOf(lake: string): Promise<string[]> {
  const { Buckets = [] } = await clients.s3.send(new ListBucketsCommand());
  return Buckets.map(({ Name }) => Name!).filter((name) => name.startsWith(`${lake}-`));
}

describe('A first deployment', () => {
  it.each(CAUSES.map((cause) => [cause.what, cause] as const))(
    'that failed because %s is repeated to success',
    { timeout: 600_000 },
    async (_, { lake, stack, taken = [], inject, remedy }) => {
      const campus = await campusFor(lake);
      const stacks = ['storage', 'serve'].map((part) => `${lake}-${part}`);
      const deployed = () =>
        deploy(ministack, 'test/conformance/infra/first-deploy-app.ts', { context: { campus }, stacks });
      await inject();

      await expect(deployed()).rejects.toThrow(/failed/);
      expect(await statusOf(`${lake}-${stack}`)).toMatch(/ROLLBACK_COMPLETE/);
      if (stack === 'storage') expect(await bucketsOf(lake)).toEqual(taken);

      await remedy();
      await deployed();
      for (const name of stacks) expect(await statusOf(name)).toBe('CREATE_COMPLETE');
      if (stack === 'storage') expect(await bucketsOf(lake)).toHaveLength(6);
    },
  );
});
