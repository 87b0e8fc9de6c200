import type { LakeType } from '../../../campus/lake-type.ts';
import type { StagedColumn, StagedTableSpec } from '../../../ports/staging.ts';
import type { TableColumn } from '../../../ports/tables.ts';
import { convert, parseText, sortableInstant } from './convert.ts';
import { storedMask } from './mask-sql.ts';
import { type ParquetColumn, reportedValue } from './parquet-columns.ts';
import { idExpression, KEYS, pseudonymExpression } from './pseudonym-sql.ts';
import { ident, tableName, text } from './sql-text.ts';
import type { TableAddress } from './storage.ts';
import { storedType, trinoType } from './types.ts';

/** The relation of the keys of pseudonyms, and how many the campus has. */
export interface KeyTable {
  readonly place: TableAddress;
  readonly keys: number;
}

/** Keys next to the rows of a statement. */
export const withKeys = (from: string, keys: KeyTable | undefined): string =>
  keys ? `${from} CROSS JOIN ${tableName(keys.place)} AS ${KEYS}` : from;

/** Raw files of one load, registered as an external table. */
export interface RawTable {
  readonly place: TableAddress;
  /** Where the spec needs it. */
  readonly keys?: KeyTable;
  /** The columns that Parquet files report; of JSON Lines, which are read as lines, undefined. */
  readonly reported?: readonly ParquetColumn[];
}

/** How one column comes out of a raw record. */
export interface RawColumn {
  readonly name: string;
  /** Its value in the type in which the staged table keeps it. */
  readonly value: string;
  /** True where the record holds a value that has no place in the type; undefined where that cannot be. */
  readonly misfit?: string;
}

/** Everything that a statement needs to read a load. */
export interface RawSource {
  /** The files alone. */
  readonly table: string;
  /** The files next to the keys of pseudonyms, where there are any. */
  readonly from: string;
  readonly columns: readonly RawColumn[];
  /** The source's commit time, or the place among its changes, as a text that sorts like it. */
  readonly ts: string;
  /** Whether a record removes its key; null where it says something else than that it does or does not. */
  readonly deleted: string;
  /** True for a record that cannot be read at all. */
  readonly damaged: string;
}

/** Reads DAP records: from lines of JSON, or from Parquet with the structs `meta`, `key` and `value`. */
export function dapSource(spec: StagedTableSpec, columns: readonly TableColumn[], raw: RawTable): RawSource {
  const read = raw.reported ? parquetReader(raw.reported) : readLine;
  const meta = (name: string, type: LakeType) =>
    read('meta', name, type)?.value ?? `CAST(NULL AS ${trinoType(type)})`;
  return {
    ...readColumns(spec, columns, raw, read),
    ts: sortableInstant(meta('ts', 'timestamp')),
    deleted: deletedSql(meta('action', 'varchar'), spec.keyOnly ? undefined : valueIsThere(raw)),
    damaged: raw.reported ? 'false' : 'TRY(json_parse(line)) IS NULL',
  };
}

/**
 * An action says in letters of either case whether a record removes its key; without one, a record that has no value
 * does (Instructure's FAQ of Canvas Data 2). A snapshot's records carry no action: they are upserts.
 * @param hasValue whether a record has its value; undefined: records of this table never have
 */
function deletedSql(action: string, hasValue: string | undefined): string {
  const unsaid = hasValue ? `NOT (${hasValue})` : 'false';
  return `CASE WHEN ${action} IS NULL THEN ${unsaid} WHEN lower(${action}) = 'd' THEN true WHEN lower(${action}) = 'u' THEN false END`;
}

function valueIsThere({ reported }: RawTable): string | undefined {
  if (!reported) return `coalesce(json_extract(line, '$["value"]') <> JSON 'null', false)`;
  return reported.some(({ name }) => name === 'value') ? `${ident('value')} IS NOT NULL` : undefined;
}

/** The parts of a source that are the same in every layout. */
export function readColumns(
  spec: StagedTableSpec,
  columns: readonly TableColumn[],
  raw: RawTable,
  read: Reader,
): Pick<RawSource, 'table' | 'from' | 'columns'> {
  const table = tableName(raw.place);
  return {
    table,
    from: withKeys(table, raw.keys),
    columns: spec.columns.map((column) =>
      rawColumn(column, typeIn(columns, column), read, raw.keys?.keys ?? 0, spec),
    ),
  };
}

interface Read {
  readonly value: string;
  readonly misfit?: string;
}

/** How a value is read; undefined where the files have none of the name. */
export type Reader = (section: string, name: string, type: LakeType) => Read | undefined;

function rawColumn(
  column: StagedColumn,
  target: LakeType,
  read: Reader,
  keys: number,
  spec: StagedTableSpec,
): RawColumn {
  const { name } = column;
  const section = column.section ?? 'value';
  const nothing = `CAST(NULL AS ${trinoType(storedType(target))})`;
  if (column.absent) return { name, value: nothing };
  if (column.treatment === 'pseudonym') {
    const id = read(section, column.source, 'varchar');
    return {
      name,
      value: id
        ? pseudonymExpression(idExpression(id.value, column), column.pseudonymKind ?? name, keys)
        : nothing,
    };
  }
  const found = read(section, column.source, column.type);
  if (!found) return { name, value: nothing };
  const value =
    column.treatment === 'mask' ? storedMask(column, found.value, siblingIn(spec, read)) : found.value;
  return { name, value: asStored(value, column.type, target), misfit: found.misfit };
}

/** Reads other columns of the record as the source has them. */
function siblingIn({ columns }: StagedTableSpec, read: Reader) {
  return (name: string) => {
    const by = columns.find((one) => one.name === name && !one.absent);
    const found = by && read(by.section ?? 'value', by.source, by.type);
    return found && { sql: found.value, type: by.type };
  };
}

/** A value of the spec's type in the type that the table keeps: perhaps a wider one, and times as text. */
export function asStored(value: string, type: LakeType, target: LakeType): string {
  const wide = convert(value, type, target);
  return target === 'time' ? convert(wide, 'time', 'varchar') : wide;
}

const typeIn = (columns: readonly TableColumn[], column: TableColumn): LakeType =>
  columns.find(({ name }) => name === column.name)?.type ?? column.type;

/**
 * A value out of a line of JSON: of the text as it stands there, so that a 64-bit id stays exact. A text column
 * that holds an object or a list gives its JSON.
 */
function readLine(section: string, name: string, type: LakeType): Read {
  const path = text(`$[${JSON.stringify(section)}][${JSON.stringify(name)}]`);
  const scalar = `json_extract_scalar(line, ${path})`;
  const any = `nullif(json_format(json_extract(line, ${path})), 'null')`;
  if (type === 'varchar') return { value: `coalesce(${scalar}, ${any})` };
  const value = parseText(scalar, type);
  return { value, misfit: `${value} IS NULL AND ${any} IS NOT NULL` };
}

/** A value out of a struct of a Parquet file; undefined where the files have no such field. */
function parquetReader(reported: readonly ParquetColumn[]): Reader {
  return (section, name, type) => {
    const field = reported.find((c) => c.name === section)?.fields?.find((f) => f.name === name);
    return field && reportedValue(`${ident(section)}.${ident(name)}`, field, type);
  };
}
