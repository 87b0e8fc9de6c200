import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SisSourceConfig } from '../../../campus/campus-schema.ts';
import type {
  CatchUpRequest,
  CaughtUp,
  ReplicatedTable,
  ReplicationRequest,
} from '../../../ports/replication.ts';
import { SisConnectionError } from '../../../sis/errors.ts';
import type { SisTable } from '../../../sis/inspect.ts';
import {
  type Evaluation,
  evaluateMappings,
  type MappedColumn,
  type MappedTable,
} from '../../../sis/mapping/evaluate.ts';
import { parseMappings } from '../../../sis/mapping/parse.ts';
import { ownIdentity } from '../files/process-identity.ts';
import { pathOf } from '../object-keys.ts';
import { beginCapture, type Capture } from './changes/capture.ts';
import type { CaptureRecords } from './changes/capture-record.ts';
import { endCapture } from './changes/take-up.ts';
import { type Copied, copyTables } from './copy-tables.ts';
import { CopyConnectionError } from './errors.ts';
import { countsKeys, keyColumnsOf } from './key-sum-sql.ts';
import type { RewrittenFiles } from './rewritten-files.ts';
import { type Snapshot, takeSnapshot } from './snapshot.ts';
import type { DoneState, TaskStates } from './task-state.ts';

/** Of one source: enough to look back at, and to continue a run that was left. */
const STATES_KEPT = 5;

export interface TaskOptions {
  readonly root: string;
  readonly source: SisSourceConfig;
  readonly password: string;
  readonly states: TaskStates;
  readonly captures: CaptureRecords;
  readonly rewritten: RewrittenFiles;
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
  const { states } = options;
  const capture = await captureOf(request, options);
  const choose = choiceOf(request);
  const take = (tables?: ReadonlySet<string>) =>
    takeSnapshot({ ...options, choose: (present) => choose(present, capture, tables) });
  let first: Snapshot | undefined;
  try {
    first = await take();
    await states.write(task, { status: 'running', request, process: ownIdentity() });
    await states.prune(`${request.source}/`, STATES_KEPT);
    const live = { tables: first.tables.length + first.refused.size, tablesDone: 0, rows: 0 };
    const work = async (snapshot: Snapshot): Promise<DoneState> => {
      try {
        const done = await copyAndFollow(snapshot, { request, options, take, capture, live });
        await states.write(task, done);
        return done;
      } finally {
        await capture?.end();
      }
    };
    return Object.assign(live, { ended: work(first) });
  } catch (error) {
    await first?.end();
    await capture?.end();
    throw error;
  }
}

interface Work {
  readonly request: ReplicationRequest;
  readonly options: TaskOptions;
  /** @param tables only these, by `schema.table`. Default: all that are to be copied */
  readonly take: (tables?: ReadonlySet<string>) => Promise<Snapshot>;
  readonly capture: Capture | undefined;
  readonly live: { tables: number; tablesDone: number; rows: number };
}

/** How often tables are copied again because the log does not say what is in them: emptied, or of other columns. */
const COPIES = 3;

/** Copies what is to be copied whole, and then reads the log beyond it, so that all that is followed is of one instant. */
async function copyAndFollow(first: Snapshot, work: Work): Promise<DoneState> {
  const copied = await copyTwice(first, 0, work);
  const { snapshot } = copied;
  return {
    status: 'done',
    request: work.request,
    snapshotAt: snapshot.at,
    ...(await followOn(copied, work)),
    warnings: snapshot.warnings.map((warning) => `rule ${warning.rule}: ${warning.text}`),
  };
}

/** Reads the log up to now, behind what was copied; tables of which it does not say what is in them are copied again. */
async function followOn(
  copied: Pick<CopiedOnce, 'tables' | 'remarks'>,
  work: Work,
): Promise<Pick<DoneState, 'tables'> & { remarks: string[] }> {
  const { capture, take } = work;
  const remarks = [...copied.remarks];
  const tables = new Map(copied.tables.map((table) => [nameOf(table), table]));
  if (capture) {
    await capture.copied(copied.tables);
    for (let copies = 1, astray = await capture.catchUp(); astray.size > 0 && copies < COPIES; copies++) {
      const again = await copyTwice(await take(astray), copies, work);
      for (const table of again.tables) tables.set(nameOf(table), table);
      await capture.copied(again.tables);
      astray = await capture.catchUp();
    }
    for (const table of capture.result(tables)) tables.set(nameOf(table), table);
    remarks.push(...capture.remarks, ...unfitRemarks(capture.unfit));
  }
  return { tables: [...tables.values()], remarks };
}

/**
 * Reads the log up to now, and copies only tables that it does not know: new ones, and all of them where the slot was
 * lost. What cannot be followed is left to the loads of everything.
 */
export async function catchUp(request: CatchUpRequest, options: TaskOptions): Promise<CaughtUp> {
  const capture = (await captureOf(request, options))!;
  try {
    const followed = parseMappings(request.changes.mappings, request.source);
    const take = (only?: ReadonlySet<string>) =>
      takeSnapshot({
        ...options,
        choose(present) {
          const { tables, warnings } = evaluateMappings(followed, present);
          const wanted = ({ source: table }: MappedTable) => {
            const name = nameOfTable(table);
            return capture.toCopy.has(name) && (only?.has(name) ?? true);
          };
          return { tables: tables.filter(wanted), warnings };
        },
      });
    const work: Work = { request, options, take, capture, live: { tables: 0, tablesDone: 0, rows: 0 } };
    const copied =
      capture.toCopy.size > 0 ? await copyTwice(await take(), 0, work) : { tables: [], remarks: [] };
    const { tables } = await followOn(copied, work);
    const isNew = ({ increment, files = [], error }: ReplicatedTable) =>
      !increment || error !== undefined || files.length > 0;
    return {
      asOf: capture.asOf,
      tables: tables.filter(isNew),
      followed: capture.followed,
      remarks: [...copied.remarks, ...capture.remarks],
    };
  } finally {
    await capture.end();
  }
}

interface CopiedOnce {
  /** The last one. */
  readonly snapshot: Snapshot;
  readonly tables: readonly ReplicatedTable[];
  readonly remarks: string[];
}

/** Copies a snapshot, and where the SIS was lost on the way all of it again in another. */
async function copyTwice(
  first: Snapshot,
  nth: number,
  { request, options, take, live }: Work,
): Promise<CopiedOnce> {
  const { root } = options;
  const prefix = nth === 0 ? request.prefix : `${request.prefix.replace(/\/$/, '')}/again-${nth}`;
  const copy = async (snapshot: Snapshot): Promise<Copied> => {
    // What an earlier attempt left shows another instant.
    await rm(pathOf(root, prefix.replace(/\/$/, '')), { recursive: true, force: true });
    Object.assign(live, { tablesDone: 0, rows: 0 });
    const pipes = await mkdtemp(path.join(tmpdir(), 'campus-lake-'));
    try {
      return await copyTables(snapshot, {
        ...options,
        prefix,
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
  let snapshot = first;
  let copied = await copy(first);
  const remarks: string[] = [];
  if (copied.lost) {
    const wanted = new Set(
      [...first.tables, ...first.refused.keys()].map(({ source }) => nameOfTable(source)),
    );
    const second = await again(() => take(wanted), options.signal);
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
  return { snapshot, tables, remarks };
}

/** The changes of the source, where any are wanted; where none are, what was kept for them goes. */
async function captureOf(
  { source: name, load, changes }: ReplicationRequest,
  { source, password, root, memoryLimit, draft, signal, captures: records, rewritten }: TaskOptions,
): Promise<Capture | undefined> {
  const options = { root, name, source, password, records, rewritten, memoryLimit, draft, signal };
  if (!changes) {
    await endCapture(options);
    return undefined;
  }
  const mappings = parseMappings(changes.mappings, name);
  return beginCapture(options, {
    load,
    prefix: changes.prefix.replace(/\/$/, ''),
    feeds: changes.feeds,
    keys: changes.keys ?? {},
    choose: (tables) => evaluateMappings(mappings, tables),
  });
}

/** What of the tables that there are is copied whole: those wanted so, and those whose changes cannot follow yet. */
function choiceOf({ mappings, changes, source }: ReplicationRequest) {
  const whole = mappings === undefined ? undefined : parseMappings(mappings, source);
  const followed = changes && parseMappings(changes.mappings, source);
  return (
    present: readonly SisTable[],
    capture: Capture | undefined,
    only?: ReadonlySet<string>,
  ): Evaluation => {
    const one = whole ? evaluateMappings(whole, present) : NOTHING;
    const other = followed ? evaluateMappings(followed, present) : NOTHING;
    const toCopy = ({ source: table }: MappedTable) => {
      const name = nameOfTable(table);
      return capture?.toCopy.has(name) || capture?.unfit.has(name);
    };
    const tables = [...one.tables, ...other.tables.filter(toCopy)];
    return {
      tables: only ? tables.filter(({ source: table }) => only.has(nameOfTable(table))) : tables,
      warnings: [...one.warnings, ...other.warnings],
    };
  };
}

const NOTHING: Evaluation = { tables: [], warnings: [] };

/** A sentence for each reason, with the first tables that it holds for. */
function unfitRemarks(unfit: ReadonlyMap<string, string>): string[] {
  const byReason = new Map<string, string[]>();
  for (const [name, reason] of unfit) byReason.set(reason, [...(byReason.get(reason) ?? []), name]);
  return [...byReason].map(([reason, names]) => {
    const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
    return `copied whole, as changes cannot be captured: ${names.slice(0, 3).join(', ')}${more} (${reason})`;
  });
}

const nameOfTable = ({ schema, name }: { readonly schema: string; readonly name: string }) =>
  `${schema}.${name}`;
const nameOf = ({ schema, table }: ReplicatedTable) => `${schema}.${table}`;

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
