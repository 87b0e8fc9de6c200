/**
 * What the record of jobs tells: how every piece of work goes over time, what it costs, where the time of a run went.
 * Every function takes an open lake and shows what its session may read of `ops.*`.
 */
export { type CostLine, type JobCosts, jobCosts } from '../../jobs/costs.ts';
export type { JobKind, JobRun } from '../../jobs/job-run.ts';
export { type JobList, type JobTrend, jobTrend, type ListedJob, listJobs } from '../../jobs/list.ts';
export type { Trend } from '../../jobs/statistics.ts';
export type { JobSummary } from '../../jobs/summarise.ts';
export { type RunTimeline, runTimeline, type TimelineStep, type TimeSpent } from '../../jobs/timeline.ts';
