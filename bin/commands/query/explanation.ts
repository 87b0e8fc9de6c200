import { bytes } from '../../../src/notify/words.ts';
import type { Explanation, PlanStep } from '../../../src/ports/query-engine.ts';

/**
 * Athena's price of scanned data, in the regions of the United States, and the least that a statement is charged for.
 * Source: https://aws.amazon.com/athena/pricing/, seen on 2026-11-30.
 */
const DOLLARS_PER_TERABYTE = 5;
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

/** What is read and what it would cost, in lines. */
export function costLines(explanation: Explanation): string[] {
  const cost = athenaCost(explanation);
  const reads = explanation.tables.map(({ table, columns, ofColumns, rows, files, bytes: size }) => [
    table,
    `${columns.length} of ${counted(ofColumns, 'column')}`,
    counted(rows, 'row'),
    counted(files, 'file'),
    bytes(size),
  ]);
  const widths = [0, 1, 2, 3, 4].map((i) => Math.max(0, ...reads.map((cells) => cells[i]!.length)));
  return [
    'Reads at most',
    ...(reads.length === 0
      ? ['  no table']
      : reads.map((cells) => `  ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join('  ')}`.trimEnd())),
    'On AWS',
    `  Athena would scan at most ${bytes(cost.bytes)} and charge for ${bytes(cost.chargedBytes)}: $${shown(cost.dollars)} at $${DOLLARS_PER_TERABYTE} per TB`,
  ];
}

/** The steps of a plan in lines, the last one first. */
export function stepLines({ steps, seconds }: Explanation): string[] {
  const title =
    seconds === undefined
      ? 'Steps, the last one first (rows are estimates; EXPLAIN ANALYZE measures)'
      : `Steps, the last one first (${shown(seconds)} s in all)`;
  return [title, ...steps.map((step) => `  ${'  '.repeat(step.depth)}${step.does}${measures(step)}`)];
}

function measures({ rows, seconds, estimatedRows }: PlanStep): string {
  if (seconds !== undefined) return `: ${counted(rows ?? 0, 'row')}, ${shown(seconds)} s`;
  return estimatedRows === undefined ? '' : `: about ${counted(estimatedRows, 'row')}`;
}

const counted = (n: number, what: string): string =>
  `${n.toLocaleString('en-US')} ${what}${n === 1 ? '' : 's'}`;

/** Two digits that count. */
const shown = (n: number): string => (n === 0 ? '0' : String(Number(n.toPrecision(2))));
