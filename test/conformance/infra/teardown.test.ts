import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import {
  DeleteObjectCommand,
  ListBucketsCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { emptyBucket } from '../../../bin/aws/teardown/empty-bucket.ts';
import { readStacks } from '../../../bin/aws/teardown/read-stacks.ts';
import { ofType } from '../../../bin/aws/teardown/standing-stack.ts';
import { STACK_NOTE } from '../../../lib/stack-note.ts';
import { clientConfig } from '../aws/clients.ts';
import { type Ministack, startMinistack } from '../aws/ministack.ts';
import { deploy } from '../deploy/cdk.ts';

/**
 * `lake teardown` against stacks that the CDK's own command line has deployed: what goes, what stays, and that no data
 * is deleted before both switches agree.
 */

const NAME = 'lake-test';
const ROOT = path.resolve(import.meta.dirname, '../../..');
const bucket = (zone: string) => `${NAME}-${zone}-000000000000-us-east-1`;

let ministack: Ministack;
let folder: string;
let s3: S3Client;
let cloudFormation: CloudFormationClient;

beforeAll(async () => {
  folder = await mkdtemp('/tmp/teardown-');
  ministack = await startMinistack();
  const config = clientConfig(ministack.endpoint);
  s3 = new S3Client({ ...config, forcePathStyle: true });
  cloudFormation = new CloudFormationClient(config);
});
afterAll(async () => {
  s3?.destroy();
  cloudFormation?.destroy();
  await ministack?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

const campusFile = () => path.join(folder, 'campus.yaml');

async function deployLake({ deleteData }: { deleteData: boolean }): Promise<void> {
  const campus = {
    name: 'Test College',
    timeZone: 'America/Chicago',
    aws: { name: NAME, deleteData },
    sources: {
      canvas: {
        kind: 'canvas',
        clientId: { secretsManager: 'lms', field: 'id' },
        clientSecret: { secretsManager: 'lms', field: 'secret' },
      },
    },
  };
  const columns = [{ name: 'id', type: 'bigint', privacy: 'none' }];
  const users = { name: 'users', namespace: 'canvas', table: 'users', key: ['id'], columns };
  await mkdir(path.join(folder, 'catalog'), { recursive: true });
  await mkdir(path.join(folder, 'models'), { recursive: true });
  await writeFile(campusFile(), stringify(campus));
  await writeFile(
    path.join(folder, 'catalog/canvas.yaml'),
    stringify({ source: 'canvas', datasets: [users] }),
  );
  const context = { campus: campusFile(), ...(deleteData ? { 'delete-data': NAME } : {}) };
  await deploy(ministack, 'test/conformance/infra/teardown-app.ts', { context });
}

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function teardown(...words: readonly string[]): Promise<Said> {
  const command = ['bin/lake.mjs', 'teardown', '--target', 'aws', ...words];
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    NO_COLOR: '1',
    ...ministack.env,
    LAKE_CAMPUS: campusFile(),
  };
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, command, { cwd: ROOT, env });
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: stdout, err: stderr };
  }
}

const put = (zone: string, Key: string) =>
  s3.send(new PutObjectCommand({ Bucket: bucket(zone), Key, Body: 'rows' }));
const standing = async () => (await readStacks(cloudFormation, NAME)).map(({ name }) => name);
async function buckets(): Promise<string[]> {
  const { Buckets = [] } = await s3.send(new ListBucketsCommand());
  return Buckets.map(({ Name }) => Name!).filter((name) => name.startsWith(NAME));
}

/** Each word of the command line starts a program: slow on a busy machine. */
const SLOW = { timeout: 300_000 };

describe('lake teardown of a lake that keeps its data', SLOW, () => {
  beforeAll(async () => {
    await deployLake({ deleteData: false });
    await put('raw', 'raw/canvas/1');
  });

  it('reads from what was deployed in which order it goes', async () => {
    const stacks = await readStacks(cloudFormation, NAME);

    expect(stacks.map((stack) => [stack.name, stack.after, stack.protected, stack.deletesData])).toEqual([
      [`${NAME}-notify`, [`${NAME}-storage`], false, false],
      [`${NAME}-serve`, [`${NAME}-storage`], false, false],
      [`${NAME}-storage`, [], false, false],
    ]);
    const raw = stacks.at(-1)!.resources.find(({ physicalId }) => physicalId === bucket('raw'));
    expect(raw).toMatchObject({ type: 'AWS::S3::Bucket', kept: true });
  });

  it('touches nothing where nobody has agreed', async () => {
    const asked = await teardown();
    const shown = await teardown('--dry-run');
    const half = await teardown('--yes', '--delete-data', NAME);

    expect(asked).toMatchObject({ code: 2, err: expect.stringContaining('Add --yes') });
    expect(shown).toMatchObject({
      code: 0,
      out: expect.stringContaining('Destroyed, in this order (2 stacks'),
    });
    expect(half).toMatchObject({ code: 2, err: expect.stringContaining('one of two switches') });
    expect(await standing()).toHaveLength(3);
  });

  it('is held up by what a stranger has in a stack, says what to do, and goes on from there', async () => {
    await makeStack(`${NAME}-network`, {
      Metadata: { [STACK_NOTE]: { lake: NAME, after: [], deletesData: false } },
      Resources: { Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } } },
    });
    const vpc = (await readStacks(cloudFormation, NAME)).flatMap((stack) =>
      ofType([stack], 'AWS::EC2::VPC'),
    )[0]!;
    const Properties = { VpcId: vpc.physicalId, CidrBlock: '10.0.1.0/24' };
    await makeStack('stranger', { Resources: { Subnet: { Type: 'AWS::EC2::Subnet', Properties } } });

    const first = await teardown('--yes');
    await cloudFormation.send(new DeleteStackCommand({ StackName: 'stranger' }));
    const second = await teardown('--yes');

    expect(first.code).toBe(1);
    expect(first.out).toMatch(/lake-test-network would not go:\n {2}Vpc: .*DependencyViolation/s);
    expect(first.out).toContain('next: a service still has an address in the network');
    expect(second.code, second.out).toBe(0);
  });

  it('keeps the stack that holds the data', async () => {
    const again = await teardown('--yes', '--json');

    expect(await standing()).toEqual([`${NAME}-storage`]);
    expect(await buckets()).toHaveLength(6);
    expect(again.code).toBe(0);
    expect(JSON.parse(again.out)).toMatchObject({
      lake: NAME,
      destroys: [],
      empties: [],
      stays: [
        { stack: `${NAME}-storage`, why: expect.stringContaining('it holds the data; a later deployment') },
      ],
    });
  });
});

describe('lake teardown of a lake that was deployed again to go with its data', SLOW, () => {
  beforeAll(async () => {
    await deployLake({ deleteData: true });
  });

  it('keeps data where the second switch is off', async () => {
    const { code, out } = await teardown('--yes', '--json');

    expect(code, out).toBe(0);
    const { deleted, empties, stays } = JSON.parse(out);
    expect(deleted.sort()).toEqual([`${NAME}-notify`, `${NAME}-serve`]);
    expect(empties).toEqual([]);
    expect(stays).toEqual([{ stack: `${NAME}-storage`, why: expect.stringContaining('--delete-data') }]);
    expect(await buckets()).toHaveLength(6);
  });

  it('empties a bucket of every version of everything', async () => {
    await put('records', 'ledger/1');
    await put('records', 'ledger/1');
    await put('records', 'ledger/2');
    await s3.send(new DeleteObjectCommand({ Bucket: bucket('records'), Key: 'ledger/2' }));
    const list = () => s3.send(new ListObjectVersionsCommand({ Bucket: bucket('records') }));
    const before = await list();

    await emptyBucket(s3, bucket('records'), () => {});
    await emptyBucket(s3, 'lake-test-that-is-not-there', () => {});

    expect([before.Versions?.length, before.DeleteMarkers?.length]).toEqual([3, 1]);
    const after = await list();
    expect([after.Versions ?? [], after.DeleteMarkers ?? []]).toEqual([[], []]);
  });

  it('deletes the data when both agree', async () => {
    await put('raw', 'raw/canvas/2');

    const { code, out, err } = await teardown('--yes', '--delete-data', NAME);

    expect(code, out + err).toBe(0);
    expect(out).toContain(`DATA IS DELETED\n  bucket ${bucket('curated')}`);
    expect(await standing()).toEqual([]);
    expect(await buckets()).toEqual([]);
    expect((await teardown('--yes')).out).toContain(`Nothing is deployed of the lake ${NAME} here.`);
  });
});

async function makeStack(StackName: string, template: object): Promise<void> {
  const TemplateBody = JSON.stringify(template);
  await cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody }));
  await waitUntilStackCreateComplete({ client: cloudFormation, maxWaitTime: 60 }, { StackName });
}
