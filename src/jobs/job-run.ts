import type { Usage, Utilisation } from '../ports/metering.ts';
import type { Cell } from '../ports/query-engine.ts';

/** One piece of work, as `ops.job_runs` has it. What an engine does not tell is absent; shares are of 1. */
export interface JobRun extends Usage, Utilisation {
  readonly run: string;
  readonly job: string;
  /** The job of the step that asked for it: its figures are in that row too, so sums leave one of them out. */
  readonly partOf?: string;
  readonly kind: JobKind;
  readonly engine: string;
  readonly status: string;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly attempt?: number;
  readonly tries?: number;
  readonly waitedMs?: number;
  readonly ranMs: number;
  readonly dollars?: number;
  readonly statements?: number;
}

export type JobKind = 'run' | 'step' | 'model' | 'statement' | 'copy' | 'spark' | 'function';

/** The numbers of a run and the columns that hold them. */
export const FIGURES = {
  attempt: 'attempt',
  tries: 'tries',
  queuedMs: 'queued_ms',
  waitedMs: 'waited_ms',
  ranMs: 'ran_ms',
  rowsIn: 'rows_in',
  rowsOut: 'rows_out',
  bytesIn: 'bytes_in',
  bytesOut: 'bytes_out',
  filesIn: 'files_in',
  filesOut: 'files_out',
  spilledBytes: 'spilled_bytes',
  peakMemoryBytes: 'peak_memory_bytes',
  cpuMs: 'cpu_ms',
  gigabyteSeconds: 'gb_seconds',
  dpuSeconds: 'dpu_seconds',
  dollars: 'dollars',
  statements: 'statements',
  workers: 'workers',
  cpuShare: 'cpu_share',
  memoryShare: 'memory_share',
  gcShare: 'gc_share',
  idleShare: 'idle_share',
  skew: 'skew',
  tasks: 'tasks',
  failedTasks: 'failed_tasks',
} as const;

export type Figure = keyof typeof FIGURES;

/** What `jobRunOf` takes, in its order. @param figures which numbers are wanted */
export const selectedColumns = (figures: readonly Figure[]): string =>
  [
    'run',
    'job',
    'part_of',
    'kind',
    'engine',
    'status',
    'worker_type',
    'started_at',
    ...figures.map((figure) => FIGURES[figure]),
  ].join(', ');

export function jobRunOf(cells: readonly Cell[], figures: readonly Figure[]): JobRun {
  const [run, job, partOf, kind, engine, status, workerType, startedAt, ...numbers] = cells;
  const told = figures.flatMap((figure, i) => {
    const value = numbers[i];
    return value === null || value === undefined ? [] : [[figure, Number(value)] as const];
  });
  return {
    ranMs: 0,
    ...Object.fromEntries(told),
    run: String(run),
    job: String(job),
    kind: String(kind) as JobKind,
    engine: String(engine),
    status: String(status ?? ''),
    startedAt: instantOf(startedAt),
    ...(partOf === null || partOf === undefined ? {} : { partOf: String(partOf) }),
    ...(workerType === null || workerType === undefined ? {} : { workerType: String(workerType) }),
  };
}

/** A timestamp of an answer is UTC and does not say so. */
const instantOf = (cell: Cell | undefined): number =>
  Date.parse(`${String(cell).replace(' ', 'T').replace(/Z$/, '')}Z`);
