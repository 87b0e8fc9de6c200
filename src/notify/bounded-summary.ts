import type { LoadSummary, RunSummary } from './summary.ts';

/** How many of each a message lists; the rest is only counted. */
export const LISTED = { loads: 5, failures: 20, changes: 20, remarks: 10, stale: 10 } as const;
const TEXT_LENGTH = 600;

/**
 * The summary as far as the text of a message carries it: a program gets no more than people read.
 * `failed` and the totals of `loaded` say how much there is.
 */
export function boundedSummary(summary: RunSummary) {
  const { loads, failures, schemaChanges, remarks, stale } = summary;
  return {
    ...summary,
    loaded: {
      datasets: loads.length,
      rows: loads.reduce((sum, load) => sum + load.rows, 0),
      bytes: loads.reduce((sum, load) => sum + load.bytes, 0),
    },
    loads: biggest(loads).slice(0, LISTED.loads),
    failures: failures.slice(0, LISTED.failures).map((failure) => ({
      ...failure,
      message: shortened(failure.message),
      hint: shortened(failure.hint),
    })),
    schemaChanges: schemaChanges.slice(0, LISTED.changes),
    remarks: remarks.slice(0, LISTED.remarks).map(({ about, text }) => ({ about, text: shortened(text) })),
    stale: stale.slice(0, LISTED.stale),
  };
}

export const biggest = (loads: readonly LoadSummary[]): LoadSummary[] =>
  [...loads].sort((a, b) => b.rows - a.rows || b.bytes - a.bytes);

/** A text of a message, cut where it is too long, and never within a character. */
export const shortened = (text: string): string =>
  text.length <= TEXT_LENGTH ? text : `${text.slice(0, TEXT_LENGTH).replace(/[\ud800-\udbff]$/, '')}…`;
