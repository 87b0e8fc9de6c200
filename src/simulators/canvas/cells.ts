import type { CellValue, Change } from '../college/college.ts';
import { jsonText } from './formats/scalars.ts';
import { type DapColumn, type DapField, type DapType, OVERSIZED, UNSPECIFIED } from './schema/dap-types.ts';

/** Texts longer than this, in characters, are cut by the platform and come as a placeholder. */
const OVERSIZED_CHARACTERS = 8 * 1024 * 1024;

/** Reads one column of a change: what the server sends and what the lake should hold. Null: missing. */
export type Cell = (change: Change) => CellValue;

/**
 * How a column is read. A required column that the college leaves out gets a plain default; an enum value that the
 * schema does not list, and a text too long for the platform, become their placeholders.
 * @param opens the instant that stands for an unknown date of creation, epoch ms
 */
export function cellOf(column: DapColumn, opens: number): Cell {
  const { name, type, required, filled, empty } = column;
  const { missing: lacks } = column;
  if (lacks) {
    const cell = cellOf({ ...column, missing: undefined }, opens);
    return (change) => (lacks(change.row) ? null : cell(change));
  }
  if (empty && !filled) return () => null;
  const missing = required ? defaultOf(type, name, opens) : () => null;
  const clean = cleanerOf(type);
  return (change) => {
    const value = change.row[name];
    if (value === undefined || value === null) {
      return filled && change.at >= filled.from ? filled.value : missing(change);
    }
    return clean ? clean(value) : value;
  };
}

function cleanerOf(type: DapType): ((value: CellValue) => CellValue) | undefined {
  if (type.kind === 'enum') {
    const listed = new Set<CellValue>(type.values);
    return (value) => (listed.has(value) ? value : UNSPECIFIED);
  }
  if (type.kind === 'text') {
    return (value) => (typeof value === 'string' && value.length > OVERSIZED_CHARACTERS ? OVERSIZED : value);
  }
  if (type.kind === 'json') return (value) => (typeof value === 'string' ? value : jsonText(value));
  if (type.kind === 'object') return (value) => knownFields(value, type.fields);
  return undefined;
}

function defaultOf(type: DapType, name: string, opens: number): Cell {
  switch (type.kind) {
    case 'int64':
      return () => 0n;
    case 'int32':
    case 'float64':
      return () => 0;
    case 'intEnum':
      return () => type.values[0] ?? 0;
    case 'decimal':
      return () => (0).toFixed(type.scale);
    case 'boolean':
      return () => false;
    case 'timestamp':
      return name === 'updated_at' ? (change) => change.at : () => opens;
    case 'date':
      return () => new Date(opens).toISOString().slice(0, 10);
    case 'uuid':
      return () => '00000000-0000-0000-0000-000000000000';
    case 'ip':
      return () => '0.0.0.0';
    case 'enum':
      return () => UNSPECIFIED;
    case 'string':
    case 'text':
      return () => '';
    case 'json':
      return () => '{}';
    case 'object':
      return () => emptyObject(type.fields);
  }
}

function emptyObject(fields: readonly DapField[]): CellValue {
  return Object.fromEntries(fields.filter((f) => f.required).map((f) => [f.name, '']));
}

/** The described fields that have a value; null where none has. */
function knownFields(value: CellValue, fields: readonly DapField[]): CellValue {
  const known = fields
    .map((f): [string, CellValue] => [f.name, propertyOf(value, f.name)])
    .filter(([, v]) => v !== null);
  return known.length === 0 ? null : Object.fromEntries(known);
}

/** A property of a nested value; null where there is none. */
export function propertyOf(value: CellValue, name: string): CellValue {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return null;
  return value[name] ?? null;
}
