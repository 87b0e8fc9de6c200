import {
  DuckDBArrayValue,
  DuckDBBlobValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { Cell } from '../../../ports/query-engine.ts';

/** A value of a result as a cell: whole numbers of 64 bits as bigint, decimals, dates and times as exact text. */
export function cellOf(value: DuckDBValue): Cell {
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampTZValue) {
    return timestampText(value.micros);
  }
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return value.items.map(cellOf);
  if (value instanceof DuckDBStructValue) return record(Object.entries(value.entries));
  if (value instanceof DuckDBMapValue) {
    return record(value.entries.map(({ key, value: inner }) => [String(cellOf(key)), inner]));
  }
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('hex');
  return value.toString();
}

/** Digits that tell any two floats of 32 bits apart. */
const DIGITS_OF_REALS = 9;

/** A real as the shortest number that is this real, as Athena prints it: 0.1, not 0.10000000149011612. */
export function realCellOf(value: DuckDBValue): Cell {
  if (typeof value !== 'number') return cellOf(value);
  for (let digits = 6; digits < DIGITS_OF_REALS; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return Number.isFinite(value) ? Number(value.toPrecision(DIGITS_OF_REALS)) : value;
}

const record = (entries: [string, DuckDBValue][]): Cell =>
  Object.fromEntries(entries.map(([key, inner]) => [key, cellOf(inner)]));

const MICROS = 1000n;

/** `2026-01-31 08:00:00.000`: milliseconds as Athena prints them, microseconds only where there are any. */
function timestampText(micros: bigint): string {
  const rest = ((micros % MICROS) + MICROS) % MICROS;
  const text = new Date(Number((micros - rest) / MICROS)).toISOString().replace('T', ' ').slice(0, -1);
  return rest === 0n ? text : text + rest.toString().padStart(3, '0');
}
