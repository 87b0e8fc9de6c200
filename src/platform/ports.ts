import type { Readable } from 'node:stream';
import type { PrivacyClass } from '../campus/catalog-schema.ts';
import type { LakeType } from '../campus/lake-type.ts';
import type { Json } from '../json.ts';
import type { KeySum } from '../loads/key-sum.ts';

/**
 * The platform: what a home (one machine, or AWS) gives to the lake. Everything in `src/` outside
 * `src/platform/<home>` reaches the world through these interfaces only.
 */
export interface Platform {
  readonly home: 'local' | 'aws';
  readonly clock: Clock;
  readonly objects: ObjectStore;
  readonly ledger: LedgerStore;
  readonly engine: QueryEngine;
  readonly secrets: SecretStore;
  readonly limits: RateLimits;
  readonly replication: Replication;
  readonly warehouse: Warehouse;
  readonly drift: DriftDetector;
  /** Who decides on columns by what they say of people. Absent: whoever may read a table reads all of it. */
  readonly guard?: TableGuard;
  /** Where this home tells the team, beside the ways that campus.yaml names. Absent: nowhere, as on one machine. */
  readonly topic?: Topic;
  close(): Promise<void>;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Where raw files, staged files and curated files lie. Keys are relative, with `/` between parts. */
export interface ObjectStore {
  /**
   * Writes one object from a stream. The object appears under its key whole or not at all: an error, an abort
   * or a killed process leaves nothing visible. Replaces an object of the same key.
   */
  put(key: string, body: Readable, options?: PutOptions): Promise<StoredObject>;
  /** Writes a small text object, as atomically as `put`. */
  putText(key: string, text: string): Promise<StoredObject>;
  /** The whole text of a small object; undefined where there is none. */
  getText(key: string): Promise<string | undefined>;
  get(key: string): Promise<Readable>;
  head(key: string): Promise<{ bytes: number } | undefined>;
  /**
   * Every key that starts with the prefix, in byte order. Unfinished writes are never listed.
   * @param after only keys that come after this one. Default: all
   */
  list(prefix: string, after?: string): Promise<string[]>;
  /** Removes the objects; one that is not there is no error. */
  delete(keys: readonly string[]): Promise<void>;
  /** The name by which the query engine reads the object: a path on one machine, `s3://…` on AWS. */
  uri(key: string): string;
}

export interface PutOptions {
  /** Called with the number of bytes of each chunk written. */
  onBytes?: (bytes: number) => void;
  signal?: AbortSignal;
}

export interface StoredObject {
  readonly key: string;
  readonly bytes: number;
  /** SHA-256 of the stored bytes, hexadecimal. */
  readonly sha256: string;
}

/** A raw file. Of what a service has written itself, nobody has seen the bytes pass, so there is no digest. */
export type LoadedFile = Omit<StoredObject, 'sha256'> & Partial<Pick<StoredObject, 'sha256'>>;

/** A state record and the version that a conditional write must name. */
export interface Versioned<T> {
  readonly value: T;
  readonly version: number;
}

/**
 * Two things: state records, each replaced by conditional writes (how a load is committed), and the append-only
 * rows that become the `ops.*` tables.
 */
export interface LedgerStore {
  read<T extends Json>(key: string): Promise<Versioned<T> | undefined>;
  /** Every state record whose key starts with the prefix, in key order. */
  list<T extends Json>(prefix: string): Promise<(Versioned<T> & { key: string })[]>;
  /**
   * Replaces the record if its version is still `expected` (undefined: if there is none yet), durably.
   * @returns the new version
   * @throws LedgerConflictError when somebody else wrote first
   */
  write<T extends Json>(key: string, value: T, expected: number | undefined): Promise<number>;
  delete(key: string): Promise<void>;
  /** Appends rows durably. Rows carry an `id`; where one id comes twice, readers keep the last. */
  append(table: OpsTable, rows: readonly OpsRow[]): Promise<void>;
  /**
   * The rows of one table in the order of their first append, one per id.
   * @param idPrefix only rows whose id starts with it: those of one run cost no reading of years. Default: all
   */
  rows(table: OpsTable, idPrefix?: string): Promise<OpsRow[]>;
  /**
   * Takes the right to run for this process. Freed by `release`, or when its holder is found dead.
   * @throws RunLockedError naming the holder while another live process has it
   */
  lock(owner: string): Promise<{ release(): Promise<void> }>;
}

export const OPS_TABLES = [
  'runs',
  'steps',
  'loads',
  'schema_changes',
  'remarks',
  'checks',
  'notifications',
] as const;
export type OpsTable = (typeof OPS_TABLES)[number];
export type OpsRow = { id: string } & { [column: string]: Json };

/** A column as the lake stores it, named and typed. */
export interface TableColumn {
  readonly name: string;
  readonly type: LakeType;
}

/**
 * One immutable version of one table. Plain JSON: it is kept in the ledger, handed between steps and named by
 * publications. Making a new version never touches the files of an older one.
 */
export interface TableVersion {
  /** `database.table`, e.g. `canvas.users`. */
  readonly table: string;
  readonly columns: TableColumn[];
  readonly rows: number;
  /** What the adapter needs to read this version (files and deltas on one machine, a snapshot id on AWS). */
  readonly storage: { [key: string]: Json };
}

/** Tables by `database.table`: the state of the lake that a query sees. */
export type TableSet = Readonly<Record<string, TableVersion>>;

/** How a staged table is made from raw files; derived from the catalog (see `src/staging`). */
export interface StagedTableSpec {
  readonly table: string;
  /** Output columns in order: the source's column, the lake's type and the SQL-free treatment. */
  readonly columns: StagedColumn[];
  /** Key columns, by output name. Empty: the table has no key and is always replaced whole. */
  readonly key: string[];
  /**
   * `dap`: records of `meta`, `key`, `value`; `dms`: flat Parquet as DMS writes it; `dms-changes`: the same where
   * changes flow, with the operation and the place of each change among all (`src/sis/change-columns.ts`).
   */
  readonly layout: 'dap' | 'dms' | 'dms-changes';
  readonly format: 'jsonl' | 'parquet' | 'csv' | 'tsv';
}

export interface StagedColumn extends TableColumn {
  /** Name at the source. */
  readonly source: string;
  /** For the `dap` layout: which section of the record holds it. */
  readonly section?: 'key' | 'value' | 'meta';
  readonly treatment: 'keep' | 'pseudonym';
  /** With `pseudonym`: the kind of id, so that one person's ids meet across sources. */
  readonly pseudonymKind?: string;
  /** The source no longer has it: the column stays, empty. Default: false. */
  readonly absent?: boolean;
}

export interface StageResult {
  readonly version: TableVersion;
  /** Rows read from the raw files, before folding by key. */
  readonly read: number;
  readonly upserted: number;
  readonly deleted: number;
}

/** Whose work a table is where a home has several engines. */
export type TableEngine = 'athena' | 'glue';

/** A table to be made from one SELECT in Athena's SQL; see `QueryEngine.create`. */
export interface TableOrder {
  readonly table: string;
  readonly select: string;
  readonly reads: TableSet;
  readonly versionId: string;
  readonly engine: TableEngine;
}

/** How the making of a table stands. */
export type Making =
  | { readonly version: TableVersion }
  /** It goes on elsewhere: when to ask again. */
  | { readonly retryAfterSeconds: number }
  /** It has failed, with the error that `create` would have thrown; its ticket is worth nothing any more. */
  | { readonly failed: unknown };

/** How staging goes on over several processes; see `QueryEngine.replace`. */
export interface Patience {
  /** 10 hexadecimal digits, by which a later call finds again what an earlier one has begun. */
  readonly mark: string;
  /** How long this process waits for what goes on elsewhere. */
  readonly waitMs: number;
}

export interface QueryEngine {
  /**
   * A new version holding exactly the rows of the raw files (of a layout with changes: one per key, the newest).
   * @param patience where the home has a `begin`: what takes longer goes on, and is found again by a later call with
   * the same mark and the same other arguments. Default: it is waited for to its end. So with `merge`, too
   * @throws StillRunningError when the patience has come to its end
   */
  replace(
    spec: StagedTableSpec,
    files: readonly string[],
    versionId: string,
    patience?: Patience,
  ): Promise<StageResult>;
  /**
   * A new version: `current` with the raw files merged by key, the newest wins (by `meta.ts`, or by the place among
   * the changes), `D` removes. Merging the same files again changes nothing. Columns that `current` lacks are added
   * (null in old rows); columns that the spec lacks are kept (null in new rows); a wider type widens the column.
   */
  merge(
    current: TableVersion,
    spec: StagedTableSpec,
    files: readonly string[],
    versionId: string,
    patience?: Patience,
  ): Promise<StageResult>;
  /** The sum of the keys of a version's rows, to be compared with the one of its source. */
  keySum(version: TableVersion, key: readonly string[]): Promise<KeySum>;
  /**
   * The sum of the keys that the files of a snapshot of layout `dap` deliver, read from the files themselves.
   * @param repeats whether a key may come more than once, or as a removal: then its newest record counts
   * @param patience see `replace`
   * @returns undefined where a key is of a type of which no sum is made
   */
  deliveredKeys(
    spec: StagedTableSpec,
    files: readonly string[],
    repeats: boolean,
    patience?: Patience,
  ): Promise<KeySum | undefined>;
  /** A new version of a table from one SELECT in Athena's SQL over the given tables. */
  create(table: string, select: string, reads: TableSet, versionId: string): Promise<TableVersion>;
  /**
   * Begins what `create` does and goes on elsewhere: for tables whose making may outlast the process that asks.
   * Absent, as on one machine: `create` makes every table, whatever engine its order names.
   * @returns a ticket by which any process can ask on
   * @throws SqlError as `create` does, for what is seen before the making begins
   */
  begin?(order: TableOrder): Promise<Json>;
  /**
   * Asks after the table of a ticket; once it is made, asking again gives the same version.
   * @param waitMs how long this process may wait for it. The home may know that waiting is of no use
   * @throws where nobody could be asked: then the ticket stays good
   */
  finish?(ticket: Json, waitMs: number): Promise<Making>;
  /**
   * Runs one SELECT in Athena's SQL over the given tables. Rows come in batches, so memory is bounded.
   * @throws SqlError with line and column in the text as written, and a suggestion where there is one
   */
  query(select: string, tables: TableSet, options?: QueryOptions): Promise<QueryResult>;
  /** Writes a SELECT's result as one Parquet file at a path of the caller's machine. @returns rows written */
  exportParquet(select: string, tables: TableSet, path: string): Promise<number>;
  /** A small table of rows that the caller holds (instants as ISO 8601 text), as a version that reads can name. */
  literalTable(
    table: string,
    columns: readonly TableColumn[],
    rows: readonly (readonly Json[])[],
    versionId: string,
  ): Promise<TableVersion>;
  /** The `ops.*` tables, as they stand now, as versions that `query` takes. */
  opsTables(ledger: LedgerStore): Promise<TableSet>;
  /** Removes what no given version names and what is older than `olderThan` (epoch ms). @returns bytes freed */
  sweep(keep: readonly TableVersion[], olderThan: number): Promise<number>;
  /**
   * Makes the tables by which other programs know the lake (`canvas.users`, `campus.students`) show these versions.
   * Called when they are published; repeating it changes nothing. Absent where nobody comes in but through `query`.
   */
  show?(tables: TableSet): Promise<void>;
}

export interface QueryOptions {
  signal?: AbortSignal;
  /** Stop after so many rows. Default: all. */
  limit?: number;
}

/** bigint, decimal and timestamp values come as exact text or bigint, never through a rounded number. */
export type Cell = null | boolean | number | bigint | string | Cell[] | { [key: string]: Cell };

export interface QueryResult {
  readonly columns: TableColumn[];
  batches(): AsyncIterable<Cell[][]>;
}

export interface SecretStore {
  /**
   * The secret's text.
   * @throws SecretError naming the reference (never the value) when there is none
   */
  get(ref: SecretRef): Promise<string>;
}

/** Where a secret lies; `campus.yaml` never holds one. */
export type SecretRef =
  | { readonly env: string }
  | { readonly file: string }
  | { readonly secretsManager: string; readonly field?: string };

/** Token buckets shared by everything that calls one source. */
export interface RateLimits {
  /** Takes one token if there is one; otherwise says how long to wait, in ms. */
  take(bucket: string, perMinute: number): Promise<{ granted: boolean; waitMs: number }>;
  /** Nothing is granted from this bucket until then (epoch ms): the server said so (429, `Retry-After`). */
  pause(bucket: string, until: number): Promise<void>;
}

/** Copies tables of the SIS into the raw zone in DMS's layout: DMS itself on AWS, a replicator on one machine. */
export interface Replication {
  /**
   * Starts (or, for a load already started, picks up) a load: full loads of the tables of `mappings`, and of those of
   * `changes` whatever has come since. Safe to repeat.
   */
  start(request: ReplicationRequest): Promise<{ task: string }>;
  poll(task: string): Promise<ReplicationStatus>;
}

export interface ReplicationRequest {
  /** The source's name in `campus.yaml`. */
  readonly source: string;
  readonly load: string;
  /** Key prefix under which `schema/table/LOAD00000001.parquet` are written; a fresh one for each load. */
  readonly prefix: string;
  /** Table mappings in DMS's language, of the tables that are copied whole. Absent: there are none. */
  readonly mappings?: Json;
  /** The tables whose changes flow. Default: none. */
  readonly changes?: ChangesRequest;
  /**
   * The keys of tables, by their names at the source, and their columns by the names that they get. Of these tables
   * the source itself is asked for the sum of its keys, where it can be. Default: none.
   */
  readonly keys?: readonly TableKey[];
}

export interface TableKey {
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly string[];
}

export interface ChangesRequest {
  /** Table mappings in DMS's language; every table in them must have a key. */
  readonly mappings: Json;
  /** Key prefix below which each generation has a folder. */
  readonly prefix: string;
  /** By `schema.table` at the source: what the lake has of it. Absent for one that is to be read from its full load on. */
  readonly feeds: { readonly [table: string]: ChangeFeed };
}

/** Which of the change files of a table the lake has taken. */
export type ChangeFeed = {
  /** The load whose full load they follow. Changes of another generation cannot be told apart from these. */
  readonly generation: string;
  /** Names of the newest files that were taken, rising; every file that is much older than the last was taken too. */
  readonly taken: string[];
};

export type ReplicationStatus =
  | {
      readonly done: false;
      readonly tablesDone: number;
      readonly tables: number;
      readonly rows: number;
      /** When to ask again. Default: 1. */
      readonly retryAfterSeconds?: number;
    }
  | {
      readonly done: true;
      /** The instant of the snapshot that every table shows, ISO 8601 UTC. */
      readonly snapshotAt: string;
      readonly tables: ReplicatedTable[];
      /** What in the mappings is allowed and yet looks like a mistake. */
      readonly warnings?: string[];
      /** What else whoever watches should know, such as why everything is loaded anew. */
      readonly remarks?: string[];
    };

export interface ReplicatedTable {
  readonly schema: string;
  readonly table: string;
  /** Absent when the table failed. */
  readonly files?: LoadedFile[];
  readonly rows?: number;
  /** Of a table whose changes flow: what the lake has taken once it has these files. */
  readonly feed?: ChangeFeed;
  /** The files hold only what has changed since those taken before. Default: false, they are the whole table. */
  readonly increment?: boolean;
  /** The instant up to which it shows the source, ISO 8601 UTC. Default: `snapshotAt`. */
  readonly asOf?: string;
  /** Absent when the table failed, or has no row and so no file that would tell. */
  readonly columns?: TableColumn[];
  /** Of the rows that were copied, counted at the source; absent where it was not asked or cannot say. */
  readonly keySum?: KeySum;
  readonly error?: string;
}

/** Looks at the raw files of a SIS themselves, whatever the catalog says of them: a Glue crawler on AWS. */
export interface DriftDetector {
  /** Begins to look, where it is time to; repeated, it goes on. @returns whether somebody looks */
  start(request: DriftRequest): Promise<boolean>;
  /** @returns no tables where it was not yet time to look */
  poll(
    request: DriftRequest,
  ): Promise<
    | { readonly done: false; readonly retryAfterSeconds: number }
    | { readonly done: true; readonly tables?: readonly FoundTable[] }
  >;
}

export interface DriftRequest {
  /** The source's name in `campus.yaml`. */
  readonly source: string;
  /** Key prefix under which `schema/table/…` lie, `/` at the end. */
  readonly prefix: string;
}

/** A table as its files show it. Types are in the home's own words: good to be compared with each other. */
export interface FoundTable {
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

export interface Warehouse {
  /**
   * Makes the warehouse show exactly these curated tables, all at once: readers see the old set or the new one.
   * Calls the stored procedures afterwards, in the same transaction.
   */
  load(publication: string, tables: TableSet): Promise<{ rows: number; remarks?: string[] }>;
  /** How to connect: host, port, database, a read-only user; never the password itself. */
  describe(): Promise<WarehouseInfo>;
}

/** Guards the tables that `QueryEngine.show` shows: who sees a column is decided by its privacy class. */
export interface TableGuard {
  /**
   * Marks the columns that are shown by now. Repeating it changes nothing; what is not shown yet is left out.
   * @returns how many columns were marked anew
   * @throws when some could not be marked, after all others were; they stay as they were
   */
  classify(tables: readonly ClassifiedTable[]): Promise<{ columns: number }>;
}

export interface ClassifiedTable {
  /** `database.table`. */
  readonly table: string;
  readonly columns: { readonly [column: string]: PrivacyClass };
}

/** Subscribers of whom only the home knows. */
export interface Topic {
  publish(message: { readonly subject: string; readonly text: string }): Promise<void>;
}

export interface WarehouseInfo {
  readonly url: string;
  readonly jdbc: string;
  readonly user: string;
  /** Where the password is kept. */
  readonly passwordAt: string;
  /** The publication that it shows. */
  readonly publication?: string;
}
