import type { FeatureLake } from '../ports/feature.ts';
import { type OpsRow, runStamp } from '../ports/ledger.ts';
import type { Step } from '../ports/step.ts';
import { byJob, jobRuns } from './history.ts';
import { type JobSummary, SUMMARISED, summariseJob } from './summarise.ts';
import { JOB_SUMMARIES, SUMMARY_DAYS } from './tables.ts';

const DAY_MS = 86_400_000;
const TOGETHER = 2_000;

/** Writes how every job has gone in the last 30 days. What this run has yet to do is in the next one's. */
export const jobSummaries: Step<{ run: string }, { jobs: number }, FeatureLake> = {
  name: 'job-summaries',
  async run(_input, lake) {
    const { clock, ledger } = lake.platform;
    const day = new Date(clock.now()).toISOString().slice(0, 10);
    const since = clock.now() - SUMMARY_DAYS * DAY_MS;
    let jobs = 0;
    let rows: OpsRow[] = [];
    for await (const runs of byJob(jobRuns(lake, { since, figures: SUMMARISED }))) {
      jobs += 1;
      rows.push(rowOf(day, summariseJob(runs)));
      if (rows.length < TOGETHER) continue;
      await ledger.append(JOB_SUMMARIES.name, rows);
      rows = [];
    }
    if (rows.length > 0) await ledger.append(JOB_SUMMARIES.name, rows);
    return { jobs };
  },
};

/** The id begins as that of a run of the day's first second would. */
function rowOf(day: string, summary: JobSummary): OpsRow {
  const round = (value: number | undefined) => (value === undefined ? null : Number(value.toFixed(6)));
  const { trend } = summary;
  const row: OpsRow = {
    id: `${runStamp(Date.parse(day))}/${summary.job}`,
    run: runStamp(Date.parse(day)),
    job: summary.job,
    kind: summary.kind,
    day,
    runs: summary.runs,
    failed: summary.failed,
    ran_ms_p50: round(summary.ranMsP50),
    ran_ms_p95: round(summary.ranMsP95),
    queued_ms_p95: round(summary.queuedMsP95),
    peak_memory_bytes_p95: round(summary.peakMemoryBytesP95),
    bytes_in_p95: round(summary.bytesInP95),
    spilled_bytes_p95: round(summary.spilledBytesP95),
    trend: trend.direction,
    trend_p: round(trend.p),
    trend_ms_per_day: trend.direction === 'none' ? null : round(trend.perDay),
    dollars: round(summary.dollars),
    gb_seconds: round(summary.gigabyteSeconds),
    dpu_seconds: round(summary.dpuSeconds),
  };
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as OpsRow;
}
