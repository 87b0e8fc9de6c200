import {
  CreateReplicationTaskCommand,
  type DatabaseMigrationServiceClient,
  DeleteReplicationTaskCommand,
  ModifyReplicationTaskCommand,
  paginateDescribeReplicationTasks,
  paginateDescribeTableStatistics,
  type ReplicationTask,
  StartReplicationTaskCommand,
  StopReplicationTaskCommand,
  type TableStatistics,
} from '@aws-sdk/client-database-migration-service';
import { called } from '../errors.ts';
import {
  type DmsTask,
  type EndpointPlace,
  failureWords,
  type MigrationType,
  type TaskCalls,
} from './task.ts';
import { BUSY, BUSY_OR_GONE, MADE, NONE, unless } from './unless.ts';

/** Where tasks of one kind read, write and run. */
interface TaskPlace extends EndpointPlace {
  readonly instanceArn: string;
}

/** Tasks on a DMS instance. */
export class DmsTasks implements TaskCalls {
  readonly #dms: DatabaseMigrationServiceClient;
  readonly #place: TaskPlace;
  readonly #source: string;
  readonly #kind: MigrationType;

  constructor(dms: DatabaseMigrationServiceClient, place: TaskPlace, source: string, kind: MigrationType) {
    this.#dms = dms;
    this.#place = place;
    this.#source = source;
    this.#kind = kind;
  }

  async list(): Promise<Map<string, DmsTask>> {
    const tasks = new Map<string, DmsTask>();
    const Filters = [{ Name: 'endpoint-arn', Values: [this.#place.targetEndpointArn] }];
    const reading = (async () => {
      const pages = paginateDescribeReplicationTasks(
        { client: this.#dms },
        { Filters, WithoutSettings: true },
      );
      for await (const { ReplicationTasks = [] } of pages) {
        for (const task of ReplicationTasks.map(asTask)) tasks.set(task.id, task);
      }
    })();
    await unless(NONE, 'Listing the DMS tasks', this.#source, reading);
    return tasks;
  }

  async create(id: string, mappings: string, settings: string): Promise<void> {
    const create = new CreateReplicationTaskCommand({
      ReplicationTaskIdentifier: id,
      SourceEndpointArn: this.#place.sourceEndpointArn,
      TargetEndpointArn: this.#place.targetEndpointArn,
      ReplicationInstanceArn: this.#place.instanceArn,
      MigrationType: this.#kind,
      TableMappings: mappings,
      ReplicationTaskSettings: settings,
    });
    await unless(MADE, `Making the DMS task ${id}`, this.#source, this.#dms.send(create));
  }

  async start(task: DmsTask, how: 'start-replication' | 'resume-processing'): Promise<void> {
    const start = new StartReplicationTaskCommand({
      ReplicationTaskArn: task.arn,
      StartReplicationTaskType: how,
    });
    await unless(BUSY_OR_GONE, `Starting the DMS task ${task.id}`, this.#source, this.#dms.send(start));
  }

  async stop(task: DmsTask): Promise<void> {
    const stop = new StopReplicationTaskCommand({ ReplicationTaskArn: task.arn });
    await unless(BUSY_OR_GONE, `Stopping the DMS task ${task.id}`, this.#source, this.#dms.send(stop));
  }

  async modify(task: DmsTask, mappings: string): Promise<boolean> {
    const modify = new ModifyReplicationTaskCommand({
      ReplicationTaskArn: task.arn,
      TableMappings: mappings,
    });
    const doing = `Changing the tables of the DMS task ${task.id}`;
    return unless(BUSY, doing, this.#source, this.#dms.send(modify));
  }

  async delete(task: DmsTask): Promise<void> {
    const remove = new DeleteReplicationTaskCommand({ ReplicationTaskArn: task.arn });
    await unless(BUSY_OR_GONE, `Deleting the DMS task ${task.id}`, this.#source, this.#dms.send(remove));
  }

  async statistics(task: DmsTask): Promise<TableStatistics[]> {
    const tables: TableStatistics[] = [];
    const query = { ReplicationTaskArn: task.arn, MaxRecords: 500 };
    const reading = (async () => {
      const pages = paginateDescribeTableStatistics({ client: this.#dms }, query);
      for await (const { TableStatistics: page = [] } of pages) tables.push(...page);
    })();
    await called(`Reading the statistics of ${task.id}`, this.#source, reading);
    return tables;
  }
}

function asTask(task: ReplicationTask): DmsTask {
  const { ReplicationTaskStats: stats } = task;
  return {
    id: task.ReplicationTaskIdentifier!.toLowerCase(),
    arn: task.ReplicationTaskArn!,
    status: task.Status ?? '',
    stopReason: task.StopReason,
    failure: task.LastFailureMessage && failureWords(task.LastFailureMessage),
    begunAt: stats?.FreshStartDate ?? task.ReplicationTaskStartDate,
    loaded: stats?.FullLoadProgressPercent === 100,
  };
}
