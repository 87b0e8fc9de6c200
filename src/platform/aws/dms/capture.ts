import type { DatabaseMigrationServiceClient } from '@aws-sdk/client-database-migration-service';
import type { ObjectStore } from '../../../ports/objects.ts';
import type {
  CatchUpRequest,
  CaughtUp,
  ChangesRequest,
  ReplicatedTable,
  ReplicationRequest,
} from '../../../ports/replication.ts';
import { MAX_LOB_KB } from '../../../sis/lob-memory.ts';
import type { ReplicationPlace } from '../places.ts';
import { type AdvancedChanges, ASTRAY, advanceChanges, type CaptureParts } from './advance-changes.ts';
import { type ChangesRecord, forgetChanges, readChanges, writeChanges } from './changes-record.ts';
import { DmsEndpoints } from './endpoints.ts';
import { ReplicationError } from './errors.ts';
import { type SourceLimits, settingsFor, withLobLimit } from './lob-settings.ts';
import { openTasks } from './open-tasks.ts';
import { type ChangesRules, planChanges } from './plan-changes.ts';
import { readChangedTables, readFlowingTables } from './read-changes.ts';
import { COMPLETE, type FileFacts } from './read-outcome.ts';
import { clear, type TaskCalls, wasStarted } from './task.ts';

export interface CaptureOptions extends ChangesRules, SourceLimits {
  readonly dms: DatabaseMigrationServiceClient;
  readonly objects: ObjectStore;
  readonly source: string;
  readonly place: ReplicationPlace;
  readonly facts: (key: string, table: string) => Promise<FileFacts>;
  /** Epoch ms. */
  readonly now: () => number;
}

/** State of the capture of changes in one load. */
export interface Following {
  /** Nothing is to be waited for. */
  readonly settled: boolean;
  readonly tablesDone: number;
  readonly tables: number;
  readonly rows: number;
  /** What became of the tables; once, when settled. */
  read(): Promise<ReplicatedTable[]>;
}

const NOTHING: Following = { settled: true, tablesDone: 0, tables: 0, rows: 0, read: async () => [] };

/**
 * The tasks of one SIS that load its tables once and follow what changes: they stay from load to load. They have a
 * target endpoint of their own, since the folder of an endpoint cannot be changed while a task writes to it.
 */
export class Capture {
  readonly #options: CaptureOptions;
  readonly #tasks: TaskCalls;
  readonly #endpoints: DmsEndpoints;

  constructor(options: CaptureOptions) {
    const { dms, source, place } = options;
    const own = { ...place, targetEndpointArn: place.changesEndpointArn };
    this.#options = options;
    this.#tasks = openTasks(dms, own, source, 'full-load-and-cdc');
    this.#endpoints = new DmsEndpoints(dms, own, source);
  }

  /**
   * Writes down what a load wants. Once for each load, before its own record is written.
   * @returns why everything is loaded again, where something flowed before
   */
  async plan(request: ReplicationRequest): Promise<string | undefined> {
    if (!hasChanges(request)) return undefined;
    const { objects, now } = this.#options;
    const planned = planChanges(await this.#checked(request), request, now(), this.#options);
    await writeChanges(objects, planned.record);
    return planned.remark;
  }

  /** What is kept of the changes so far; broken where the endpoint does not write into their folder any more. */
  async #checked({
    source,
    load,
  }: Pick<ReplicationRequest, 'source' | 'load'>): Promise<ChangesRecord | undefined> {
    const record = await readChanges(this.#options.objects, source);
    if (!record || record.generation === load || record.broken !== undefined) return record;
    return (await this.#endpoints.writesBelow(record.folder)) ? record : { ...record, broken: ASTRAY };
  }

  /** One step on towards what the load wants. */
  async follow(request: ReplicationRequest): Promise<Following> {
    const { objects, source, place, now } = this.#options;
    const record = await readChanges(objects, source);
    if (!hasChanges(request)) {
      if (record) await this.#end();
      return NOTHING;
    }
    if (!record) throw lost(source);
    const limits = { ...this.#options, maxLobKb: record.maxLobKb ?? MAX_LOB_KB };
    const settings = settingsFor(request, place, limits, record.tasks.length, { capturesChanges: true });
    const parts: CaptureParts = {
      tasks: this.#tasks,
      endpoints: this.#endpoints,
      settings: JSON.stringify(settings),
      now,
      keep: (changed) => writeChanges(objects, changed),
    };
    const advanced = await advanceChanges(record, request.load, parts);
    return {
      settled: advanced.settled,
      ...(await this.#progress(advanced)),
      read: () => this.#read(advanced, request.changes),
    };
  }

  /**
   * What its tasks have written since the last load. Nothing of DMS or of the record is changed: to begin again, to resume
   * a task or to give it other tables is for a run.
   */
  async catchUp({ source, load, changes }: CatchUpRequest): Promise<CaughtUp> {
    const { objects, facts, now } = this.#options;
    const left = (why: string): CaughtUp => ({
      asOf: '',
      tables: [],
      followed: [],
      remarks: [`${why}: the next run does what is needed, and changes are followed from then on`],
    });
    const record = await this.#checked({ source, load });
    if (!record) return left('its changes are not captured yet');
    if (record.broken !== undefined) return left(`its changes are not followed, as ${record.broken}`);
    const present = await this.#tasks.list();
    const own = record.tasks.flatMap(({ id }) => present.get(id) ?? []);
    const running = own.filter(({ status, loaded }) => status === 'running' && loaded);
    const parts = { tasks: this.#tasks, objects, facts, now };
    const caught = await readFlowingTables(record, running, changes, parts);
    const halted = record.tasks.length - running.length;
    const remarks = halted > 0 ? left(`${halted} of its DMS tasks do not run`).remarks : [];
    return { ...caught, tables: withLobLimit(caught.tables, record.maxLobKb), remarks };
  }

  async #read(advanced: AdvancedChanges, changes: ChangesRequest): Promise<ReplicatedTable[]> {
    const { objects, facts, now } = this.#options;
    const parts = { tasks: this.#tasks, objects, facts, now };
    const read = await readChangedTables(advanced, changes, parts);
    const tables = withLobLimit(read, advanced.record.maxLobKb);
    const [stuck] = advanced.stuck;
    const failing = tables.some(({ error }) => error !== undefined);
    const { broken: _was, failing: _before, ...record } = advanced.record;
    await writeChanges(objects, {
      ...record,
      ...(failing ? { failing } : {}),
      ...(stuck ? { broken: `DMS could not go on with ${stuck.task.id}: ${stuck.reason}` } : {}),
    });
    return tables;
  }

  async #progress({
    own,
    settled,
  }: AdvancedChanges): Promise<Pick<Following, 'tablesDone' | 'tables' | 'rows'>> {
    if (settled) return NOTHING;
    const lists = await Promise.all(own.filter(wasStarted).map((task) => this.#tasks.statistics(task)));
    const tables = lists.flat();
    return {
      tablesDone: tables.filter(({ TableState }) => TableState === COMPLETE).length,
      tables: tables.length,
      rows: tables.reduce((sum, { FullLoadRows = 0 }) => sum + FullLoadRows, 0),
    };
  }

  /** The SIS is copied whole again: its tasks go, and with them what the database keeps for them. */
  async #end(): Promise<void> {
    const present = [...(await this.#tasks.list()).values()];
    for (const task of present) await clear(task, this.#tasks);
    if (present.length === 0) await forgetChanges(this.#options.objects, this.#options.source);
  }
}

function hasChanges(
  request: ReplicationRequest,
): request is ReplicationRequest & { readonly changes: ChangesRequest } {
  return request.changes !== undefined;
}

function lost(source: string): ReplicationError {
  return new ReplicationError(`Nothing is known of the tasks that capture the changes of ${source}`, {
    about: source,
    hint: 'The bucket of records lost a file: start a new run, which loads everything again.',
  });
}
