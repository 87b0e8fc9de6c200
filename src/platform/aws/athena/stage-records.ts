import type { StagedTableSpec, StageResult } from '../../../ports/staging.ts';
import type { TableColumn } from '../../../ports/tables.ts';
import type { EngineContext } from './engine-context.ts';
import { AthenaError, RawDataError } from './errors.ts';
import { createIcebergTable, currentMetadata } from './iceberg-tables.ts';
import {
  fileNameOf,
  type Inspection,
  inspectionOf,
  inspectionSql,
  misfitFileSql,
  misfitsIn,
  newestPerKeySql,
  rowsSql,
} from './inspect.ts';
import { freshName } from './names.ts';
import { rawSource } from './raw-changes.ts';
import type { RawSource } from './raw-dap.ts';
import { withRawTable } from './raw-tables.ts';
import { firstRow } from './result-pages.ts';
import { runStatement } from './run-statement.ts';
import { idents, tableName } from './sql-text.ts';
import { asStorage, type IcebergStorage, type TableAddress } from './storage.ts';

/** In addition to the columns of a staged table: the source's commit time of the row. */
export const HIDDEN: TableColumn = { name: '_ts', type: 'varchar' };

/** A table of its own that holds exactly the rows of the raw files: nobody knows it before the step is done. */
export async function replaceRecords(
  context: EngineContext,
  spec: StagedTableSpec,
  files: readonly string[],
  versionId: string,
): Promise<StageResult> {
  checkFormat(spec);
  const { table, key } = spec;
  const columns = spec.columns.map(({ name, type }) => ({ name, type }));
  const { place, folder } = freshName(context, 'staged', table, versionId);
  await createIcebergTable(context, place, folder, [...columns, HIDDEN]);
  const { rows: read, setAside } =
    files.length === 0 ? { rows: 0 } : await fill(context, spec, columns, files, versionId, place);
  const storage = await storageAsOfNow(context, { place, folder, key: [...key], columns, removed: null });
  const rows = storage.rows;
  return {
    version: { table, columns, rows, storage: asStorage(storage.storage) },
    read,
    upserted: rows,
    deleted: 0,
    ...(setAside ? { setAside } : {}),
  };
}

/** @returns `rows`: those read */
async function fill(
  context: EngineContext,
  spec: StagedTableSpec,
  columns: TableColumn[],
  files: readonly string[],
  versionId: string,
  place: TableAddress,
): Promise<{ rows: number; setAside?: StageResult['setAside'] }> {
  return withRawTable(context, spec, files, versionId, async (raw) => {
    const source = rawSource(spec, columns, raw);
    const { rows, repeats, setAside } = await inspect(context, spec, source);
    const names = columns.map(({ name }) => name);
    const sql = `INSERT INTO ${tableName(place)} (${idents([...names, HIDDEN.name])})
SELECT ${idents([...names, HIDDEN.name])} FROM (
${deliveredSql(spec, source, repeats)})
WHERE NOT "_deleted"`;
    await runStatement(context, sql, { doing: `Staging a snapshot of ${spec.table}`, about: spec.table });
    return { rows, setAside };
  });
}

/** The rows of a load, one per key. */
export function deliveredSql(spec: StagedTableSpec, source: RawSource, repeats: boolean): string {
  const rows = rowsSql(source);
  const fold = repeats && spec.key.length > 0;
  return fold
    ? newestPerKeySql(
        rows,
        spec.key,
        spec.columns.map(({ name }) => name),
      )
    : rows;
}

/**
 * Looks at the raw files before they are staged. A value that does not fit is set aside, except in a key and in a
 * column of which the source says that it is never empty.
 * @throws RawDataError when the raw files hold what the table cannot take
 */
export async function inspect(
  context: EngineContext,
  spec: StagedTableSpec,
  source: RawSource,
): Promise<Inspection & Pick<StageResult, 'setAside'>> {
  const options = { doing: `Reading the raw files of ${spec.table}`, about: spec.table };
  const found = await firstRow(context, inspectionSql(spec, source), options);
  const misfits = misfitsIn(source, found).map(({ index, count }) => ({
    index,
    count,
    column: spec.columns[index]!,
  }));
  // Of changes that DMS wrote, the column's type is what its database has: nothing is set aside there.
  const refused = misfits.find(
    ({ column }) => spec.layout !== 'dap' || column.required || spec.key.includes(column.name),
  );
  if (refused) {
    const { name, type } = refused.column;
    const file = fileNameOf((await firstRow(context, misfitFileSql(source, refused.index), options)).file);
    const [values, are] = refused.count === 1 ? ['a value', 'is'] : [`${refused.count} values`, 'are'];
    throw new RawDataError(
      `${spec.table}.${name} holds ${values} that ${are} no ${type} in the raw file ${file}.`,
      {
        about: spec.table,
        hint: `${spec.layout === 'dap' ? 'it is never empty, so its value cannot be set aside: ' : ''}widen the type in the catalog, or ask the source; the raw file is kept as it is`,
      },
    );
  }
  // Only now: a key whose value does not fit is null, and would be said to be missing.
  const inspection = inspectionOf(spec, found);
  if (misfits.length === 0) return inspection;
  return {
    ...inspection,
    setAside: Object.fromEntries(misfits.map(({ column, count }) => [column.name, count])),
  };
}

/** The table as it is now, as the storage of a version, with the rows that Iceberg counts. */
export async function storageAsOfNow(
  context: EngineContext,
  table: Pick<IcebergStorage, 'place' | 'folder' | 'key' | 'columns' | 'removed'>,
): Promise<{ storage: IcebergStorage; rows: number }> {
  const { location, metadata } = await currentMetadata(context, table.place);
  const { current } = metadata;
  return {
    storage: {
      kind: 'iceberg',
      ...table,
      snapshot: current?.id ?? null,
      committedAt: current?.at ?? 0,
      metadata: location,
    },
    rows: Number(current?.summary['total-records'] ?? 0),
  };
}

export function checkFormat(spec: StagedTableSpec): void {
  if (spec.format === 'jsonl' || spec.format === 'parquet') return;
  throw new AthenaError(`${spec.table} was delivered as ${spec.format}, which the engine does not stage.`, {
    about: spec.table,
    hint: 'ask the source for jsonl or parquet (format: in campus.yaml)',
  });
}
