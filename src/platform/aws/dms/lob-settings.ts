import type { Json } from '../../../json.ts';
import type { ReplicatedTable, ReplicationRequest } from '../../../ports/replication.ts';
import { lobMaxSizeOf, lobPlan, MAX_LOB_KB } from '../../../sis/lob-memory.ts';
import type { ReplicationPlace } from '../places.ts';
import { subTasksOf, taskSettings } from './task-settings.ts';

/** What campus.yaml says of a source that its tasks must keep to. */
export interface SourceLimits {
  /** To the SIS, all tasks together. */
  readonly connections: number;
  /** Values of so many KB or more fail their table. */
  readonly maxLobKb: number;
  /** SIS that share the instance. */
  readonly sources: number;
}

const MB_OF_A_DCU = 2048;

/** Settings of the tasks of a load: as many rows and tables at once as the memory of DMS takes. */
export function settingsFor(
  { lobColumns = [] }: Pick<ReplicationRequest, 'lobColumns'>,
  place: ReplicationPlace,
  { connections, maxLobKb, sources }: SourceLimits,
  tasks: number,
  more: { readonly capturesChanges?: true } = {},
): Json {
  const serverless = 'serverless' in place;
  const { tablesAtOnce, commitRate } = lobPlan({
    memoryMb: serverless ? place.serverless.maxDcu * MB_OF_A_DCU : place.memoryMb,
    // Each replication has capacity of its own.
    sources: serverless ? 1 : sources,
    maxLobKb,
    lobColumns,
    connections,
  });
  return taskSettings({
    subTasks: subTasksOf(tablesAtOnce, tasks),
    commitRate,
    lobMaxSize: lobMaxSizeOf(maxLobKb),
    ...more,
  });
}

/** Tables that were copied, with the length from which on a value may have been cut. */
export function withLobLimit(tables: readonly ReplicatedTable[], maxLobKb = MAX_LOB_KB): ReplicatedTable[] {
  return tables.map((table) => (table.error === undefined ? { ...table, lobLimit: maxLobKb * 1024 } : table));
}
