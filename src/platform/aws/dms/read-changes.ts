import type { TableStatistics } from '@aws-sdk/client-database-migration-service';
import PQueue from 'p-queue';
import type { CaughtUp, ChangeFeed, ChangesRequest, ReplicatedTable } from '../../../ports/replication.ts';
import type { TableColumn } from '../../../ports/tables.ts';
import { isAddedColumn } from '../../../sis/change-columns.ts';
import { parseMappings } from '../../../sis/mapping/parse.ts';
import { targetNames } from '../../../sis/mapping/target-name.ts';
import type { AdvancedChanges } from './advance-changes.ts';
import { isChangeFile, lookAfter, nameAt, taking } from './change-files.ts';
import type { ChangesRecord } from './changes-record.ts';
import { type FileFacts, failureOf, isLoadFile, type OutcomeParts, unheardOf } from './read-outcome.ts';
import type { DmsTask, TaskCalls } from './task.ts';

const FILES_AT_ONCE = 24;
/** DMS keeps changes for five minutes at most before it writes them (`cdcMaxBatchInterval`); as much again to be safe. */
const WRITTEN_WITHIN_MS = 600_000;

export interface ChangesParts extends Pick<OutcomeParts, 'objects' | 'facts'> {
  readonly tasks: TaskCalls;
  readonly now: () => number;
}

/**
 * The files of every table that the lake does not have: of a table that it follows, the change files since; of any
 * other the full load and all change files behind it.
 */
export async function readChangedTables(
  { record, own, stuck }: AdvancedChanges,
  { feeds }: ChangesRequest,
  parts: ChangesParts,
): Promise<ReplicatedTable[]> {
  const asOf = new Date(Math.max(parts.now() - WRITTEN_WITHIN_MS, Date.parse(record.begunAt))).toISOString();
  const queue = new PQueue({ concurrency: FILES_AT_ONCE });
  const tables = own.map(async (task): Promise<ReplicatedTable[]> => {
    const { mappings } = record.tasks.find(({ id }) => id === task.id)!;
    const halt = stuck.find((one) => one.task.id === task.id);
    if (halt) return unheardOf(mappings, [], `its DMS task broke off: ${halt.reason}`);
    const names = targetNames(parseMappings(mappings));
    const statistics = await parts.tasks.statistics(task);
    return Promise.all(
      statistics.map(async (one) => {
        const { SchemaName: schema = '', TableName: table = '' } = one;
        const target = names(schema, table);
        const folder = `${record.folder}/${target.schema}/${target.name}/`;
        const found = await tableOf(
          one,
          task,
          { record, feed: feeds[`${schema}.${table}`], folder },
          parts,
          queue,
        );
        return { schema, table, ...found, ...(found.error === undefined ? { asOf } : {}) };
      }),
    );
  });
  return (await Promise.all(tables)).flat();
}

/**
 * What DMS has written of the tables that the lake follows, for a round between two runs. Everything else is left to the
 * next run: tables that are to be read from their full load on, tables with an error, tasks that do not run.
 *
 * Only files that were begun before `asOf` are taken, since S3 may show a younger one first: so every table shows the same
 * moment, and no change comes after one that was committed later.
 */
export async function readFlowingTables(
  record: ChangesRecord,
  running: readonly DmsTask[],
  { feeds }: Pick<ChangesRequest, 'feeds'>,
  parts: ChangesParts,
): Promise<Omit<CaughtUp, 'remarks'>> {
  const until = parts.now() - WRITTEN_WITHIN_MS;
  const asOf = new Date(until).toISOString();
  // Before that nobody can tell: the full load was under way.
  if (until < Date.parse(record.begunAt)) return { asOf: '', tables: [], followed: [] };
  const queue = new PQueue({ concurrency: FILES_AT_ONCE });
  const ofTasks = running.map(async (task): Promise<ReplicatedTable[]> => {
    const names = targetNames(parseMappings(record.tasks.find(({ id }) => id === task.id)!.mappings));
    const statistics = await parts.tasks.statistics(task);
    return Promise.all(
      statistics.flatMap((one) => {
        const { SchemaName: schema = '', TableName: table = '' } = one;
        const feed = feeds[`${schema}.${table}`];
        if (feed?.generation !== record.generation) return [];
        const target = names(schema, table);
        const folder = `${record.folder}/${target.schema}/${target.name}/`;
        const followed = { record, feed, folder, before: nameAt(until) };
        return [
          tableOf(one, task, followed, parts, queue).then((found) => ({ schema, table, asOf, ...found })),
        ];
      }),
    );
  });
  const found = (await Promise.all(ofTasks)).flat().filter(({ error }) => error === undefined);
  return {
    asOf: found.length > 0 ? asOf : '',
    tables: found.filter(({ files = [] }) => files.length > 0),
    followed: found.map(({ schema, table }) => `${schema}.${table}`),
  };
}

interface Followed {
  readonly record: ChangesRecord;
  /** What the lake has. */
  readonly feed?: ChangeFeed | undefined;
  readonly folder: string;
  /** Change files with this name or a later one are left for later. Default: all are taken. */
  readonly before?: string;
}

type Found = Omit<ReplicatedTable, 'schema' | 'table' | 'asOf'>;

async function tableOf(
  statistics: TableStatistics,
  task: DmsTask,
  { record, feed: known, folder, before }: Followed,
  { objects, facts }: ChangesParts,
  queue: PQueue,
): Promise<Found> {
  const error = failureOf(statistics, task);
  if (error !== undefined) return { error };
  const increment = known?.generation === record.generation;
  const feed = increment ? known : { generation: record.generation, taken: [] };
  const keys = (await queue.add(() => objects.list(folder, lookAfter(folder, feed)))) as string[];
  const nameOf = (key: string) => key.slice(folder.length);
  const taken = new Set(feed.taken);
  const isWanted = (name: string) => isChangeFile(name) && !taken.has(name) && !(before && name >= before);
  const changes = keys.filter((key) => isWanted(nameOf(key)));
  const loaded = increment ? [] : keys.filter((key) => isLoadFile(nameOf(key)));
  const label = `${statistics.SchemaName}.${statistics.TableName}`;
  const read = await Promise.all(
    [...loaded, ...changes].map((key) => queue.add(async () => ({ key, ...(await facts(key, label)) }))),
  );
  const files = read as (FileFacts & { key: string })[];
  const counted = statistics.FullLoadRows ?? 0;
  const held = rowsOf(files.slice(0, loaded.length));
  if (!increment && held < counted) {
    return { error: `DMS counted ${counted} rows, and its ${loaded.length} files hold ${held}` };
  }
  const columns = columnsOf(files);
  return {
    files: files.map(({ key, bytes }) => ({ key, bytes })),
    feed: taking(feed, changes.map(nameOf)),
    ...(increment ? { increment, rows: rowsOf(files) } : {}),
    ...(columns.length > 0 ? { columns } : {}),
  };
}

const rowsOf = (files: readonly FileFacts[]): number => files.reduce((sum, { rows }) => sum + rows, 0);

/** Every column that one of the files has, in the type of the newest. */
function columnsOf(files: readonly FileFacts[]): TableColumn[] {
  const found = new Map<string, TableColumn>();
  for (const { columns } of files) for (const column of columns) found.set(column.name, column);
  return [...found.values()].filter(({ name }) => !isAddedColumn(name));
}
