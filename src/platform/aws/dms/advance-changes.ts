import { withCaptureRules } from './capture-rules.ts';
import { type CaptureTask, type ChangesRecord, digestOf } from './changes-record.ts';
import type { DmsEndpoints } from './endpoints.ts';
import { COMPLETE, unheardOf } from './read-outcome.ts';
import { clear, type DmsTask, reasonOf, type TaskCalls, wasStarted } from './task.ts';

export interface CaptureParts {
  readonly tasks: TaskCalls;
  readonly endpoints: DmsEndpoints;
  readonly settings: string;
  /** Epoch ms. */
  readonly now: () => number;
  /** Keeps the record as it is now. */
  readonly keep: (record: ChangesRecord) => Promise<unknown>;
}

/** A task that goes no further. */
export interface StuckTask {
  readonly task: DmsTask;
  readonly reason: string;
}

/** The current tasks; `settled` when each has loaded its tables and follows their changes, or is stuck. */
export interface AdvancedChanges {
  readonly record: ChangesRecord;
  readonly own: DmsTask[];
  readonly stuck: StuckTask[];
  readonly settled: boolean;
}

/** A task that breaks off is resumed so often by one load, the resume after a change of its tables among them. */
const RESUMES = 3;
/** DMS knows the tables of a task some time after it reports that the task runs. */
const SETTLING_MS = 60_000;
/** A table that it says nothing of for so long is not at the source. */
const HEARD_OF_WITHIN_MS = 600_000;

/**
 * Does whatever the capture of changes needs next, as far as DMS lets it now: foreign tasks out of the way, the
 * target's folder, connections, tasks made, started, stopped to be changed, changed and resumed. Like a full load it
 * goes on from what DMS says, so a kill anywhere costs nothing.
 */
export async function advanceChanges(
  given: ChangesRecord,
  load: string,
  parts: CaptureParts,
): Promise<AdvancedChanges> {
  let record = given;
  const keep = async (changed: ChangesRecord) => {
    record = changed;
    await parts.keep(changed);
  };
  const present = await parts.tasks.list();
  const own = record.tasks.flatMap(({ id }) => present.get(id) ?? []);
  const prepared = await prepare(record, present, parts, keep);
  if (prepared === 'astray') {
    const stuck = own.map((task) => ({ task, reason: ASTRAY }));
    return { record, own, stuck, settled: true };
  }
  if (!prepared) return { record, own, stuck: [], settled: false };
  const stuck: StuckTask[] = [];
  let settled = own.length === record.tasks.length;
  for (const task of own) {
    const wanted = record.tasks.find(({ id }) => id === task.id)!;
    const next = await drive(task, wanted, load, parts, (changed) => keep(withTask(record, changed)));
    if (next === 'stuck') stuck.push({ task, reason: reasonOf(task) });
    else if (next === 'goes on') settled = false;
  }
  return { record, own, stuck, settled };
}

/** Whether the tasks are there and may be started; `astray` where those that run may write into another folder. */
async function prepare(
  record: ChangesRecord,
  present: ReadonlyMap<string, DmsTask>,
  { tasks, endpoints, settings }: CaptureParts,
  keep: (record: ChangesRecord) => Promise<void>,
): Promise<boolean | 'astray'> {
  const ids = new Set(record.tasks.map(({ id }) => id));
  const foreign = [...present.values()].filter(({ id }) => !ids.has(id));
  for (const task of foreign) await clear(task, tasks);
  // While tasks of another generation write, the folder must stay.
  if (foreign.length > 0) return false;
  if (![...present.values()].some(wasStarted)) await endpoints.writeBelow(record.folder);
  else if (!(await endpoints.writesBelow(record.folder))) return 'astray';
  let current = record;
  for (const task of record.tasks) {
    if (present.has(task.id)) continue;
    await tasks.create(task.id, JSON.stringify(withCaptureRules(task.mappings)), settings);
    current = withTask(current, { ...task, given: digestOf(task.mappings) });
    await keep(current);
  }
  if (current.tasks.every(({ id }) => present.has(id) && wasStarted(present.get(id)!))) return true;
  const tested = [...current.tested];
  const reached = await endpoints.reached(tested);
  if (tested.length > current.tested.length) await keep({ ...current, tested });
  return reached;
}

/**
 * An update of the endpoint by CloudFormation sets the folder of the template again, and a task that DMS resumes by
 * itself follows it: changes that it wrote there would be missed.
 */
export const ASTRAY = 'a deployment has changed the folder into which DMS writes';

/** One task, one step on. `flows`: its tables are loaded, and their changes follow. */
async function drive(
  task: DmsTask,
  wanted: CaptureTask,
  load: string,
  { tasks, now }: CaptureParts,
  keep: (task: CaptureTask) => Promise<void>,
): Promise<'goes on' | 'flows' | 'stuck'> {
  const { status } = task;
  const isAsWanted = wanted.given === digestOf(wanted.mappings);
  if (status === 'running') {
    if (!isAsWanted) await tasks.stop(task);
    else if (await flows(task, wanted, tasks, now())) return 'flows';
    return 'goes on';
  }
  if (status === 'ready') {
    await keep({ ...wanted, startedAt: now() });
    await tasks.start(task, 'start-replication');
  } else if (status === 'stopped' || status === 'failed') {
    if (!isAsWanted) {
      if (await tasks.modify(task, JSON.stringify(withCaptureRules(wanted.mappings)))) {
        await keep({ ...wanted, given: digestOf(wanted.mappings) });
      }
      return 'goes on';
    }
    const times = wanted.resumed.load === load ? wanted.resumed.times : 0;
    if (times >= RESUMES) return 'stuck';
    // Counted first: a task that kills its caller is not resumed for ever.
    await keep({ ...wanted, resumed: { load, times: times + 1 }, startedAt: now() });
    await tasks.start(task, 'resume-processing');
  }
  return 'goes on';
}

/** Whether no table of the task waits for its full load any more. */
async function flows(
  task: DmsTask,
  { startedAt = 0, mappings }: CaptureTask,
  tasks: TaskCalls,
  now: number,
): Promise<boolean> {
  if (!task.loaded || now - startedAt < SETTLING_MS) return false;
  const statistics = await tasks.statistics(task);
  const unheard = unheardOf(mappings, statistics, 'not heard of');
  if (unheard.length > 0 && now - startedAt < HEARD_OF_WITHIN_MS) return false;
  return statistics.every(({ TableState = '' }) => TableState === COMPLETE || ENDED.test(TableState));
}

const ENDED = /error|cancelled|does not exist/i;

function withTask(record: ChangesRecord, changed: CaptureTask): ChangesRecord {
  return { ...record, tasks: record.tasks.map((task) => (task.id === changed.id ? changed : task)) };
}
