import { rm } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import PQueue from 'p-queue';
import type { MappedColumn, MappedTable } from '../../../sis/mapping/evaluate.ts';
import type { ReplicatedTable } from '../../ports/replication.ts';
import { openChannel } from './channel.ts';
import { CopyConnectionError } from './errors.ts';
import { explainCopyError } from './explain.ts';
import { Lane } from './lane.ts';
import { type Part, partsOf } from './parts.ts';
import type { Snapshot } from './snapshot.ts';
import { type CopiedPart, publishTable } from './table-copy.ts';

export interface CopyPlan {
  readonly root: string;
  /** Key prefix of the load. */
  readonly prefix: string;
  readonly tables: readonly MappedTable[];
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

/**
 * Copies all tables out of one snapshot. A table that fails does not stop the others; it is in the result with its
 * error. The result has the order of `plan.tables`.
 * @throws the signal's reason when it is aborted
 */
export async function copyTables(snapshot: Snapshot, plan: CopyPlan): Promise<ReplicatedTable[]> {
  const parts = partsOf(plan.tables, plan.readers, snapshot.serverVersion >= 140_000);
  const tally = new Tally(plan, parts);
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
  try {
    for (let i = 0; i < Math.min(plan.readers, parts.length); i++) {
      const channel = await openChannel(`${plan.pipes}/${i}`);
      const reader = await snapshot.open();
      lanes.push(new Lane({ snapshot, reader, duckdb: await duckdb.connect(), channel, longLines }));
    }
    const queue = parts.values();
    await Promise.all(lanes.map((lane) => work(lane, queue, plan, tally)));
    plan.signal.throwIfAborted();
    return await tally.results();
  } finally {
    await Promise.all(lanes.map((lane) => lane.close()));
    duckdb.closeSync();
  }
}

/** Takes parts until there are none, or until the SIS is out of reach. */
async function work(lane: Lane, queue: Iterator<Part>, plan: CopyPlan, tally: Tally): Promise<void> {
  for (let next = queue.next(); !next.done; next = queue.next()) {
    if (plan.signal.aborted) return;
    const part = next.value;
    if (tally.hasFailed(part)) continue;
    const draft = await plan.draft();
    try {
      const copied = await lane.copy(part, draft, plan.keys.get(part.table));
      await tally.copied(part, { ...copied, draft });
    } catch (error) {
      await tally.failed(part, error);
      if (error instanceof CopyConnectionError) return;
    }
  }
}

/** Gathers the parts of every table, and publishes a table when its last part is there. */
class Tally {
  readonly #plan: CopyPlan;
  readonly #parts = new Map<MappedTable, { all: Part[]; copied: CopiedPart[] }>();
  readonly #results = new Map<MappedTable, ReplicatedTable>();
  #lost: CopyConnectionError | undefined;

  constructor(plan: CopyPlan, parts: readonly Part[]) {
    this.#plan = plan;
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
    if (error instanceof CopyConnectionError) this.#lost = error;
    this.#fail(part.table, error.hint ? `${error.message}. ${error.hint}` : error.message);
    for (const copy of this.#parts.get(part.table)!.copied) if (copy) await rm(copy.draft, { force: true });
    this.#plan.progress(0, this.#results.size);
  }

  /** Tables that nobody came to, because every reader has lost the SIS, failed for the same reason. */
  async results(): Promise<ReplicatedTable[]> {
    return this.#plan.tables.map((table) => {
      const result = this.#results.get(table);
      if (result) return result;
      return this.#fail(table, `it was not read: ${this.#lost?.message ?? 'the copy was stopped'}`);
    });
  }

  #fail(table: MappedTable, error: string): ReplicatedTable {
    const result = { schema: table.source.schema, table: table.source.name, error };
    this.#results.set(table, result);
    return result;
  }
}
