import { type Ast, isObject } from '../tree.ts';

/**
 * The type of an expression in Trino's words: `bigint`, `decimal(6,2)`, `array(varchar)`, `unknown` (what a bare
 * NULL is), `timestamp with time zone`. Lengths of texts and digits of timestamps are left out, as in the lake.
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
/** A whole number among decimals is one of so many digits. */
const DIGITS: { readonly [type: string]: number } = { tinyint: 3, smallint: 5, integer: 10, bigint: 19 };
const MOST_DIGITS = 38;

export const isWhole = (type: SqlType | undefined): boolean => type !== undefined && WHOLE.includes(type);
export const isFloating = (type: SqlType | undefined): boolean =>
  type !== undefined && FLOATING.includes(type);
export const isTime = (type: SqlType | undefined): boolean => type !== undefined && TIMES.includes(type);
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
  /^array\((.*)\)$/.exec(type ?? '')?.[1];

/** The type that values of both become together; undefined where there is none, or where one is not known. */
export function commonType(a: SqlType | undefined, b: SqlType | undefined): SqlType | undefined {
  if (a === undefined || b === undefined || a === b) return a === b ? a : undefined;
  if (a === 'unknown') return b;
  if (b === 'unknown') return a;
  for (const order of [WHOLE, TIMES]) {
    if (order.includes(a) && order.includes(b)) return order[Math.max(order.indexOf(a), order.indexOf(b))];
  }
  if (isNumber(a) && isNumber(b)) {
    if (isFloating(a) || isFloating(b)) return a === 'double' || b === 'double' ? 'double' : 'real';
    const [left, right] = [asDecimal(a)!, asDecimal(b)!];
    const scale = Math.max(left.scale, right.scale);
    return decimal(scale + Math.max(left.precision - left.scale, right.precision - right.scale), scale);
  }
  const [left, right] = [elementOf(a), elementOf(b)];
  const element = left && right ? commonType(left, right) : undefined;
  return element && arrayOf(element);
}

const BY_DATA_TYPE: { readonly [dataType: string]: SqlType } = {
  boolean: 'boolean',
  tiny_int: 'tinyint',
  small_int: 'smallint',
  int: 'integer',
  big_int: 'bigint',
  float: 'real',
  double: 'double',
  var_char: 'varchar',
  text: 'varchar',
  string: 'varchar',
  var_binary: 'varbinary',
  date: 'date',
  json: 'json',
};

/** The type that a CAST names. */
export function typeOfCast(to: Ast | undefined): SqlType | undefined {
  if (!isObject(to)) return undefined;
  const named = BY_DATA_TYPE[String(to.data_type)];
  if (named) return named;
  if (to.data_type === 'timestamp') return to.timezone === true ? 'timestamp with time zone' : 'timestamp';
  if (to.data_type === 'time') return 'time';
  if (to.data_type === 'decimal') return decimal(Number(to.precision ?? 38), Number(to.scale ?? 0));
  const element = to.data_type === 'array' ? typeOfCast(to.element_type) : undefined;
  return element && arrayOf(element);
}
