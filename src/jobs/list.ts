import { type Asking, byJob, jobRuns } from './history.ts';
import type { JobKind, JobRun } from './job-run.ts';
import { type JobSummary, SUMMARISED, summariseJob } from './summarise.ts';
import { SUMMARY_DAYS } from './tables.ts';

const DAY_MS = 86_400_000;

/** A job and how it has gone, as a page shows it. Times of day are ISO 8601 UTC. */
export type ListedJob = Omit<JobSummary, 'lastAt'> & { readonly lastAt: string };

export interface JobList {
  /** The first day that counts, ISO 8601. */
  readonly since: string;
  /** Those that took most time first. */
  readonly jobs: readonly ListedJob[];
}

export interface ListOptions {
  /** Default: 30. */
  readonly days?: number;
  /** Default: all but statements. */
  readonly kinds?: readonly JobKind[];
}

const SHOWN: readonly JobKind[] = ['run', 'model', 'step', 'copy', 'spark', 'function'];

/**
 * Every job of the last days: how often it ran, how long (median and exact 95th percentile), at what cost, and whether
 * it takes longer and longer.
 * @throws InputError where the session may not read the record of jobs
 */
export async function listJobs(
  lake: Asking & { readonly platform: { readonly clock: { now(): number } } },
  { days = SUMMARY_DAYS, kinds = SHOWN }: ListOptions = {},
): Promise<JobList> {
  const since = lake.platform.clock.now() - days * DAY_MS;
  const found: JobSummary[] = [];
  for await (const runs of byJob(jobRuns(lake, { since, kinds, figures: SUMMARISED })))
    found.push(summariseJob(runs));
  const spent = ({ ranMsP50, runs }: JobSummary) => ranMsP50 * runs;
  return {
    since: new Date(since).toISOString(),
    jobs: found.sort((a, b) => spent(b) - spent(a)).map(listed),
  };
}

const listed = (summary: JobSummary): ListedJob => ({
  ...summary,
  lastAt: new Date(summary.lastAt).toISOString(),
});

/** One job: its summary and every run of it, the newest last. */
export interface JobTrend {
  readonly job: string;
  /** Absent: it has not run in these days. */
  readonly summary?: ListedJob;
  readonly runs: readonly (Omit<JobRun, 'startedAt'> & { readonly startedAt: string })[];
}

/** How one job has gone, run by run. @throws as `listJobs` does */
export async function jobTrend(
  lake: Asking & { readonly platform: { readonly clock: { now(): number } } },
  job: string,
  { days = SUMMARY_DAYS }: Pick<ListOptions, 'days'> = {},
): Promise<JobTrend> {
  const runs: JobRun[] = [];
  for await (const run of jobRuns(lake, { since: lake.platform.clock.now() - days * DAY_MS, job }))
    runs.push(run);
  return {
    job,
    ...(runs.length > 0 ? { summary: listed(summariseJob(runs)) } : {}),
    runs: runs.map((run) => ({ ...run, startedAt: new Date(run.startedAt).toISOString() })),
  };
}
