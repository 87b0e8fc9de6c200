import { queryTables } from '../access/query.ts';
import type { Cell } from '../ports/query-engine.ts';
import { type Asking, jobRuns } from './history.ts';
import type { JobRun } from './job-run.ts';
import { jobOfStep } from './rows.ts';
import { JOB_RUNS } from './tables.ts';

/** A run's steps on one line of time. Times of day are ISO 8601 UTC. */
export interface RunTimeline {
  readonly run: string;
  /** When its first recorded step began, and when its last one ended. Absent: no step has ended yet. */
  readonly startedAt?: string;
  readonly endedAt?: string;
  /** All of them, also those that are not in `steps`. */
  readonly count: number;
  readonly failed: number;
  /** In the order in which they began: those that failed or were tried again, and the longest of the others. */
  readonly steps: readonly TimelineStep[];
  /** Where the time went: by the kind of step, the one that kept the run busy for longest first. */
  readonly where: readonly TimeSpent[];
}

export interface TimelineStep {
  /** Place in the plan. */
  readonly path: string;
  readonly step: string;
  /** A dataset, a model; empty for the run as a whole. */
  readonly item: string;
  readonly job: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly status: 'succeeded' | 'failed';
  /** Why it failed, in the lake's own words, and what to do. */
  readonly error?: string;
  readonly next?: string;
  /** Which attempt of the run did it: above 1, the run was continued and the step done again. */
  readonly attempt: number;
  /** How often it asked for something that was not there yet. */
  readonly tries?: number;
  readonly queuedMs?: number;
  readonly waitedMs?: number;
  readonly ranMs?: number;
  readonly rowsOut?: number;
  readonly bytesOut?: number;
  readonly peakMemoryBytes?: number;
  readonly spilledBytes?: number;
  readonly dollars?: number;
}

export interface TimeSpent {
  /** The kind of step: `stage`, `build-model`. */
  readonly step: string;
  readonly count: number;
  /** How long at least one of them was under way: steps side by side count once. */
  readonly busyMs: number;
  /** The same of the run's whole length, from 0 to 1. Kinds that overlap add up to more than 1. */
  readonly share: number;
  /** All of them one after another. */
  readonly totalMs: number;
  /** Of that, how long they stood in queues and waited for others. Absent where nobody has measured it. */
  readonly queuedMs?: number;
  readonly waitedMs?: number;
}

/** So many steps a page can draw. */
const SHOWN = 400;

/**
 * Where the time of a run went and what was tried again; also of a run that is under way.
 * @param run its id. Default: the newest run of which a step has ended
 * @param most steps that are returned. Default: 400
 * @throws InputError where the session may not read `ops.steps` and the record of jobs
 */
export async function runTimeline(lake: Asking, run?: string, most = SHOWN): Promise<RunTimeline> {
  const of = run ?? (await newestRun(lake));
  return of === undefined
    ? { run: '', count: 0, failed: 0, steps: [], where: [] }
    : timelineOf(lake, of, most);
}

async function timelineOf(lake: Asking, run: string, most: number): Promise<RunTimeline> {
  const steps = await stepsOf(lake, run);
  const measured = new Map<string, JobRun>();
  for await (const one of measuredIn(lake, run)) measured.set(`${one.job}@${one.attempt ?? 1}`, one);
  const all = steps.map((step) => withFigures(step, measured.get(`${step.job}@${step.attempt}`)));
  const startedAt = Math.min(...all.map((step) => Date.parse(step.startedAt)));
  const endedAt = Math.max(...all.map((step) => Date.parse(step.endedAt)));
  const lengthOf = (step: TimelineStep) => Date.parse(step.endedAt) - Date.parse(step.startedAt);
  const isTold = (step: TimelineStep) => step.status === 'failed' || step.attempt > 1;
  const chosen = [...all]
    .sort((a, b) => Number(isTold(b)) - Number(isTold(a)) || lengthOf(b) - lengthOf(a))
    .slice(0, most);
  return {
    run,
    ...(all.length === 0
      ? {}
      : { startedAt: new Date(startedAt).toISOString(), endedAt: new Date(endedAt).toISOString() }),
    count: all.length,
    failed: all.filter(({ status }) => status === 'failed').length,
    steps: chosen.sort((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt)),
    where: spentIn(all, endedAt - startedAt),
  };
}

async function newestRun(lake: Asking): Promise<string | undefined> {
  for await (const [run] of rowsOf(lake, 'SELECT max(run) FROM ops.steps'))
    return run === null || run === undefined ? undefined : String(run);
  return undefined;
}

async function* rowsOf(lake: Asking, select: string): AsyncGenerator<Cell[]> {
  const { engine, ledger } = lake.platform;
  const tables = await engine.opsTables(ledger, ['ops.steps']);
  const answer = await queryTables(lake, select, tables, { isOwn: true });
  for await (const batch of answer.batches()) yield* batch;
}

async function stepsOf(lake: Asking, run: string): Promise<TimelineStep[]> {
  const select = `SELECT path, step, item, attempt, started_at, ended_at, status, error, next
    FROM ops.steps WHERE run = ${quoted(run)} ORDER BY started_at`;
  const found: TimelineStep[] = [];
  for await (const [path, step, item, attempt, startedAt, endedAt, status, error, next] of rowsOf(
    lake,
    select,
  )) {
    const what = { step: String(step), item: String(item ?? '') };
    found.push({
      path: String(path),
      ...what,
      job: jobOfStep(what),
      startedAt: isoOf(startedAt),
      endedAt: isoOf(endedAt),
      status: status === 'failed' ? 'failed' : 'succeeded',
      attempt: Number(attempt ?? 1),
      ...(error === null ? {} : { error: String(error) }),
      ...(next === null ? {} : { next: String(next) }),
    });
  }
  return found;
}

/** What was measured of a run's steps. Runs of before there was such a record have none. */
async function* measuredIn(lake: Asking, run: string): AsyncGenerator<JobRun> {
  const at = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(run);
  if (!at || !lake.platform.ledger.added?.some(({ name }) => name === JOB_RUNS.name)) return;
  const [, year, month, day, hour, minute, second] = at;
  const since = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  for await (const one of jobRuns(lake, { since, before: since + 1000, kinds: ['step', 'model'] }))
    if (one.run === run) yield one;
}

function withFigures(step: TimelineStep, measured: JobRun | undefined): TimelineStep {
  if (!measured) return step;
  const { tries, queuedMs, waitedMs, ranMs, rowsOut, bytesOut, peakMemoryBytes, spilledBytes, dollars } =
    measured;
  const figures = {
    tries,
    queuedMs,
    waitedMs,
    ranMs,
    rowsOut,
    bytesOut,
    peakMemoryBytes,
    spilledBytes,
    dollars,
  };
  return {
    ...step,
    ...Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== undefined)),
  };
}

function spentIn(steps: readonly TimelineStep[], lengthMs: number): TimeSpent[] {
  const kinds = new Map<string, TimelineStep[]>();
  for (const step of steps) {
    const alike = kinds.get(step.step) ?? [];
    kinds.set(step.step, alike);
    alike.push(step);
  }
  return [...kinds]
    .map(([step, all]): TimeSpent => {
      const spans = all.map(
        ({ startedAt, endedAt }) => [Date.parse(startedAt), Date.parse(endedAt)] as const,
      );
      const busyMs = union(spans);
      const queued = told(all, 'queuedMs');
      const waited = told(all, 'waitedMs');
      return {
        step,
        count: all.length,
        busyMs,
        share: lengthMs > 0 ? busyMs / lengthMs : 0,
        totalMs: spans.reduce((sum, [from, to]) => sum + (to - from), 0),
        ...(queued === undefined ? {} : { queuedMs: queued }),
        ...(waited === undefined ? {} : { waitedMs: waited }),
      };
    })
    .sort((a, b) => b.busyMs - a.busyMs);
}

function told(steps: readonly TimelineStep[], figure: 'queuedMs' | 'waitedMs'): number | undefined {
  const all = steps.flatMap((step) => step[figure] ?? []);
  return all.length === 0 ? undefined : all.reduce((sum, one) => sum + one, 0);
}

/** How long at least one of some spans was under way. */
function union(spans: readonly (readonly [number, number])[]): number {
  let total = 0;
  let until = Number.NEGATIVE_INFINITY;
  for (const [from, to] of [...spans].sort((a, b) => a[0] - b[0])) {
    total += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return total;
}

const isoOf = (cell: unknown): string =>
  new Date(`${String(cell).replace(' ', 'T').replace(/Z$/, '')}Z`).toISOString();

const quoted = (value: string): string => `'${value.replaceAll("'", "''")}'`;
