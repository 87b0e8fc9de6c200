import type { StagedTableSpec, StageResult } from '../../ports/staging.ts';
import type { TableColumn } from '../../ports/tables.ts';
import { AthenaError, RawDataError } from './errors.ts';
import { createIcebergTable, currentMetadata } from './iceberg-tables.ts';
import {
  fileNameOf,
  firstMisfit,
  type Inspection,
  inspectionSql,
  judge,
  misfitFileSql,
  newestPerKeySql,
  rowsSql,
} from './inspect.ts';
import { freshName } from './names.ts';
import { rawSource } from './raw-changes.ts';
import type { RawSource } from './raw-dap.ts';
import { withRawTable } from './raw-tables.ts';
import { firstRow } from './result-pages.ts';
import { runStatement } from './run-statement.ts';
import type { Shop } from './shop.ts';
import { idents, tableName } from './sql-text.ts';
import { asStorage, type IcebergStorage, type TablePlace } from './storage.ts';

/** Beside the columns of a staged table: the source's commit time of the row. */
export const HIDDEN: TableColumn = { name: '_ts', type: 'varchar' };

/** A table of its own that holds exactly the rows of the raw files: nobody knows it before the step is done. */
export async function replaceRecords(
  shop: Shop,
  spec: StagedTableSpec,
  files: readonly string[],
  versionId: string,
): Promise<StageResult> {
  checkFormat(spec);
  const { table, key } = spec;
  const columns = spec.columns.map(({ name, type }) => ({ name, type }));
  const { place, folder } = freshName(shop, 'staged', table, versionId);
  await createIcebergTable(shop, place, folder, [...columns, HIDDEN]);
  const read = files.length === 0 ? 0 : await fill(shop, spec, columns, files, versionId, place);
  const storage = await storageAsOfNow(shop, { place, folder, key: [...key], columns, removed: null });
  const rows = storage.rows;
  return {
    version: { table, columns, rows, storage: asStorage(storage.storage) },
    read,
    upserted: rows,
    deleted: 0,
  };
}

/** @returns rows read */
async function fill(
  shop: Shop,
  spec: StagedTableSpec,
  columns: TableColumn[],
  files: readonly string[],
  versionId: string,
  place: TablePlace,
): Promise<number> {
  return withRawTable(shop, spec, files, versionId, async (raw) => {
    const source = rawSource(spec, columns, raw);
    const { rows, repeats } = await inspect(shop, spec, source);
    const names = columns.map(({ name }) => name);
    const sql = `INSERT INTO ${tableName(place)} (${idents([...names, HIDDEN.name])})
SELECT ${idents([...names, HIDDEN.name])} FROM (
${deliveredSql(spec, source, repeats)})
WHERE NOT "_deleted"`;
    await runStatement(shop, sql, { doing: `Staging a snapshot of ${spec.table}`, about: spec.table });
    return rows;
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

/** @throws RawDataError when the raw files hold what the table cannot take */
export async function inspect(shop: Shop, spec: StagedTableSpec, source: RawSource): Promise<Inspection> {
  const options = { doing: `Reading the raw files of ${spec.table}`, about: spec.table };
  const found = await firstRow(shop, inspectionSql(spec, source), options);
  const inspection = judge(spec, found);
  const misfit = firstMisfit(source, found);
  if (!misfit) return inspection;
  const { index, count } = misfit;
  const { name, type } = spec.columns[index]!;
  const file = fileNameOf((await firstRow(shop, misfitFileSql(source, index), options)).file);
  throw new RawDataError(
    `${spec.table}.${name} holds ${count === 1 ? 'a value that is' : `${count} values that are`} no ${type} in the raw file ${file}.`,
    {
      about: spec.table,
      hint: 'widen the type in the catalog, or ask the source; the raw file is kept as it is',
    },
  );
}

/** The table as it stands now, as the storage of a version, with the rows that Iceberg counts. */
export async function storageAsOfNow(
  shop: Shop,
  table: Pick<IcebergStorage, 'place' | 'folder' | 'key' | 'columns' | 'removed'>,
): Promise<{ storage: IcebergStorage; rows: number }> {
  const { location, metadata } = await currentMetadata(shop, table.place);
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
