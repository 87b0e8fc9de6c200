import { athenaCost, DOLLARS_PER_TERABYTE } from '../../../src/app/query/athena-cost.ts';
import { bytes } from '../../../src/notify/words.ts';
import type { Explanation, PlanStep } from '../../../src/ports/query-engine.ts';

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
