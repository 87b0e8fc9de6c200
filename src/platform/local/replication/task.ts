import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SisSourceConfig } from '../../../campus/campus-schema.ts';
import { inspectSis } from '../../../sis/inspect.ts';
import { evaluateMappings, type MappedColumn, type MappedTable } from '../../../sis/mapping/evaluate.ts';
import { parseMappings } from '../../../sis/mapping/parse.ts';
import type { ReplicationRequest } from '../../ports/replication.ts';
import { ownIdentity } from '../files/process-identity.ts';
import { pathOf } from '../object-keys.ts';
import { copyTables } from './copy-tables.ts';
import { countsKeys, keyColumnsOf } from './key-sum-sql.ts';
import { takeSnapshot } from './snapshot.ts';
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
  const snapshot = await takeSnapshot(options.source, options.password);
  try {
    const { tables, warnings } = evaluateMappings(mappings, await inspectSis(snapshot.client));
    await states.write(task, { status: 'running', request, process: ownIdentity() });
    await states.prune(`${request.source}/`, STATES_KEPT);
    // What an earlier attempt left shows another instant.
    await rm(pathOf(root, request.prefix.replace(/\/$/, '')), { recursive: true, force: true });
    const live = { tables: tables.length, tablesDone: 0, rows: 0 };
    const work = async (): Promise<DoneState> => {
      const pipes = await mkdtemp(path.join(tmpdir(), 'campus-lake-'));
      try {
        const copied = await copyTables(snapshot, {
          ...options,
          prefix: request.prefix,
          tables,
          keys: countsKeys(snapshot.serverVersion) ? keysOf(request, tables) : new Map(),
          pipes,
          progress(rows, tablesDone) {
            live.rows += rows;
            live.tablesDone = tablesDone;
          },
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
    return Object.assign(live, { ended: work() });
  } catch (error) {
    await snapshot.client.end().catch(() => undefined);
    throw error;
  }
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
