import type { WaitBudget } from './query-engine.ts';
import type { Grant } from './session.ts';
import type { LoggedStatement, WarehouseAccess, WarehouseLogins } from './warehouse-access.ts';

export interface Warehouse {
  /**
   * Makes the warehouse show exactly these curated tables, all at once: readers see the old set or the new one.
   * Calls the stored procedures afterwards, in the same transaction. What people made on top of a table (rights, row
   * security, indexes, comments, views) stays; what no longer fits is named in a remark and does not stop the load.
   * @param listed the rows of `mart.lake_tables`. Default: none
   * @param notes by table. Default: none
   * @param budget a load that takes longer goes on, and is found again by a later call with the same budget and the same
   *   other arguments. Default: it is waited for to its end
   * @param access the access policy. Default: there is none, and no login of one is left
   * @throws StillRunningError when the wait budget is used up
   */
  load(
    publication: string,
    tables: Grant,
    listed?: readonly ListedTable[],
    notes?: WarehouseNotes,
    budget?: WaitBudget,
    access?: WarehouseAccess,
  ): Promise<{ rows: number; remarks?: string[] }>;
  /**
   * Removes what is left on the disk of rows that were replaced: in the tables' files, and in the database's log of
   * changes. Absent where a service keeps both.
   */
  forgetReplaced?(): Promise<void>;
  /**
   * Gives what others than the lake have asked of the warehouse since it was last called, and forgets it once `record`
   * has returned. Absent where a service keeps the record.
   */
  takeStatements?(record: (statements: readonly LoggedStatement[]) => Promise<void>): Promise<void>;
  /** Logins of the access policy. Absent: this warehouse has none. */
  readonly logins?: WarehouseLogins;
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

/** What clients of the warehouse learn of a table beyond its columns. */
export interface TableNotes {
  readonly description?: string;
  /** Descriptions by column. */
  readonly columns: Readonly<Record<string, string>>;
  /** Columns by which no two rows are alike and which every row fills; empty where there are none. */
  readonly key: readonly string[];
  /** Columns that every row fills. */
  readonly filled: readonly string[];
  /** Columns whose values are found in a column of another table. */
  readonly references: readonly { readonly column: string; readonly to: string; readonly field: string }[];
}

export type WarehouseNotes = Readonly<Record<string, TableNotes>>;

export interface WarehouseInfo {
  readonly url: string;
  readonly jdbc: string;
  readonly user: string;
  /** Where the password is kept. */
  readonly passwordAt: string;
  /** The publication that it shows. */
  readonly publication?: string;
}
