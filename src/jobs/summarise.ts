import type { Figure, JobKind, JobRun } from './job-run.ts';
import { quantile, type Trend, trendOf } from './statistics.ts';

/** How a job has gone over a time. Of numbers that no run told, the figure is absent. */
export interface JobSummary {
  readonly job: string;
  readonly kind: JobKind;
  readonly partOf?: string;
  readonly runs: number;
  readonly failed: number;
  /** Epoch ms, of its newest run. */
  readonly lastAt: number;
  readonly ranMsP50: number;
  readonly ranMsP95: number;
  readonly queuedMsP95?: number;
  readonly peakMemoryBytesP95?: number;
  readonly bytesInP95?: number;
  readonly spilledBytesP95?: number;
  /** Of how long it ran. */
  readonly trend: Trend;
  /** Sums over all runs. */
  readonly dollars?: number;
  readonly gigabyteSeconds?: number;
  readonly dpuSeconds?: number;
}

/** The numbers that a summary is made of. */
export const SUMMARISED: readonly Figure[] = [
  'ranMs',
  'queuedMs',
  'peakMemoryBytes',
  'bytesIn',
  'spilledBytes',
  'dollars',
  'gigabyteSeconds',
  'dpuSeconds',
];

/** @param runs of one job, one at least, from the oldest to the newest. A run that failed counts, and its time does not */
export function summariseJob(runs: readonly JobRun[]): JobSummary {
  const last = runs.at(-1)!;
  const done = runs.filter(({ status }) => status !== 'failed');
  const timed = done.length > 0 ? done : runs;
  const told = (figure: Figure) => timed.flatMap((run) => run[figure] ?? []);
  const p95 = (figure: Figure) => quantile(told(figure), 0.95);
  const sum = (figure: Figure) => {
    const all = runs.flatMap((run) => run[figure] ?? []);
    return all.length === 0 ? undefined : all.reduce((total, one) => total + one, 0);
  };
  const figures = {
    queuedMsP95: p95('queuedMs'),
    peakMemoryBytesP95: p95('peakMemoryBytes'),
    bytesInP95: p95('bytesIn'),
    spilledBytesP95: p95('spilledBytes'),
    dollars: sum('dollars'),
    gigabyteSeconds: sum('gigabyteSeconds'),
    dpuSeconds: sum('dpuSeconds'),
    partOf: last.partOf,
  };
  return {
    job: last.job,
    kind: last.kind,
    runs: runs.length,
    failed: runs.length - done.length,
    lastAt: last.startedAt,
    ranMsP50: quantile(told('ranMs'), 0.5)!,
    ranMsP95: p95('ranMs')!,
    trend: trendOf(timed.map(({ startedAt, ranMs }) => ({ at: startedAt, value: ranMs }))),
    ...Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== undefined)),
  };
}
