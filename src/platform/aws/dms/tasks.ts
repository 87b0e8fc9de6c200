import {
  CreateReplicationTaskCommand,
  type DatabaseMigrationServiceClient,
  DeleteReplicationTaskCommand,
  paginateDescribeReplicationTasks,
  paginateDescribeTableStatistics,
  type ReplicationTask,
  StartReplicationTaskCommand,
  StopReplicationTaskCommand,
  type TableStatistics,
} from '@aws-sdk/client-database-migration-service';
import { called, isNamed } from '../errors.ts';
import type { AwsPlaces } from '../places.ts';

/** What was deployed to copy one SIS. */
export type Place = NonNullable<AwsPlaces['replication']>[string];

/** The calls about tasks that a load needs. Those that change something may be repeated. */
export class DmsTasks {
  readonly #dms: DatabaseMigrationServiceClient;
  readonly #place: Place;
  readonly #source: string;

  constructor(dms: DatabaseMigrationServiceClient, place: Place, source: string) {
    this.#dms = dms;
    this.#place = place;
    this.#source = source;
  }

  /** The tasks that write to the source's target endpoint, by their identifiers. */
  async list(): Promise<Map<string, ReplicationTask>> {
    const tasks = new Map<string, ReplicationTask>();
    const Filters = [{ Name: 'endpoint-arn', Values: [this.#place.targetEndpointArn] }];
    const reading = (async () => {
      const pages = paginateDescribeReplicationTasks(
        { client: this.#dms },
        { Filters, WithoutSettings: true },
      );
      for await (const { ReplicationTasks = [] } of pages) {
        for (const task of ReplicationTasks) tasks.set(task.ReplicationTaskIdentifier!.toLowerCase(), task);
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
      MigrationType: 'full-load',
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

  async start(task: ReplicationTask, how: 'start-replication' | 'resume-processing'): Promise<void> {
    const start = new StartReplicationTaskCommand({
      ReplicationTaskArn: task.ReplicationTaskArn,
      StartReplicationTaskType: how,
    });
    await this.#unlessBusy(`Starting the DMS task ${task.ReplicationTaskIdentifier}`, this.#dms.send(start));
  }

  async stop(task: ReplicationTask): Promise<void> {
    const stop = new StopReplicationTaskCommand({ ReplicationTaskArn: task.ReplicationTaskArn });
    await this.#unlessBusy(`Stopping the DMS task ${task.ReplicationTaskIdentifier}`, this.#dms.send(stop));
  }

  async delete(task: ReplicationTask): Promise<void> {
    const remove = new DeleteReplicationTaskCommand({ ReplicationTaskArn: task.ReplicationTaskArn });
    await this.#unlessBusy(`Deleting the DMS task ${task.ReplicationTaskIdentifier}`, this.#dms.send(remove));
  }

  async statistics(task: ReplicationTask): Promise<TableStatistics[]> {
    const tables: TableStatistics[] = [];
    const query = { ReplicationTaskArn: task.ReplicationTaskArn, MaxRecords: 500 };
    const reading = (async () => {
      const pages = paginateDescribeTableStatistics({ client: this.#dms }, query);
      for await (const { TableStatistics: page = [] } of pages) tables.push(...page);
    })();
    await this.#called(`Reading the statistics of ${task.ReplicationTaskIdentifier}`, reading);
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
