import type { DefinedColumn, TableVersion } from './tables.ts';

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
  /**
   * For the `dap` layout: the source's records have a key and nothing else, so one without a value is no removal.
   * Default: false.
   */
  readonly keyOnly?: boolean;
  /**
   * Texts and binary values of so many bytes or more may have been cut before they came into the raw files: a table
   * that has one is refused. Default: none was cut.
   */
  readonly lobLimit?: number;
}

export interface StagedColumn extends DefinedColumn {
  /** For the `dap` layout: which section of the record holds it. */
  readonly section?: 'key' | 'value' | 'meta';
  /**
   * For the `dap` layout: the source says that it is never empty. A value that does not fit then fails the load;
   * elsewhere it is set aside. Default: false.
   */
  readonly required?: boolean;
}

export interface StageResult {
  readonly version: TableVersion;
  /** Rows read from the raw files, before folding by key. */
  readonly read: number;
  readonly upserted: number;
  readonly deleted: number;
  /** In how many records a column's value did not fit its type and was set aside, null in its place. Default: none. */
  readonly setAside?: { readonly [column: string]: number };
}
