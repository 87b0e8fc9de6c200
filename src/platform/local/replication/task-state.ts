import { randomUUID } from 'node:crypto';
import { readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { ReplicatedTable, ReplicationRequest } from '../../../ports/replication.ts';
import { type DocumentKind, encodeDocument, parseDocument } from '../../../state/document.ts';
import { instant, oneOf, text, texts, word } from '../../../state/parts.ts';
import { makeFolder, syncPath, writeSynced } from '../files/durable.ts';
import type { ProcessIdentity } from '../files/process-identity.ts';

/** What is kept of a task beyond the process that works on it. */
export type TaskState = RunningState | DoneState;

export interface RunningState {
  readonly status: 'running';
  readonly request: ReplicationRequest;
  /** Who began it, for a person who looks into the folder. */
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

const request = z.looseObject({ source: word, load: word, prefix: text });

const TASK_STATE: DocumentKind = {
  what: 'record of a copy of the SIS',
  migrations: [],
  schema: oneOf<TaskState>()('status', {
    running: { request, process: z.looseObject({ pid: z.number() }) },
    done: {
      request,
      snapshotAt: instant,
      tables: z.array(z.looseObject({ schema: text, table: text })),
      warnings: texts,
      remarks: texts.optional(),
    },
  }),
  whenDamaged: 'Delete it and run again, which copies the tables again.',
};

/** The states of tasks, one file each, replaced whole. */
export class TaskStates {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws DamagedDocumentError */
  async read(task: string): Promise<TaskState | undefined> {
    const file = this.#file(task);
    const stored = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    return stored === undefined ? undefined : parseDocument<TaskState>(TASK_STATE, stored, file);
  }

  async write(task: string, state: TaskState): Promise<void> {
    await makeFolder(this.#folder);
    const draft = path.join(this.#folder, `.${randomUUID()}`);
    await writeSynced(draft, JSON.stringify(encodeDocument(TASK_STATE, state)));
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
