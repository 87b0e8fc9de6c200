import type { Json } from '../json.ts';
import type { KeySum } from './key-sum.ts';
import type { LoadedFile } from './objects.ts';
import type { TableColumn } from './tables.ts';

/** Copies tables of the SIS into the raw zone in DMS's layout: DMS itself on AWS, a replicator on one machine. */
export interface Replication {
  /**
   * Starts (or, for a load already started, picks up) a load: full loads of the tables of `mappings`, and of those of
   * `changes` whatever has come since. Safe to repeat.
   */
  start(request: ReplicationRequest): Promise<{ task: string }>;
  poll(task: string): Promise<ReplicationStatus>;
  /**
   * Takes what has changed since the last load, at once: for a round between two runs. Tables of which the log cannot say
   * what is in them are copied, or left to the next run where that is DMS's work. Absent: only runs can.
   * @throws SisConnectionError, CaptureError
   */
  catchUp?(request: CatchUpRequest): Promise<CaughtUp>;
  /**
   * Tells that a file which the lake has not taken yet is about to be written again: from then on what was noted of
   * its size, sum and rows is read off the file. Absent where nothing is noted of files before they are taken.
   */
  rewriting?(file: string): Promise<void>;
}

/** A load of nothing but changes. */
export interface CatchUpRequest extends Pick<ReplicationRequest, 'source' | 'load' | 'prefix'> {
  readonly changes: ChangesRequest;
}

export interface CaughtUp {
  /**
   * Every commit before this instant is in the lake once it has these tables, ISO 8601 UTC by the clock of the source. Empty:
   * nothing is followed just now.
   */
  readonly asOf: string;
  /** Those with changes, those that were copied, and those that failed; the other followed ones are as they were. */
  readonly tables: ReplicatedTable[];
  /** Tables that are followed, as `schema.table` at the source. */
  readonly followed: readonly string[];
  readonly remarks: readonly string[];
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
  /**
   * Columns that may hold long values, of the tables that have the most of them; falling. By them a copy can be made
   * to fit into memory. Default: there are none.
   */
  readonly lobColumns?: number[];
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
  /** By `schema.table` at the source: the columns of its key in the lake, by their names there. Default: its primary key. */
  readonly keys?: { readonly [table: string]: readonly string[] };
}

/** Which of the change files of a table the lake has taken. */
export type ChangeFeed = {
  /** The load whose full load they follow. Changes of another generation cannot be distinguished from these. */
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
      /** What else a person who watches should know, such as why everything is loaded again. */
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
  /** Texts and binary values of so many bytes or more may have been cut. Default: none was. */
  readonly lobLimit?: number;
  /** How many values of which columns are left empty because no type of the lake holds them. Default: none. */
  readonly setAside?: Readonly<Record<string, number>>;
  /** When the changes in its files were committed. Default: nobody has counted. */
  readonly commits?: CommitTimes;
  readonly error?: string;
  /** With `error`: it is that of every table that was not read yet, because the source was lost. Default: its own. */
  readonly cutOff?: boolean;
  /** With `error`: another session of the source has locked the table. Default: it has not. */
  readonly locked?: boolean;
}

/** How many changes were committed when: `[epoch ms, changes]`, each of a slot of time that begins then, rising. */
export type CommitTimes = readonly (readonly [number, number])[];
