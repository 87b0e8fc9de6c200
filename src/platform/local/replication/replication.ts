import { availableParallelism } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SisSourceConfig, SourceConfig } from '../../../campus/campus-schema.ts';
import { isSis } from '../../../campus/source-role.ts';
import type { Replication, ReplicationRequest, ReplicationStatus } from '../../../ports/replication.ts';
import type { SecretStore } from '../../../ports/secrets.ts';
import { SisConfigError } from '../../../sis/errors.ts';
import { Drafts } from '../object-drafts.ts';
import { CaptureRecords } from './changes/capture-record.ts';
import { UnknownTaskError } from './errors.ts';
import { RewrittenFiles } from './rewritten-files.ts';
import { beginTask, catchUp, type LiveTask, type TaskOptions } from './task.ts';
import { type DoneState, TaskStates } from './task-state.ts';

export interface LocalReplicationOptions {
  /** Root folder of the object store. */
  readonly root: string;
  /** `sources` of campus.yaml. */
  readonly sources: Readonly<Record<string, SourceConfig>>;
  readonly secrets: SecretStore;
  /** What DuckDB may hold in memory while it writes. Default: 512MB. */
  readonly memoryLimit?: string;
  /** How long a copy waits for tables that other sessions of the SIS have locked. Default: 60,000. */
  readonly lockWaitMs?: number;
}

export interface LocalReplication extends Required<Replication> {
  /** Stops what is under way; the next `start` or `poll` of the same task begins it again. */
  close(): Promise<void>;
}

/**
 * Each COPY into DuckDB sits in one thread of Node's pool as long as it lasts. At least one must stay free, or
 * nothing in this process could open a file or look up a name meanwhile.
 */
const POOL_THREADS = Number(process.env.UV_THREADPOOL_SIZE ?? 4);
const DEFAULT_MEMORY = '512MB';
const DEFAULT_LOCK_WAIT_MS = 60_000;
/** How long a `poll` waits for the end itself, so that small copies are seen at once. */
const POLL_WAITS_MS = 500;

/** Copies the tables of a PostgreSQL into Parquet files in DMS's layout, in this process. */
export function openLocalReplication(options: LocalReplicationOptions): LocalReplication {
  const folder = path.join(options.root, '.replication');
  const states = new TaskStates(folder);
  const captures = new CaptureRecords(folder);
  const rewritten = new RewrittenFiles(options.root, folder);
  const drafts = new Drafts(options.root);
  const live = new Map<string, Promise<LiveTask>>();
  const catching = new Set<Promise<void>>();
  const closing = new AbortController();

  /** The task as this process works on it; begun here if it was never begun, or by a process that is dead. */
  function work(task: string, request: ReplicationRequest): Promise<LiveTask> {
    const begun = live.get(task) ?? begin(task, request);
    live.set(task, begun);
    begun.catch(() => live.delete(task));
    // A failure of what goes on in the background is reported by the next poll.
    begun.then((one) => one.ended).catch(() => undefined);
    return begun;
  }

  async function begin(task: string, request: ReplicationRequest): Promise<LiveTask> {
    return beginTask(task, request, await taskOptions(request.source));
  }

  async function taskOptions(name: string): Promise<TaskOptions> {
    const source = sisSource(options.sources, name);
    return {
      root: options.root,
      source,
      password: await options.secrets.get(source.password),
      states,
      captures,
      rewritten,
      readers: readersOf(source),
      memoryLimit: options.memoryLimit ?? DEFAULT_MEMORY,
      lockWaitMs: options.lockWaitMs ?? DEFAULT_LOCK_WAIT_MS,
      draft: () => drafts.create(),
      signal: closing.signal,
    };
  }

  return {
    async start(request) {
      const task = `${request.source}/${request.load}`;
      if (live.has(task) || (await states.read(task))?.status !== 'done') await work(task, request);
      return { task };
    },
    async poll(task) {
      const here = await live.get(task);
      if (here) {
        return statusOf(here).catch((error: unknown) => {
          // Reported once; the next request starts it again.
          live.delete(task);
          throw error;
        });
      }
      const state = await states.read(task);
      if (state?.status === 'done')
        return doneStatus({ ...state, tables: await rewritten.tablesAsTheyAre(state.tables) });
      if (state) return statusOf(await work(task, state.request));
      throw new UnknownTaskError(`There is no replication task ${task} here`, {
        about: task,
        hint: 'Start it first.',
      });
    },
    async catchUp(request) {
      const caught = taskOptions(request.source).then((task) => catchUp(request, task));
      const settled = caught.then(
        () => undefined,
        () => undefined,
      );
      catching.add(settled);
      return caught.finally(() => catching.delete(settled));
    },
    rewriting: (file) => rewritten.note(file),
    async close() {
      closing.abort(new Error('The replicator was closed'));
      await Promise.allSettled([...[...live.values()].map(async (task) => (await task).ended), ...catching]);
    },
  };
}

async function statusOf(task: LiveTask): Promise<ReplicationStatus> {
  const waited = new AbortController();
  const done = await Promise.race([
    task.ended.finally(() => waited.abort()),
    sleep(POLL_WAITS_MS, undefined, { signal: waited.signal }).catch(() => undefined),
  ]);
  if (done) return doneStatus(done);
  const { tables, tablesDone, rows } = task;
  return { done: false, tables, tablesDone, rows };
}

function doneStatus(state: DoneState): ReplicationStatus {
  const { snapshotAt, tables, warnings, remarks } = state;
  return { done: true, snapshotAt, tables, warnings, remarks };
}

/** How many connections read a SIS at once, besides the one that holds the snapshot. */
export function readersOf(source: SisSourceConfig): number {
  const wanted = source.maxConnections ?? availableParallelism();
  return Math.max(1, Math.min(wanted, POOL_THREADS - 1));
}

function sisSource(sources: Readonly<Record<string, SourceConfig>>, name: string): SisSourceConfig {
  const source = sources[name];
  if (source?.kind === 'postgres') return source;
  if (isSis(source))
    throw new SisConfigError(`${name} has kind: ${source.kind}, which is copied by AWS DMS only`, {
      about: name,
      hint: 'Deploy the lake to AWS (docs/deploy.md), or leave the source out on this machine.',
    });
  throw new SisConfigError(`There is no SIS named ${name} under sources: in campus.yaml`, {
    about: name,
    hint: 'A SIS has kind: postgres.',
  });
}
