import type { TableSet } from './tables.ts';

export interface Warehouse {
  /**
   * Makes the warehouse show exactly these curated tables, all at once: readers see the old set or the new one.
   * Calls the stored procedures afterwards, in the same transaction.
   */
  load(publication: string, tables: TableSet): Promise<{ rows: number; remarks?: string[] }>;
  /** How to connect: host, port, database, a read-only user; never the password itself. */
  describe(): Promise<WarehouseInfo>;
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
