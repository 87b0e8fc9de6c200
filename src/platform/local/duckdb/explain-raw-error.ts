import { basename } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { StagedColumn } from '../../ports/staging.ts';
import { RawDataError } from './errors.ts';
import { type RawRead, sectionOf } from './raw-dap.ts';
import { rowsOf } from './session.ts';
import { ident, text, textList } from './sql-text.ts';
import { toLake } from './types.ts';

/**
 * Turns DuckDB's complaint about raw JSON Lines, which quotes the value, into one that names dataset, column and
 * file and leaves the value out. Reads the files once more: only ever after a failure.
 */
export async function explainRawError(
  connection: DuckDBConnection,
  read: RawRead,
  error: unknown,
): Promise<RawDataError> {
  if (error instanceof RawDataError) return error;
  const { spec } = read;
  const about = { about: spec.table };
  for (const path of read.paths) {
    const file = basename(path);
    if (spec.format === 'jsonl') {
      const found = await firstMisfit(connection, read, path).catch((cause: Error) => cause);
      if (found instanceof Error) {
        return new RawDataError(`The raw file ${file} of ${spec.table} cannot be read: ${place(found)}.`, {
          ...about,
          hint: 'the file is damaged or cut short: load the dataset again',
        });
      }
      if (found) {
        const { column, rows } = found;
        return new RawDataError(
          `${spec.table}.${column.name} holds ${rows === 1 ? 'a value' : `${rows} values`} that ${rows === 1 ? 'is' : 'are'} no ${column.type} in the raw file ${file}.`,
          {
            ...about,
            hint: 'widen the type in the catalog, or ask the source; the raw file is kept as it is',
          },
        );
      }
    }
  }
  return new RawDataError(`The raw files of ${spec.table} cannot be staged: ${kindOf(error)}.`, {
    ...about,
    hint: 'compare the types in the catalog with `lake discover`; the raw files are kept as they are',
  });
}

async function firstMisfit(
  connection: DuckDBConnection,
  read: RawRead,
  path: string,
): Promise<{ column: StagedColumn; rows: number } | undefined> {
  const bySection = (section: string) => read.spec.columns.filter((c) => sectionOf(c) === section);
  const structs = ['key', 'value'].flatMap((section) => {
    const fields = bySection(section).map((c) => `${ident(c.source)} VARCHAR`);
    return fields.length ? [`${section}: ${text(`STRUCT(${fields.join(', ')})`)}`] : [];
  });
  const from = `read_json(${textList([path])}, format = 'newline_delimited', auto_detect = false, columns = {${structs.join(', ')}})`;
  const tested = read.spec.columns.filter((c) => c.type !== 'varchar' && c.treatment !== 'pseudonym');
  const counts = tested.map((column, i) => {
    const value = `${sectionOf(column)}.${ident(column.source)}`;
    return `count(*) FILTER (${value} IS NOT NULL AND TRY(${toLake(value, 'VARCHAR', column.type)}) IS NULL) AS c${i}`;
  });
  const [row] = await rowsOf(connection, `SELECT count(*) AS n${['', ...counts].join(', ')} FROM ${from}`);
  const index = tested.findIndex((_, i) => Number(row?.[`c${i}`] ?? 0) > 0);
  return index < 0 ? undefined : { column: tested[index]!, rows: Number(row?.[`c${index}`]) };
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
