import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  paginateListStackResources,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { clientConfig } from '../../aws/clients.ts';
import { type Ministack, startMinistack } from '../../aws/ministack.ts';
import { UNKNOWN } from '../../deploy/adapt.ts';
import { leaveOut, type Template } from '../../deploy/stand-ins.ts';
import type { Templates } from './resolve.ts';

/** An account in the emulator, and what stands in it by `stack/id`: type and physical id. */
export interface EmulatedAccount {
  /** Makes the stacks, or updates them, in their order. @throws Error with CloudFormation's reasons */
  deploy(templates: Templates): Promise<void>;
  standing(): Promise<ReadonlyMap<string, { readonly type: string; readonly physicalId: string }>>;
  stop(): Promise<void>;
}

const TEMPLATES = 'templates';

export async function emulatedAccount(): Promise<EmulatedAccount> {
  const ministack = await startMinistack();
  const config = clientConfig(ministack.endpoint);
  const cloudFormation = new CloudFormationClient(config);
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: TEMPLATES }));
  const stacks = new Set<string>();
  return {
    async deploy(templates) {
      for (const [name, template] of templates) {
        const url = await upload(s3, ministack, name, adapted(template));
        const about = { StackName: name, TemplateURL: url, Capabilities: ['CAPABILITY_NAMED_IAM' as const] };
        if (stacks.has(name)) await updated(cloudFormation.send(new UpdateStackCommand(about)));
        else await cloudFormation.send(new CreateStackCommand(about));
        stacks.add(name);
        await settled(cloudFormation, name);
      }
    },
    async standing() {
      const found = new Map<string, { type: string; physicalId: string }>();
      for (const stack of stacks)
        for await (const page of paginateListStackResources({ client: cloudFormation }, { StackName: stack }))
          for (const one of page.StackResourceSummaries ?? [])
            found.set(`${stack}/${one.LogicalResourceId}`, {
              type: one.ResourceType!,
              physicalId: one.PhysicalResourceId ?? '',
            });
      return found;
    },
    async stop() {
      cloudFormation.destroy();
      s3.destroy();
      await ministack.stop();
    },
  };
}

/** Without what the emulator does not make, and without the check of the bootstrap, of which there is none. */
function adapted(template: object): object {
  const { Parameters, Rules, ...rest } = structuredClone(template) as Record<string, unknown>;
  leaveOut(rest as Template, UNKNOWN);
  return rest;
}

async function upload(
  s3: S3Client,
  { endpoint }: Ministack,
  name: string,
  template: object,
): Promise<string> {
  const Key = `${name}.json`;
  await s3.send(new PutObjectCommand({ Bucket: TEMPLATES, Key, Body: JSON.stringify(template) }));
  return `${endpoint}/${TEMPLATES}/${Key}`;
}

/** A template that says the same as before is no update. */
async function updated(sending: Promise<unknown>): Promise<void> {
  await sending.catch((error: Error) => {
    if (!error.message.includes('No updates are to be performed')) throw error;
  });
}

async function settled(client: CloudFormationClient, StackName: string): Promise<void> {
  for (const until = Date.now() + 120_000; Date.now() < until; ) {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName }));
    const status = Stacks?.[0]?.StackStatus ?? '';
    if (/^(CREATE|UPDATE)_COMPLETE$/.test(status)) return;
    if (/ROLLBACK|FAILED/.test(status) && !status.endsWith('IN_PROGRESS'))
      throw new Error(`${StackName} is ${status}: ${await reasons(client, StackName)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${StackName} does not settle`);
}

async function reasons(client: CloudFormationClient, StackName: string): Promise<string> {
  const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName }));
  return StackEvents.filter(({ ResourceStatus }) => ResourceStatus?.endsWith('_FAILED'))
    .map((one) => `${one.LogicalResourceId}: ${one.ResourceStatusReason}`)
    .join('; ');
}
