/**
 * What the record of jobs tells: how every piece of work goes over time, what it costs, where the time of a run went,
 * what would make it cheaper. Every function takes an open lake and shows what its session may read of `ops.*`; the types
 * of their results stand where they are made.
 */
export { jobCosts } from '../../jobs/costs.ts';
export { jobTrend, listJobs } from '../../jobs/list.ts';
export type { Recommendation } from '../../jobs/recommend.ts';
export { acceptRecommendation, listRecommendations, proposedChanges } from '../../jobs/recommendations.ts';
export { runTimeline } from '../../jobs/timeline.ts';
