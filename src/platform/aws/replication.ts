import type {
  DatabaseMigrationServiceClient,
  ReplicationTask,
} from '@aws-sdk/client-database-migration-service';
import type { Campus } from '../../campus/campus.ts';
import { splitMappings } from '../../sis/mapping/split.ts';
import type { ObjectStore, Replication, ReplicationRequest, ReplicationStatus } from '../ports.ts';
import { type AdvanceParts, advance } from './dms/advance.ts';
import { DmsEndpoints } from './dms/endpoints.ts';
import { ReplicationError } from './dms/errors.ts';
import { type LoadRecord, nameOf, readRecord, recordOf, taskId, writeRecord } from './dms/load-record.ts';
import { type FileFacts, readOutcome } from './dms/read-outcome.ts';
import { subTasksOf, taskSettings } from './dms/task-settings.ts';
import { DmsTasks } from './dms/tasks.ts';
import type { AwsPlaces } from './places.ts';

export interface DmsReplicationOptions {
  readonly dms: DatabaseMigrationServiceClient;
  readonly places: AwsPlaces['replication'];
  readonly objects: ObjectStore;
  readonly sources: Campus['sources'];
  /** Tables of one task at most. Default: 500. */
  readonly tablesPerTask?: number;
  /** What the footer of a Parquet file in the raw zone tells. */
  readonly facts: (key: string, table: string) => Promise<FileFacts>;
}

const TABLES_PER_TASK = 500;
/** Connections to the SIS where campus.yaml names no number: DMS's own default. */
const CONNECTIONS = 8;
/** DMS works in minutes; each look costs a call of a function. */
const LOOK_AGAIN_SECONDS = 20;

/**
 * Copies a SIS by AWS DMS: for each load full-load tasks of its own, which write below the load's own folder and are
 * removed when their outcome is known. `start` writes down what is wanted; every `poll` brings DMS nearer to it.
 */
export function openDmsReplication(options: DmsReplicationOptions): Replication {
  const { dms, objects } = options;

  function partsFor(record: LoadRecord): AdvanceParts {
    const { source } = record.request;
    const place = options.places?.[source];
    if (!place) {
      throw new ReplicationError(`There is no DMS for ${source} in what is deployed`, {
        about: source,
        hint: 'Deploy the stacks with this campus.yaml: npx cdk deploy --all.',
      });
    }
    const config = options.sources[source];
    const connections = (config && 'connections' in config ? config.connections : undefined) ?? CONNECTIONS;
    const settings = taskSettings({ subTasks: subTasksOf(connections, record.tasks.length) });
    return {
      tasks: new DmsTasks(dms, place, source),
      endpoints: new DmsEndpoints(dms, place, source),
      settings: JSON.stringify(settings),
      keep: (changed) => writeRecord(objects, changed),
    };
  }

  async function finish(record: LoadRecord, own: readonly ReplicationTask[], { tasks }: AdvanceParts) {
    const ended = await Promise.all(
      own.map(async (task) => ({
        task,
        mappings: record.tasks.find(({ id }) => id === task.ReplicationTaskIdentifier?.toLowerCase())!
          .mappings,
        statistics: await tasks.statistics(task),
      })),
    );
    const prefix = record.request.prefix.replace(/\/$/, '');
    const outcome = await readOutcome(ended, { objects, facts: options.facts, prefix });
    await writeRecord(objects, { ...record, outcome });
    // Tasks with failures stay until the next load, for whoever looks into them.
    if (outcome.tables.every(({ error }) => error === undefined)) {
      for (const task of own) await tasks.delete(task);
    }
    return outcome;
  }

  return {
    async start(request) {
      const task = nameOf(request);
      const known = await readRecord(objects, task);
      if (known?.outcome) return { task };
      const record = known ?? (await writeRecord(objects, newRecord(request, options)));
      await advance(record, partsFor(record));
      return { task };
    },
    async poll(task): Promise<ReplicationStatus> {
      const record = await recordOf(objects, task);
      if (record.outcome) return record.outcome;
      const parts = partsFor(record);
      const advanced = await advance(record, parts);
      if (advanced.ended) return finish(advanced.record, advanced.own, parts);
      return {
        done: false,
        ...(await progressOf(advanced.own, parts)),
        retryAfterSeconds: LOOK_AGAIN_SECONDS,
      };
    },
  };
}

function newRecord(
  request: ReplicationRequest,
  { tablesPerTask = TABLES_PER_TASK }: DmsReplicationOptions,
): LoadRecord {
  const parts = splitMappings(request.mappings, { tables: tablesPerTask });
  const tasks = parts.map((mappings, at) => ({ id: taskId(request, at + 1), mappings, resumed: 0 }));
  return { request, tasks, tested: [] };
}

async function progressOf(
  own: readonly ReplicationTask[],
  { tasks }: AdvanceParts,
): Promise<{ tablesDone: number; tables: number; rows: number }> {
  const running = own.filter(({ Status }) => Status !== 'creating' && Status !== 'ready');
  const tables = (await Promise.all(running.map((task) => tasks.statistics(task)))).flat();
  return {
    tablesDone: tables.filter(({ TableState }) => TableState === 'Table completed').length,
    tables: tables.length,
    rows: tables.reduce((sum, { FullLoadRows = 0 }) => sum + FullLoadRows, 0),
  };
}
