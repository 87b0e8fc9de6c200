import { randomUUID } from 'node:crypto';
import { readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ReplicatedTable, ReplicationRequest } from '../../../ports/replication.ts';
import { makeFolder, syncPath, writeSynced } from '../files/durable.ts';
import type { ProcessIdentity } from '../files/process-identity.ts';

/** What is kept of a task beyond the process that works on it. */
export type TaskState = RunningState | DoneState;

export interface RunningState {
  readonly status: 'running';
  readonly request: ReplicationRequest;
  /** Who began it, for whoever looks into the folder. */
  readonly process: ProcessIdentity;
}

export interface DoneState {
  readonly status: 'done';
  readonly request: ReplicationRequest;
  /** ISO 8601 UTC. */
  readonly snapshotAt: string;
  readonly tables: ReplicatedTable[];
  readonly warnings: string[];
  readonly remarks?: string[];
}

/** The states of tasks, one file each, replaced whole. */
export class TaskStates {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async read(task: string): Promise<TaskState | undefined> {
    try {
      return JSON.parse(await readFile(this.#file(task), 'utf8')) as TaskState;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async write(task: string, state: TaskState): Promise<void> {
    await makeFolder(this.#folder);
    const draft = path.join(this.#folder, `.${randomUUID()}`);
    await writeSynced(draft, JSON.stringify(state));
    await rename(draft, this.#file(task));
    await syncPath(this.#folder);
  }

  /** Forgets all but the newest states of the tasks whose names begin so: a year of nights need not be kept. */
  async prune(beginning: string, keep: number): Promise<void> {
    const start = encodeURIComponent(beginning);
    const names = (await readdir(this.#folder)).filter((name) => name.startsWith(start));
    const dated = await Promise.all(
      names.map(async (name) => {
        const file = path.join(this.#folder, name);
        return { file, at: (await stat(file)).mtimeMs };
      }),
    );
    dated.sort((a, b) => b.at - a.at);
    for (const { file } of dated.slice(keep)) await rm(file, { force: true });
  }

  #file(task: string): string {
    return path.join(this.#folder, `${encodeURIComponent(task)}.json`);
  }
}
