import type { DuckDBConnection } from '@duckdb/node-api';
import type { StagedColumn } from '../../../ports/staging.ts';
import { refuseCutValues } from './cut-values.ts';
import { EngineError, missingKey, RawDataError } from './errors.ts';
import { storedMask } from './mask-sql.ts';
import { idExpression, pseudonymExpression } from './pseudonym-sql.ts';
import type { RawRead } from './raw-dap.ts';
import { describe, rowsOf } from './session.ts';
import { ident, textList } from './sql-text.ts';
import { ABSENT, type RawColumn } from './storage.ts';
import { duckType, toLake, tryLake } from './types.ts';

/**
 * How the columns of flat Parquet files become the columns of the spec: names, reported types and casts. A column
 * of the spec that the files lack is an error: the catalog and the source disagree. So are values that may have been cut.
 */
export async function dmsColumns(connection: DuckDBConnection, read: RawRead): Promise<RawColumn[]> {
  const { spec } = read;
  if (spec.format !== 'parquet') {
    throw new EngineError(`${spec.table} was delivered as ${spec.format}; the SIS is loaded as Parquet.`, {
      about: spec.table,
    });
  }
  const reported = await reportedColumns(connection, read);
  const columns = spec.columns.map((column) => {
    const type = column.absent ? ABSENT : reported.get(column.source);
    if (type === undefined) {
      throw new RawDataError(`The delivered files of ${spec.table} have no column "${column.source}".`, {
        about: spec.table,
        hint: '`lake discover` compares the catalog with the source',
      });
    }
    return { name: column.name, type: column.type, source: column.source, reported: type };
  });
  await refuseCutValues(connection, read, columns, fromFiles(read));
  return columns;
}

/** The columns of the files, as they say themselves. */
export async function reportedColumns(
  connection: DuckDBConnection,
  read: RawRead,
): Promise<ReadonlyMap<string, string>> {
  const columns = await describe(connection, `SELECT * FROM ${fromFiles(read)}`);
  return new Map(columns.map(({ name, type }) => [name, type]));
}

/**
 * A SELECT over the files with pseudonyms and masks made: for tables that have to be written again. Columns come in the
 * types of `read.columns`.
 */
export function dmsSelect(
  read: RawRead,
  columns: readonly RawColumn[],
  more: readonly string[] = [],
): string {
  const sibling = (by: StagedColumn) => {
    const { source, reported } = columns[read.spec.columns.indexOf(by)]!;
    return reported === ABSENT ? undefined : { sql: toLake(ident(source), reported, by.type), type: by.type };
  };
  const list = read.spec.columns.map((column, i) => {
    const target = read.columns.find((c) => c.name === column.name)?.type ?? column.type;
    const { source, reported } = columns[i]!;
    const name = ident(column.name);
    if (reported === ABSENT) return `CAST(NULL AS ${duckType(target)}) AS ${name}`;
    if (column.treatment !== 'pseudonym') {
      const plain = toLake(ident(source), reported, column.type);
      const typed = column.treatment === 'mask' ? storedMask(column, plain, { ...read, sibling }) : plain;
      return `${target === column.type ? typed : toLake(typed, duckType(column.type), target)} AS ${name}`;
    }
    if (!read.pseudonymKeys) throw missingKey(read.spec.table, column.name);
    const id = idExpression(toLake(ident(source), reported, 'varchar'), column);
    return `${pseudonymExpression(id, column.pseudonymKind ?? column.name, read.pseudonymKeys)} AS ${name}`;
  });
  return `SELECT ${[...list, ...more].join(', ')} FROM ${fromFiles(read)}`;
}

/**
 * Casts that can fail are tried on every row now, so that a value that does not fit stops the load and not, days
 * later, somebody's query.
 */
export async function tryCasts(
  connection: DuckDBConnection,
  read: RawRead,
  columns: readonly RawColumn[],
): Promise<void> {
  const risky = columns.filter(
    (column) =>
      column.reported !== ABSENT && !SAFE.has(`${column.reported}>${column.type}`) && !isSame(column),
  );
  if (risky.length === 0) return;
  const counts = risky.map(
    (c, i) => `count(*) FILTER (${ident(c.source)} IS NOT NULL AND (${misfit(c)})) AS c${i}`,
  );
  const [row] = await rowsOf(connection, `SELECT ${counts.join(', ')} FROM ${fromFiles(read)}`);
  risky.forEach((column, i) => {
    const misfits = Number(row?.[`c${i}`] ?? 0);
    if (misfits === 0) return;
    throw new RawDataError(
      `${misfits} value${misfits === 1 ? '' : 's'} of ${read.spec.table}.${column.name} ${misfits === 1 ? 'does' : 'do'} not fit the type ${column.type} that the catalog gives it (the files say ${column.reported}).`,
      { about: read.spec.table, hint: 'widen the type in the catalog, or correct the source' },
    );
  });
}

/** Whether a value has no place in its column's type. */
const misfit = ({ source, reported, type }: RawColumn): string =>
  `${tryLake(ident(source), reported, type)} IS NULL`;

const isSame = (column: RawColumn) => column.reported === duckType(column.type);

const SAFE = new Set(
  ['TINYINT', 'SMALLINT', 'UTINYINT', 'USMALLINT']
    .flatMap((t) => [`${t}>integer`, `${t}>bigint`, `${t}>double`])
    .concat('INTEGER>bigint', 'INTEGER>double', 'UINTEGER>bigint', 'FLOAT>double', 'DATE>timestamp')
    .concat(['TIMESTAMP WITH TIME ZONE>timestamp', 'TIMESTAMP_MS>timestamp', 'TIMESTAMP_S>timestamp'])
    .concat(
      ['BOOLEAN', 'INTEGER', 'BIGINT', 'DOUBLE', 'DATE', 'TIME', 'TIMESTAMP', 'UUID'].map(
        (t) => `${t}>varchar`,
      ),
    ),
);

/** Files of changes have columns that those of a full load lack, and gain some when the source does. */
const fromFiles = ({ paths, spec }: RawRead): string =>
  `read_parquet(${textList(paths)}${spec.layout === 'dms-changes' ? ', union_by_name = true' : ''})`;
