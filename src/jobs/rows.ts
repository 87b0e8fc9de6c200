import type { Json } from '../json.ts';
import type { MeasuredStep } from '../ports/feature.ts';
import type { OpsRow } from '../ports/ledger.ts';
import type { MeasuredWork, Usage } from '../ports/metering.ts';
import { dollarsOf } from './prices.ts';

/** The step that builds a model: its row is the model's. */
const MODEL_STEP = 'build-model';

/** Statements of this machine that are over sooner have no row of their own: their step counts them. */
const OWN_ROW_MS = 100;

/** What is the same work in every run: `stage canvas.users`, `build-model students`, `publish`. */
export const jobOfStep = ({ step, item }: Pick<MeasuredStep, 'step' | 'item'>): string =>
  item === '' ? step : `${step} ${item}`;

/** The rows of a step that has ended and of the work that it asked for. @param run the run's id */
export function rowsOfStep(run: string, measured: MeasuredStep): OpsRow[] {
  const { step, path, startedAt, endedAt, activeMs, tries, attempt, failed, work } = measured;
  const job = jobOfStep(measured);
  const round = Number(/\/round (\d+)/.exec(path)?.[1] ?? 1);
  const again = `${round > 1 ? `#${round}` : ''}${attempt > 1 ? `@${attempt}` : ''}`;
  const own = sum(measured.used);
  const total = { ...sum(work), ...own };
  const dollars = work.flatMap((one) => dollarsOf(one) ?? []);
  const engines = new Set(work.map(({ engine }) => engine));
  const queued = (own.queuedMs ?? 0) + (sum(work).queuedMs ?? 0);
  const row = asRow(run, `${job}${again}`, {
    job,
    kind: step === MODEL_STEP ? 'model' : 'step',
    engine: [...engines].sort().join(', ') || 'lake',
    status: failed ? 'failed' : 'succeeded',
    started_at: new Date(startedAt).toISOString(),
    attempt,
    tries: tries === 1 ? null : tries,
    waited_ms: Math.max(0, endedAt - startedAt - activeMs) || null,
    ran_ms: Math.max(0, Math.round(activeMs - (own.queuedMs ?? 0))),
    ...usageColumns({ ...answered(measured.output), ...total, queuedMs: queued || undefined }),
    dollars: dollars.length === 0 ? null : dollars.reduce((all, one) => all + one, 0),
    statements: work.length || null,
  });
  const rows = work.filter((one) => one.engine !== 'duckdb' || one.endedAt - one.startedAt >= OWN_ROW_MS);
  return [row, ...rows.map((one, i) => rowOfWork(run, one, { partOf: job, ofAttempt: `${again}.${i + 1}` }))];
}

/** The row of work that an engine has reported. @param of the job of the step that asked for it, and which of its work it is */
export function rowOfWork(
  run: string,
  work: MeasuredWork,
  of?: { readonly partOf: string; readonly ofAttempt: string },
): OpsRow {
  const { workers, workerType, cpuShare, memoryShare, gcShare, idleShare, skew, tasks, failedTasks } = work;
  const ran = Math.max(0, work.endedAt - work.startedAt - (work.queuedMs ?? 0));
  return asRow(
    run,
    work.reference ? `${work.name}/${work.reference}` : `${work.name}${of?.ofAttempt ?? ''}`,
    {
      job: work.name,
      part_of: of?.partOf ?? null,
      kind: work.kind,
      engine: work.engine,
      status: work.failed ? 'failed' : 'succeeded',
      started_at: new Date(work.startedAt).toISOString(),
      ran_ms: Math.round(ran),
      ...usageColumns(work),
      dollars: dollarsOf(work) ?? null,
      workers: workers ?? null,
      worker_type: workerType ?? null,
      cpu_share: share(cpuShare),
      memory_share: share(memoryShare),
      gc_share: share(gcShare),
      idle_share: share(idleShare),
      skew: share(skew),
      tasks: tasks ?? null,
      failed_tasks: failedTasks ?? null,
      reference: work.reference ?? null,
    },
  );
}

/** Nulls are left out: most engines tell little, and the ledger keeps every row twice. */
function asRow(run: string, name: string, columns: { readonly [column: string]: Json }): OpsRow {
  const told = Object.entries(columns).filter(([, value]) => value !== null && value !== undefined);
  return { id: `${run}/${name}`, run, ...Object.fromEntries(told) };
}

const share = (value: number | undefined): number | null =>
  value === undefined ? null : Number(value.toFixed(4));

function usageColumns(used: Usage): { [column: string]: Json } {
  const whole = (value: number | undefined): number | null =>
    value === undefined ? null : Math.round(value);
  return {
    queued_ms: whole(used.queuedMs),
    rows_in: whole(used.rowsIn),
    rows_out: whole(used.rowsOut),
    bytes_in: whole(used.bytesIn),
    bytes_out: whole(used.bytesOut),
    files_in: whole(used.filesIn),
    files_out: whole(used.filesOut),
    spilled_bytes: whole(used.spilledBytes),
    peak_memory_bytes: whole(used.peakMemoryBytes),
    cpu_ms: whole(used.cpuMs),
    gb_seconds: share(used.gigabyteSeconds),
    dpu_seconds: share(used.dpuSeconds),
  };
}

/** Everything that was used in parts: sums, and of memory the most that one of them held. */
function sum(parts: readonly Usage[]): Usage {
  const all: { -readonly [figure in keyof Usage]: number } = {};
  for (const part of parts)
    for (const figure of ADDED) {
      const told = part[figure];
      if (told === undefined) continue;
      const before = all[figure];
      all[figure] = figure === 'peakMemoryBytes' ? Math.max(before ?? 0, told) : (before ?? 0) + told;
    }
  return all;
}

const ADDED = [
  'queuedMs',
  'rowsIn',
  'rowsOut',
  'bytesIn',
  'bytesOut',
  'filesIn',
  'filesOut',
  'spilledBytes',
  'peakMemoryBytes',
  'cpuMs',
  'gigabyteSeconds',
  'dpuSeconds',
] as const satisfies readonly (keyof Usage)[];

/** Steps without an engine say in their answer what they moved. */
function answered(output: Json | undefined): Usage {
  if (output === undefined || output === null || typeof output !== 'object' || Array.isArray(output))
    return {};
  const { rows, bytes } = output;
  return {
    ...(typeof rows === 'number' ? { rowsOut: rows } : {}),
    ...(typeof bytes === 'number' ? { bytesOut: bytes } : {}),
  };
}
