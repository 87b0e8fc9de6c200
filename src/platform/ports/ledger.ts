import type { Json } from '../../json.ts';

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
