import type { Rekeyed } from '../../../ports/query-engine.ts';
import type { StagedTableSpec, StageResult } from '../../../ports/staging.ts';
import type { TableColumn, TableVersion } from '../../../ports/tables.ts';
import { reasonNotToMerge } from '../../../staging/mergeable.ts';
import { mergedColumns } from '../../../staging/widen.ts';
import type { EngineContext } from './engine-context.ts';
import { AthenaError } from './errors.ts';
import { createIcebergTable, currentMetadata, evolveIcebergTable, isPromotion } from './iceberg-tables.ts';
import { countChangesSql, countDifferencesSql, type Merge, mergeRemovedSql, mergeSql } from './merge-sql.ts';
import { freshName } from './names.ts';
import { rekeyExpression } from './pseudonym-sql.ts';
import { rawSource } from './raw-changes.ts';
import { asStored, type KeyTable, type RawTable, withKeys } from './raw-dap.ts';
import { withKeyTable, withRawTable } from './raw-tables.ts';
import { firstRow } from './result-pages.ts';
import { runStatement } from './run-statement.ts';
import { ident, idents, tableName } from './sql-text.ts';
import { checkFormat, deliveredSql, HIDDEN, inspect, storageAsOfNow } from './stage-records.ts';
import { asStorage, type IcebergStorage, storageOf, type TableAddress } from './storage.ts';
import { icebergType, storedType } from './types.ts';
import { unloadTable } from './unload.ts';
import { fromStored, source as sourceOf, versionSelect } from './version-sql.ts';

/** `current` with the raw files merged by key, as a new version. See `QueryEngine.merge`. */
export async function mergeRecords(
  context: EngineContext,
  current: TableVersion,
  spec: StagedTableSpec,
  files: readonly string[],
  versionId: string,
): Promise<StageResult> {
  checkFormat(spec);
  const stored = mergeableStorage(current, spec);
  const columns = mergedColumns(current.columns, spec.columns);
  checkKey(current, columns, spec);
  if (files.length === 0) return unchanged(current, columns, 0);
  return withRawTable(context, spec, files, versionId, (raw) =>
    mergeRaw(context, { ...current, columns }, stored, spec, raw, versionId),
  );
}

async function mergeRaw(
  context: EngineContext,
  current: TableVersion,
  stored: IcebergStorage,
  spec: StagedTableSpec,
  raw: RawTable,
  versionId: string,
): Promise<StageResult> {
  const { table, columns } = current;
  const source = rawSource(spec, columns, raw);
  const { rows: read, repeats, setAside } = await inspect(context, spec, source);
  const aside = setAside ? { setAside } : {};
  const merge: Merge = {
    target: stored.place,
    removed: stored.removed,
    key: spec.key,
    columns,
    delivered: spec.columns.map(({ name }) => name),
    rows: deliveredSql(spec, source, repeats),
  };
  const known = `SELECT ${idents([...spec.key, HIDDEN.name])} FROM ${sourceOf(stored)}`;
  const options = { doing: `Merging changes into ${table}`, about: table };
  const counts = await firstRow(context, countChangesSql(merge, known), options);
  const count = (name: string) => Number(counts[name] ?? 0);
  // A quiet night, whose question begins at the instant of the last change, brings that once more and nothing else.
  const isRepeated =
    count('changes') === count('ties') &&
    (count('ties') === 0 ||
      (await firstRow(context, countDifferencesSql(merge, storedRows(stored, columns)), options))
        .differences === '0');
  if (isRepeated) return { ...unchanged(current, current.columns, read), ...aside };
  const home = await tableFor(context, current, stored, versionId);
  const removed =
    stored.removed ??
    (count('tombstones') > 0 ? await removedTable(context, current, spec, versionId) : null);
  // First what is removed, then the rows: a merge that breaks off in between is done again and finds both.
  if (removed && count('tombstones') > 0) {
    await runStatement(context, mergeRemovedSql({ ...merge, removed }), options);
  }
  await runStatement(context, mergeSql({ ...merge, target: home.place, removed }), options);
  const { storage } = await storageAsOfNow(context, { ...home, key: stored.key, columns, removed });
  const rows = current.rows + count('added') - count('removed');
  return {
    version: { table, columns, rows, storage: asStorage(storage) },
    read,
    upserted: count('upserted'),
    deleted: count('removed'),
    ...aside,
  };
}

/** A table whose columns are the version's: the same one, changed where Iceberg can, or else a new one. */
async function tableFor(
  context: EngineContext,
  { table, columns }: TableVersion,
  stored: IcebergStorage,
  versionId: string,
): Promise<{ place: TableAddress; folder: string }> {
  const held = new Map(stored.columns.map(({ name, type }) => [name, type]));
  if (columns.every(({ name, type }) => isPromotion(storedType(held.get(name) ?? type), storedType(type)))) {
    const { metadata } = await currentMetadata(context, stored.place);
    const fields = new Map(metadata.fields.map((field) => [field.name, field.type]));
    const isAsWanted = columns.every(({ name, type }) => fields.get(name) === icebergType(type));
    if (!isAsWanted) {
      await evolveIcebergTable(context, stored.place, stored.folder, metadata, [...columns, HIDDEN]);
    }
    return stored;
  }
  return copyInto(context, table, stored, columns, versionId);
}

/** The rows of a version with these columns and no others, in a table of their own. See `QueryEngine.withColumns`. */
export async function withColumns(
  context: EngineContext,
  version: TableVersion,
  columns: readonly TableColumn[],
  versionId: string,
  rekeyed?: Rekeyed,
): Promise<TableVersion> {
  if (rekeyed)
    return withKeyTable(context, version.table, rekeyed.kinds, versionId, (keys) =>
      rewritten(context, version, columns, versionId, { ...rekeyed, keys }),
    );
  return rewritten(context, version, columns, versionId);
}

interface Rekeying extends Rekeyed {
  readonly keys: KeyTable;
}

async function rewritten(
  context: EngineContext,
  version: TableVersion,
  columns: readonly TableColumn[],
  versionId: string,
  rekeying?: Rekeying,
): Promise<TableVersion> {
  const { table, rows } = version;
  const stored = storageOf(version);
  if (stored.kind === 'files' && rekeying) {
    const list = version.columns.map(({ name }) => rekeyedColumn(name, ident(name), rekeying));
    const from = withKeys(`(${versionSelect(version)}) AS rows_before`, rekeying.keys);
    const options = { doing: `Re-keying ${table}`, about: table };
    const select = `SELECT ${list.join(', ')} FROM ${from}`;
    const made = await unloadTable(context, 'staged', table, version.columns, select, versionId, options);
    return { table, columns: version.columns, rows: made.rows, storage: asStorage(made.storage) };
  }
  if (stored.kind !== 'iceberg') throw notMerged(table, 'its version was not made from keyed records');
  const fresh = await copyInto(context, table, stored, columns, versionId, rekeying);
  const { key, removed } = stored;
  const { storage } = await storageAsOfNow(context, { ...fresh, key, columns: [...columns], removed });
  return { table, columns: [...columns], rows, storage: asStorage(storage) };
}

/** A new table with the rows of a version, in these columns. */
async function copyInto(
  context: EngineContext,
  table: string,
  stored: IcebergStorage,
  columns: readonly TableColumn[],
  versionId: string,
  rekeying?: Rekeying,
): Promise<{ place: TableAddress; folder: string }> {
  const fresh = freshName(context, 'staged', table, versionId);
  await createIcebergTable(context, fresh.place, fresh.folder, [...columns, HIDDEN]);
  const names = idents([...columns.map(({ name }) => name), HIDDEN.name]);
  const sql = `INSERT INTO ${tableName(fresh.place)} (${names})
${storedRows(stored, columns, rekeying)}`;
  await runStatement(context, sql, { doing: `Writing ${table} again with other columns`, about: table });
  return fresh;
}

/** What a version's table holds, in these columns as a table keeps them, and its `_ts`. */
export function storedRows(
  stored: IcebergStorage,
  columns: readonly TableColumn[],
  rekeying?: Rekeying,
): string {
  const held = new Map(stored.columns.map(({ name, type }) => [name, type]));
  const list = columns.map((column) => {
    const value = asStored(fromStored(column, held.get(column.name)), column.type, column.type);
    return rekeyedColumn(column.name, value, rekeying);
  });
  return `SELECT ${list.join(', ')}, "_ts" FROM ${withKeys(sourceOf(stored), rekeying?.keys)}`;
}

/** A column of a table that is written again, with the pseudonyms by the keys of now. */
function rekeyedColumn(name: string, value: string, rekeying: Rekeying | undefined): string {
  const kind = rekeying?.kinds[name];
  const now =
    rekeying && kind !== undefined ? rekeyExpression(value, kind, rekeying.keys.keys, rekeying.made) : value;
  return `${now} AS ${ident(name)}`;
}

/** A table for the keys that are removed from now on. */
async function removedTable(
  context: EngineContext,
  { table, columns }: TableVersion,
  spec: StagedTableSpec,
  versionId: string,
): Promise<TableAddress> {
  const { place, folder } = freshName(context, 'staged', table, `removed_${versionId}`);
  const key = spec.key.map((name) => columns.find((column) => column.name === name)!);
  await createIcebergTable(context, place, folder, [...key, HIDDEN]);
  return place;
}

function mergeableStorage(current: TableVersion, spec: StagedTableSpec): IcebergStorage {
  const storage = storageOf(current);
  const problem = reasonNotToMerge(storage.kind === 'iceberg' ? storage.key : undefined, spec);
  if (problem === undefined && storage.kind === 'iceberg') return storage;
  throw notMerged(current.table, problem ?? '');
}

/** Removed keys are remembered in the key's type. */
function checkKey(current: TableVersion, columns: readonly TableColumn[], spec: StagedTableSpec): void {
  const typeOf = (list: readonly TableColumn[], name: string) => list.find((c) => c.name === name)?.type;
  const changed = spec.key.find((name) => typeOf(current.columns, name) !== typeOf(columns, name));
  if (changed === undefined) return;
  throw notMerged(
    current.table,
    `its key ${changed} was ${typeOf(current.columns, changed)} and is now ${typeOf(columns, changed)}`,
  );
}

const notMerged = (table: string, problem: string): AthenaError =>
  new AthenaError(`Changes cannot be merged into ${table}: ${problem}.`, {
    about: table,
    hint: 'load a snapshot of the dataset',
  });

/** Nothing new: the same snapshot, only perhaps read with more or wider columns. */
const unchanged = (current: TableVersion, columns: TableColumn[], read: number): StageResult => ({
  version: { ...current, columns },
  read,
  upserted: 0,
  deleted: 0,
});
