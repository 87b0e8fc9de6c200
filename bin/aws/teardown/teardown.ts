import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { DatabaseMigrationServiceClient } from '@aws-sdk/client-database-migration-service';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SFNClient } from '@aws-sdk/client-sfn';
import type { Clock } from '../../../src/ports/platform.ts';
import { deleteStack, type Outcome } from './delete-stack.ts';
import { emptyBucket } from './empty-bucket.ts';
import type { Stuck } from './explain.ts';
import type { TeardownPlan } from './plan.ts';
import { ofType, type StandingStack } from './standing-stack.ts';
import { deleteReplications, deleteTasks, stopRuns } from './stop-work.ts';

export interface TeardownTools {
  readonly cloudFormation: CloudFormationClient;
  readonly s3: S3Client;
  readonly sfn: SFNClient;
  readonly dms: DatabaseMigrationServiceClient;
  readonly clock: Clock;
}

/** Progress reports for a person who watches. */
export type TeardownEvent =
  | { readonly type: 'deleting' | 'gone' | 'stuck'; readonly stack: string }
  | { readonly type: 'progress'; readonly about: string; readonly text: string };

export interface TeardownOptions {
  readonly watch: (event: TeardownEvent) => void;
  readonly signal: AbortSignal;
}

export interface TeardownOutcome {
  readonly deleted: readonly string[];
  /** Stacks that would not go, and what holds each up. Those below them were not tried. */
  readonly failed: readonly { readonly stack: string; readonly stuck: readonly Stuck[] }[];
}

/**
 * Carries out a plan, wave after wave. Where something will not go, the rest of its wave is still waited for, and
 * nothing after it is touched. What was stopped or failed is gone on with by the next teardown: what is gone is gone,
 * and what is on its way is waited for.
 */
export async function tearDown(
  plan: TeardownPlan,
  tools: TeardownTools,
  { watch, signal }: TeardownOptions,
): Promise<TeardownOutcome> {
  const deleted: string[] = [];
  const failed: { stack: string; stuck: readonly Stuck[] }[] = [];
  for (const wave of plan.waves) {
    signal.throwIfAborted();
    const ends = await Promise.allSettled(
      wave.map(async (stack) => {
        watch({ type: 'deleting', stack: stack.name });
        await clear(stack, plan, tools, { watch, signal });
        const outcome = await remove(stack, tools, { watch, signal });
        watch({ type: outcome.gone ? 'gone' : 'stuck', stack: stack.name });
        if (outcome.gone) deleted.push(stack.name);
        else failed.push({ stack: stack.name, stuck: outcome.stuck });
      }),
    );
    const broken = ends.find((end) => end.status === 'rejected');
    if (broken) throw broken.reason;
    if (failed.length > 0) break;
  }
  return { deleted, failed };
}

/** What CloudFormation would stumble over. */
async function clear(
  stack: StandingStack,
  { buckets }: TeardownPlan,
  { s3, sfn, dms, clock }: TeardownTools,
  { watch, signal }: TeardownOptions,
): Promise<void> {
  const tell = (about: string, text: string) => watch({ type: 'progress', about, text });
  const ids = (type: string) => ofType([stack], type).map(({ physicalId }) => physicalId);
  for (const machine of ids('AWS::StepFunctions::StateMachine')) {
    const runs = await stopRuns(sfn, machine);
    if (runs > 0) tell(stack.name, `${runs} runs under way are stopped`);
  }
  for (const instance of ids('AWS::DMS::ReplicationInstance')) {
    const tasks = await deleteTasks(dms, instance, clock, signal);
    if (tasks > 0) tell(stack.name, `${tasks} tasks of DMS are deleted`);
  }
  const endpoints = ids('AWS::DMS::Endpoint');
  if (endpoints.length > 0 && ids('AWS::DMS::ReplicationInstance').length === 0) {
    const gone = await deleteReplications(dms, endpoints, clock, signal);
    if (gone > 0) tell(stack.name, `${gone} serverless replications of DMS are deleted`);
  }
  for (const bucket of ids('AWS::S3::Bucket').filter((name) => buckets.includes(name)))
    await emptyBucket(s3, bucket, (count) => tell(bucket, `${count} objects deleted`), signal);
}

function remove(
  stack: StandingStack,
  { cloudFormation, clock }: TeardownTools,
  { watch, signal }: TeardownOptions,
): Promise<Outcome> {
  const progress = (gone: number, all: number) =>
    watch({ type: 'progress', about: stack.name, text: `${gone} of ${all} resources gone` });
  return deleteStack(stack, { cloudFormation, clock, signal, progress });
}
