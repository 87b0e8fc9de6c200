import type { LakeType } from '../campus/lake-type.ts';
import type { Json } from '../json.ts';
import type { KeySum } from './key-sum.ts';
import type { LedgerStore } from './ledger.ts';
import type { Parameter } from './parameter.ts';
import type { Remark } from './remark.ts';
import type { Grant } from './session.ts';
import type { StagedTableSpec, StageResult } from './staging.ts';
import type { TableColumn, TableSet, TableVersion } from './tables.ts';

/** Whose work a table is where a target has several engines. */
export type TableEngine = 'athena' | 'glue';

/** A table to build from one SELECT in Athena's SQL; see `QueryEngine.create`. */
export interface BuildRequest {
  readonly table: string;
  readonly select: string;
  readonly reads: TableSet;
  readonly versionId: string;
  readonly engine: TableEngine;
}

/** State of a table build. */
export type BuildStatus =
  | { readonly version: TableVersion }
  /** Still running: when to poll again. */
  | { readonly retryAfterSeconds: number }
  /** It has failed, with the error that `create` would have thrown; the ticket is no longer valid. */
  | { readonly failed: unknown };

/** How staging resumes over several processes; see `QueryEngine.replace`. */
export interface WaitBudget {
  /** 10 hexadecimal digits by which a later call resumes what an earlier one has started. */
  readonly resumeToken: string;
  /** How long this process waits for work in the background. */
  readonly waitMs: number;
  /** When the work was begun, epoch ms: the same in every process that goes on with it. Default: nobody has noted it. */
  readonly startedAt?: number;
}

/** What differs between engines, for callers to whom it matters. */
export interface EngineCapabilities {
  /**
   * Whether work outlasts the process that started it: then staging takes a `WaitBudget`, and tables are made by `submit`
   * and `poll`. Where it does not, both are waited for to their end.
   */
  readonly background: boolean;
  /**
   * How SQL is read and raw files become rows here: while it stays the same, the same statement over the same rows gives
   * the same rows. Absent where nobody can tell: then nothing is taken over from an earlier run.
   */
  readonly edition?: string;
}

/** Pseudonyms that were made by the first of the campus's keys, and are to be made by all. */
export interface Rekeyed {
  /** By how many keys they were made. */
  readonly made: number;
  /** By column, the kind of its ids. */
  readonly kinds: Readonly<Record<string, string>>;
}

interface Capable {
  readonly capabilities: EngineCapabilities;
}

/**
 * Makes staged tables of the files of loads.
 *
 * @example
 * ```ts
 * import type { Stager } from './query-engine.ts';
 * import type { StagedTableSpec } from './staging.ts';
 * import type { TableVersion } from './tables.ts';
 *
 * async function stage(stager: Stager, spec: StagedTableSpec, snapshot: string, increment: string): Promise<TableVersion> {
 *   const first = await stager.replace(spec, [snapshot], 'load-1');
 *   const second = await stager.merge(first.version, spec, [increment], 'load-2');
 *   return second.version;
 * }
 * ```
 */
export interface Stager extends Capable {
  /**
   * A new version holding exactly the rows of the raw files (of a layout with changes: one per key, the newest).
   * @param budget where `capabilities.background` says so: what takes longer goes on, and is found again by a later call with
   * the same token and the same other arguments. Default: it is waited for to its end. So with `merge`, too
   * @throws StillRunningError when the wait budget is used up
   */
  replace(
    spec: StagedTableSpec,
    files: readonly string[],
    versionId: string,
    budget?: WaitBudget,
  ): Promise<StageResult>;
  /**
   * A new version: `current` with the raw files merged by key, the newest wins (by `meta.ts`, or by the place among
   * the changes; of one instant the later load, and within a load a removal), a removal removes. Merging the same
   * files again changes nothing. Columns that `current` lacks are added
   * (null in old rows); columns that the spec lacks are kept (null in new rows); a wider type widens the column.
   */
  merge(
    current: TableVersion,
    spec: StagedTableSpec,
    files: readonly string[],
    versionId: string,
    budget?: WaitBudget,
  ): Promise<StageResult>;
  /**
   * A new version of a table of keyed records: the same rows with these columns, those of its key among them, and no
   * others. What the version does not have is null; nothing of the others is left in what the new version is made of.
   * @param budget see `replace`
   * @param rekeyed pseudonyms in it that are made into those by the keys of now
   */
  withColumns(
    current: TableVersion,
    columns: readonly TableColumn[],
    versionId: string,
    budget?: WaitBudget,
    rekeyed?: Rekeyed,
  ): Promise<TableVersion>;
  /** The sum of the keys of a version's rows, to be compared with the one of its source. */
  keySum(version: TableVersion, key: readonly string[], budget?: WaitBudget): Promise<KeySum>;
  /**
   * The sum of the keys that the files of a snapshot of layout `dap` deliver, read from the files themselves.
   * @param repeats whether a key may come more than once, or as a removal: then its newest record counts
   * @param budget see `replace`
   * @returns undefined where a key is of a type of which no sum is made
   */
  deliveredKeys(
    spec: StagedTableSpec,
    files: readonly string[],
    repeats: boolean,
    budget?: WaitBudget,
  ): Promise<KeySum | undefined>;
}

/**
 * Makes tables of SELECTs, of rows that the caller holds, and of the ledger.
 *
 * @example
 * ```ts
 * import type { TableBuilder } from './query-engine.ts';
 *
 * async function terms(builder: TableBuilder) {
 *   const columns = [{ name: 'code', type: 'varchar' }] as const;
 *   const codes = await builder.literalTable('campus.codes', columns, [['2026FA'], ['2027SP']], 'run-1');
 *   const select = "SELECT code FROM campus.codes WHERE code LIKE '%FA'";
 *   return builder.create('campus.autumn', select, { 'campus.codes': codes }, 'run-1');
 * }
 * ```
 */
export interface TableBuilder extends Capable {
  /** A new version of a table from one SELECT in Athena's SQL over the given tables. */
  create(table: string, select: string, reads: TableSet, versionId: string): Promise<TableVersion>;
  /**
   * Begins what `create` does. Where `capabilities.background` says so it goes on elsewhere, for tables whose making
   * may outlast the process that asks. An engine without it makes the table at once, whatever engine its order names.
   * @returns a ticket by which any process can ask on
   * @throws SqlError as `create` does, for what is seen before the making begins
   */
  submit(request: BuildRequest): Promise<Json>;
  /**
   * Asks after the table of a ticket; once it is made, asking again gives the same version.
   * @param waitMs how long this process may wait for it. The target may know that waiting is of no use
   * @throws where nobody could be asked: then the ticket stays good
   */
  poll(ticket: Json, waitMs: number): Promise<BuildStatus>;
  /** A small table of rows that the caller holds (instants as ISO 8601 text), as a version that reads can name. */
  literalTable(
    table: string,
    columns: readonly TableColumn[],
    rows: readonly (readonly Json[])[],
    versionId: string,
  ): Promise<TableVersion>;
  /**
   * The `ops.*` tables as versions that `query` takes.
   * @param read the names of those whose rows are to be there, as they stand now. Of others nothing is read:
   * they tell their columns, and no statement may name them
   */
  opsTables(ledger: LedgerStore, read: readonly string[]): Promise<TableSet>;
}

/**
 * Answers SELECTs, each over the tables that its session may read.
 *
 * @example
 * ```ts
 * import type { Reader } from './query-engine.ts';
 * import type { Grant } from './session.ts';
 *
 * async function print(reader: Reader, from: Grant): Promise<void> {
 *   const answer = await reader.query('SELECT id, name FROM canvas.users ORDER BY id', from, { limit: 100 });
 *   for await (const rows of answer.batches()) for (const [id, name] of rows) console.log(id, name);
 * }
 * ```
 */
export interface Reader {
  /**
   * Runs one SELECT in Athena's SQL. Rows come in batches, so memory is bounded.
   * @throws SqlError with line and column in the text as written, and a suggestion where there is one
   */
  query(select: string, from: Grant, options?: QueryOptions): Promise<QueryResult>;
  /**
   * What a SELECT reads, and the steps in which it is run. Absent where the target has a console that shows it.
   * @throws SqlError as `query` does
   */
  explain?(select: string, from: Grant, options?: ExplainOptions): Promise<Explanation>;
  /**
   * What to know about the answer to a SELECT. Absent where the engine is Athena's own, whose answers are the reference.
   * @throws SqlError where the statement cannot be parsed
   */
  remarks?(select: string, parameters?: readonly Parameter[]): Promise<readonly Remark[]>;
  /** Writes a SELECT's result as one Parquet file at a path of the caller's machine. @returns rows written */
  exportParquet(
    select: string,
    from: Grant,
    path: string,
    options?: Omit<QueryOptions, 'limit'>,
  ): Promise<number>;
}

/**
 * Versions whose files were copied into the store of another lake.
 *
 * @example
 * ```ts
 * import type { Mover } from './query-engine.ts';
 * import type { TableVersion } from './tables.ts';
 *
 * const isMovable = async (mover: Mover, version: TableVersion) => (await mover.filesOf(version)) !== undefined;
 * ```
 */
export interface Mover {
  /**
   * Keys of a version's files. Undefined for one that cannot be read elsewhere, since its files name where they lie: it
   * is made again there.
   */
  filesOf(version: TableVersion): Promise<string[] | undefined>;
  /** A version of another lake, whose files lie in this one's store under the same keys, as a version of this lake. */
  adopt(version: TableVersion): Promise<TableVersion>;
}

/**
 * Keeps the stored tables in order.
 *
 * @example
 * ```ts
 * import type { Housekeeper } from './query-engine.ts';
 * import type { TableVersion } from './tables.ts';
 *
 * // Files of versions that nobody needs, unless they are of the last hour: a query may still read those.
 * const tidy = (engine: Housekeeper, needed: readonly TableVersion[]) =>
 *   engine.sweep(needed, Date.now() - 3_600_000);
 * ```
 */
export interface Housekeeper {
  /**
   * Removes what no given version names and what is older than `olderThan` (epoch ms).
   * @param atOnce tables of which it is removed however young it is. Default: none
   * @param budget as for `Stager.replace`
   * @param maintain whether small files of the versions that stay are joined too. Default: true
   * @returns bytes freed
   */
  sweep(
    keep: readonly TableVersion[],
    olderThan: number,
    atOnce?: readonly string[],
    budget?: WaitBudget,
    maintain?: boolean,
  ): Promise<number>;
  /**
   * The files of a version that cannot be read as they were written. None where the store vouches for its objects.
   * @param thorough whether all of each file is read. Default: only whether it is there, whole by its size and form
   */
  brokenFiles(version: TableVersion, thorough?: boolean): Promise<BrokenFile[]>;
  /** How a version is kept of which changes are merged, for a person. Absent: the store decides that. */
  storedAs?(version: TableVersion): StoredTable | undefined;
  /**
   * Makes the tables by which other programs know the lake (`canvas.users`, `campus.students`) show these versions.
   * Called when they are published; repeating it changes nothing. Does nothing where nobody comes in but through `query`.
   * @param databases in which a table that was shown and is not of the set is shown no more
   */
  show(tables: TableSet, databases: readonly string[]): Promise<void>;
}

/** All of it, as a platform gives it. Code that uses one part asks for that part. */
export type QueryEngine = Stager &
  TableBuilder &
  Reader &
  Housekeeper & {
    /** How versions go on elsewhere. Absent: the lake is moved by copying its folder. */
    readonly mover?: Mover;
  };

/** A table's files: a base and changes since, which are put together when it is read. */
export interface StoredTable {
  /** Rows of the base, removed ones included. */
  readonly base: number;
  /** Rows of each file of changes, the oldest first. */
  readonly changes: readonly number[];
  /** When they are written anew, in words. */
  readonly rule: string;
}

export interface BrokenFile {
  /** Its key in the object store. */
  readonly file: string;
  readonly found: 'missing' | 'cut short' | 'changed' | 'unreadable';
}

export interface QueryOptions {
  signal?: AbortSignal;
  /** Stop after so many rows. Default: all. */
  limit?: number;
  /** Values for the statement's parameters. Default: none. */
  parameters?: readonly Parameter[];
  /**
   * The lake has put the statement together itself, and no person has written a word of SQL in it. Such statements may
   * share what others have each for themselves. Default: false.
   */
  isOwn?: boolean;
  /** As for `Stager.replace`: a statement that takes longer goes on. Default: it is waited for to its end. */
  budget?: WaitBudget | undefined;
}

export interface ExplainOptions extends Omit<QueryOptions, 'limit'> {
  /** Whether the statement is run, and each step measured. Default: false. */
  analyze?: boolean;
}

export interface Explanation {
  readonly tables: readonly TableRead[];
  /** The last step first; what a step takes its rows from stands below it, one deeper. */
  readonly steps: readonly PlanStep[];
  /** How long it took, where it was run. */
  readonly seconds?: number;
}

/** What is read of a table. */
export interface TableRead {
  readonly table: string;
  /** Those that are read, at most. */
  readonly columns: readonly string[];
  readonly ofColumns: number;
  readonly rows: number;
  readonly files: number;
  /** Compressed size of these columns in these files. */
  readonly bytes: number;
}

export interface PlanStep {
  readonly depth: number;
  /** In plain words. */
  readonly does: string;
  /** Rows that it gave, where it was run. */
  readonly rows?: number;
  readonly seconds?: number;
  readonly estimatedRows?: number;
}

/** bigint, decimal and timestamp values come as exact text or bigint, never through a rounded number. */
export type Cell = null | boolean | number | bigint | string | Cell[] | { [key: string]: Cell };

/** A column of an answer. It may be of a narrower type than a table can hold. */
export interface ResultColumn {
  readonly name: string;
  readonly type: LakeType | 'tinyint' | 'smallint';
}

export interface QueryResult {
  readonly columns: ResultColumn[];
  batches(): AsyncIterable<Cell[][]>;
}
