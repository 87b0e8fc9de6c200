import type { ObjectStore } from '../../../ports/objects.ts';
import type { TableColumn, TableSet, TableVersion } from '../../../ports/tables.ts';
import { filesIn } from '../athena/new-files.ts';
import { ident } from '../athena/sql-text.ts';
import { type AthenaStorage, storageOf } from '../athena/storage.ts';
import { fromStored } from '../athena/version-sql.ts';
import { CATALOG, noRows, type SparkView, sparkIdent } from './spark-task.ts';

/** Spark's database of views that need no catalog: https://spark.apache.org/docs/3.5.6/sql-getting-started.html#global-temporary-view */
const VIEWS = 'global_temp';

/** The view by which a task knows a table: `canvas__users`. */
const viewName = (table: string): string => table.replace('.', '__');

/** Spark has no times of day. */
export const isReadable = ({ type }: TableColumn): boolean => type !== 'time';

/** A version's rows in Athena's SQL, over its view; columns that Spark cannot hold are left out. */
export function viewSelect(version: TableVersion): string {
  const held = new Map(storageOf(version).columns.map(({ name, type }) => [name, type]));
  const list = version.columns
    .filter(isReadable)
    .map((column) => `${fromStored(column, held.get(column.name))} AS ${ident(column.name)}`);
  return `SELECT ${list.join(', ')} FROM ${ident(VIEWS)}.${ident(viewName(version.table))}`;
}

/** The views as tables of their own, with the columns that are stored: what the translation needs of them. */
export function viewTables(reads: TableSet): TableSet {
  const views = Object.values(reads).map((version) => ({
    ...version,
    table: `${VIEWS}.${viewName(version.table)}`,
    columns: storageOf(version).columns.filter(isReadable),
  }));
  return Object.fromEntries(views.map((view) => [view.table, view]));
}

/** What a view reads: exactly this version, whatever is loaded while the job runs. */
export async function viewOf(objects: ObjectStore, version: TableVersion): Promise<SparkView> {
  const name = viewName(version.table);
  const storage = storageOf(version);
  if (storage.kind === 'files') {
    const files = (await filesIn(objects, storage.location)).map((key) => objects.uri(key));
    return files.length > 0 ? { name, files } : { name, sql: noRows(storage.columns) };
  }
  const sql =
    storage.snapshot === null
      ? noRows(storage.columns)
      : `SELECT * FROM ${tableOf(storage)} VERSION AS OF ${storage.snapshot}`;
  return { name, sql };
}

const tableOf = ({ place }: AthenaStorage): string =>
  `${CATALOG}.${sparkIdent(place.database)}.${sparkIdent(place.name)}`;
