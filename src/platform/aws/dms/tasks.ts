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
import { called, isNamed } from '../errors.ts';
import type { DmsTask, MigrationType, TaskCalls } from './task.ts';

/** Where tasks of one kind read, write and run. */
export interface TaskPlace {
  readonly instanceArn: string;
  readonly sourceEndpointArn: string;
  readonly targetEndpointArn: string;
}

/** Tasks on a DMS instance. */
export class DmsTasks implements TaskCalls {
  readonly #dms: DatabaseMigrationServiceClient;
  readonly #place: TaskPlace;
  readonly #source: string;
  readonly #kind: MigrationType;

  constructor(
    dms: DatabaseMigrationServiceClient,
    place: TaskPlace,
    source: string,
    kind: MigrationType = 'full-load',
  ) {
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
    // With a filter that fits nothing DMS may answer with an error instead of an empty list.
    await reading.catch((error: unknown) => {
      if (!isNamed(error, 'ResourceNotFoundFault'))
        return this.#called('Listing the DMS tasks', Promise.reject(error));
    });
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
    try {
      await this.#dms.send(create);
    } catch (error) {
      // The one that an interrupted attempt has made.
      if (isNamed(error, 'ResourceAlreadyExistsFault')) return;
      await this.#called(`Making the DMS task ${id}`, Promise.reject(error));
    }
  }

  async start(task: DmsTask, how: 'start-replication' | 'resume-processing'): Promise<void> {
    const start = new StartReplicationTaskCommand({
      ReplicationTaskArn: task.arn,
      StartReplicationTaskType: how,
    });
    await this.#unlessBusy(`Starting the DMS task ${task.id}`, this.#dms.send(start));
  }

  async stop(task: DmsTask): Promise<void> {
    const stop = new StopReplicationTaskCommand({ ReplicationTaskArn: task.arn });
    await this.#unlessBusy(`Stopping the DMS task ${task.id}`, this.#dms.send(stop));
  }

  async modify(task: DmsTask, mappings: string): Promise<boolean> {
    const modify = new ModifyReplicationTaskCommand({
      ReplicationTaskArn: task.arn,
      TableMappings: mappings,
    });
    try {
      await this.#dms.send(modify);
      return true;
    } catch (error) {
      if (isNamed(error, 'InvalidResourceStateFault')) return false;
      return this.#called(`Changing the tables of the DMS task ${task.id}`, Promise.reject(error));
    }
  }

  async delete(task: DmsTask): Promise<void> {
    const remove = new DeleteReplicationTaskCommand({ ReplicationTaskArn: task.arn });
    await this.#unlessBusy(`Deleting the DMS task ${task.id}`, this.#dms.send(remove));
  }

  async statistics(task: DmsTask): Promise<TableStatistics[]> {
    const tables: TableStatistics[] = [];
    const query = { ReplicationTaskArn: task.arn, MaxRecords: 500 };
    const reading = (async () => {
      const pages = paginateDescribeTableStatistics({ client: this.#dms }, query);
      for await (const { TableStatistics: page = [] } of pages) tables.push(...page);
    })();
    await this.#called(`Reading the statistics of ${task.id}`, reading);
    return tables;
  }

  /** A task that is on its way to another state, or gone, is looked at again with the next poll. */
  async #unlessBusy(doing: string, call: Promise<unknown>): Promise<void> {
    await call.catch((error: unknown) => {
      if (isNamed(error, 'InvalidResourceStateFault', 'ResourceNotFoundFault')) return;
      return this.#called(doing, Promise.reject(error));
    });
  }

  #called<T>(doing: string, call: Promise<T>): Promise<T> {
    return called(doing, this.#source, call);
  }
}

function asTask(task: ReplicationTask): DmsTask {
  const { ReplicationTaskStats: stats } = task;
  return {
    id: task.ReplicationTaskIdentifier!.toLowerCase(),
    arn: task.ReplicationTaskArn!,
    status: task.Status ?? '',
    stopReason: task.StopReason,
    failure: task.LastFailureMessage,
    begunAt: stats?.FreshStartDate ?? task.ReplicationTaskStartDate,
    loaded: stats?.FullLoadProgressPercent === 100,
  };
}
