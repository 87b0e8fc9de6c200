import {
  type CloudFormationClient,
  DeleteStackCommand,
  DescribeStacksCommand,
  paginateDescribeStackEvents,
  paginateListStackResources,
  type StackResourceSummary,
} from '@aws-sdk/client-cloudformation';
import { called, isNamed } from '../../../src/platform/aws/errors.ts';
import type { Clock } from '../../../src/ports/platform.ts';
import { nextFor, type Stuck } from './explain.ts';
import type { StandingStack } from './standing-stack.ts';

export interface DeleteOptions {
  readonly cloudFormation: CloudFormationClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Called while it goes on, with how many resources are gone. */
  readonly progress: (gone: number, all: number) => void;
}

/** What became of a stack: gone, or what holds it up. */
export type Outcome = { readonly gone: true } | { readonly gone: false; readonly stuck: readonly Stuck[] };

const LOOK_AGAIN_MS = 5_000;

/**
 * Deletes a stack and waits for the end of it. One that is being deleted already, by a teardown that was stopped, is
 * waited for.
 */
export async function deleteStack(
  { name, arn, status }: StandingStack,
  options: DeleteOptions,
): Promise<Outcome> {
  const { cloudFormation, clock, signal } = options;
  if (status !== 'DELETE_IN_PROGRESS') {
    const remove = new DeleteStackCommand({ StackName: arn });
    await called(`Deleting the stack ${name}`, name, cloudFormation.send(remove));
  }
  for (;;) {
    const now = await statusOf(cloudFormation, { name, arn });
    if (now.status === 'DELETE_COMPLETE') return { gone: true };
    if (now.status === 'DELETE_FAILED')
      return { gone: false, stuck: await stuckOf(cloudFormation, { name, arn }, now.reason) };
    const resources = await resourcesOf(cloudFormation, { name, arn });
    const gone = resources.filter((one) => one.ResourceStatus === 'DELETE_COMPLETE').length;
    options.progress(gone, resources.length);
    await clock.sleep(LOOK_AGAIN_MS, signal);
  }
}

type Named = Pick<StandingStack, 'name' | 'arn'>;

async function statusOf(
  cloudFormation: CloudFormationClient,
  { name, arn }: Named,
): Promise<{ status: string; reason: string }> {
  const call = cloudFormation.send(new DescribeStacksCommand({ StackName: arn })).catch((error: unknown) => {
    // A stack that nobody remembers is gone.
    if (isNamed(error, 'ValidationError')) return { Stacks: [] };
    throw error;
  });
  const { Stacks: [stack] = [] } = await called(`Looking after the stack ${name}`, name, call);
  return { status: stack?.StackStatus ?? 'DELETE_COMPLETE', reason: stack?.StackStatusReason ?? '' };
}

async function resourcesOf(
  client: CloudFormationClient,
  { name, arn }: Named,
): Promise<StackResourceSummary[]> {
  const found: StackResourceSummary[] = [];
  const reading = (async () => {
    for await (const page of paginateListStackResources({ client }, { StackName: arn }))
      found.push(...(page.StackResourceSummaries ?? []));
  })();
  await called(`Looking at what is left of the stack ${name}`, name, reading);
  return found;
}

/** The resources that failed in this attempt, newest events first; the stack itself where none says why. */
async function stuckOf(client: CloudFormationClient, { name, arn }: Named, reason: string): Promise<Stuck[]> {
  const stuck = new Map<string, Stuck>();
  const reading = (async () => {
    for await (const { StackEvents = [] } of paginateDescribeStackEvents({ client }, { StackName: arn })) {
      for (const { LogicalResourceId: id = '', ResourceType: type = '', ...event } of StackEvents) {
        const ofStack = event.PhysicalResourceId === arn;
        if (ofStack && event.ResourceStatus === 'DELETE_IN_PROGRESS') return;
        if (ofStack || event.ResourceStatus !== 'DELETE_FAILED' || stuck.has(id)) continue;
        const said = event.ResourceStatusReason ?? reason;
        stuck.set(id, { id, type, reason: said, next: nextFor(said) });
      }
    }
  })();
  await called(`Reading why the stack ${name} would not go`, name, reading);
  if (stuck.size > 0) return [...stuck.values()];
  return [{ id: '', type: 'AWS::CloudFormation::Stack', reason, next: nextFor(reason) }];
}
