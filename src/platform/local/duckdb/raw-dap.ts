import type { DuckDBConnection } from '@duckdb/node-api';
import type { StagedColumn, StagedTableSpec } from '../../../ports/staging.ts';
import type { TableColumn } from '../../../ports/tables.ts';
import type { PseudonymKeys } from '../../../privacy/pseudonym.ts';
import { EngineError, missingKey } from './errors.ts';
import { storedMask } from './mask-sql.ts';
import { idExpression, pseudonymExpression } from './pseudonym-sql.ts';
import { describe } from './session.ts';
import { ident, text, textList } from './sql-text.ts';
import { duckType, toLake, tryLake, utcTimestamp } from './types.ts';

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
  readonly pseudonymKeys?: PseudonymKeys;
  /** Bytes of the longest JSON line to make room for. Default: 2 MB. */
  readonly longestLine?: number;
  /** Whether a value that does not fit its column becomes null. Default: it fails. */
  readonly setsAside?: boolean;
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

/** The records of a DAP load, as an engine's expressions. */
export interface DapRecords {
  readonly from: string;
  /** The value of a column, and the type in which the files give it; undefined where they have none. */
  value(column: StagedColumn): { readonly value: string; readonly type: string } | undefined;
  readonly ts: string;
  readonly deleted: string;
}

/**
 * A SELECT over the files of a DAP load: the columns, `_ts` (the source's commit time) and `_deleted`, which is null
 * where nobody can tell. Types are declared, never guessed, so a 64-bit id stays exact.
 */
export async function dapSelect(connection: DuckDBConnection, read: RawRead): Promise<string> {
  const records = await dapRecords(connection, read);
  const list = read.spec.columns.map((column) => outputColumn(read, column, records));
  return `SELECT ${list.join(', ')}, ${records.ts} AS _ts, ${records.deleted} AS _deleted FROM ${records.from}`;
}

/** @throws EngineError for a format that is not staged */
export async function dapRecords(connection: DuckDBConnection, read: RawRead): Promise<DapRecords> {
  const { spec } = read;
  if (spec.format === 'jsonl') return jsonRecords(read);
  if (spec.format === 'parquet') return parquetRecords(connection, read);
  throw new EngineError(`${spec.table} was delivered as ${spec.format}, which the engine does not stage.`, {
    about: spec.table,
    hint: 'ask the source for jsonl or parquet (format: in campus.yaml)',
  });
}

/**
 * Whether a record removes its key. An action says so in letters of either case; without one, a record that has no
 * value does (Instructure's FAQ of Canvas Data 2). A snapshot's records carry no action: they are upserts. Null: it
 * says something else.
 * @param hasValue whether a record has its value; undefined: records of this table never have
 */
function deletedSql(action: string | undefined, hasValue: string | undefined): string {
  const unsaid = hasValue ? `NOT (${hasValue})` : 'false';
  if (action === undefined) return unsaid;
  return `CASE WHEN ${action} IS NULL THEN ${unsaid} WHEN lower(${action}) = 'd' THEN true WHEN lower(${action}) = 'u' THEN false END`;
}

/**
 * The type under which a column is read from JSON. What DuckDB's reader would round or cut on the way is read as the
 * text that stands there; so is everything where misfits are set aside, and what becomes a pseudonym.
 */
function jsonType(column: StagedColumn, { setsAside }: RawRead): string {
  const { type } = column;
  const asText = setsAside || column.treatment === 'pseudonym' || /^(integer|bigint|date|decimal)/.test(type);
  if (asText) return 'VARCHAR';
  return type === 'timestamp' ? 'TIMESTAMP WITH TIME ZONE' : duckType(type);
}

function jsonRecords(read: RawRead): DapRecords {
  const { spec } = read;
  const section = (name: 'key' | 'value') => spec.columns.filter((column) => sectionOf(column) === name);
  // Names of a struct must differ in more than case; those of JSON need not.
  const isStruct = (name: 'key' | 'value') =>
    new Set(section(name).map(({ source }) => source.toLowerCase())).size === section(name).length;
  const declared = (['key', 'value'] as const).map((name) => {
    const fields = section(name).map((column) => `${ident(column.source)} ${jsonType(column, read)}`);
    // A value is looked for even where nothing of it is kept.
    const type = isStruct(name) && fields.length > 0 ? `STRUCT(${fields.join(', ')})` : 'JSON';
    return `${name}: ${text(type)}`;
  });
  const meta = `meta: 'STRUCT(ts ${read.setsAside ? 'VARCHAR' : 'TIMESTAMPTZ'}, "action" VARCHAR)'`;
  return {
    from: `read_json(${textList(read.paths)}, format = 'newline_delimited', auto_detect = false,
    maximum_object_size = ${read.longestLine ?? USUAL_LINE_BYTES}, columns = {${[meta, ...declared].join(', ')}})`,
    value(column) {
      const name = sectionOf(column);
      if (column.absent) return undefined;
      if (name === 'meta' || isStruct(name)) {
        return { value: `${name}.${ident(column.source)}`, type: jsonType(column, read) };
      }
      return {
        value: `json_extract_string(${name}, ${text(`$.${jsonName(column.source)}`)})`,
        type: 'VARCHAR',
      };
    },
    ts: read.setsAside ? tryLake('meta.ts', 'VARCHAR', 'timestamp') : utcTimestamp('meta.ts'),
    deleted: deletedSql('meta."action"', spec.keyOnly ? undefined : 'value IS NOT NULL'),
  };
}

const jsonName = (name: string): string => `"${name.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

async function parquetRecords(connection: DuckDBConnection, read: RawRead): Promise<DapRecords> {
  const from = `read_parquet(${textList(read.paths)}, union_by_name = true)`;
  const sections = new Set((await describe(connection, `SELECT * FROM ${from}`)).map((c) => c.name));
  const reported = new Map<string, string>();
  for (const section of ['meta', 'key', 'value']) {
    if (!sections.has(section)) continue;
    for (const field of await describe(connection, `SELECT unnest(${section}) FROM ${from}`)) {
      reported.set(`${section}.${field.name}`, field.type);
    }
  }
  const tsType = reported.get('meta.ts');
  const convert = read.setsAside ? tryLake : toLake;
  return {
    from,
    value(column) {
      const type = reported.get(`${sectionOf(column)}.${column.source}`);
      return type === undefined ? undefined : { value: `${sectionOf(column)}.${ident(column.source)}`, type };
    },
    ts: tsType === undefined ? 'CAST(NULL AS TIMESTAMP)' : convert('meta.ts', tsType, 'timestamp'),
    deleted: deletedSql(
      reported.has('meta.action') ? 'meta."action"' : undefined,
      sections.has('value') && !read.spec.keyOnly ? 'value IS NOT NULL' : undefined,
    ),
  };
}

function outputColumn(read: RawRead, column: StagedColumn, records: DapRecords): string {
  const target = read.columns.find((c) => c.name === column.name)?.type ?? column.type;
  const name = ident(column.name);
  const found = records.value(column);
  const sibling = (by: StagedColumn) => {
    const value = records.value(by);
    return value && { sql: tryLake(value.value, value.type, by.type), type: by.type };
  };
  if (!found) return `CAST(NULL AS ${duckType(target)}) AS ${name}`;
  if (column.treatment === 'pseudonym') {
    if (!read.pseudonymKeys) throw missingKey(read.spec.table, column.name);
    const id = idExpression(toLake(found.value, found.type, 'varchar'), column);
    return `${pseudonymExpression(id, column.pseudonymKind ?? column.name, read.pseudonymKeys)} AS ${name}`;
  }
  const convert = read.setsAside ? tryLake : toLake;
  const plain = convert(found.value, found.type, column.type);
  const typed = column.treatment === 'mask' ? storedMask(column, plain, { ...read, sibling }) : plain;
  return `${target === column.type ? typed : toLake(typed, duckType(column.type), target)} AS ${name}`;
}

export const sectionOf = (column: StagedColumn): 'key' | 'value' | 'meta' => column.section ?? 'value';
