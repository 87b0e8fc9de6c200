import type { LakeType } from '../../../campus/lake-type.ts';
import { trinoType } from './types.ts';

/**
 * An expression of one of the lake's types turned into another: what happens to old values when a column becomes
 * wider. Null where a value has no place in the new type; the inspection of the raw files counts those.
 */
export function convert(expression: string, from: LakeType, to: LakeType): string {
  if (from === to) return expression;
  if (to === 'varchar') return asText(expression, from);
  // Trino would round a fraction, and cut off a time of day, in silence.
  if (/^(real|double|decimal)/.test(from) && isWhole(to)) return whole(expression, to);
  if ((from === 'real' || from === 'double') && to.startsWith('decimal')) {
    return fitted(expression, to, from === 'real' ? '1e-6' : '1e-12');
  }
  if (from === 'timestamp' && to === 'date') return dayOf(expression);
  return `TRY_CAST(${expression} AS ${trinoType(to)})`;
}

const isWhole = (type: LakeType): boolean => type === 'integer' || type === 'bigint';

const whole = (number: string, type: LakeType): string =>
  `IF(${number} = truncate(${number}), TRY_CAST(${number} AS ${type}))`;

/** A double is seldom the decimal that it stands for, so the last of its digits do not count. */
function fitted(expression: string, type: LakeType, noise: string): string {
  const [number, decimal] = [`TRY_CAST(${expression} AS double)`, `TRY_CAST(${expression} AS ${type})`];
  return `IF(abs(${number} - CAST(${decimal} AS double)) <= ${noise} * greatest(1e0, abs(${number})), ${decimal})`;
}

/** Midnight is what a date is as an instant. */
const dayOf = (instant: string): string =>
  `IF(CAST(TRY_CAST(${instant} AS date) AS timestamp(6)) = ${instant}, TRY_CAST(${instant} AS date))`;

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
 * A text that a JSON file gave, as a value of the lake's type; null where it is none: nothing is rounded or cut to make
 * it one. Instants come with an offset or in UTC, and are kept in UTC.
 */
export function parseText(expression: string, type: LakeType): string {
  if (type === 'varchar') return expression;
  if (type === 'timestamp') return instant(expression);
  if (type === 'varbinary') return `to_utf8(${expression})`;
  if (type === 'date') return `coalesce(TRY_CAST(${expression} AS date), ${dayOf(instant(expression))})`;
  if (type.startsWith('decimal')) return fitted(expression, type, '1e-12');
  if (isWhole(type)) {
    const number = whole(`TRY_CAST(${expression} AS decimal(38,18))`, type);
    return `IF(regexp_like(${expression}, '[.eE]'), ${number}, TRY_CAST(${expression} AS ${type}))`;
  }
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
