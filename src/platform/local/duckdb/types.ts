import type { LakeType } from '../../../campus/lake-type.ts';

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

/** Whether DuckDB reports a list, struct, map or union. */
export const isNested = (reported: string): boolean =>
  reported.endsWith(']') || /^(STRUCT|MAP|UNION)\(/.test(reported);

/**
 * An expression of a reported type turned into a type of the lake. Nested values become JSON text; instants with a
 * zone become UTC. A value that does not fit fails.
 */
export function toLake(expression: string, reported: string, type: LakeType): string {
  const target = duckType(type);
  if (reported === target) return expression;
  if (type === 'varchar' && isNested(reported)) return `CAST(to_json(${expression}) AS VARCHAR)`;
  if (reported === 'TIMESTAMP WITH TIME ZONE' && type !== 'varchar') {
    const utc = utcTimestamp(expression);
    return type === 'timestamp' ? utc : `CAST(${utc} AS ${target})`;
  }
  // Text with an offset keeps its instant only on the way over a zoned timestamp.
  if (reported === 'VARCHAR' && type === 'timestamp') {
    return utcTimestamp(`CAST(${expression} AS TIMESTAMPTZ)`);
  }
  // DuckDB would round a fraction away in silence.
  if (/^(FLOAT|DOUBLE|DECIMAL)/.test(reported) && (type === 'integer' || type === 'bigint')) {
    return `CASE WHEN ${expression} <> trunc(${expression}) THEN error('not a whole number') ELSE CAST(${expression} AS ${target}) END`;
  }
  return `CAST(${expression} AS ${target})`;
}

/** An instant with a zone as a timestamp in UTC: by arithmetic, many times faster than through the calendar. */
export const utcTimestamp = (expression: string): string => `make_timestamp(epoch_us(${expression}))`;
