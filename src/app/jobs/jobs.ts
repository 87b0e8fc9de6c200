/**
 * What the record of jobs tells: how every piece of work goes over time, what it costs, where the time of a run went.
 * Every function takes an open lake and shows what its session may read of `ops.*`.
 */
export { type CostLine, type JobCosts, jobCosts } from '../../jobs/costs.ts';
export type { JobKind, JobRun } from '../../jobs/job-run.ts';
export { type JobList, type JobTrend, jobTrend, type ListedJob, listJobs } from '../../jobs/list.ts';
export type { Patch } from '../../jobs/patch.ts';
export type { BackTest, Evidence, Recommendation, Saving } from '../../jobs/recommend.ts';
export {
  type Accepted,
  acceptRecommendation,
  listRecommendations,
  type Recommendations,
  type Recommended,
} from '../../jobs/recommendations.ts';
export type { Trend } from '../../jobs/statistics.ts';
export type { JobSummary } from '../../jobs/summarise.ts';
export { type RunTimeline, runTimeline, type TimelineStep, type TimeSpent } from '../../jobs/timeline.ts';
