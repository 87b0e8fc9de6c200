import type { ChangesRequest, ReplicationRequest } from '../../../ports/replication.ts';
import { MAX_LOB_KB } from '../../../sis/lob-memory.ts';
import { keepParts } from '../../../sis/mapping/keep-parts.ts';
import { DMS_BYTES, splitMappings } from '../../../sis/mapping/split.ts';
import { CAPTURE_BYTES } from './capture-rules.ts';
import type { CaptureTask, ChangesRecord } from './changes-record.ts';
import { taskId } from './load-record.ts';

export interface ChangesRules {
  readonly tablesPerTask: number;
  /** After so many days everything is loaded again. */
  readonly reloadDays: number;
  /** Limit of long values, in KB. */
  readonly maxLobKb: number;
}

export interface PlannedChanges {
  readonly record: ChangesRecord;
  /** Why everything is loaded again, where something flowed before. */
  readonly remark?: string;
}

const DAY_MS = 86_400_000;
/** A table that failed waits for the others' sake, but not for ever. */
const FAILING_DAYS = 7;

/** What the tasks of a SIS shall be from this load on: as they are, with other tables, or all of them again. */
export function planChanges(
  before: ChangesRecord | undefined,
  request: ReplicationRequest & { readonly changes: ChangesRequest },
  now: number,
  { tablesPerTask, reloadDays, maxLobKb }: ChangesRules,
): PlannedChanges {
  const limits = { tables: tablesPerTask, bytes: DMS_BYTES - CAPTURE_BYTES };
  const { source, load, changes } = request;
  const begin = (remark?: string): PlannedChanges => {
    const parts = splitMappings(changes.mappings, limits);
    const record: ChangesRecord = {
      source,
      generation: load,
      begunAt: new Date(now).toISOString(),
      folder: `${changes.prefix}/${load}`,
      tasks: parts.map((mappings, i) => newTask(request, i + 1, mappings)),
      numbered: parts.length,
      tested: [],
      maxLobKb,
    };
    return { record, ...(remark === undefined ? {} : { remark }) };
  };
  if (!before) return begin();
  // A process that was killed between this and the record of the load comes here once more.
  if (before.generation === load) return { record: before };
  // Values that were cut by the old limit can only be read again at the source.
  if ((before.maxLobKb ?? MAX_LOB_KB) !== maxLobKb)
    return begin('its changes are captured again, as the limit of long values (maxLobKb) has changed');
  const days = (now - Date.parse(before.begunAt)) / DAY_MS;
  if (before.broken !== undefined) return begin(`its changes are captured again, as ${before.broken}`);
  if (before.failing && days >= FAILING_DAYS)
    return begin('its changes are captured again, for tables that failed');
  if (days >= reloadDays) return begin(`its changes are captured again, as every ${reloadDays} days`);
  const parts = keepParts(
    before.tasks.map(({ mappings }) => mappings),
    changes.mappings,
    limits,
  );
  if (!parts)
    return begin('its changes are captured again, as the table mappings of tables that flow have changed');
  const kept = before.tasks.flatMap((task, i): CaptureTask[] => {
    const mappings = parts[i];
    return mappings === undefined ? [] : [{ ...task, mappings }];
  });
  const added = parts
    .slice(before.tasks.length)
    .map((mappings, i) => newTask(request, before.numbered + i + 1, mappings!));
  return { record: { ...before, tasks: [...kept, ...added], numbered: before.numbered + added.length } };
}

function newTask(request: ReplicationRequest, n: number, mappings: CaptureTask['mappings']): CaptureTask {
  return { id: taskId(request, n, 'changes'), mappings, resumed: { load: request.load, times: 0 } };
}
