import Table from 'cli-table3';
import { colours } from '../../colours.ts';
import type { JobCosts } from '../costs.ts';
import type { JobList, JobTrend, ListedJob } from '../list.ts';
import type { Recommendations, Recommended } from '../recommendations.ts';
import type { RunTimeline } from '../timeline.ts';

const NONE = 'Nothing has been measured yet. `lake run` measures every step.';

/** `850 ms`, `12.3 s`, `4.2 min`, `1.5 h` */
export function length(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 3_600_000) return `${(ms / 60_000).toFixed(1)} min`;
  return `${(ms / 3_600_000).toFixed(1)} h`;
}

/** `812 kB`, `1.3 GB` */
export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000;
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

export const money = (dollars: number): string =>
  dollars === 0 ? '$0' : dollars < 0.01 ? '< $0.01' : `$${dollars.toFixed(2)}`;

const count = (n: number): string => n.toLocaleString('en-US');
const orNothing = <T>(value: T | undefined, words: (value: T) => string): string =>
  value === undefined ? '' : words(value);

const newTable = (head: readonly string[], left: number) =>
  new Table({
    head: [...head],
    colAligns: head.map((_, i) => (i < left ? 'left' : 'right')),
    style: { head: [], border: [], compact: true },
  });

const JOBS_SHOWN = 30;

export function listInWords({ since, jobs }: JobList): string {
  if (jobs.length === 0) return NONE;
  const shown = jobs.slice(0, JOBS_SHOWN);
  const hasCost = shown.some(({ dollars }) => dollars !== undefined);
  const table = newTable(
    [
      'job',
      'kind',
      'runs',
      'failed',
      'median',
      'p95',
      'queue p95',
      'memory p95',
      'trend',
      ...(hasCost ? ['cost'] : []),
    ],
    2,
  );
  for (const job of shown)
    table.push([
      job.job,
      job.kind,
      count(job.runs),
      job.failed === 0 ? '' : colours().red(count(job.failed)),
      length(job.ranMsP50),
      length(job.ranMsP95),
      orNothing(job.queuedMsP95, length),
      orNothing(job.peakMemoryBytesP95, size),
      trendInWords(job),
      ...(hasCost ? [orNothing(job.dollars, money)] : []),
    ]);
  const more = jobs.length - shown.length;
  return [
    `Since ${since.slice(0, 10)}, those that took most time first`,
    table.toString(),
    ...(more > 0 ? [`… and ${count(more)} more: --json has all`] : []),
  ].join('\n');
}

function trendInWords({ trend }: ListedJob): string {
  const { red, green } = colours();
  if (trend.direction === 'none') return '';
  const slope = `${trend.direction === 'rising' ? '+' : '-'}${length(Math.abs(trend.perDay))} a day`;
  return trend.direction === 'rising' ? red(slope) : green(slope);
}

const RUNS_SHOWN = 20;

export function trendOfJobInWords({ job, summary, runs }: JobTrend): string {
  if (!summary) return `${job} has not run in these days.`;
  const table = newTable(
    [
      'run',
      'status',
      'queued',
      'waited',
      'ran',
      'rows in',
      'rows out',
      'bytes in',
      'bytes out',
      'spilled',
      'memory',
      'cost',
    ],
    2,
  );
  for (const run of runs.slice(-RUNS_SHOWN))
    table.push([
      run.run,
      run.status,
      orNothing(run.queuedMs, length),
      orNothing(run.waitedMs, length),
      length(run.ranMs),
      orNothing(run.rowsIn, count),
      orNothing(run.rowsOut, count),
      orNothing(run.bytesIn, size),
      orNothing(run.bytesOut, size),
      run.spilledBytes ? size(run.spilledBytes) : '',
      orNothing(run.peakMemoryBytes, size),
      orNothing(run.dollars, money),
    ]);
  const { trend } = summary;
  return [
    `${job}: ${count(summary.runs)} runs, ${summary.failed} failed; median ${length(summary.ranMsP50)}, p95 ${length(summary.ranMsP95)}`,
    trend.direction === 'none'
      ? 'No trend: its times go up and down as chance has it.'
      : `It takes ${trend.direction === 'rising' ? 'longer and longer' : 'less and less time'}: ${length(Math.abs(trend.perDay))} a day (Mann-Kendall, p = ${trend.p.toPrecision(2)}).`,
    table.toString(),
    ...(runs.length > RUNS_SHOWN ? [`The newest ${RUNS_SHOWN} of ${runs.length}: --json has all`] : []),
  ].join('\n');
}

export function timelineInWords({
  run,
  count: steps,
  failed,
  where,
  startedAt,
  endedAt,
  steps: shown,
}: RunTimeline): string {
  if (steps === 0 || startedAt === undefined || endedAt === undefined) return NONE;
  const total = Date.parse(endedAt) - Date.parse(startedAt);
  const table = newTable(
    ['where the time went', 'steps', 'busy', 'share', 'one after another', 'in queues', 'waiting'],
    1,
  );
  for (const spent of where)
    table.push([
      spent.step,
      count(spent.count),
      length(spent.busyMs),
      `${Math.round(spent.share * 100)} %`,
      length(spent.totalMs),
      orNothing(spent.queuedMs, length),
      orNothing(spent.waitedMs, length),
    ]);
  const lengthOf = (step: (typeof shown)[number]) => Date.parse(step.endedAt) - Date.parse(step.startedAt);
  const longest = [...shown].sort((a, b) => lengthOf(b) - lengthOf(a)).slice(0, 5);
  const again = shown.filter(({ attempt, status }) => attempt > 1 || status === 'failed');
  return [
    `Run ${run}: ${count(steps)} steps in ${length(total)}, ${failed} failed`,
    table.toString(),
    '',
    'Longest steps',
    ...longest.map((step) => `  ${length(lengthOf(step)).padStart(8)}  ${step.job}`),
    ...(again.length === 0 ? [] : ['', 'Failed, or done again']),
    ...again
      .slice(0, 10)
      .map(
        ({ job, status, attempt, error }) =>
          `  ${job}: ${status}, attempt ${attempt}${error === undefined ? '' : `: ${error}`}`,
      ),
  ].join('\n');
}

export function costsInWords({ since, dollars, dollarsPerMonth, byEngine, byJob }: JobCosts): string {
  if (byEngine.length === 0) return `Since ${since.slice(0, 10)}, no work of its own has been measured.`;
  const table = newTable([`since ${since.slice(0, 10)}`, 'runs', 'time', 'cost'], 1);
  for (const { name, runs, ranMs, dollars: cost } of [...byEngine, ...byJob.slice(0, 10)])
    table.push([name, count(runs), length(ranMs), money(cost)]);
  const month = dollarsPerMonth === undefined ? '' : `, ${money(dollarsPerMonth)} a month at this rate`;
  return [table.toString(), `Charged: ${money(dollars)}${month}.`].join('\n');
}

const saved = (amount: number, unit: string): string =>
  unit === 'dollars' ? `${money(amount)} a month` : `${length(amount * 1000)} a month`;

export function recommendationsInWords({ recommendations, accepted }: Recommendations): string {
  const { bold, dim } = colours();
  const lines = recommendations.flatMap((one) => {
    const { saving, backTest } = one;
    return [
      `${bold(one.id)}  ${one.job}  ${dim(`${one.rule} v${one.ruleVersion}`)}`,
      `  ${one.finding}.`,
      `  ${one.advice}.`,
      ...(saving.amount > 0
        ? [`  Saves about ${saved(saving.amount, saving.unit)} of ${saved(saving.of, saving.unit)}.`]
        : []),
      `  Would have been right in ${backTest.held} of the ${backTest.laterRuns} later runs.`,
      ...one.evidence.map(
        ({ measure, of, is, than, found, runs }) =>
          `    ${measure}, ${of} of ${runs} runs: ${Number(found.toPrecision(4))} (${is} ${than})`,
      ),
      one.patch
        ? `  campus.yaml, ${one.patch.setting}: ${one.patch.before} -> ${one.patch.after}    lake jobs accept ${one.id}`
        : '  No setting does it: a person has to.',
      '',
    ];
  });
  const done = accepted.map(
    ({ recommendation, job, setting, before, after, by, at, saved: amount, predicted, unit, runsSince }) =>
      `${recommendation}  ${job}: ${setting} ${before} -> ${after} by ${by} on ${at.slice(0, 10)}; predicted ${saved(predicted, unit)}, ${amount === undefined ? `too few runs since (${runsSince})` : `saved ${saved(amount, unit)}`}`,
  );
  return [
    ...(lines.length > 0 ? lines : ['No rule has found anything that would make work cheaper.']),
    ...(done.length > 0 ? ['Accepted', ...done] : []),
  ].join('\n');
}

export const acceptedInWords = ({ patch, job }: Recommended): string =>
  `campus.yaml, ${patch!.setting}: ${patch!.before} -> ${patch!.after}, for ${job}.
Next: look at the change (git diff campus.yaml); on AWS deploy it. \`lake jobs recommend\` shows what it saves.`;
