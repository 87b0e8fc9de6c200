import type { DatabaseMigrationServiceClient } from '@aws-sdk/client-database-migration-service';
import type { Campus } from '../../campus/campus.ts';
import { isSis } from '../../campus/source-role.ts';
import { reportWork } from '../../ports/metering.ts';
import type { ObjectStore } from '../../ports/objects.ts';
import type {
  ReplicatedTable,
  Replication,
  ReplicationRequest,
  ReplicationStatus,
} from '../../ports/replication.ts';
import { CONNECTIONS, MAX_LOB_KB } from '../../sis/lob-memory.ts';
import { splitMappings } from '../../sis/mapping/split.ts';
import { type AdvanceParts, advance } from './dms/advance.ts';
import { Capture } from './dms/capture.ts';
import { DmsEndpoints } from './dms/endpoints.ts';
import { ReplicationError } from './dms/errors.ts';
import { type LoadRecord, nameOf, readRecord, recordOf, taskId, writeRecord } from './dms/load-record.ts';
import { type SourceLimits, settingsFor, withLobLimit } from './dms/lob-settings.ts';
import { measuredCopy } from './dms/measured-copy.ts';
import { openTasks } from './dms/open-tasks.ts';
import { COMPLETE, type EndedTask, type FileFacts, readOutcome } from './dms/read-outcome.ts';
import { type DmsTask, wasStarted } from './dms/task.ts';
import type { ReplicationPlace } from './places.ts';
import type { ReplicationPlaces } from './sis-places.ts';

export interface DmsReplicationOptions {
  readonly dms: DatabaseMigrationServiceClient;
  readonly placeOf: ReplicationPlaces;
  readonly objects: ObjectStore;
  readonly sources: Campus['sources'];
  /** Tables of one task at most. Default: 500. */
  readonly tablesPerTask?: number;
  /** After so many days all tables whose changes flow are loaded again. Default: 28. */
  readonly reloadDays?: number;
  /** What the footer of a Parquet file in the raw zone tells. */
  readonly facts: (key: string, table: string) => Promise<FileFacts>;
  /** Epoch ms. Default: this machine's clock. */
  readonly now?: () => number;
}

export const TABLES_PER_TASK = 500;
const RELOAD_DAYS = 28;
/** DMS works in minutes; each look costs a call of a function. */
const LOOK_AGAIN_SECONDS = 20;

/** To the record of jobs: what DMS tells of each table that it has copied. */
function reportCopies(ended: readonly EndedTask[], tables: readonly ReplicatedTable[]): void {
  const copies = new Map(tables.map((table) => [JSON.stringify([table.schema, table.table]), table]));
  for (const { task, statistics } of ended)
    for (const told of statistics) {
      const copied = copies.get(JSON.stringify([told.SchemaName ?? '', told.TableName ?? '']));
      const work = measuredCopy(told, copied, task.id);
      if (work) reportWork(work);
    }
}

/**
 * Copies a SIS by AWS DMS. Tables that are copied whole have full-load tasks of their own in each load, which write
 * below the load's own folder and are removed when their outcome is known: serverless ones also because DMS bills
 * them until then. Tables whose changes flow have tasks that
 * stay (`Capture`). `start` writes down what is wanted; every `poll` brings DMS nearer to it.
 */
export function openDmsReplication(options: DmsReplicationOptions): Replication {
  const { dms, objects } = options;

  async function placeOf(source: string): Promise<ReplicationPlace> {
    const place = await options.placeOf(source);
    if (place) return place;
    throw new ReplicationError(`There is no DMS for ${source} in what is deployed`, {
      about: source,
      hint: 'Deploy the stacks with this campus.yaml: npx cdk deploy --all.',
    });
  }

  function limitsOf(source: string): SourceLimits {
    const config = options.sources[source];
    const sis = isSis(config) ? config : undefined;
    return {
      connections: sis?.maxConnections ?? CONNECTIONS,
      maxLobKb: sis?.maxLobKb ?? MAX_LOB_KB,
      sources: Object.values(options.sources).filter(isSis).length,
    };
  }

  async function partsFor(record: LoadRecord): Promise<AdvanceParts> {
    const { source } = record.request;
    const place = await placeOf(source);
    const limits = { ...limitsOf(source), maxLobKb: record.maxLobKb ?? MAX_LOB_KB };
    const settings = settingsFor(record.request, place, limits, record.tasks.length);
    return {
      tasks: openTasks(dms, place, source, 'full-load'),
      endpoints: new DmsEndpoints(dms, place, source),
      settings: JSON.stringify(settings),
      keep: (changed) => writeRecord(objects, changed),
    };
  }

  const captureOf = async ({ source }: Pick<ReplicationRequest, 'source'>) =>
    new Capture({
      dms,
      objects,
      source,
      place: await placeOf(source),
      ...limitsOf(source),
      tablesPerTask: options.tablesPerTask ?? TABLES_PER_TASK,
      reloadDays: options.reloadDays ?? RELOAD_DAYS,
      facts: options.facts,
      now: options.now ?? Date.now,
    });

  async function copied(record: LoadRecord, own: readonly DmsTask[], { tasks }: AdvanceParts) {
    const ended = await Promise.all(
      own.map(async (task) => ({
        task,
        mappings: record.tasks.find(({ id }) => id === task.id)!.mappings,
        statistics: await tasks.statistics(task),
      })),
    );
    const prefix = record.request.prefix.replace(/\/$/, '');
    const outcome = await readOutcome(ended, { objects, facts: options.facts, prefix });
    reportCopies(ended, outcome.tables);
    return { ...outcome, tables: withLobLimit(outcome.tables, record.maxLobKb) };
  }

  return {
    async catchUp(request) {
      return (await captureOf(request)).catchUp(request);
    },
    async start(request) {
      const task = nameOf(request);
      const known = await readRecord(objects, task);
      if (known?.outcome) return { task };
      const remark = known ? undefined : await (await captureOf(request)).plan(request);
      const { maxLobKb } = limitsOf(request.source);
      const record = known ?? (await writeRecord(objects, newRecord(request, options, maxLobKb, remark)));
      await advance(record, await partsFor(record));
      return { task };
    },
    async poll(task): Promise<ReplicationStatus> {
      const record = await recordOf(objects, task);
      if (record.outcome) return record.outcome;
      const { request, remarks } = record;
      const parts = await partsFor(record);
      const copy = await advance(record, parts);
      const changes = await (await captureOf(request)).follow(request);
      if (!copy.ended || !changes.settled) {
        const progress = await progressOf(copy.own, parts);
        return {
          done: false,
          tablesDone: progress.tablesDone + changes.tablesDone,
          tables: progress.tables + changes.tables,
          rows: progress.rows + changes.rows,
          retryAfterSeconds: LOOK_AGAIN_SECONDS,
        };
      }
      const whole = await copied(copy.record, copy.own, parts);
      const outcome = {
        ...whole,
        tables: [...whole.tables, ...(await changes.read())],
        ...(remarks ? { remarks } : {}),
      };
      await writeRecord(objects, { ...copy.record, outcome });
      // Tasks with failures stay until the next load, for diagnosis; but not those that are billed.
      const billed = 'serverless' in (await placeOf(request.source));
      if (billed || whole.tables.every(({ error }) => error === undefined)) {
        for (const one of copy.own) await parts.tasks.delete(one);
      }
      return outcome;
    },
  };
}

function newRecord(
  request: ReplicationRequest,
  { tablesPerTask = TABLES_PER_TASK }: DmsReplicationOptions,
  maxLobKb: number,
  remark: string | undefined,
): LoadRecord {
  const parts =
    request.mappings === undefined ? [] : splitMappings(request.mappings, { tables: tablesPerTask });
  const tasks = parts.map((mappings, at) => ({ id: taskId(request, at + 1), mappings, resumed: 0 }));
  return { request, tasks, tested: [], maxLobKb, ...(remark === undefined ? {} : { remarks: [remark] }) };
}

async function progressOf(
  own: readonly DmsTask[],
  { tasks }: AdvanceParts,
): Promise<{ tablesDone: number; tables: number; rows: number }> {
  const running = own.filter(wasStarted);
  const tables = (await Promise.all(running.map((task) => tasks.statistics(task)))).flat();
  return {
    tablesDone: tables.filter(({ TableState }) => TableState === COMPLETE).length,
    tables: tables.length,
    rows: tables.reduce((sum, { FullLoadRows = 0 }) => sum + FullLoadRows, 0),
  };
}
