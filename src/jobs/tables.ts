import type { AddedOpsTable } from '../ports/ledger.ts';
import type { TableColumn } from '../ports/tables.ts';

/** How many days a job's history is summarised over, the newest being today. */
export const SUMMARY_DAYS = 30;

/** How long rows stay where they are read at once: the days of a summary, and a few in case no run came. */
export const HOT_DAYS = 33;

const whole = (name: string): TableColumn => ({ name, type: 'bigint' });
const number = (name: string): TableColumn => ({ name, type: 'double' });
const words = (name: string): TableColumn => ({ name, type: 'varchar' });

/** One row for each piece of work, whoever did it: what an engine does not tell is null. */
export const JOB_RUNS: AddedOpsTable = {
  name: 'job_runs',
  description:
    'Each piece of work of a run and what it used: steps, models, statements, copies, Spark runs, functions',
  privacy: 'none',
  hotDays: HOT_DAYS,
  columns: [
    words('job'),
    words('part_of'),
    words('kind'),
    words('engine'),
    words('status'),
    { name: 'started_at', type: 'timestamp' },
    whole('attempt'),
    whole('tries'),
    whole('queued_ms'),
    whole('waited_ms'),
    whole('ran_ms'),
    whole('rows_in'),
    whole('rows_out'),
    whole('bytes_in'),
    whole('bytes_out'),
    whole('files_in'),
    whole('files_out'),
    whole('spilled_bytes'),
    whole('peak_memory_bytes'),
    whole('cpu_ms'),
    number('gb_seconds'),
    number('dpu_seconds'),
    number('dollars'),
    whole('statements'),
    whole('workers'),
    words('worker_type'),
    number('cpu_share'),
    number('memory_share'),
    number('gc_share'),
    number('idle_share'),
    number('skew'),
    whole('tasks'),
    whole('failed_tasks'),
    words('reference'),
  ],
};

/** How each job has gone in the last 30 days, once a day: the last run of a day replaces the rows of those before. */
export const JOB_SUMMARIES: AddedOpsTable = {
  name: 'job_summaries',
  description:
    'Each day, how each job has gone in the 30 days before: how often, how long, at what cost, which way it goes',
  privacy: 'none',
  hotDays: HOT_DAYS,
  columns: [
    words('job'),
    words('kind'),
    { name: 'day', type: 'date' },
    whole('runs'),
    whole('failed'),
    number('ran_ms_p50'),
    number('ran_ms_p95'),
    number('queued_ms_p95'),
    number('peak_memory_bytes_p95'),
    number('bytes_in_p95'),
    number('spilled_bytes_p95'),
    words('trend'),
    number('trend_p'),
    number('trend_ms_per_day'),
    number('dollars'),
    number('gb_seconds'),
    number('dpu_seconds'),
  ],
};

/** What people have accepted of what the lake recommends. */
export const JOB_DECISIONS: AddedOpsTable = {
  name: 'job_decisions',
  description: 'Recommendations that a person has accepted, and what was predicted of them',
  privacy: 'none',
  columns: [
    words('recommendation'),
    words('rule'),
    whole('rule_version'),
    words('job'),
    words('path'),
    words('before'),
    words('after'),
    words('accepted_by'),
    { name: 'accepted_at', type: 'timestamp' },
    words('unit'),
    number('predicted'),
  ],
};
