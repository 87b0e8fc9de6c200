import {
  CreateReplicationConfigCommand,
  type DatabaseMigrationServiceClient,
  DeleteReplicationConfigCommand,
  ModifyReplicationConfigCommand,
  paginateDescribeReplicationConfigs,
  paginateDescribeReplications,
  paginateDescribeReplicationTableStatistics,
  type Replication,
  StartReplicationCommand,
  StopReplicationCommand,
  type TableStatistics,
} from '@aws-sdk/client-database-migration-service';
import type { ReplicationPlace } from '../places.ts';
import { ReplicationError } from './errors.ts';
import { FINISHED } from './read-outcome.ts';
import { type DmsTask, failureWords, type MigrationType, type TaskCalls } from './task.ts';
import { BUSY, BUSY_OR_GONE, MADE, NONE, unless } from './unless.ts';

type Place = Extract<ReplicationPlace, { readonly serverless: unknown }>;

/**
 * Tasks without an instance: each is a replication of DMS Serverless with capacity of its own, which DMS measures and
 * sets up when it is started.
 * https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Serverless.Components.html
 */
export class ServerlessTasks implements TaskCalls {
  readonly #dms: DatabaseMigrationServiceClient;
  readonly #place: Place;
  readonly #source: string;
  readonly #kind: MigrationType;

  constructor(dms: DatabaseMigrationServiceClient, place: Place, source: string, kind: MigrationType) {
    this.#dms = dms;
    this.#place = place;
    this.#source = source;
    this.#kind = kind;
  }

  async list(): Promise<Map<string, DmsTask>> {
    const tasks = new Map<string, DmsTask>();
    const doing = 'Listing the serverless replications of DMS';
    // Neither call can be asked for those of one endpoint.
    const configs = async () => {
      for await (const page of paginateDescribeReplicationConfigs({ client: this.#dms }, {})) {
        for (const one of page.ReplicationConfigs ?? []) this.#add(tasks, { ...one, Status: 'created' });
      }
    };
    const replications = async () => {
      for await (const page of paginateDescribeReplications({ client: this.#dms }, {})) {
        for (const one of page.Replications ?? []) this.#add(tasks, one);
      }
    };
    await unless(NONE, doing, this.#source, configs());
    // What a configuration that was never started has none of.
    await unless(NONE, doing, this.#source, replications());
    return tasks;
  }

  async create(id: string, mappings: string, settings: string): Promise<void> {
    const { subnetGroup, securityGroup, minDcu, maxDcu } = this.#place.serverless;
    const create = new CreateReplicationConfigCommand({
      ReplicationConfigIdentifier: id,
      SourceEndpointArn: this.#place.sourceEndpointArn,
      TargetEndpointArn: this.#place.targetEndpointArn,
      ReplicationType: this.#kind,
      TableMappings: mappings,
      ReplicationSettings: settings,
      ComputeConfig: {
        ReplicationSubnetGroupId: subnetGroup,
        VpcSecurityGroupIds: [securityGroup],
        MinCapacityUnits: minDcu,
        MaxCapacityUnits: maxDcu,
        MultiAZ: false,
      },
    });
    await unless(MADE, `Making the serverless replication ${id}`, this.#source, this.#dms.send(create));
  }

  async start(task: DmsTask, how: 'start-replication' | 'resume-processing'): Promise<void> {
    // A full load cannot be gone on with: all of it is read again.
    const again = this.#kind === 'full-load' ? 'reload-target' : 'resume-processing';
    const start = new StartReplicationCommand({
      ReplicationConfigArn: task.arn,
      StartReplicationType: how === 'resume-processing' ? again : how,
    });
    await this.#unlessBusy('Starting', task, this.#dms.send(start));
  }

  async stop(task: DmsTask): Promise<void> {
    const stop = new StopReplicationCommand({ ReplicationConfigArn: task.arn });
    await this.#unlessBusy('Stopping', task, this.#dms.send(stop));
  }

  async modify(task: DmsTask, mappings: string): Promise<boolean> {
    const modify = new ModifyReplicationConfigCommand({
      ReplicationConfigArn: task.arn,
      TableMappings: mappings,
    });
    const doing = `Changing the tables of the serverless replication ${task.id}`;
    return unless(BUSY, doing, this.#source, this.#dms.send(modify));
  }

  /** DMS lets go of the capacity, too, which it would keep and bill for up to 48 hours otherwise. */
  async delete(task: DmsTask): Promise<void> {
    const remove = new DeleteReplicationConfigCommand({ ReplicationConfigArn: task.arn });
    await this.#unlessBusy('Deleting', task, this.#dms.send(remove));
  }

  /** @throws ReplicationError where DMS has let go of the capacity, and with it of what it had counted */
  async statistics(task: DmsTask): Promise<TableStatistics[]> {
    if (task.status === 'starting') return [];
    const tables: TableStatistics[] = [];
    const query = { ReplicationConfigArn: task.arn, MaxRecords: 500 };
    const reading = (async () => {
      const pages = paginateDescribeReplicationTableStatistics({ client: this.#dms }, query);
      for await (const { ReplicationTableStatistics: page = [] } of pages) tables.push(...page);
    })();
    // One that was started again a moment ago has none yet, whatever `task` says.
    await unless(BUSY_OR_GONE, `Reading the statistics of ${task.id}`, this.#source, reading);
    // A load that found no table at all would have failed (FailOnNoTablesCaptured).
    if (tables.length === 0 && FINISHED.test(task.stopReason ?? '')) throw forgotten(task, this.#source);
    return tables;
  }

  #add(tasks: Map<string, DmsTask>, found: Replication): void {
    if (found.TargetEndpointArn !== this.#place.targetEndpointArn) return;
    const task = asTask(found);
    tasks.set(task.id, task);
  }

  async #unlessBusy(doing: string, { id }: DmsTask, call: Promise<unknown>): Promise<void> {
    await unless(BUSY_OR_GONE, `${doing} the serverless replication ${id}`, this.#source, call);
  }
}

function forgotten({ id }: DmsTask, source: string): ReplicationError {
  return new ReplicationError(`DMS has forgotten what ${id} has copied of ${source}`, {
    about: source,
    hint: 'It keeps this no longer than the capacity of the replication: start a new run, which copies everything again.',
  });
}

/** What a replication is called between its start and its running, in DMS's words. */
const ON_THE_WAY = [
  'initializing',
  'preparing_metadata_resources',
  'testing_connection',
  'fetching_metadata',
  'calculating_capacity',
  'provisioning_capacity',
  'replication_starting',
];

/** In the words of tasks on an instance. */
function statusOf(status: string): string {
  const plain = status.toLowerCase();
  if (plain === 'created') return 'ready';
  return ON_THE_WAY.includes(plain) ? 'starting' : plain;
}

function asTask(found: Replication): DmsTask {
  const { ReplicationStats: stats, FailureMessages: failures = [] } = found;
  return {
    id: found.ReplicationConfigIdentifier!.toLowerCase(),
    arn: found.ReplicationConfigArn!,
    status: statusOf(found.Status ?? ''),
    stopReason: found.StopReason,
    failure: failures.length > 0 ? failureWords(failures.join('; ')) : undefined,
    begunAt: stats?.FreshStartDate ?? stats?.StartDate ?? found.ReplicationCreateTime,
    loaded: stats?.FullLoadProgressPercent === 100,
  };
}
