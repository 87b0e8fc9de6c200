import type { Row } from '../../college/college.ts';

/** The words in which a table of the Data Access Platform is described. */
export type DapType =
  | { readonly kind: 'int64' | 'int32' | 'float64' | 'boolean' | 'timestamp' | 'date' | 'uuid' | 'ip' }
  /** Text up to a length. */
  | { readonly kind: 'string'; readonly maxLength?: number }
  /** Text of any length; what is over-long comes as a placeholder. */
  | { readonly kind: 'text' }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  | { readonly kind: 'intEnum'; readonly values: readonly number[] }
  /** Nested, with fields known beforehand: a struct. */
  | { readonly kind: 'object'; readonly fields: readonly DapField[] }
  /** Nested, of any shape: handed out as JSON text. */
  | { readonly kind: 'json' };

export interface DapField {
  readonly name: string;
  readonly type: DapType;
  readonly required: boolean;
}

export interface DapColumn extends DapField {
  readonly section: 'key' | 'value';
  /** The college has no such column: it never has a value. */
  readonly empty?: true;
  /** The value of rows changed from an instant on, where the schema's script gives the column one. */
  /** Which rows have no value in it, whatever the college says. Default: none. */
  readonly missing?: (row: Row) => boolean;
  readonly filled?: { readonly from: number; readonly value: string | number | boolean };
}

export interface DapTable {
  readonly namespace: string;
  readonly name: string;
  readonly columns: readonly DapColumn[];
}

/** Stands for an enum value that the schema does not list. */
export const UNSPECIFIED = '__dap_unspecified__';
/** Stands for a text too long for the platform. */
export const OVERSIZED = '__dap_oversized_truncated__';

/** A column in a description: a type, or a type that may be missing. */
export type ColumnSpec = DapType | { readonly maybe: DapType };

export const int64: DapType = { kind: 'int64' };
export const int32: DapType = { kind: 'int32' };
export const float64: DapType = { kind: 'float64' };
export const bool: DapType = { kind: 'boolean' };
export const timestamp: DapType = { kind: 'timestamp' };
export const date: DapType = { kind: 'date' };
export const uuid: DapType = { kind: 'uuid' };
export const ip: DapType = { kind: 'ip' };
export const str: DapType = { kind: 'string', maxLength: 255 };
export const text: DapType = { kind: 'text' };
export const json: DapType = { kind: 'json' };

export function string(maxLength: number): DapType {
  return { kind: 'string', maxLength };
}
export function decimal(precision: number, scale: number): DapType {
  return { kind: 'decimal', precision, scale };
}
/** A closed list of words; the placeholder for the unlisted is added at its end. */
export function words(...values: string[]): DapType {
  return { kind: 'enum', values: [...values, UNSPECIFIED] };
}
export function numbers(...values: number[]): DapType {
  return { kind: 'intEnum', values };
}
export function maybe(type: DapType): ColumnSpec {
  return { maybe: type };
}
export function object(fields: Readonly<Record<string, ColumnSpec>>): DapType {
  return { kind: 'object', fields: Object.entries(fields).map(([name, spec]) => field(name, spec)) };
}

/** Required columns of one type, their names with blanks between. */
export function required(type: DapType, names: string): Readonly<Record<string, ColumnSpec>> {
  return Object.fromEntries(names.split(' ').map((name) => [name, type]));
}
/** Columns of one type that may be missing, their names with blanks between. */
export function optional(type: DapType, names: string): Readonly<Record<string, ColumnSpec>> {
  return Object.fromEntries(names.split(' ').map((name) => [name, maybe(type)]));
}
/** `created_at` and `updated_at`, always there. */
export const stamps = required(timestamp, 'created_at updated_at');
/** Whether a row is deleted (softly) or not. */
export const alive = { workflow_state: words('active', 'deleted') };

/** The columns of one table: its key, then the rest in order. */
export interface TableSpec {
  readonly key: Readonly<Record<string, DapType>>;
  readonly value: Readonly<Record<string, ColumnSpec>>;
}

/** A table with the key that almost every table has, an int64 `id`. */
export function table(value: TableSpec['value'], key: TableSpec['key'] = { id: int64 }): TableSpec {
  return { key, value };
}

export function describe(namespace: string, name: string, spec: TableSpec): DapTable {
  const keys = Object.entries(spec.key).map(
    ([column, type]): DapColumn => ({ name: column, type, required: true, section: 'key' }),
  );
  const values = Object.entries(spec.value).map(
    ([column, columnSpec]): DapColumn => ({ ...field(column, columnSpec), section: 'value' }),
  );
  return { namespace, name, columns: [...keys, ...values] };
}

function field(name: string, spec: ColumnSpec): DapField {
  return 'maybe' in spec ? { name, type: spec.maybe, required: false } : { name, type: spec, required: true };
}
