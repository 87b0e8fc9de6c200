import type { TableSet } from './tables.ts';

export interface Warehouse {
  /**
   * Makes the warehouse show exactly these curated tables, all at once: readers see the old set or the new one.
   * Calls the stored procedures afterwards, in the same transaction.
   * @param listed the rows of `mart.lake_tables`. Default: none
   */
  load(
    publication: string,
    tables: TableSet,
    listed?: readonly ListedTable[],
  ): Promise<{ rows: number; remarks?: string[] }>;
  /** How to connect: host, port, database, a read-only user; never the password itself. */
  describe(): Promise<WarehouseInfo>;
}

/** What clients of the warehouse can know of a table of the lake. Instants are ISO 8601 UTC. */
export interface ListedTable {
  readonly table: string;
  readonly rows: number;
  /** How far its rows are known. */
  readonly dataAsOf?: string;
  /** When it was loaded or built. */
  readonly loadedAt?: string;
  readonly lastGoodRun?: string;
  readonly owner?: string;
  /** Why it is older than the publication. Absent where it is not. */
  readonly whyLate?: string;
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
