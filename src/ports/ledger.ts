import type { Json } from '../json.ts';
import type { TableColumn } from './tables.ts';

/** A state record and the version that a conditional write must name. */
export interface Versioned<T> {
  readonly value: T;
  readonly version: number;
}

/**
 * Two things: state records, each replaced by conditional writes (how a load is committed), and the append-only
 * rows that become the `ops.*` tables.
 *
 * @example
 * ```ts
 * import type { LedgerStore } from './ledger.ts';
 *
 * // Counts up a record. Of two processes that do so at once, one gets a LedgerConflictError and tries again.
 * async function countUp(ledger: LedgerStore): Promise<number> {
 *   const before = await ledger.read<number>('counter');
 *   const next = (before?.value ?? 0) + 1;
 *   await ledger.write('counter', next, before?.version);
 *   return next;
 * }
 * ```
 */
export interface LedgerStore {
  /** @throws LedgerDamagedError for a record that cannot be read */
  read<T extends Json>(key: string): Promise<Versioned<T> | undefined>;
  /** Every state record whose key starts with the prefix, in key order; of those that can be read. See `damaged`. */
  list<T extends Json>(prefix: string): Promise<(Versioned<T> & { key: string })[]>;
  /** The keys of records that start with the prefix and cannot be read, as a failing disk leaves them. */
  damaged(prefix: string): Promise<string[]>;
  /**
   * Replaces the record if its version is still `expected` (undefined: if there is none yet, or none
   * that can be read), durably.
   * @returns the new version
   * @throws LedgerConflictError when somebody else wrote first
   */
  write<T extends Json>(key: string, value: T, expected: number | undefined): Promise<number>;
  delete(key: string): Promise<void>;
  /** The tables that features have added. Default: none. */
  readonly added?: readonly AddedOpsTable[];
  /** Appends rows durably. Rows carry an `id`; where one id comes twice, readers keep the last. */
  append(table: OpsTable, rows: readonly OpsRow[]): Promise<void>;
  /**
   * The rows of one table in the order of their first append, one per id.
   * @param idPrefix only rows whose id starts with it: those of one run cost no reading of years. Default: all
   */
  rows(table: OpsTable, idPrefix?: string): Promise<OpsRow[]>;
  /**
   * What of a table lies in Parquet files and what does not yet, for an engine that can read such files. Absent:
   * `rows` is the only way.
   */
  sealed?(table: OpsTable): Promise<SealedRows>;
  /**
   * Keeps what reads cost independent of how many runs there were, and forgets details that are old enough. Called by
   * each run at its end; repeated, it finds nothing more to do.
   */
  tidy(options: TidyOptions): Promise<Tidied>;
  /**
   * Takes the right to run for this process. Freed by `release`, or when its holder is found dead. A round of
   * `lake follow` is waited for: it takes seconds.
   * @throws RunLockedError naming the holder while another live process has it
   * @throws LedgerUnusableError, as every method does, where the ledger itself fails
   */
  lock(owner: string): Promise<{ release(): Promise<void> }>;
  /** Absent where the ledger is a service that keeps its own health. */
  readonly health?: LedgerHealth;
}

/** Who takes the right to run for one round of following changes. */
export const FOLLOWING = 'A round of `lake follow`';

/** What is known of the ledger itself where its disk may fail. */
export interface LedgerHealth {
  /** @throws LedgerUnusableError where it cannot be written now */
  probe(): Promise<void>;
  /** Keeps, elsewhere than in the ledger, that a run could not use it. */
  note(fault: LedgerFault): Promise<void>;
  noted(): Promise<LedgerFault | undefined>;
  /** Forgets what was noted: a run could use it again. */
  forget(): Promise<void>;
}

export type LedgerFault = {
  /** ISO 8601 UTC. */
  readonly at: string;
  /** The run that met it. Absent: it could not begin. */
  readonly run?: string;
  readonly message: string;
  readonly hint: string;
};

export interface TidyOptions {
  /** The run that is under way: its rows stay where they are read at once. */
  readonly run: string;
  /** Rows of `DETAIL_TABLES` of runs that began before this instant (epoch ms) may go. Default: all stay. */
  readonly forgetDetailBefore?: number;
  /** The time now, epoch ms: what is older than a table's `hotDays` is put where only SQL reads it. Default: nothing is. */
  readonly now?: number;
}

export interface Tidied {
  /** Lines that were no rows, as a failing disk leaves them; they are left out. */
  readonly damaged: number;
}

/** Rows of one table: older ones in Parquet files, in order, and the newest. Of one id the last row counts. */
export interface SealedRows {
  readonly parts: readonly SealedPart[];
  readonly recent: readonly OpsRow[];
}

export interface SealedPart {
  readonly path: string;
  readonly rows: number;
  /** The least and the greatest id in it. */
  readonly from: string;
  readonly to: string;
  readonly columns: readonly TableColumn[];
}

/** The tables that tell how a run went step by step; what a run did as a whole is kept for good. */
export const DETAIL_TABLES: readonly OpsTable[] = ['steps', 'remarks'];

/** The part of a run's id that tells when it began: ids of runs are in the order of time. */
export const runStamp = (at: number): string => new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');

export const OPS_TABLES = [
  'runs',
  'steps',
  'loads',
  'schema_changes',
  'remarks',
  'checks',
  'notifications',
  'access',
  'disclosures',
  'visibility',
] as const;

/** A table that the lake itself writes. */
export type OwnOpsTable = (typeof OPS_TABLES)[number];

/** One of those, or one that a feature has added. */
export type OpsTable = OwnOpsTable | (string & {});

/**
 * A table that a feature adds: `ops.<name>`, there and typed before its first row.
 *
 * @example
 * ```ts
 * import type { AddedOpsTable } from './ledger.ts';
 *
 * const reminders: AddedOpsTable = {
 *   name: 'reminders',
 *   description: 'In each run, the reminders that were sent',
 *   columns: [{ name: 'sent', type: 'bigint' }],
 * };
 * ```
 */
export interface AddedOpsTable {
  readonly name: string;
  readonly description: string;
  /** `id` and `run`, both `varchar`, come before these. Every row has an `id`, which begins with the run's. */
  readonly columns: readonly TableColumn[];
  /**
   * Rows are read at once (`LedgerStore.rows`) for so many days at least. Older ones are kept in a small form that only
   * SQL reads. Default: for good.
   */
  readonly hotDays?: number;
  /** `none`: it holds nothing about people. Default: of no class, so that no role sees it unless it is named. */
  readonly privacy?: 'none';
}

export type OpsRow = { id: string } & { [column: string]: Json };
