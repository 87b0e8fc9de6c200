import type { TableColumn, TableVersion } from '../../../ports/tables.ts';
import { pathsOf } from './files.ts';
import { ident, idents, textList } from './sql-text.ts';
import { ABSENT, type FileSet, type RawColumn, type RowGroup, storageOf } from './storage.ts';
import { duckType, toLake } from './types.ts';

/**
 * A SELECT that gives a version's rows with exactly its columns and types: what a view of it holds.
 *
 * Changes are folded on read: the newest change of a key hides every older row of that key. Nothing is sorted, the
 * older files are only probed.
 */
export function versionSelect(root: string, version: TableVersion): string {
  const storage = storageOf(version);
  if (storage.kind === 'plain') {
    if (storage.files.length === 0) return emptySelect(version.columns);
    return `SELECT ${idents(names(version.columns))} FROM ${parquet(root, storage.files)}`;
  }
  if (storage.kind === 'raw') {
    if (storage.files.length === 0) return emptySelect(version.columns);
    return `SELECT ${storage.columns.map(rawColumn).join(', ')} FROM ${parquet(root, storage.files)}`;
  }
  if (storage.kind === 'rows') return rowsSelect(root, storage.groups, version.columns);
  return foldedSelect(root, storage, version.columns, false);
}

/** The rows of every group whose ids no later one has; only groups whose ids can meet are compared. */
function rowsSelect(root: string, groups: readonly RowGroup[], columns: readonly TableColumn[]): string {
  return groups
    .map(({ file, columns: held, from, to }, i) => {
      const later = groups.slice(i + 1).filter((other) => other.from <= to && other.to >= from);
      const files = textList(
        pathsOf(
          root,
          later.map((other) => other.file),
        ),
      );
      const hidden = later.length
        ? ` ANTI JOIN (SELECT id FROM read_parquet(${files})) AS later USING (id)`
        : '';
      const list = castList(columns, held);
      return `SELECT ${list.join(', ')} FROM ${parquet(root, [file])}${hidden}`;
    })
    .join('\nUNION ALL\n');
}

/** Columns as they are wanted, of what a file holds; what it lacks is null. */
function castList(columns: readonly TableColumn[], held: readonly TableColumn[]): string[] {
  const types = new Map(held.map((column) => [column.name, column.type]));
  return columns.map(({ name, type }) => {
    const stored = types.get(name);
    if (stored === type) return ident(name);
    const value = stored === undefined ? 'NULL' : ident(name);
    return `CAST(${value} AS ${duckType(type)}) AS ${ident(name)}`;
  });
}

/** Like `versionSelect` of a merged table, with `_ts` and `_deleted`, tombstones included. */
export function historySelect(root: string, version: TableVersion, columns: readonly TableColumn[]): string {
  const storage = storageOf(version);
  if (storage.kind !== 'merged') throw new TypeError(`${version.table} keeps no history`);
  return foldedSelect(root, storage, columns, true);
}

/** The rows of one group, with these columns and types and the hidden ones; what the files lack is null. */
export function groupSelect(root: string, group: FileSet, columns: readonly TableColumn[]): string {
  if (group.files.length === 0) {
    return `${emptySelect(columns, ', CAST(NULL AS TIMESTAMP) AS _ts, false AS _deleted')}`;
  }
  return `SELECT ${[...castList(columns, group.columns), '_ts', '_deleted'].join(', ')} FROM ${parquet(root, group.files)}`;
}

/**
 * The rows of every group whose key no newer group knows. Neither a window nor a shared table: so only the columns
 * that somebody asks for are read from the base.
 */
function foldedSelect(
  root: string,
  { key, base, deltas }: { key: string[]; base: FileSet; deltas: FileSet[] },
  columns: readonly TableColumn[],
  history: boolean,
): string {
  const list = idents(names(columns)) + (history ? ', _ts, _deleted' : '');
  const keyColumns = columns.filter((column) => key.includes(column.name));
  const groups = [base, ...deltas];
  return groups
    .map((group, i) => {
      const newer = groups.slice(i + 1).map((later) => {
        return `SELECT ${idents(key)} FROM (${groupSelect(root, later, keyColumns)})`;
      });
      const hidden = newer.length
        ? ` ANTI JOIN (${newer.join(' UNION ALL ')}) AS newer USING (${idents(key)})`
        : '';
      const live = history || group.tombstones === 0 ? '' : ' WHERE NOT _deleted';
      return `SELECT ${list} FROM (${groupSelect(root, group, columns)})${hidden}${live}`;
    })
    .join('\nUNION ALL\n');
}

function emptySelect(columns: readonly TableColumn[], more = ''): string {
  const list = columns
    .map(({ name, type }) => `CAST(NULL AS ${duckType(type)}) AS ${ident(name)}`)
    .join(', ');
  return `SELECT ${list}${more} WHERE false`;
}

const rawColumn = (column: RawColumn): string =>
  `${column.reported === ABSENT ? `CAST(NULL AS ${duckType(column.type)})` : toLake(ident(column.source), column.reported, column.type)} AS ${ident(column.name)}`;

const parquet = (root: string, keys: readonly string[]): string =>
  `read_parquet(${textList(pathsOf(root, keys))})`;

const names = (columns: readonly TableColumn[]): string[] => columns.map((column) => column.name);
