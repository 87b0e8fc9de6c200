import { rm } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import PQueue from 'p-queue';
import type { ReplicatedTable } from '../../../ports/replication.ts';
import { SisConnectionError } from '../../../sis/errors.ts';
import type { MappedColumn, MappedTable } from '../../../sis/mapping/evaluate.ts';
import type { SisSession } from '../../../sis/session.ts';
import { TOO_MANY_CONNECTIONS } from '../../../sis/sqlstate.ts';
import { openChannel } from './channel.ts';
import { CopyConnectionError, LockedTableError } from './errors.ts';
import { explainCopyError } from './explain.ts';
import { Lane } from './lane.ts';
import { type Part, partsOf } from './parts.ts';
import type { Snapshot } from './snapshot.ts';
import { type CopiedPart, publishTable } from './table-copy.ts';

export interface CopyPlan {
  readonly root: string;
  /** Key prefix of the load. */
  readonly prefix: string;
  /** The key columns of tables of whose keys the source is to count the sum. */
  readonly keys: ReadonlyMap<MappedTable, readonly MappedColumn[]>;
  /** Readers at once. */
  readonly readers: number;
  /** What DuckDB may hold in memory, e.g. `512MB`. */
  readonly memoryLimit: string;
  /** A path that no other file has, on the file system of `root`. */
  draft(): Promise<string>;
  /** A folder for named pipes. */
  readonly pipes: string;
  /** Told each part's rows. */
  progress(rows: number, tablesDone: number): void;
  readonly signal: AbortSignal;
}

/** What became of a copy. */
export interface Copied {
  /** In the order of the snapshot's tables; the refused ones at the end. */
  readonly tables: ReplicatedTable[];
  /** Why tables were not read: the SIS was lost. Absent: all were tried. */
  readonly lost?: CopyConnectionError;
  /** How many readers there were where the SIS did not let in all that were wanted. */
  readonly fewerReaders?: number;
}

/**
 * Copies all tables out of one snapshot. A table that fails does not stop the others; it is in the result with its
 * error.
 * @throws the signal's reason when it is aborted; SisConnectionError when not one reader was let in
 */
export async function copyTables(snapshot: Snapshot, plan: CopyPlan): Promise<Copied> {
  const parts = partsOf(snapshot.tables, plan.readers, snapshot.serverVersion >= 140_000);
  const tally = new Tally(snapshot, plan, parts);
  const duckdb = await DuckDBInstance.create(':memory:', {
    // Each lane works in the thread that waits for it: as many as there are lanes, and none to hand over to.
    threads: '1',
    memory_limit: plan.memoryLimit,
    preserve_insertion_order: 'false',
    temp_directory: `${await plan.draft()}.spill`,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const lanes: Lane[] = [];
  const longLines = new PQueue({ concurrency: 1 });
  const openLane = async (reader: SisSession) => {
    const channel = await openChannel(`${plan.pipes}/${lanes.length}`);
    const lane = new Lane({ snapshot, reader, duckdb: await duckdb.connect(), channel, longLines });
    lanes.push(lane);
    return lane;
  };
  const wanted = Math.min(plan.readers, parts.length);
  try {
    for (let i = 0; i < wanted; i++) {
      const reader = await openReader(snapshot, i);
      if (!reader) break;
      await openLane(reader);
    }
    const fewer = lanes.length < wanted ? { fewerReaders: lanes.length } : {};
    const queue = parts.values();
    const locked: Part[] = [];
    await Promise.all(lanes.map((lane) => work(lane, queue, plan, tally, locked)));
    // Where somebody waits for a lock on a table, only the session that has one can still read it.
    if (locked.length > 0 && !tally.lost)
      await work(await openLane(snapshot.holder), locked.values(), plan, tally);
    plan.signal.throwIfAborted();
    return { tables: tally.results(), ...(tally.lost ? { lost: tally.lost } : {}), ...fewer };
  } catch (error) {
    plan.signal.throwIfAborted();
    if (!(error instanceof CopyConnectionError)) throw error;
    tally.lost = error;
    return { tables: tally.results(), lost: error };
  } finally {
    await Promise.all(lanes.map((lane) => lane.close()));
    duckdb.closeSync();
  }
}

/** Undefined where the SIS lets in no more than it has: the copy is slower then, and not less. */
async function openReader(snapshot: Snapshot, readers: number): Promise<SisSession | undefined> {
  try {
    return await snapshot.open();
  } catch (error) {
    if (!(error instanceof SisConnectionError)) throw error;
    const { code } = error.cause as { code?: string };
    if (code !== TOO_MANY_CONNECTIONS) throw new CopyConnectionError(error.message, { hint: error.hint });
    if (readers === 0) throw error;
    return undefined;
  }
}

/**
 * Takes parts until there are none, or until the SIS is out of reach.
 * @param locked takes the parts that could not be read for a lock; by default they fail
 */
async function work(
  lane: Lane,
  queue: Iterator<Part>,
  plan: CopyPlan,
  tally: Tally,
  locked?: Part[],
): Promise<void> {
  for (let next = queue.next(); !next.done; next = queue.next()) {
    if (plan.signal.aborted) return;
    const part = next.value;
    if (tally.hasFailed(part)) continue;
    const draft = await plan.draft();
    try {
      const copied = await lane.copy(part, draft, plan.keys.get(part.table));
      await tally.copied(part, { ...copied, draft });
    } catch (error) {
      if (locked && error instanceof LockedTableError) {
        locked.push(part);
        continue;
      }
      await tally.failed(part, error);
      if (error instanceof CopyConnectionError) return;
    }
  }
}

/** One sentence for every table, so that they count as one cause. */
const NOT_READ = 'the connection to the SIS was cut before they were read';

/** Gathers the parts of every table, and publishes a table when its last part is there. */
class Tally {
  readonly #plan: CopyPlan;
  readonly #parts = new Map<MappedTable, { all: Part[]; copied: CopiedPart[] }>();
  readonly #results = new Map<MappedTable, ReplicatedTable>();
  readonly #snapshot: Snapshot;
  lost: CopyConnectionError | undefined;

  constructor(snapshot: Snapshot, plan: CopyPlan, parts: readonly Part[]) {
    this.#snapshot = snapshot;
    this.#plan = plan;
    for (const [table, reason] of snapshot.refused) this.#fail(table, reason, snapshot.locked.has(table));
    for (const part of parts) {
      const entry = this.#parts.get(part.table) ?? { all: [], copied: [] };
      entry.all.push(part);
      this.#parts.set(part.table, entry);
    }
  }

  hasFailed(part: Part): boolean {
    return this.#results.get(part.table)?.error !== undefined;
  }

  async copied(part: Part, copy: CopiedPart): Promise<void> {
    const { all, copied } = this.#parts.get(part.table)!;
    copied[part.index] = copy;
    const whole = Object.keys(copied).length === all.length;
    if (whole && !this.hasFailed(part)) {
      const { root, prefix, keys } = this.#plan;
      const result = await publishTable(root, prefix, part.table, copied, keys.get(part.table));
      this.#results.set(part.table, result);
    }
    if (copy.rows === 0 || this.hasFailed(part)) await rm(copy.draft, { force: true });
    this.#plan.progress(copy.rows, this.#results.size);
  }

  async failed(part: Part, raw: unknown): Promise<void> {
    const error = explainCopyError(part, raw);
    if (error instanceof CopyConnectionError) this.lost = error;
    this.#fail(
      part.table,
      error instanceof CopyConnectionError
        ? NOT_READ
        : error.hint
          ? `${error.message}. ${error.hint}`
          : error.message,
      error instanceof LockedTableError,
    );
    for (const copy of this.#parts.get(part.table)!.copied) if (copy) await rm(copy.draft, { force: true });
    this.#plan.progress(0, this.#results.size);
  }

  /** Tables that nobody came to, because every reader has lost the SIS, failed for the same reason. */
  results(): ReplicatedTable[] {
    return [...this.#snapshot.tables, ...this.#snapshot.refused.keys()].map((table) => {
      return this.#results.get(table) ?? this.#fail(table, NOT_READ);
    });
  }

  #fail(table: MappedTable, error: string, locked = false): ReplicatedTable {
    const { schema, name } = table.source;
    const result = {
      schema,
      table: name,
      error,
      ...(error === NOT_READ ? { cutOff: true } : {}),
      ...(locked ? { locked } : {}),
    };
    this.#results.set(table, result);
    return result;
  }
}
