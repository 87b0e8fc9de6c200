import { basename } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { StagedColumn, StageResult } from '../../../ports/staging.ts';
import { RawDataError } from './errors.ts';
import { dapRecords, type RawRead, withRoomForLines } from './raw-dap.ts';
import { rowsOf } from './session.ts';
import { tryLake } from './types.ts';

type SetAside = NonNullable<StageResult['setAside']>;

/**
 * Reads records; where that fails on values that do not fit their columns, reads them once more with null in the
 * place of those. Only a key, and a column of which the source says that it is never empty, may not lack its value.
 * @throws RawDataError in the lake's own words, for whatever the raw files hold that cannot be read
 */
export async function readSettingAside<T>(
  connection: DuckDBConnection,
  read: RawRead,
  work: (read: RawRead) => Promise<T>,
): Promise<{ result: T; setAside?: SetAside }> {
  try {
    return { result: await withRoomForLines(read, work) };
  } catch (error) {
    if (error instanceof RawDataError) throw error;
    if (read.spec.layout !== 'dap') throw unreadable(read, error);
    const setAside = await misfitsOf(connection, read);
    const result = await withRoomForLines({ ...read, setsAside: true }, work).catch((again) => {
      throw again instanceof RawDataError ? again : unreadable(read, again);
    });
    return { result, ...(Object.keys(setAside).length > 0 ? { setAside } : {}) };
  }
}

function unreadable({ spec }: RawRead, cause: unknown): RawDataError {
  return new RawDataError(`The raw files of ${spec.table} cannot be staged: ${kindOf(cause)}.`, {
    about: spec.table,
    hint: 'compare the types in the catalog with `lake discover`; the raw files are kept as they are',
    cause,
  });
}

/**
 * The values that do not fit, counted by column. Reads the files once more: only ever after a failure. DuckDB quotes
 * the value in its complaint; this names dataset, column and file, and leaves the value out.
 */
async function misfitsOf(connection: DuckDBConnection, read: RawRead): Promise<SetAside> {
  const { spec } = read;
  const found: Record<string, number> = {};
  for (const path of read.paths) {
    const file = basename(path);
    const one: RawRead = { ...read, paths: [path], setsAside: true };
    const misfits = await withRoomForLines(one, (roomy) => countMisfits(connection, roomy)).catch(
      (cause: Error) => {
        throw new RawDataError(`The raw file ${file} of ${spec.table} cannot be read: ${place(cause)}.`, {
          about: spec.table,
          hint: 'the file is damaged: load the dataset again; if it stays, give the job to the support of the source',
          cause,
        });
      },
    );
    for (const { column, rows } of misfits) {
      if (column.required || spec.key.includes(column.name)) throw refused(spec.table, column, rows, file);
      found[column.name] = (found[column.name] ?? 0) + rows;
    }
  }
  return found;
}

async function countMisfits(
  connection: DuckDBConnection,
  read: RawRead,
): Promise<{ column: StagedColumn; rows: number }[]> {
  const records = await dapRecords(connection, read);
  const tested = read.spec.columns.flatMap((column) => {
    const found = records.value(column);
    if (!found || column.type === 'varchar' || column.treatment === 'pseudonym') return [];
    const isMisfit = `${found.value} IS NOT NULL AND ${tryLake(found.value, found.type, column.type)} IS NULL`;
    return [{ column, isMisfit }];
  });
  const counts = tested.map(({ isMisfit }, i) => `count(*) FILTER (${isMisfit}) AS c${i}`);
  const list = ['count(*) AS n', ...counts].join(', ');
  const [row] = await rowsOf(connection, `SELECT ${list} FROM ${records.from}`);
  return tested
    .map(({ column }, i) => ({ column, rows: Number(row?.[`c${i}`] ?? 0) }))
    .filter(({ rows }) => rows > 0);
}

function refused(table: string, { name, type }: StagedColumn, rows: number, file: string): RawDataError {
  const [values, are] = rows === 1 ? ['a value', 'is'] : [`${rows} values`, 'are'];
  return new RawDataError(
    `${table}.${name} holds ${values} that ${are} no ${type} in the raw file ${file}.`,
    {
      about: table,
      hint: 'it is never empty, so its value cannot be set aside: widen the type in the catalog, or ask the source; the raw file is kept as it is',
    },
  );
}

/** Where in the file, without what stands there. */
function place(error: Error): string {
  const line = /line (\d+)/.exec(error.message)?.[1];
  const what = /unexpected end of data|maximum_object_size|Malformed JSON|GZIP|ZSTD/i.exec(
    error.message,
  )?.[0];
  return [what?.toLowerCase() ?? 'not JSON Lines', ...(line ? [`near line ${line}`] : [])].join(' ');
}

/** The kind of a DuckDB error: what stands before the colon, which never holds a value. */
const kindOf = (error: unknown): string =>
  /^([A-Za-z ]+ Error)/.exec(error instanceof Error ? error.message : '')?.[1] ?? 'unknown error';
