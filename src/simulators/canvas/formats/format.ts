import type { Change } from '../../college/college.ts';
import type { DapTable } from '../schema/dap-types.ts';

export const FORMATS = ['jsonl', 'csv', 'tsv', 'parquet'] as const;
export type Format = (typeof FORMATS)[number];
export const MODES = ['expanded', 'condensed'] as const;
export type Mode = (typeof MODES)[number];

/** What a file writer must know beside the rows. */
export interface WriteOptions {
  readonly table: DapTable;
  /** Increments say what became of a row, snapshots do not. */
  readonly withAction: boolean;
  readonly mode: Mode;
  /** See `cellOf`. */
  readonly opens: number;
}

/** Turns changes into text, one record after the other; `header` comes before the first. */
export interface TextFormat {
  readonly header: string;
  record(change: Change): string;
}
