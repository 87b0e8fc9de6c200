import { dirname } from 'node:path/posix';
import type { StagedColumn, StagedTableSpec, StageResult } from '../../../ports/staging.ts';
import type { TableColumn } from '../../../ports/tables.ts';
import { mayBeCut } from './cut-values.ts';
import type { EngineContext } from './engine-context.ts';
import { AthenaError, RawDataError } from './errors.ts';
import { storedMask } from './mask-sql.ts';
import { freshName } from './names.ts';
import { filesIn, newFiles, registerParquet } from './new-files.ts';
import { type ParquetColumn, reportedValue } from './parquet-columns.ts';
import { idExpression, pseudonymExpression } from './pseudonym-sql.ts';
import { asStored, type RawTable, withKeys } from './raw-dap.ts';
import { readFooters, withRawTable } from './raw-tables.ts';
import { firstRow } from './result-pages.ts';
import { ident, tableName } from './sql-text.ts';
import { asStorage, type FilesStorage } from './storage.ts';
import { trinoType } from './types.ts';
import { unloadTable } from './unload.ts';

/**
 * A full load in flat Parquet is read where it lies: no copy. Only where the files' types are not the catalog's, or
 * pseudonyms or masks are to be made, is it written again.
 */
export async function replaceDms(
  context: EngineContext,
  spec: StagedTableSpec,
  files: readonly string[],
  versionId: string,
): Promise<StageResult> {
  if (spec.format !== 'parquet') {
    throw new AthenaError(`${spec.table} was delivered as ${spec.format}; the SIS is loaded as Parquet.`, {
      about: spec.table,
    });
  }
  const columns = spec.columns.map(({ name, type }) => ({ name, type }));
  const done = (rows: number, storage: FilesStorage): StageResult => ({
    version: { table: spec.table, columns, rows, storage: asStorage(storage) },
    read: rows,
    upserted: rows,
    deleted: 0,
  });
  const footers = await readFooters(context, spec, files);
  const reported = new Map(footers.columns.map((column) => [column.name, column]));
  if (files.length > 0) checkColumns(spec, reported);
  if (files.length === 0) return done(0, await newFiles(context, 'staged', spec.table, columns, versionId));
  const location = await wholeFolder(context, files);
  if (location !== undefined && spec.columns.every((column) => isDirect(column, reported))) {
    // Values are measured where one can be too long; then the files become a table for as long as that takes.
    if (mayBeCut(spec, footers).length > 0) {
      await withRawTable(context, spec, files, versionId, async () => undefined);
    }
    return done(footers.rows, await readInPlace(context, spec, location, columns, versionId));
  }
  return withRawTable(context, spec, files, versionId, async (raw) => {
    await checkValues(context, spec, reported, raw);
    const list = spec.columns.map(
      (c) => `${columnValue(spec, c, reported, raw.keys?.keys ?? 0)} AS ${ident(c.name)}`,
    );
    const from = withKeys(tableName(raw.place), raw.keys);
    const select = `SELECT ${list.join(',\n  ')} FROM ${from}`;
    const options = { doing: `Staging a full load of ${spec.table}`, about: spec.table };
    const made = await unloadTable(context, 'staged', spec.table, columns, select, versionId, options);
    return done(made.rows, made.storage);
  });
}

/** The folder (`s3://…/`) in which these files and no others lie. */
async function wholeFolder(
  { objects }: EngineContext,
  files: readonly string[],
): Promise<string | undefined> {
  const [folder, ...others] = new Set(files.map((file) => `${dirname(file)}/`));
  if (folder === undefined || others.length > 0) return undefined;
  return (await filesIn(objects, folder)).length === files.length ? folder : undefined;
}

/** The files are the table. */
async function readInPlace(
  context: EngineContext,
  spec: StagedTableSpec,
  location: string,
  columns: readonly TableColumn[],
  versionId: string,
): Promise<FilesStorage> {
  const { place, folder } = freshName(context, 'staged', spec.table, versionId);
  await registerParquet(context, place, location, columns);
  return { kind: 'files', place, folder, location, columns: [...columns] };
}

type Reported = ReadonlyMap<string, ParquetColumn>;

/** Whether the files say what the catalog says, under the name that the catalog gives. */
function isDirect(column: StagedColumn, reported: Reported): boolean {
  // A column that no file has is null to a reader by name.
  if (column.absent) return !reported.has(column.name);
  if (column.treatment !== 'keep' || column.type === 'time') return false;
  return column.source.toLowerCase() === column.name && reported.get(column.source)?.type === column.type;
}

/** @throws RawDataError when the files lack a column (the catalog and the source disagree) or Athena cannot read it */
export function checkColumns(spec: StagedTableSpec, reported: Reported): void {
  const time = spec.columns.find((column) => !column.absent && reported.get(column.source)?.type === 'time');
  if (time) {
    throw new RawDataError(
      `The delivered files of ${spec.table} hold "${time.source}" as a time of day, which Athena cannot read.`,
      {
        about: spec.table,
        hint: 'let it be written as text: the mappings derived from the catalog do, by change-data-type',
      },
    );
  }
  const lacking = spec.columns.find((column) => !column.absent && !reported.has(column.source));
  if (!lacking) return;
  throw new RawDataError(`The delivered files of ${spec.table} have no column "${lacking.source}".`, {
    about: spec.table,
    hint: '`lake discover` compares the catalog with the source',
  });
}

/** Reads other columns of the row as the source has them. */
function siblingIn({ columns }: StagedTableSpec, reported: Reported) {
  return (name: string) => {
    const by = columns.find((one) => one.name === name && !one.absent);
    const found = by && reported.get(by.source);
    return (
      found && { sql: reportedValue(ident(by.source.toLowerCase()), found, by.type).value, type: by.type }
    );
  };
}

function columnValue(spec: StagedTableSpec, column: StagedColumn, reported: Reported, keys: number): string {
  const found = reported.get(column.source);
  if (column.absent || !found) return `CAST(NULL AS ${trinoType(column.type)})`;
  const name = ident(column.source.toLowerCase());
  if (column.treatment === 'pseudonym') {
    return pseudonymExpression(
      idExpression(reportedValue(name, found, 'varchar').value, column),
      column.pseudonymKind ?? column.name,
      keys,
    );
  }
  const plain = reportedValue(name, found, column.type).value;
  const masked = column.treatment === 'mask' ? storedMask(column, plain, siblingIn(spec, reported)) : plain;
  const value = asStored(masked, column.type, column.type);
  return column.type === 'timestamp' ? `CAST(${value} AS timestamp(3))` : value;
}

/** Casts that can fail are tried on every row now, and not, days later, in somebody's query. */
async function checkValues(
  context: EngineContext,
  spec: StagedTableSpec,
  reported: Reported,
  raw: RawTable,
): Promise<void> {
  const risky = spec.columns.flatMap((column) => {
    const found = reported.get(column.source);
    if (!found || column.absent || column.treatment === 'pseudonym') return [];
    const { misfit } = reportedValue(ident(column.source.toLowerCase()), found, column.type);
    return misfit ? [{ column, found, misfit }] : [];
  });
  if (risky.length === 0) return;
  const counts = risky.map(({ misfit }, i) => `count_if(${misfit}) AS m${i}`);
  const options = { doing: `Reading the raw files of ${spec.table}`, about: spec.table };
  const row = await firstRow(context, `SELECT ${counts.join(', ')} FROM ${tableName(raw.place)}`, options);
  for (const [i, { column, found }] of risky.entries()) {
    const misfits = Number(row[`m${i}`] ?? 0);
    if (misfits === 0) continue;
    throw new RawDataError(
      `${misfits} value${misfits === 1 ? '' : 's'} of ${spec.table}.${column.name} ${misfits === 1 ? 'does' : 'do'} not fit the type ${column.type} that the catalog gives it (the files say ${found.type ?? found.hive}).`,
      { about: spec.table, hint: 'widen the type in the catalog, or correct the source' },
    );
  }
}
