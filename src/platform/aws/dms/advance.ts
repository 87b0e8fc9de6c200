import type { DmsEndpoints } from './endpoints.ts';
import { type LoadRecord, type LoadTask, taskPrefix } from './load-record.ts';
import { FINISHED } from './read-outcome.ts';
import { clear, type DmsTask, type TaskCalls, wasStarted } from './task.ts';

export interface AdvanceParts {
  readonly tasks: TaskCalls;
  readonly endpoints: DmsEndpoints;
  readonly settings: string;
  /** Keeps the record as it is now. */
  readonly keep: (record: LoadRecord) => Promise<unknown>;
}

/** The current tasks of a load; `ended` when none of them has anything left to do. */
export interface Advanced {
  readonly record: LoadRecord;
  readonly own: DmsTask[];
  readonly ended: boolean;
}

/** A task that breaks off is resumed so often: then what it has not copied has failed. */
const RESUMES = 2;

/**
 * Does whatever the load needs next, as far as DMS lets it now: earlier tasks of the source out of the way, the
 * target's folder, connections, tasks made, started, resumed. A repeated call, after a kill too, goes on from
 * what DMS says, so nothing is done twice.
 */
export async function advance(record: LoadRecord, parts: AdvanceParts): Promise<Advanced> {
  const present = await parts.tasks.list();
  const own = record.tasks.flatMap(({ id }) => present.get(id) ?? []);
  const begun = own.length === record.tasks.length && own.every(wasStarted);
  if (!begun && !(await prepared(record, present, parts))) return { record, own, ended: false };
  return drive(record, own, parts);
}

/** Whether the tasks are there and may be started. */
async function prepared(
  record: LoadRecord,
  present: ReadonlyMap<string, DmsTask>,
  { tasks, endpoints, settings, keep }: AdvanceParts,
): Promise<boolean> {
  const { source, prefix } = record.request;
  const ids = new Set(record.tasks.map(({ id }) => id));
  const earlier = [...present].filter(([id]) => id.startsWith(taskPrefix(source)) && !ids.has(id));
  for (const [, task] of earlier) await clear(task, tasks);
  // While another load writes, the folder must stay.
  if (earlier.length > 0) return false;
  if (![...present].some(([id, task]) => ids.has(id) && wasStarted(task))) await endpoints.writeBelow(prefix);
  for (const { id, mappings } of record.tasks) {
    if (!present.has(id)) await tasks.create(id, JSON.stringify(mappings), settings);
  }
  const tested = [...record.tested];
  const reached = await endpoints.reached(tested);
  if (tested.length > record.tested.length) await keep({ ...record, tested });
  return reached;
}

/** Starts what is ready and resumes what broke off. */
async function drive(record: LoadRecord, own: DmsTask[], parts: AdvanceParts): Promise<Advanced> {
  let ended = own.length === record.tasks.length;
  let current = record;
  for (const task of own) {
    const { status } = task;
    if (status === 'ready') {
      await parts.tasks.start(task, 'start-replication');
      ended = false;
    } else if (status === 'failed' || status === 'stopped') {
      const known = current.tasks.find(({ id }) => id === task.id)!;
      if (FINISHED.test(task.stopReason ?? '') || known.resumed >= RESUMES) continue;
      ended = false;
      // Counted first: a task that kills its caller is not resumed for ever.
      current = withTask(current, { ...known, resumed: known.resumed + 1 });
      await parts.keep(current);
      await parts.tasks.start(task, 'resume-processing');
    } else {
      ended = false;
    }
  }
  return { record: current, own, ended };
}

function withTask(record: LoadRecord, changed: LoadTask): LoadRecord {
  return { ...record, tasks: record.tasks.map((task) => (task.id === changed.id ? changed : task)) };
}
