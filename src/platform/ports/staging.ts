import type { TableColumn, TableVersion } from './tables.ts';

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
