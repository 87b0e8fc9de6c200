import type { LakeType } from '../../../campus/lake-type.ts';
import { trinoType } from './types.ts';

/**
 * An expression of one of the lake's types turned into another: what happens to old values when a column becomes
 * wider. Null where a value has no place in the new type; the inspection of the raw files counts those.
 */
export function convert(expression: string, from: LakeType, to: LakeType): string {
  if (from === to) return expression;
  if (to === 'varchar') return asText(expression, from);
  // Trino would round a fraction away in silence.
  if (/^(real|double|decimal)/.test(from) && (to === 'integer' || to === 'bigint')) {
    return `IF(${expression} = truncate(${expression}), TRY_CAST(${expression} AS ${to}))`;
  }
  return `TRY_CAST(${expression} AS ${trinoType(to)})`;
}

/** Doubles and times as the lake writes them everywhere: `1.5`, `08:00:00.12`, `2026-01-31 08:00:00`. */
function asText(expression: string, from: LakeType): string {
  if (from === 'real' || from === 'double') return `json_format(CAST(${expression} AS json))`;
  if (from === 'time' || from === 'timestamp') {
    return withoutZeros(`CAST(CAST(${expression} AS ${trinoType(from)}) AS varchar)`);
  }
  if (from === 'varbinary') return `lower(to_hex(${expression}))`;
  return `CAST(${expression} AS varchar)`;
}

/** Of a time with six places of a fraction: without the zeros at its end. */
const withoutZeros = (time: string): string => `regexp_replace(${time}, '\\.?0+$', '')`;

/**
 * A text that a JSON file gave, as a value of the lake's type; null where it is none. Instants come with an offset
 * or in UTC, and are kept in UTC.
 */
export function parseText(expression: string, type: LakeType): string {
  if (type === 'varchar') return expression;
  if (type === 'timestamp') return instant(expression);
  if (type === 'varbinary') return `to_utf8(${expression})`;
  return `TRY_CAST(${expression} AS ${trinoType(type)})`;
}

const instant = (value: string): string =>
  `coalesce(CAST(TRY(from_iso8601_timestamp_nanos(replace(${value}, ' ', 'T'))) AT TIME ZONE 'UTC' AS timestamp(6)), TRY_CAST(${value} AS timestamp(6)))`;

/**
 * An instant as a text that sorts like it: to the microsecond, always of one length. Athena keeps milliseconds in
 * timestamps, which would make a record newer than itself once it is stored.
 */
export const sortableInstant = (timestamp: string): string =>
  `CAST(CAST(${timestamp} AS timestamp(6)) AS varchar)`;
