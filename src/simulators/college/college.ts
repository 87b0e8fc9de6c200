/**
 * The college that stands behind both simulators, generated or real: a history of row changes. A simulator shows
 * the state at its clock and the changes between two instants; it knows nothing of how they came about.
 */
export interface College {
  readonly name: string;
  readonly timeZone: string;
  /** Where the data come from and under which licence, in one line. */
  readonly provenance: string;
  /** First and last instant with data, epoch ms. */
  readonly opens: number;
  readonly closes: number;
  readonly canvas: SystemHistory;
  readonly sis: SystemHistory;
}

export interface SystemHistory {
  readonly tables: readonly TableShape[];
  /**
   * Every change with after < at <= upTo, by `at`; at most one change of a key at one instant.
   * @param wanted `newest`: only the last change of each key in the range. Default: all
   */
  changes(table: TableShape, after: number, upTo: number, wanted?: 'all' | 'newest'): Iterable<Change>;
}

export interface TableShape {
  /** Canvas: the DAP namespace. SIS: the database schema. */
  readonly namespace: string;
  readonly name: string;
  readonly columns: readonly ColumnShape[];
  readonly key: readonly string[];
  readonly references?: readonly {
    columns: readonly string[];
    namespace: string;
    table: string;
    to: readonly string[];
  }[];
}

export interface ColumnShape {
  readonly name: string;
  /** A PostgreSQL type for the SIS (`numeric(5,2)`, `timestamptz`, …); for Canvas informative. */
  readonly type: string;
  readonly nullable?: boolean;
}

export interface Change {
  /** When the source committed it, epoch ms. */
  readonly at: number;
  readonly op: 'U' | 'D';
  /** The whole row after the change; of a deleted one only the key columns. */
  readonly row: Row;
}

/**
 * 64-bit ids are bigint, instants epoch-ms numbers in columns of a timestamp type, dates `YYYY-MM-DD`, decimals
 * text; JSON columns hold plain objects. Canvas rows may leave out columns: the simulator fills them.
 */
export type Row = { readonly [column: string]: CellValue };
export type CellValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | CellValue[]
  | { readonly [key: string]: CellValue };
