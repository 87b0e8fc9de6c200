import { type Queried, queryTables } from '../access/query.ts';
import { runStamp } from '../ports/ledger.ts';
import type { TableBuilder } from '../ports/query-engine.ts';
import type { Uses } from '../ports/step.ts';
import { FIGURES, type Figure, type JobKind, type JobRun, jobRunOf, selectedColumns } from './job-run.ts';
import { JOB_RUNS } from './tables.ts';

/** What it takes to ask the ledger as a session that may not see all of it. */
export interface Asking extends Uses<'session' | 'access' | 'ledger'> {
  readonly platform: Uses<'ledger'>['platform'] &
    Queried['platform'] & { readonly engine: Pick<TableBuilder, 'opsTables'> };
}

export interface HistoryQuestion {
  /** Epoch ms: runs that began then or later. */
  readonly since: number;
  /** Default: until now. */
  readonly before?: number;
  /** Default: all. */
  readonly kinds?: readonly JobKind[];
  /** Default: all. */
  readonly job?: string;
  /** Default: every number. */
  readonly figures?: readonly Figure[];
}

export const ALL_FIGURES = Object.keys(FIGURES) as Figure[];

/**
 * Work of a time, job by job, each from its oldest run to its newest.
 * @throws InputError where the session may not read `ops.job_runs`
 */
export async function* jobRuns(lake: Asking, question: HistoryQuestion): AsyncGenerator<JobRun> {
  const { since, before, kinds, job, figures = ALL_FIGURES } = question;
  const { engine, ledger } = lake.platform;
  const table = `ops.${JOB_RUNS.name}`;
  const tables = await engine.opsTables(ledger, [table]);
  const conditions = [
    `run >= ${quoted(runStamp(since))}`,
    ...(before === undefined ? [] : [`run < ${quoted(runStamp(before))}`]),
    ...(kinds === undefined ? [] : [`kind IN (${kinds.map(quoted).join(', ')})`]),
    ...(job === undefined ? [] : [`job = ${quoted(job)}`]),
  ];
  const select = `SELECT ${selectedColumns(figures)} FROM ${table}
    WHERE ${conditions.join(' AND ')} ORDER BY job, started_at`;
  const answer = await queryTables(lake, select, tables, { isOwn: true });
  for await (const batch of answer.batches()) for (const cells of batch) yield jobRunOf(cells, figures);
}

/** Runs of the same job, which come one after another. */
export async function* byJob(runs: AsyncIterable<JobRun>): AsyncGenerator<JobRun[]> {
  let group: JobRun[] = [];
  for await (const run of runs) {
    if (group.length > 0 && group[0]!.job !== run.job) {
      yield group;
      group = [];
    }
    group.push(run);
  }
  if (group.length > 0) yield group;
}

const quoted = (value: string): string => `'${value.replaceAll("'", "''")}'`;
