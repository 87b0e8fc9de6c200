import type { TableColumn, TableVersion } from '../../ports.ts';
import { pathsOf } from './files.ts';
import { ident, idents, textList } from './sql-text.ts';
import { ABSENT, type FileGroup, type RawColumn, storageOf } from './storage.ts';
import { duckType, toLake } from './types.ts';

/**
 * A SELECT that gives a version's rows with exactly its columns and types: what a view of it holds.
 *
 * Changes are folded on read: the newest change of a key wins, and hides the base's row of that key. The base is
 * never sorted, only probed, so reading costs little more than reading the base.
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
  return foldedSelect(root, storage, version.columns, false);
}

/** Like `versionSelect` of a merged table, with `_ts` and `_deleted`, tombstones included. */
export function historySelect(root: string, version: TableVersion, columns: readonly TableColumn[]): string {
  const storage = storageOf(version);
  if (storage.kind !== 'merged') throw new TypeError(`${version.table} keeps no history`);
  return foldedSelect(root, storage, columns, true);
}

/** The rows of one group, with these columns and types and the hidden ones; what the files lack is null. */
export function groupSelect(root: string, group: FileGroup, columns: readonly TableColumn[]): string {
  if (group.files.length === 0) {
    return `${emptySelect(columns, ', CAST(NULL AS TIMESTAMP) AS _ts, false AS _deleted')}`;
  }
  const held = new Map(group.columns.map((column) => [column.name, column.type]));
  const list = columns.map(({ name, type }) => {
    const stored = held.get(name);
    if (stored === type) return ident(name);
    const value = stored === undefined ? 'NULL' : ident(name);
    return `CAST(${value} AS ${duckType(type)}) AS ${ident(name)}`;
  });
  return `SELECT ${[...list, '_ts', '_deleted'].join(', ')} FROM ${parquet(root, group.files)}`;
}

function foldedSelect(
  root: string,
  storage: { key: string[]; base: FileGroup; deltas: FileGroup[] },
  columns: readonly TableColumn[],
  history: boolean,
): string {
  const list = idents(names(columns)) + (history ? ', _ts, _deleted' : '');
  const keep = (group: { tombstones: number }) =>
    history || group.tombstones === 0 ? '' : ' WHERE NOT _deleted';
  const base = groupSelect(root, storage.base, columns);
  if (storage.deltas.length === 0) return `SELECT ${list} FROM (${base})${keep(storage.base)}`;
  const key = idents(storage.key);
  const all = storage.deltas.map((group) => groupSelect(root, group, columns)).join(' UNION ALL ');
  const newest =
    storage.deltas.length === 1
      ? ''
      : ` QUALIFY row_number() OVER (PARTITION BY ${key} ORDER BY _ts DESC) = 1`;
  const tombstones = storage.deltas.reduce((sum, group) => sum + group.tombstones, 0);
  return `WITH changes AS MATERIALIZED (SELECT * FROM (${all})${newest})
    SELECT ${list} FROM changes${keep({ tombstones })}
    UNION ALL
    SELECT ${list} FROM (${base}) ANTI JOIN changes USING (${key})${keep(storage.base)}`;
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
