import {
  type DatabaseMigrationServiceClient,
  DeleteReplicationConfigCommand,
  DeleteReplicationTaskCommand,
  paginateDescribeReplicationConfigs,
  paginateDescribeReplications,
  paginateDescribeReplicationTasks,
  type ReplicationTask,
  StopReplicationCommand,
  StopReplicationTaskCommand,
} from '@aws-sdk/client-database-migration-service';
import { paginateListExecutions, type SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { called, isNamed } from '../../../src/platform/aws/errors.ts';
import type { Clock } from '../../../src/ports/platform.ts';
import { TeardownError } from './errors.ts';

const TASKS_PATIENCE_MS = 15 * 60_000;
const LOOK_AGAIN_MS = 10_000;

/** Ends the runs that are under way: a state machine goes only when its executions have. @returns how many */
export async function stopRuns(sfn: SFNClient, stateMachineArn: string): Promise<number> {
  let stopped = 0;
  const work = async () => {
    const query = { stateMachineArn, statusFilter: 'RUNNING' } as const;
    for await (const { executions = [] } of paginateListExecutions({ client: sfn }, query)) {
      for (const { executionArn } of executions) {
        await sfn.send(new StopExecutionCommand({ executionArn, cause: 'The lake is taken down.' }));
        stopped++;
      }
    }
  };
  await called('Stopping the runs under way', stateMachineArn, work());
  return stopped;
}

/** What the pipeline has made at DMS, as far as its end needs it. */
interface Made {
  readonly name: string;
  readonly status: string;
  readonly arn: string;
}

/** Deletes the tasks that the pipeline has made on a DMS instance, which goes only without them. @returns how many */
export function deleteTasks(
  dms: DatabaseMigrationServiceClient,
  instanceArn: string,
  clock: Clock,
  signal?: AbortSignal,
): Promise<number> {
  const tasks = async () =>
    (await tasksOf(dms, instanceArn)).map((task) => ({
      name: task.ReplicationTaskIdentifier!,
      status: task.Status!,
      arn: task.ReplicationTaskArn!,
    }));
  const end = ({ arn: ReplicationTaskArn, status }: Made) =>
    isUnderWay(status)
      ? dms.send(new StopReplicationTaskCommand({ ReplicationTaskArn }))
      : dms.send(new DeleteReplicationTaskCommand({ ReplicationTaskArn }));
  return endAll(instanceArn, tasks, end, clock, signal);
}

/**
 * Deletes the serverless replications that the pipeline has made between these endpoints, which go only without them,
 * and which DMS would go on billing. @returns how many
 */
export function deleteReplications(
  dms: DatabaseMigrationServiceClient,
  endpointArns: readonly string[],
  clock: Clock,
  signal?: AbortSignal,
): Promise<number> {
  const replications = () => replicationsOf(dms, new Set(endpointArns));
  const end = ({ arn: ReplicationConfigArn, status }: Made) =>
    isUnderWay(status)
      ? dms.send(new StopReplicationCommand({ ReplicationConfigArn }))
      : dms.send(new DeleteReplicationConfigCommand({ ReplicationConfigArn }));
  return endAll(endpointArns.join(', '), replications, end, clock, signal);
}

const isUnderWay = (status: string) => status === 'running' || status.endsWith('starting');

/** @throws TeardownError when one is still there after a quarter of an hour */
async function endAll(
  about: string,
  list: () => Promise<Made[]>,
  end: (one: Made) => Promise<unknown>,
  clock: Clock,
  signal?: AbortSignal,
): Promise<number> {
  const seen = new Set<string>();
  const until = clock.now() + TASKS_PATIENCE_MS;
  for (;;) {
    const left = await called('Listing what the pipeline has made at DMS', about, list());
    if (left.length === 0) return seen.size;
    if (clock.now() > until) {
      throw new TeardownError(
        `DMS has not let go of ${left.map(({ name, status }) => `${name} (${status})`).join(', ')}`,
        { about, hint: 'Look at them in the console of DMS, then take the lake down again.' },
      );
    }
    for (const one of left) {
      seen.add(one.arn);
      // What is on its way to another state is looked at again.
      if (/^(stopping|deleting|creating)$/.test(one.status)) continue;
      const ended = end(one).catch((error: unknown) => {
        if (!isNamed(error, 'InvalidResourceStateFault', 'ResourceNotFoundFault')) throw error;
      });
      await called(`Deleting ${one.name} at DMS`, about, ended);
    }
    await clock.sleep(LOOK_AGAIN_MS, signal);
  }
}

/** Those that were never started have a configuration and nothing else. */
async function replicationsOf(
  dms: DatabaseMigrationServiceClient,
  endpoints: ReadonlySet<string>,
): Promise<Made[]> {
  const made = new Map<string, Made>();
  for await (const { ReplicationConfigs = [] } of paginateDescribeReplicationConfigs({ client: dms }, {})) {
    for (const one of ReplicationConfigs) {
      if (!endpoints.has(one.TargetEndpointArn!)) continue;
      const arn = one.ReplicationConfigArn!;
      made.set(arn, { arn, name: one.ReplicationConfigIdentifier!, status: 'created' });
    }
  }
  if (made.size === 0) return [];
  for await (const { Replications = [] } of paginateDescribeReplications({ client: dms }, {})) {
    for (const { ReplicationConfigArn: arn = '', Status = '' } of Replications) {
      const known = made.get(arn);
      if (known) made.set(arn, { ...known, status: Status.toLowerCase() });
    }
  }
  return [...made.values()];
}

async function tasksOf(dms: DatabaseMigrationServiceClient, instanceArn: string): Promise<ReplicationTask[]> {
  const tasks: ReplicationTask[] = [];
  const query = {
    Filters: [{ Name: 'replication-instance-arn', Values: [instanceArn] }],
    WithoutSettings: true,
  };
  try {
    for await (const page of paginateDescribeReplicationTasks({ client: dms }, query))
      tasks.push(...(page.ReplicationTasks ?? []));
  } catch (error) {
    // With a filter that fits nothing DMS may answer with an error instead of an empty list.
    if (!isNamed(error, 'ResourceNotFoundFault')) throw error;
  }
  return tasks;
}
