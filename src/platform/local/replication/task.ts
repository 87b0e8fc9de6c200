import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SisSourceConfig } from '../../../campus/campus-schema.ts';
import type { ReplicationRequest } from '../../../ports/replication.ts';
import { SisConnectionError } from '../../../sis/errors.ts';
import { evaluateMappings, type MappedColumn, type MappedTable } from '../../../sis/mapping/evaluate.ts';
import { parseMappings } from '../../../sis/mapping/parse.ts';
import { ownIdentity } from '../files/process-identity.ts';
import { pathOf } from '../object-keys.ts';
import { type Copied, copyTables } from './copy-tables.ts';
import { CopyConnectionError } from './errors.ts';
import { countsKeys, keyColumnsOf } from './key-sum-sql.ts';
import { type Snapshot, takeSnapshot } from './snapshot.ts';
import type { DoneState, TaskStates } from './task-state.ts';

/** Of one source: enough to look back at, and to continue a run that was left. */
const STATES_KEPT = 5;

export interface TaskOptions {
  readonly root: string;
  readonly source: SisSourceConfig;
  readonly password: string;
  readonly states: TaskStates;
  readonly readers: number;
  readonly memoryLimit: string;
  /** How long tables that others have locked are waited for. */
  readonly lockWaitMs: number;
  draft(): Promise<string>;
  readonly signal: AbortSignal;
}

/** A task that this process works on. */
export interface LiveTask {
  readonly tables: number;
  tablesDone: number;
  rows: number;
  /** Ends when everything is written and the task's state says so. */
  readonly ended: Promise<DoneState>;
}

/**
 * Takes a snapshot of the source, finds out what is to be copied, and goes on copying in the background. Everything
 * that is wrong with the request as a whole is thrown before anything is copied.
 */
export async function beginTask(
  task: string,
  request: ReplicationRequest,
  options: TaskOptions,
): Promise<LiveTask> {
  const { root, states } = options;
  const mappings = parseMappings(request.mappings, request.source);
  const take = () => takeSnapshot({ ...options, choose: (tables) => evaluateMappings(mappings, tables) });
  const first = await take();
  try {
    await states.write(task, { status: 'running', request, process: ownIdentity() });
    await states.prune(`${request.source}/`, STATES_KEPT);
    const live = { tables: first.tables.length + first.refused.size, tablesDone: 0, rows: 0 };
    const copy = async (snapshot: Snapshot): Promise<Copied> => {
      // What an earlier attempt left shows another instant.
      await rm(pathOf(root, request.prefix.replace(/\/$/, '')), { recursive: true, force: true });
      Object.assign(live, { tablesDone: 0, rows: 0 });
      const pipes = await mkdtemp(path.join(tmpdir(), 'campus-lake-'));
      try {
        return await copyTables(snapshot, {
          ...options,
          prefix: request.prefix,
          keys: countsKeys(snapshot.serverVersion) ? keysOf(request, snapshot.tables) : new Map(),
          pipes,
          progress(rows, tablesDone) {
            live.rows += rows;
            live.tablesDone = tablesDone;
          },
        });
      } finally {
        await snapshot.end();
        await rm(pipes, { recursive: true, force: true });
      }
    };
    const work = async (): Promise<DoneState> => {
      let snapshot = first;
      let copied = await copy(first);
      const remarks: string[] = [];
      if (copied.lost) {
        const second = await again(take, options.signal);
        if (second) {
          remarks.push(`${copied.lost.message}: all tables were copied again, in a new snapshot`);
          snapshot = second;
          copied = await copy(second);
        }
      }
      const { tables, lost, fewerReaders } = copied;
      if (lost && tables.every(({ error }) => error !== undefined)) throw lost;
      if (lost) remarks.push(lost.message);
      if (fewerReaders !== undefined)
        remarks.push(
          `the SIS let in ${fewerReaders} of ${options.readers} readers: lower maxConnections: of the source, or raise the limit of its user`,
        );
      const done = {
        status: 'done' as const,
        request,
        snapshotAt: snapshot.at,
        tables,
        warnings: snapshot.warnings.map((warning) => `rule ${warning.rule}: ${warning.text}`),
        remarks,
      };
      await states.write(task, done);
      return done;
    };
    return Object.assign(live, { ended: work() });
  } catch (error) {
    await first.end();
    throw error;
  }
}

/** A restart of the SIS takes a moment. */
const PAUSES_MS = [1_000, 5_000, 15_000];

/** Another snapshot once the SIS answers again; undefined where it does not soon. */
async function again(take: () => Promise<Snapshot>, signal: AbortSignal): Promise<Snapshot | undefined> {
  for (const pause of PAUSES_MS) {
    await sleep(pause, undefined, { signal });
    try {
      return await take();
    } catch (error) {
      if (!(error instanceof SisConnectionError) && !(error instanceof CopyConnectionError)) throw error;
    }
  }
  return undefined;
}

/** The key columns of the tables of whose keys the request wants the sum, where the source can count it. */
function keysOf(
  { keys = [] }: ReplicationRequest,
  tables: readonly MappedTable[],
): Map<MappedTable, readonly MappedColumn[]> {
  const wanted = new Map(
    keys.map(({ schema, table, columns }) => [JSON.stringify([schema, table]), columns]),
  );
  return new Map(
    tables.flatMap((table): [MappedTable, readonly MappedColumn[]][] => {
      const names = wanted.get(JSON.stringify([table.source.schema, table.source.name]));
      const key = names && keyColumnsOf(table, names);
      return key ? [[table, key]] : [];
    }),
  );
}
