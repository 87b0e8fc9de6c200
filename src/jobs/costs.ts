import { type Asking, jobRuns } from './history.ts';
import type { JobKind } from './job-run.ts';
import { SUMMARY_DAYS } from './tables.ts';

const DAY_MS = 86_400_000;

/** What the lake's work has cost and used. Work that others charge for has dollars; a machine of one's own has none. */
export interface JobCosts {
  /** ISO 8601 UTC. */
  readonly since: string;
  readonly dollars: number;
  /** What a month of 30 days would cost at this rate. Absent before a whole day has been measured. */
  readonly dollarsPerMonth?: number;
  readonly byEngine: readonly CostLine[];
  /** The dearest first; where nothing has a price, those that ran longest. */
  readonly byJob: readonly CostLine[];
  /** Every day on which something ran, UTC. */
  readonly byDay: readonly { readonly day: string; readonly dollars: number; readonly ranMs: number }[];
}

export interface CostLine {
  /** An engine, or a job. */
  readonly name: string;
  readonly runs: number;
  readonly ranMs: number;
  readonly dollars: number;
  readonly dpuSeconds?: number;
  readonly gigabyteSeconds?: number;
}

/** The work that is charged for by itself. Steps and models hold sums of it, a run all of them. */
const CHARGED: readonly JobKind[] = ['statement', 'spark', 'copy', 'function'];

/** What was measured to cost something, by engine, by job and by day. @throws as `listJobs` does */
export async function jobCosts(
  lake: Asking & { readonly platform: { readonly clock: { now(): number } } },
  { days = SUMMARY_DAYS }: { readonly days?: number } = {},
): Promise<JobCosts> {
  const now = lake.platform.clock.now();
  const since = now - days * DAY_MS;
  const engines = new Map<string, Mutable<CostLine>>();
  const jobs = new Map<string, Mutable<CostLine>>();
  const perDay = new Map<string, { dollars: number; ranMs: number }>();
  let first = now;
  const figures = ['ranMs', 'dollars', 'dpuSeconds', 'gigabyteSeconds'] as const;
  for await (const run of jobRuns(lake, { since, kinds: CHARGED, figures })) {
    first = Math.min(first, run.startedAt);
    add(engines, run.engine, run);
    add(jobs, run.partOf ?? run.job, run);
    const day = new Date(run.startedAt).toISOString().slice(0, 10);
    const sum = perDay.get(day) ?? { dollars: 0, ranMs: 0 };
    perDay.set(day, { dollars: sum.dollars + (run.dollars ?? 0), ranMs: sum.ranMs + run.ranMs });
  }
  const byDearest = (a: CostLine, b: CostLine) => b.dollars - a.dollars || b.ranMs - a.ranMs;
  const dollars = [...engines.values()].reduce((sum, line) => sum + line.dollars, 0);
  const measuredDays = (now - first) / DAY_MS;
  return {
    since: new Date(since).toISOString(),
    dollars,
    ...(measuredDays >= 1 ? { dollarsPerMonth: (dollars / measuredDays) * 30 } : {}),
    byEngine: [...engines.values()].sort(byDearest),
    byJob: [...jobs.values()].sort(byDearest),
    byDay: [...perDay].map(([day, sum]) => ({ day, ...sum })).sort((a, b) => (a.day < b.day ? -1 : 1)),
  };
}

type Mutable<T> = { -readonly [key in keyof T]: T[key] };

function add(
  lines: Map<string, Mutable<CostLine>>,
  name: string,
  run: { ranMs: number; dollars?: number; dpuSeconds?: number; gigabyteSeconds?: number },
): void {
  const line = lines.get(name) ?? { name, runs: 0, ranMs: 0, dollars: 0 };
  line.runs += 1;
  line.ranMs += run.ranMs;
  line.dollars += run.dollars ?? 0;
  if (run.dpuSeconds !== undefined) line.dpuSeconds = (line.dpuSeconds ?? 0) + run.dpuSeconds;
  if (run.gigabyteSeconds !== undefined)
    line.gigabyteSeconds = (line.gigabyteSeconds ?? 0) + run.gigabyteSeconds;
  lines.set(name, line);
}
