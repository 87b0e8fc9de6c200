import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Campus } from '../../src/campus/campus.ts';
import { LakeError } from '../../src/errors.ts';
import { FEATURES } from '../../src/features.ts';
import { notifiedOf } from '../../src/notify/notified.ts';
import { executionCause } from '../../src/pipeline/execution-cause.ts';
import { Follower } from '../../src/pipeline/follow.ts';
import { planFor } from '../../src/pipeline/plan.ts';
import type { RunOutcome } from '../../src/pipeline/run.ts';
import { type RunRecord, readRunRecord } from '../../src/pipeline/run-record.ts';
import { failuresOf } from '../../src/pipeline/step-log.ts';
import { findDeployed } from '../../src/platform/aws/deployed.ts';
import { called } from '../../src/platform/aws/errors.ts';
import { openAwsPlatform } from '../../src/platform/aws/platform.ts';
import type { EventSink } from '../../src/ports/events.ts';
import type { Platform } from '../../src/ports/platform.ts';

export interface AwsRunOptions {
  readonly events: EventSink;
  readonly signal: AbortSignal;
  readonly fresh: boolean;
}

/** An execution ended without a readable run. */
class ExecutionError extends LakeError {}

const LOOK_AGAIN_MS = 3_000;

/**
 * Starts the nightly run now and follows it, from the ledger, to its end. Who stops following stops nothing.
 * @throws ExecutionError when the execution ends before there is a run
 */
export async function runOnAws(campus: Campus, options: AwsRunOptions): Promise<RunOutcome> {
  const { places, stateMachineArn } = await findDeployed(campus);
  const steps = new SFNClient({ region: places.region });
  const platform = openAwsPlatform(places, campus);
  try {
    const start = new StartExecutionCommand({
      stateMachineArn,
      input: JSON.stringify({ fresh: options.fresh }),
    });
    const { executionArn } = await called('Starting the run', 'run', steps.send(start));
    return await follow(executionArn!, steps, platform, campus, options);
  } finally {
    steps.destroy();
    await platform.close();
  }
}

async function follow(
  executionArn: string,
  steps: SFNClient,
  platform: Platform,
  campus: Campus,
  { events, signal }: AwsRunOptions,
): Promise<RunOutcome> {
  const { clock, ledger } = platform;
  let follower: Follower | undefined;
  for (;;) {
    const describe = new DescribeExecutionCommand({ executionArn });
    const execution = await called('Looking after the run', 'run', steps.send(describe));
    const ended = execution.status !== 'RUNNING' && execution.status !== 'PENDING_REDRIVE';
    const record = (await readRunRecord(ledger))?.value;
    const own = record?.holder === executionArn ? record : undefined;
    if (own) {
      follower ??= new Follower(own.run, planFor(campus, FEATURES), events);
      const prefix = `${own.run}/`;
      follower.tell(await ledger.rows('steps', prefix), await ledger.rows('remarks', prefix), ended);
    }
    if (ended) return outcomeOf(own, execution, platform);
    await clock.sleep(LOOK_AGAIN_MS, signal);
  }
}

async function outcomeOf(
  record: RunRecord | undefined,
  execution: { status?: string; error?: string; cause?: string },
  { ledger }: Platform,
): Promise<RunOutcome> {
  if (!record) {
    throw new ExecutionError(
      `The execution ended ${execution.status} before it had a run: ${executionCause(execution.error ?? 'no reason was reported', execution.cause ?? '')}`,
      { hint: 'lake status --target aws tells whether another run is under way.' },
    );
  }
  // An execution that was killed leaves its run open: it failed, and the next one continues it.
  const status = record.status === 'running' ? 'failed' : record.status;
  const failures = await failuresOf(ledger, record.run);
  const notified = await notifiedOf(ledger, record.run);
  return { record: { ...record, status }, failures, notified, continued: record.attempt > 1 };
}
