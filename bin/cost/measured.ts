import Table from 'cli-table3';
import type { MeasuredCosts } from '../../src/app/cost/measured-costs.ts';

/** What was measured, as a table of its own. */
export function measuredInWords({ since, days, dollars, dollarsPerMonth, byEngine }: MeasuredCosts): string {
  const head = `Measured since ${since.slice(0, 10)}, on ${days} day${days === 1 ? '' : 's'} with runs (the record of jobs):`;
  if (byEngine.length === 0) return `${head} nothing yet. \`lake run\` measures every step.`;
  const table = new Table({
    head: ['engine', 'pieces of work', 'hours', 'DPU-hours', 'GB-hours', 'dollars'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  const hours = (seconds: number | undefined) => (seconds === undefined ? '' : (seconds / 3600).toFixed(2));
  for (const { name, runs, ranMs, dpuSeconds, gigabyteSeconds, dollars: sum } of byEngine)
    table.push([
      name,
      runs.toLocaleString('en-US'),
      hours(ranMs / 1000),
      hours(dpuSeconds),
      hours(gigabyteSeconds),
      sum === 0 ? 'no price' : sum < 0.01 ? '< 0.01' : sum.toFixed(2),
    ]);
  const rate = dollarsPerMonth === undefined ? '' : `; ${dollarsPerMonth.toFixed(2)} a month at this rate`;
  return [
    head,
    table.toString(),
    dollars === 0
      ? 'A machine of your own has no price for its work.'
      : `${dollars.toFixed(2)} dollars in all${rate}. It is a part of the estimate: storage, keys, alarms and what waits are in no row.`,
  ].join('\n');
}
