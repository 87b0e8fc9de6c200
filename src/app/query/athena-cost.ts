import type { Explanation } from '../../ports/query-engine.ts';

/**
 * Athena's price of scanned data, in the regions of the United States, and the least that a statement is charged for.
 * Source: https://aws.amazon.com/athena/pricing/, seen on 2026-11-30.
 */
export const DOLLARS_PER_TERABYTE = 5;
const TERABYTE = 1e12;
const MEGABYTE = 1e6;
const LEAST_BYTES = 10 * MEGABYTE;

/** What a statement would cost in Athena. */
export interface AthenaCost {
  /** Compressed size of the columns that are read: an upper bound, since Athena may skip parts of files. */
  readonly bytes: number;
  /** What is charged for: whole megabytes, and ten at least. */
  readonly chargedBytes: number;
  readonly dollars: number;
}

/** The cost of what an explanation reads. */
export function athenaCost({ tables }: Explanation): AthenaCost {
  const scanned = tables.reduce((sum, table) => sum + table.bytes, 0);
  const charged = Math.max(LEAST_BYTES, Math.ceil(scanned / MEGABYTE) * MEGABYTE);
  return { bytes: scanned, chargedBytes: charged, dollars: (charged / TERABYTE) * DOLLARS_PER_TERABYTE };
}
