import { InputError } from '../../errors.ts';
import { readRunRecord } from '../../pipeline/run-record.ts';
import type { Cell } from '../../ports/query-engine.ts';
import type { Uses } from '../../ports/step.ts';
import { countOf, instantOf, opsRows } from '../ops-rows.ts';
import type { ListedRun } from './list-runs.ts';
import { listRuns } from './list-runs.ts';

/** Steps that are listed one by one; of the others each stage says how many there are. */
const LISTED = 300;
const MOST_RUNS = 5_000;

/** Where the time of one run went. Instants are ISO 8601 UTC. */
export interface RunTimeline {
  readonly run: ListedRun;
  /** The stages of the plan in the order in which they began. */
  readonly stages: readonly TimelineStage[];
  /** What failed, then the longest, in the order in which they began. */
  readonly steps: readonly TimelineStep[];
  /** Steps that have ended and are not listed. */
  readonly notListed: number;
  readonly remarks: readonly { readonly about: string; readonly text: string; readonly at?: string }[];
}

export interface TimelineStage {
  readonly title: string;
  readonly from: string;
  readonly to: string;
  readonly steps: number;
  readonly failed: number;
}

export interface TimelineStep {
  readonly path: string;
  readonly stage: string;
  readonly step: string;
  /** The dataset or model; empty for the run as a whole. */
  readonly item: string;
  readonly status: 'succeeded' | 'failed';
  readonly from: string;
  readonly to: string;
  /** The attempt of the run in which it ended. */
  readonly attempt: number;
  readonly error?: string;
  readonly hint?: string;
}

type Needs = Uses<'session' | 'access' | 'ledger' | 'engine'>;

/**
 * The steps of a run that have ended so far.
 * @returns undefined where the session may not read `ops.steps`
 * @throws InputError where there is no such run
 */
export async function runTimeline(lake: Needs, run: string): Promise<RunTimeline | undefined> {
  const parameters = [{ name: 'run', type: 'varchar', value: run }];
  const [about, rows, remarks] = await Promise.all([
    runNamed(lake, run),
    opsRows(lake, {
      table: 'ops.steps',
      select: `SELECT path, step, item, status, started_at, ended_at, attempt, error, next
        FROM ops.steps WHERE run = :run ORDER BY started_at, path`,
      parameters,
    }),
    opsRows(lake, {
      table: 'ops.remarks',
      select: 'SELECT about, text, at FROM ops.remarks WHERE run = :run ORDER BY id LIMIT 200',
      parameters,
    }),
  ]);
  if (!rows) return undefined;
  if (!about)
    throw new InputError('There is no run of that name.', {
      hint: 'the list of runs has those that are kept',
    });
  const steps = rows.map(stepOf);
  const listed = [...steps]
    .sort((a, b) => Number(b.status === 'failed') - Number(a.status === 'failed') || lasts(b) - lasts(a))
    .slice(0, LISTED);
  const isListed = new Set(listed);
  return {
    run: about,
    stages: stagesOf(steps),
    steps: steps.filter((step) => isListed.has(step)),
    notListed: steps.length - listed.length,
    remarks: (remarks ?? []).map(({ about: what, text, at }) => ({
      about: String(what ?? ''),
      text: String(text ?? ''),
      at: instantOf(at),
    })),
  };
}

async function runNamed(lake: Needs, run: string): Promise<ListedRun | undefined> {
  const now = (await readRunRecord(lake.platform.ledger))?.value;
  const most = now?.run === run ? 1 : MOST_RUNS;
  return (await listRuns(lake, most))?.find((one) => one.run === run);
}

function stepOf(row: { readonly [column: string]: Cell }): TimelineStep {
  const path = String(row.path);
  const from = instantOf(row.started_at) ?? '';
  return {
    path,
    stage: stageOf(path, String(row.step)),
    step: String(row.step),
    item: String(row.item ?? ''),
    status: row.status === 'failed' ? 'failed' : 'succeeded',
    from,
    to: instantOf(row.ended_at) ?? from,
    attempt: countOf(row.attempt) ?? 1,
    ...(row.error ? { error: String(row.error) } : {}),
    ...(row.next ? { hint: String(row.next) } : {}),
  };
}

/** The title of the part of the plan in which a step is; of one in no part, its own name. */
const stageOf = (path: string, step: string): string => {
  const [, second = ''] = path.split('/');
  return path.split('/').length > 2 && second !== '' ? second.replace(/\[.*$/, '') : step;
};

const lasts = ({ from, to }: TimelineStep): number => Date.parse(to) - Date.parse(from);

function stagesOf(steps: readonly TimelineStep[]): TimelineStage[] {
  const stages = new Map<string, TimelineStage>();
  for (const { stage, from, to, status } of steps) {
    const before = stages.get(stage);
    stages.set(stage, {
      title: stage,
      from: before && before.from < from ? before.from : from,
      to: before && before.to > to ? before.to : to,
      steps: (before?.steps ?? 0) + 1,
      failed: (before?.failed ?? 0) + (status === 'failed' ? 1 : 0),
    });
  }
  return [...stages.values()];
}
