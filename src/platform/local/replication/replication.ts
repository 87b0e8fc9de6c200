import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import type { SisSourceConfig, SourceConfig } from '../../../campus/campus-schema.ts';
import { SisConfigError } from '../../../sis/errors.ts';
import { inspectSis } from '../../../sis/inspect.ts';
import { evaluateMappings } from '../../../sis/mapping/evaluate.ts';
import { parseMappings } from '../../../sis/mapping/parse.ts';
import type { Replication, ReplicationRequest, ReplicationStatus, SecretStore } from '../../ports.ts';
import { ownIdentity } from '../files/process-identity.ts';
import { Drafts } from '../object-drafts.ts';
import { pathOf } from '../object-keys.ts';
import { copyTables } from './copy-tables.ts';
import { UnknownTaskError } from './errors.ts';
import { takeSnapshot } from './snapshot.ts';
import { type TaskState, TaskStates } from './task-state.ts';

export interface LocalReplicationOptions {
  /** Root folder of the object store. */
  readonly root: string;
  /** `sources` of campus.yaml. */
  readonly sources: Readonly<Record<string, SourceConfig>>;
  readonly secrets: SecretStore;
  /** What DuckDB may hold in memory while it writes. Default: 512MB. */
  readonly memoryLimit?: string;
}

export interface LocalReplication extends Replication {
  /** Stops what is under way; the next `start` of the same load begins it again. */
  close(): Promise<void>;
}

/** A task that this process works on. */
interface LiveTask {
  readonly tables: number;
  tablesDone: number;
  rows: number;
  /** Ends when all is written, or fails. */
  readonly ended: Promise<TaskState & { status: 'done' }>;
}

/**
 * Each COPY into DuckDB sits in one thread of Node's pool as long as it lasts. At least one must stay free, or
 * nothing in this process could open a file or look up a name meanwhile.
 */
const POOL_THREADS = Number(process.env.UV_THREADPOOL_SIZE ?? 4);
const DEFAULT_MEMORY = '512MB';

/** Copies the tables of a PostgreSQL into Parquet files in DMS's layout, in this process. */
export function openLocalReplication(options: LocalReplicationOptions): LocalReplication {
  const states = new TaskStates(path.join(options.root, '.replication'));
  const drafts = new Drafts(options.root);
  const live = new Map<string, LiveTask>();
  const starting = new Map<string, Promise<void>>();
  const closing = new AbortController();

  /** Begins a task, unless it is done or under way here. One left by a dead process is begun again. */
  async function ensure(task: string, request: ReplicationRequest): Promise<void> {
    if (live.has(task)) return;
    const state = await states.read(task);
    if (state?.status === 'done') return;
    const under = starting.get(task) ?? begin(task, request).finally(() => starting.delete(task));
    starting.set(task, under);
    await under;
  }

  async function begin(task: string, request: ReplicationRequest): Promise<void> {
    const source = sisSource(options.sources, request.source);
    const mappings = parseMappings(request.mappings, request.source);
    const snapshot = await takeSnapshot(source, await options.secrets.get(source.password));
    try {
      const { tables, warnings } = evaluateMappings(mappings, await inspectSis(snapshot.client));
      await states.write(task, { status: 'running', request, process: ownIdentity() });
      // What an earlier attempt left shows another instant.
      await rm(pathOf(options.root, request.prefix.replace(/\/$/, '')), { recursive: true, force: true });
      const progress = { tables: tables.length, tablesDone: 0, rows: 0 };
      const run = async () => {
        const pipes = await mkdtemp(path.join(tmpdir(), 'campus-lake-'));
        try {
          const copied = await copyTables(snapshot, {
            root: options.root,
            prefix: request.prefix,
            tables,
            readers: readersOf(source),
            memoryLimit: options.memoryLimit ?? DEFAULT_MEMORY,
            draft: () => drafts.create(),
            pipes,
            progress(rows, tablesDone) {
              task_.rows += rows;
              task_.tablesDone = tablesDone;
            },
            signal: closing.signal,
          });
          const done = {
            status: 'done' as const,
            request,
            snapshotAt: snapshot.at,
            tables: copied,
            warnings: warnings.map((warning) => `rule ${warning.rule}: ${warning.text}`),
          };
          await states.write(task, done);
          return done;
        } finally {
          await snapshot.client.end().catch(() => undefined);
          await rm(pipes, { recursive: true, force: true });
        }
      };
      const task_: LiveTask = Object.assign(progress, { ended: run() });
      task_.ended.catch(() => undefined);
      live.set(task, task_);
    } catch (error) {
      await snapshot.client.end().catch(() => undefined);
      throw error;
    }
  }

  return {
    async start(request) {
      const task = `${request.source}/${request.load}`;
      await ensure(task, request);
      return { task };
    },
    async poll(task): Promise<ReplicationStatus> {
      const state = live.has(task) ? undefined : await states.read(task);
      if (state?.status === 'done') return doneStatus(state);
      if (state) await ensure(task, state.request);
      const here = live.get(task);
      if (!here) {
        throw new UnknownTaskError(`There is no replication task ${task} here`, {
          about: task,
          hint: 'Start it first.',
        });
      }
      const done = await Promise.race([here.ended, undefined]).catch((error: unknown) => {
        live.delete(task);
        throw error;
      });
      if (done) return doneStatus(done);
      const { tables, tablesDone, rows } = here;
      return { done: false, tables, tablesDone, rows };
    },
    async close() {
      closing.abort(new Error('The replicator was closed'));
      await Promise.allSettled([...live.values()].map((task) => task.ended));
    },
  };
}

function doneStatus(state: TaskState & { status: 'done' }): ReplicationStatus {
  return { done: true, snapshotAt: state.snapshotAt, tables: state.tables, warnings: state.warnings };
}

function readersOf(source: SisSourceConfig): number {
  const wanted = source.connections ?? availableParallelism();
  return Math.max(1, Math.min(wanted, POOL_THREADS - 1));
}

function sisSource(sources: Readonly<Record<string, SourceConfig>>, name: string): SisSourceConfig {
  const source = sources[name];
  if (source?.kind === 'postgres') return source;
  throw new SisConfigError(`There is no SIS named ${name} under sources: in campus.yaml`, {
    about: name,
    hint: 'A SIS has kind: postgres.',
  });
}
