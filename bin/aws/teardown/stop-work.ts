import {
  type DatabaseMigrationServiceClient,
  DeleteReplicationTaskCommand,
  paginateDescribeReplicationTasks,
  type ReplicationTask,
  StopReplicationTaskCommand,
} from '@aws-sdk/client-database-migration-service';
import { paginateListExecutions, type SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { called, isNamed } from '../../../src/platform/aws/errors.ts';
import type { Clock } from '../../../src/platform/ports.ts';
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

/**
 * Deletes the tasks that the pipeline has made on a DMS instance, which goes only without them.
 * @throws TeardownError when one is still there after a quarter of an hour
 */
export async function deleteTasks(
  dms: DatabaseMigrationServiceClient,
  instanceArn: string,
  clock: Clock,
  signal?: AbortSignal,
): Promise<number> {
  const seen = new Set<string>();
  const until = clock.now() + TASKS_PATIENCE_MS;
  for (;;) {
    const tasks = await called('Listing the tasks of DMS', instanceArn, tasksOf(dms, instanceArn));
    if (tasks.length === 0) return seen.size;
    if (clock.now() > until) {
      const names = tasks.map((task) => `${task.ReplicationTaskIdentifier} (${task.Status})`).join(', ');
      throw new TeardownError(`DMS has not let go of ${names}`, {
        about: instanceArn,
        hint: 'Look at them in the console of DMS, then take the lake down again.',
      });
    }
    for (const task of tasks) {
      seen.add(task.ReplicationTaskArn!);
      await called(`Deleting the task ${task.ReplicationTaskIdentifier}`, instanceArn, endTask(dms, task));
    }
    await clock.sleep(LOOK_AGAIN_MS, signal);
  }
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

/** One step on the way: a running task is stopped first, one that is on its way is looked at again. */
async function endTask(dms: DatabaseMigrationServiceClient, task: ReplicationTask): Promise<void> {
  const { ReplicationTaskArn, Status } = task;
  if (Status === 'stopping' || Status === 'deleting' || Status === 'creating') return;
  const command =
    Status === 'running' || Status === 'starting'
      ? dms.send(new StopReplicationTaskCommand({ ReplicationTaskArn }))
      : dms.send(new DeleteReplicationTaskCommand({ ReplicationTaskArn }));
  await command.catch((error: unknown) => {
    if (!isNamed(error, 'InvalidResourceStateFault', 'ResourceNotFoundFault')) throw error;
  });
}
