import { type Ast, isObject } from '../tree.ts';
import { type RowField, rowField, rowFieldText, typeText } from './type-text.ts';

/**
 * The type of an expression in Trino's words: `bigint`, `decimal(6,2)`, `array(varchar)`, `map(varchar,bigint)`,
 * `row(a integer,b varchar)`, `unknown` (what a bare NULL is), `timestamp with time zone`, `interval day to second`.
 * Lengths of texts and digits of timestamps are left out, as in the lake.
 */
export type SqlType = string;

interface Decimal {
  readonly precision: number;
  readonly scale: number;
}

/** From the narrowest to the widest: each turns into any later one by itself. */
const WHOLE = ['tinyint', 'smallint', 'integer', 'bigint'];
const FLOATING = ['real', 'double'];
const TIMES = ['date', 'timestamp', 'timestamp with time zone'];
const TIMES_OF_DAY = ['time', 'time with time zone'];
const TEXTS = ['char', 'varchar'];
/** A whole number among decimals is one of so many digits. */
const DIGITS: { readonly [type: string]: number } = { tinyint: 3, smallint: 5, integer: 10, bigint: 19 };
const MOST_DIGITS = 38;

export const isWhole = (type: SqlType | undefined): boolean => type !== undefined && WHOLE.includes(type);
/** Whether a type of whole numbers is narrower than those that a table can hold. */
export const isNarrow = (type: SqlType | undefined): type is 'tinyint' | 'smallint' =>
  type === 'tinyint' || type === 'smallint';
export const isFloating = (type: SqlType | undefined): boolean =>
  type !== undefined && FLOATING.includes(type);
export const isTime = (type: SqlType | undefined): boolean => type !== undefined && TIMES.includes(type);
export const isInterval = (type: SqlType | undefined): boolean => type?.startsWith('interval ') ?? false;
export const isNumber = (type: SqlType | undefined): boolean =>
  isWhole(type) || isFloating(type) || decimalOf(type) !== undefined;

export const decimal = (precision: number, scale: number): SqlType =>
  `decimal(${Math.min(precision, MOST_DIGITS)},${Math.min(scale, MOST_DIGITS)})`;

export function decimalOf(type: SqlType | undefined): Decimal | undefined {
  const parts = /^decimal\((\d+),(\d+)\)$/.exec(type ?? '');
  return parts ? { precision: Number(parts[1]), scale: Number(parts[2]) } : undefined;
}

/** A whole number or a decimal as the decimal that it is among decimals. */
export function asDecimal(type: SqlType | undefined): Decimal | undefined {
  const digits = DIGITS[type ?? ''];
  return digits === undefined ? decimalOf(type) : { precision: digits, scale: 0 };
}

export const arrayOf = (element: SqlType): SqlType => `array(${element})`;
export const elementOf = (type: SqlType | undefined): SqlType | undefined =>
  /^array\((.*)\)$/s.exec(type ?? '')?.[1];

export const mapOf = (key: SqlType, value: SqlType): SqlType => `map(${key},${value})`;

/** Types of a map's keys and values; undefined for what is no map. */
export function entryOf(
  type: SqlType | undefined,
): { readonly key: SqlType; readonly value: SqlType } | undefined {
  if (!type?.startsWith('map(')) return undefined;
  const [key, value] = typeText(type).parts;
  return key !== undefined && value !== undefined ? { key, value } : undefined;
}

export const rowOf = (fields: readonly RowField[]): SqlType => `row(${fields.map(rowFieldText).join(',')})`;

/** The fields of a row; undefined for what is no row. */
export function fieldsOf(type: SqlType | undefined): readonly RowField[] | undefined {
  return type?.startsWith('row(') ? typeText(type).parts.map(rowField) : undefined;
}

/** The type that values of both become together; undefined where there is none, or where one is not known. */
export function commonType(a: SqlType | undefined, b: SqlType | undefined): SqlType | undefined {
  if (a === undefined || b === undefined || a === b) return a === b ? a : undefined;
  if (a === 'unknown') return b;
  if (b === 'unknown') return a;
  for (const order of [WHOLE, TIMES, TIMES_OF_DAY, TEXTS]) {
    if (order.includes(a) && order.includes(b)) return order[Math.max(order.indexOf(a), order.indexOf(b))];
  }
  if (isNumber(a) && isNumber(b)) {
    if (isFloating(a) || isFloating(b)) return a === 'double' || b === 'double' ? 'double' : 'real';
    const [left, right] = [asDecimal(a)!, asDecimal(b)!];
    const scale = Math.max(left.scale, right.scale);
    return decimal(scale + Math.max(left.precision - left.scale, right.precision - right.scale), scale);
  }
  return commonNested(a, b);
}

function commonNested(a: SqlType, b: SqlType): SqlType | undefined {
  const [left, right] = [elementOf(a), elementOf(b)];
  const element = left && right ? commonType(left, right) : undefined;
  if (element) return arrayOf(element);
  const [one, other] = [entryOf(a), entryOf(b)];
  if (one && other) {
    const [key, value] = [commonType(one.key, other.key), commonType(one.value, other.value)];
    return key && value && mapOf(key, value);
  }
  const [fields, others] = [fieldsOf(a), fieldsOf(b)];
  if (!fields || !others || fields.length !== others.length) return undefined;
  const common = fields.map(({ name, type }, i) => ({
    name: name === others[i]!.name ? name : undefined,
    type: commonType(type, others[i]!.type),
  }));
  return common.every((field): field is RowField => field.type !== undefined) ? rowOf(common) : undefined;
}

const BY_DATA_TYPE: { readonly [dataType: string]: SqlType } = {
  boolean: 'boolean',
  tiny_int: 'tinyint',
  small_int: 'smallint',
  int: 'integer',
  big_int: 'bigint',
  float: 'real',
  double: 'double',
  char: 'char',
  var_char: 'varchar',
  text: 'varchar',
  string: 'varchar',
  var_binary: 'varbinary',
  date: 'date',
  json: 'json',
  uuid: 'uuid',
};

/** The type that a CAST names; undefined for one that Trino does not know. */
export function typeOfCast(to: Ast | undefined): SqlType | undefined {
  if (!isObject(to)) return undefined;
  const named = BY_DATA_TYPE[String(to.data_type)];
  if (named) return named;
  switch (to.data_type) {
    case 'timestamp':
    case 'time':
      return to.timezone === true ? `${to.data_type} with time zone` : to.data_type;
    case 'decimal':
      return decimal(Number(to.precision ?? 38), Number(to.scale ?? 0));
    case 'interval':
      return /year|month/i.test(String(to.unit)) ? 'interval year to month' : 'interval day to second';
    case 'array': {
      const element = typeOfCast(to.element_type);
      return element && arrayOf(element);
    }
    case 'map': {
      const [key, value] = [typeOfCast(to.key_type), typeOfCast(to.value_type)];
      return key && value && mapOf(key, value);
    }
    case 'struct': {
      const fields = (Array.isArray(to.fields) ? to.fields : []).map((field) => ({
        name: isObject(field) && typeof field.name === 'string' ? bareName(field.name) : undefined,
        type: isObject(field) ? typeOfCast(field.data_type) : undefined,
      }));
      return fields.every((field): field is RowField => field.type !== undefined) ? rowOf(fields) : undefined;
    }
    default:
      return undefined;
  }
}

/** The name of a field as the parser keeps it, quotes and all; none where it is empty. */
const bareName = (written: string): string | undefined =>
  written.replace(/^"(.*)"$/s, (_, name: string) => name.replaceAll('""', '"')) || undefined;
