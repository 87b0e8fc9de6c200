import type { LakeType } from '../../../campus/lake-type.ts';
import { isWhole, type SqlType } from '../../../sql/types/sql-type.ts';

const TO_DUCKDB: { readonly [type: string]: string } = {
  boolean: 'BOOLEAN',
  integer: 'INTEGER',
  bigint: 'BIGINT',
  real: 'FLOAT',
  double: 'DOUBLE',
  varchar: 'VARCHAR',
  varbinary: 'BLOB',
  date: 'DATE',
  time: 'TIME',
  timestamp: 'TIMESTAMP',
};

/** How DuckDB spells a type of the lake. */
export const duckType = (type: LakeType): string => TO_DUCKDB[type] ?? type.toUpperCase();

const TO_LAKE: { readonly [type: string]: LakeType } = {
  BOOLEAN: 'boolean',
  TINYINT: 'integer',
  SMALLINT: 'integer',
  INTEGER: 'integer',
  UTINYINT: 'integer',
  USMALLINT: 'integer',
  UINTEGER: 'bigint',
  BIGINT: 'bigint',
  // DuckDB counts and sums whole numbers in 128 bits, Trino in 64: the cast fails where Trino would.
  UBIGINT: 'bigint',
  HUGEINT: 'bigint',
  UHUGEINT: 'bigint',
  FLOAT: 'real',
  DOUBLE: 'double',
  VARCHAR: 'varchar',
  JSON: 'varchar',
  UUID: 'varchar',
  BLOB: 'varbinary',
  DATE: 'date',
  TIME: 'time',
  'TIME WITH TIME ZONE': 'time',
  TIMESTAMP: 'timestamp',
  TIMESTAMP_S: 'timestamp',
  TIMESTAMP_MS: 'timestamp',
  TIMESTAMP_NS: 'timestamp',
  'TIMESTAMP WITH TIME ZONE': 'timestamp',
};

/** The lake's type for a type that DuckDB reports; undefined for nested types and intervals. */
export function lakeTypeOf(reported: string): LakeType | undefined {
  const simple = TO_LAKE[reported];
  if (simple) return simple;
  if (/^DECIMAL\(\d+,\d+\)$/.test(reported)) return reported.toLowerCase() as LakeType;
  if (reported.startsWith('ENUM(')) return 'varchar';
  return undefined;
}

/**
 * The lake's type for a column of a result. DuckDB forgets the type of some functions over a constant null, and says
 * that of none (`"NULL"`) or an integer instead.
 * @param inferred what the statement says it is. Default: not known
 */
export function resultTypeOf(reported: string, inferred: SqlType | undefined): LakeType | undefined {
  const isForgotten =
    ['"NULL"', 'INTEGER'].includes(reported) &&
    inferred !== undefined &&
    inferred !== 'unknown' &&
    (inferred === 'bigint' || !isWhole(inferred));
  return lakeTypeOf(isForgotten ? duckType(inferred as LakeType) : reported);
}

/** Whether DuckDB reports a list, struct, map or union. */
export const isNested = (reported: string): boolean =>
  reported.endsWith(']') || /^(STRUCT|MAP|UNION)\(/.test(reported);

/**
 * An expression of a reported type turned into a type of the lake. Nested values become JSON text; instants with a
 * zone become UTC. A value that does not fit fails; nothing is rounded or cut to make it fit.
 */
export function toLake(expression: string, reported: string, type: LakeType): string {
  if (isLossy(reported, type)) {
    const misfit = `CAST(error('a value does not fit its type') AS ${duckType(type)})`;
    return `CASE WHEN ${expression} IS NOT NULL THEN coalesce(${tryLake(expression, reported, type)}, ${misfit}) END`;
  }
  return converted(expression, reported, type, 'CAST');
}

/** Like `toLake`, but null for a value that does not fit. */
export function tryLake(expression: string, reported: string, type: LakeType): string {
  if (!isLossy(reported, type)) return converted(expression, reported, type, 'TRY_CAST');
  const target = duckType(type);
  // Instants begin with a digit or a sign, words with a letter: every instant is looked at, so by its first byte only.
  if (type === 'timestamp')
    return `CASE WHEN ${expression} < ':' THEN ${converted(expression, reported, type, 'TRY_CAST')} END`;
  if (type === 'double' || type === 'real')
    return `CASE WHEN ${isNumber(expression)} OR ${isNoNumber(expression)} THEN TRY_CAST(${expression} AS ${target}) END`;
  if (type === 'date') {
    // Midnight is what a date is as an instant.
    const instant = converted(expression, reported, 'timestamp', 'TRY_CAST');
    const isNamed = reported === 'VARCHAR' ? isWord(expression) : 'false';
    return `CASE WHEN ${isNamed} THEN NULL WHEN TRY_CAST(${instant} AS DATE) = ${instant} THEN TRY_CAST(${instant} AS DATE) END`;
  }
  if (type === 'integer' || type === 'bigint') {
    return reported === 'VARCHAR' ? wholeOfText(expression, target) : whole(expression, target);
  }
  // A double is seldom the decimal that it stands for, so the last of its digits do not count.
  const [number, fitted] = [`TRY_CAST(${expression} AS DOUBLE)`, `TRY_CAST(${expression} AS ${target})`];
  const noise = reported === 'FLOAT' ? '1e-6' : '1e-12';
  const isNone = reported === 'VARCHAR' ? `NOT ${isNumber(expression)}` : 'false';
  return `CASE WHEN ${isNone} THEN NULL WHEN abs(${number} - CAST(${fitted} AS DOUBLE)) <= ${noise} * greatest(1, abs(${number})) THEN ${fitted} END`;
}

/** DuckDB also knows days and instants by words (`epoch`), which nobody means here. */
const isWord = (expression: string): string => `(NOT regexp_matches(${expression}, '[0-9]'))`;

/** What doubles have besides numbers, as Parquet and PostgreSQL write it. */
const isNoNumber = (expression: string): string =>
  `regexp_full_match(${expression}, '(?i)nan|[-+]?inf(inity)?')`;

/** Digits with a point and an exponent. DuckDB's casts also take `1_000`, `0x1F` and `0b11`, as no source writes a number. */
const isNumber = (expression: string): string =>
  `regexp_full_match(${expression}, '\\s*[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?\\s*')`;

/** From here on a double no longer tells whole numbers apart, and JSON's numbers with a point come as doubles. */
const DOUBLES_END = '9007199254740992';

/** A text as it stands where it is the number's own; otherwise with a point or an exponent, if it is a whole number. */
function wholeOfText(expression: string, target: string): string {
  const asIs = `TRY_CAST(${expression} AS ${target})`;
  const exact = `TRY_CAST(${expression} AS DECIMAL(38,18))`;
  const isDouble = `regexp_matches(${expression}, '[.eE]') AND abs(${exact}) >= ${DOUBLES_END}`;
  return (
    `CASE WHEN CAST(${asIs} AS VARCHAR) = ${expression} THEN ${asIs} ` +
    `WHEN ${isNumber(expression)} AND NOT (${isDouble}) THEN ${whole(exact, target)} END`
  );
}

const whole = (number: string, target: string): string =>
  `CASE WHEN ${number} = trunc(${number}) THEN TRY_CAST(${number} AS ${target}) END`;

/** Whether a cast of DuckDB's would round, cut off a time of day, or take what is no value of the type, in silence. */
function isLossy(reported: string, type: LakeType): boolean {
  if (type === 'integer' || type === 'bigint') return /^(FLOAT|DOUBLE|DECIMAL|VARCHAR)/.test(reported);
  if (type === 'date') return /^(TIMESTAMP|VARCHAR)/.test(reported);
  if (type === 'timestamp' || type === 'double' || type === 'real') return reported === 'VARCHAR';
  return type.startsWith('decimal') && /^(FLOAT|DOUBLE|VARCHAR)/.test(reported);
}

function converted(expression: string, reported: string, type: LakeType, cast: 'CAST' | 'TRY_CAST'): string {
  const target = duckType(type);
  if (reported === target) return expression;
  if (type === 'varchar' && isNested(reported)) return `CAST(to_json(${expression}) AS VARCHAR)`;
  if (reported === 'TIMESTAMP WITH TIME ZONE' && type !== 'varchar') {
    const utc = utcTimestamp(expression);
    return type === 'timestamp' ? utc : `${cast}(${utc} AS ${target})`;
  }
  // Text with an offset keeps its instant only on the way over a zoned timestamp.
  if (reported === 'VARCHAR' && type === 'timestamp') {
    return utcTimestamp(`${cast}(${expression} AS TIMESTAMPTZ)`);
  }
  return `${cast}(${expression} AS ${target})`;
}

/** An instant with a zone as a timestamp in UTC: by arithmetic, many times faster than through the calendar. */
export const utcTimestamp = (expression: string): string => `make_timestamp(epoch_us(${expression}))`;
