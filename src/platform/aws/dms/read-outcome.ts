import type { TableStatistics } from '@aws-sdk/client-database-migration-service';
import PQueue from 'p-queue';
import type { ObjectStore, StoredObject } from '../../../ports/objects.ts';
import type { ReplicatedTable } from '../../../ports/replication.ts';
import type { TableColumn } from '../../../ports/tables.ts';
import { isAddedColumn } from '../../../sis/change-columns.ts';
import { parseMappings } from '../../../sis/mapping/parse.ts';
import { targetNames } from '../../../sis/mapping/target-name.ts';
import type { Outcome } from './load-record.ts';
import { type DmsTask, reasonOf } from './task.ts';

/** One Parquet file, as its footer tells. */
export interface FileFacts {
  readonly bytes: number;
  readonly rows: number;
  readonly columns: readonly TableColumn[];
}

export interface OutcomeParts {
  readonly objects: Pick<ObjectStore, 'list'>;
  readonly facts: (key: string, table: string) => Promise<FileFacts>;
  readonly prefix: string;
}

/** A task that has ended, and what DMS counted. */
export interface EndedTask {
  readonly task: DmsTask;
  readonly mappings: unknown;
  readonly statistics: readonly TableStatistics[];
}

const FILES_AT_ONCE = 24;
export const COMPLETE = 'Table completed';
/** A full load that came to its end, with or without tables that failed. */
export const FINISHED = /FULL_LOAD_ONLY_FINISHED/;

/**
 * What became of every table of a load: DMS's word for it, the files that lie in the raw zone, and whether the two
 * agree. A table counts as copied only if its files hold at least the rows that DMS says it has written.
 */
export async function readOutcome(ended: readonly EndedTask[], parts: OutcomeParts): Promise<Outcome> {
  const keys = await parts.objects.list(`${parts.prefix}/`);
  const byFolder = filesByFolder(keys, parts.prefix);
  const queue = new PQueue({ concurrency: FILES_AT_ONCE });
  const warnings: string[] = [];
  const tables = ended.flatMap(({ task, mappings, statistics }) => {
    const nameOf = targetNames(parseMappings(mappings));
    return statistics.map(async (one): Promise<ReplicatedTable> => {
      const table = { schema: one.SchemaName ?? '', table: one.TableName ?? '' };
      const error = failureOf(one, task);
      if (error !== undefined) return { ...table, error };
      const target = nameOf(table.schema, table.table);
      const files = byFolder.get(`${target.schema}/${target.name}`) ?? [];
      const label = `${table.schema}.${table.table}`;
      const facts = await Promise.all(files.map((key) => queue.add(() => parts.facts(key, label))));
      return copiedTable(table, files, facts, one.FullLoadRows ?? 0, warnings);
    });
  });
  const known = await Promise.all(tables);
  return { done: true, snapshotAt: startOf(ended), tables: [...known, ...neverBegun(ended)], warnings };
}

/** Tables of tasks that broke off before DMS knew of them. Of a task that finished, they are not at the source. */
function neverBegun(ended: readonly EndedTask[]): ReplicatedTable[] {
  return ended.flatMap(({ task, mappings, statistics }) => {
    if (FINISHED.test(task.stopReason ?? '')) return [];
    return unheardOf(mappings, statistics, `its DMS task broke off before it: ${reasonOf(task)}`);
  });
}

/** Tables that the mappings name and DMS says nothing of, with the reason. */
export function unheardOf(
  mappings: unknown,
  statistics: readonly TableStatistics[],
  error: string,
): ReplicatedTable[] {
  const seen = new Set(statistics.map((one) => JSON.stringify([one.SchemaName, one.TableName])));
  return parseMappings(mappings).selections.flatMap((rule): ReplicatedTable[] => {
    const { 'schema-name': schema, 'table-name': table } = rule['object-locator'];
    if (rule['rule-action'] !== 'explicit' || seen.has(JSON.stringify([schema, table]))) return [];
    return [{ schema, table, error }];
  });
}

/** Why a table was not copied; undefined when it was. */
export function failureOf(
  { TableState, FullLoadErrorRows = 0 }: TableStatistics,
  { failure }: DmsTask,
): string | undefined {
  if (TableState === COMPLETE && FullLoadErrorRows === 0) return undefined;
  if (TableState === COMPLETE)
    return `DMS could not write ${FullLoadErrorRows} of its rows; see the log of the task`;
  const why = failure ? `: ${failure}` : '; see the log of the task';
  return `DMS says "${TableState ?? 'nothing of its state'}"${why}`;
}

function copiedTable(
  table: { readonly schema: string; readonly table: string },
  keys: readonly string[],
  facts: readonly FileFacts[],
  counted: number,
  warnings: string[],
): ReplicatedTable {
  const rows = facts.reduce((sum, file) => sum + file.rows, 0);
  if (rows < counted) {
    return { ...table, error: `DMS counted ${counted} rows, and its ${keys.length} files hold ${rows}` };
  }
  if (rows > counted) {
    warnings.push(`${table.schema}.${table.table}: DMS counted ${counted} rows, and its files hold ${rows}`);
  }
  const files = keys.map((key, at): Omit<StoredObject, 'sha256'> => ({ key, bytes: facts[at]!.bytes }));
  const columns = facts[0]?.columns.filter((column) => !isAddedColumn(column.name));
  // Of a table without rows DMS writes no file, so nothing tells its columns.
  return { ...table, files, rows, ...(columns ? { columns: [...columns] } : {}) };
}

/** A file of a full load, perhaps behind the name of a segment. */
export const isLoadFile = (name: string): boolean => /(^|_)LOAD[0-9A-F]{8}\.parquet$/.test(name);

/** Files of a full load by `schema/table`: `LOAD00000001.parquet`, also below a folder or behind the name of a segment. */
function filesByFolder(keys: readonly string[], prefix: string): Map<string, string[]> {
  const folders = new Map<string, string[]>();
  for (const key of keys) {
    const [schema, table, ...rest] = key.slice(prefix.length + 1).split('/');
    if (!isLoadFile(rest.at(-1) ?? '')) continue;
    const folder = `${schema}/${table}`;
    folders.set(folder, [...(folders.get(folder) ?? []), key]);
  }
  return folders;
}

/** DMS reads table after table, so what all of them show is no newer than the start of the first. */
function startOf(ended: readonly EndedTask[]): string {
  const starts = ended.flatMap(({ task: { begunAt } }) => (begunAt ? [begunAt.getTime()] : []));
  return new Date(Math.min(...starts)).toISOString();
}
