import type { DuckDBConnection } from '@duckdb/node-api';
import type { StagedColumn, StagedTableSpec } from '../../ports/staging.ts';
import type { TableColumn } from '../../ports/tables.ts';
import { EngineError } from './errors.ts';
import { pseudonymExpression } from './pseudonym-sql.ts';
import { describe } from './session.ts';
import { ident, text, textList } from './sql-text.ts';
import { duckType, toLake, utcTimestamp } from './types.ts';

/**
 * DuckDB keeps two buffers of the longest line for every thread and file, so room for the rare giant is made only
 * where one is met. Canvas has values of several megabytes; a longer line than the longest is an error.
 */
const USUAL_LINE_BYTES = 2 * 1024 * 1024;
const LONGEST_LINE_BYTES = 64 * 1024 * 1024;

export interface RawRead {
  readonly spec: StagedTableSpec;
  /** Absolute paths. */
  readonly paths: readonly string[];
  /** The types that the rows shall have, by name: at least as wide as the spec's. */
  readonly columns: readonly TableColumn[];
  /** Needed where a column is pseudonymised. */
  readonly pseudonymKey?: Buffer;
  /** Bytes of the longest JSON line to make room for. Default: 2 MB. */
  readonly longestLine?: number;
}

/** Reads with room for usual lines, and once more with room for the longest where one turns out to be longer. */
export async function withRoomForLines<T>(read: RawRead, work: (read: RawRead) => Promise<T>): Promise<T> {
  try {
    return await work(read);
  } catch (error) {
    if (!(error instanceof Error && error.message.includes('maximum_object_size'))) throw error;
    return work({ ...read, longestLine: LONGEST_LINE_BYTES });
  }
}

/**
 * A SELECT over the files of a DAP load: the columns, `_ts` (the source's commit time) and `_deleted`. A snapshot's
 * records carry no action: they are upserts. Types are declared, never guessed, so a 64-bit id stays exact.
 */
export async function dapSelect(connection: DuckDBConnection, read: RawRead): Promise<string> {
  const { spec } = read;
  if (spec.format === 'jsonl') return jsonlSelect(read);
  if (spec.format === 'parquet') return parquetSelect(connection, read);
  throw new EngineError(`${spec.table} was delivered as ${spec.format}, which the engine does not stage.`, {
    about: spec.table,
    hint: 'ask the source for jsonl or parquet (format: in campus.yaml)',
  });
}

/** The type under which a column is read from JSON: pseudonyms from the text as it stands. */
const jsonType = (column: StagedColumn): string =>
  column.treatment === 'pseudonym'
    ? 'VARCHAR'
    : column.type === 'timestamp'
      ? 'TIMESTAMP WITH TIME ZONE'
      : duckType(column.type);

function jsonlSelect(read: RawRead): string {
  const { spec } = read;
  const fields = (section: 'key' | 'value') =>
    spec.columns
      .filter((column) => sectionOf(column) === section)
      .map((column) => `${ident(column.source)} ${jsonType(column)}`);
  const structs = [
    `meta: 'STRUCT(ts TIMESTAMPTZ, "action" VARCHAR)'`,
    ...(['key', 'value'] as const).flatMap((section) =>
      fields(section).length ? [`${section}: ${text(`STRUCT(${fields(section).join(', ')})`)}`] : [],
    ),
  ];
  const from = `read_json(${textList(read.paths)}, format = 'newline_delimited', auto_detect = false,
    maximum_object_size = ${read.longestLine ?? USUAL_LINE_BYTES}, columns = {${structs.join(', ')}})`;
  const list = spec.columns.map((column) =>
    outputColumn(read, column, column.absent ? undefined : jsonType(column)),
  );
  return `SELECT ${list.join(', ')}, ${utcTimestamp('meta.ts')} AS _ts,
    coalesce(meta."action" = 'D', false) AS _deleted FROM ${from}`;
}

async function parquetSelect(connection: DuckDBConnection, read: RawRead): Promise<string> {
  const from = `read_parquet(${textList(read.paths)}, union_by_name = true)`;
  const sections = new Set((await describe(connection, `SELECT * FROM ${from}`)).map((c) => c.name));
  const reported = new Map<string, string>();
  for (const section of ['meta', 'key', 'value']) {
    if (!sections.has(section)) continue;
    for (const field of await describe(connection, `SELECT unnest(${section}) FROM ${from}`)) {
      reported.set(`${section}.${field.name}`, field.type);
    }
  }
  const list = read.spec.columns.map((column) => {
    const type = reported.get(`${sectionOf(column)}.${column.source}`);
    return outputColumn(read, column, type);
  });
  const tsType = reported.get('meta.ts');
  const ts = tsType === undefined ? 'CAST(NULL AS TIMESTAMP)' : toLake('meta.ts', tsType, 'timestamp');
  const deleted = reported.has('meta.action') ? `coalesce(meta."action" = 'D', false)` : 'false';
  return `SELECT ${list.join(', ')}, ${ts} AS _ts, ${deleted} AS _deleted FROM ${from}`;
}

/** @param reported the type in which the file gives it; undefined: the file has no such column */
function outputColumn(read: RawRead, column: StagedColumn, reported: string | undefined): string {
  const target = read.columns.find((c) => c.name === column.name)?.type ?? column.type;
  const name = ident(column.name);
  if (reported === undefined) return `CAST(NULL AS ${duckType(target)}) AS ${name}`;
  const value = `${sectionOf(column)}.${ident(column.source)}`;
  if (column.treatment === 'pseudonym') {
    if (!read.pseudonymKey) throw missingKey(read.spec.table, column.name);
    const id = toLake(value, reported, 'varchar');
    return `${pseudonymExpression(id, column.pseudonymKind ?? column.name, read.pseudonymKey)} AS ${name}`;
  }
  const typed = toLake(value, reported, column.type);
  return `${target === column.type ? typed : toLake(typed, duckType(column.type), target)} AS ${name}`;
}

export const sectionOf = (column: StagedColumn): 'key' | 'value' | 'meta' => column.section ?? 'value';

export function missingKey(table: string, column: string): EngineError {
  return new EngineError(
    `${table}.${column} shall become a pseudonym, but this campus has no key for them.`,
    {
      about: table,
      hint: 'set privacy.key in campus.yaml to where the secret key lies',
    },
  );
}
