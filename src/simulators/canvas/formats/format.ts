import type { Change } from '../../college/college.ts';
import type { DapTable } from '../schema/dap-types.ts';

export const FORMATS = ['jsonl', 'csv', 'tsv', 'parquet'] as const;
export type Format = (typeof FORMATS)[number];
export const MODES = ['expanded', 'condensed'] as const;
export type Mode = (typeof MODES)[number];

/** What a file writer must know in addition to the rows. */
export interface WriteOptions {
  readonly table: DapTable;
  /** Increments say what became of a row, snapshots do not. */
  readonly withAction: boolean;
  readonly mode: Mode;
  /** See `cellOf`. */
  readonly opens: number;
  /** Steps of the clock of commits, in ms. */
  readonly tickMs: number;
  /** What becomes of a record of JSON Lines. Default: nothing. */
  readonly line?: (line: string, place: number) => string | Uint8Array;
}

/** An instant (epoch ms) by a clock that goes forward in steps. */
export const tickOf = (at: number, tickMs: number): number => Math.floor(at / tickMs) * tickMs;

/** Turns changes into text, one record after the other; `header` comes before the first. */
export interface TextFormat {
  readonly header: string;
  record(change: Change): string;
}
