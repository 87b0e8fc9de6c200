/**
 * Types of columns in the lake, in Athena's words. `timestamp` is UTC without a zone; `json` text is `varchar`.
 * Athena has neither char nor smallint for Iceberg tables, so the lake has none.
 */
export type LakeType =
  | 'boolean'
  | 'integer'
  | 'bigint'
  | 'real'
  | 'double'
  | 'varchar'
  | 'varbinary'
  | 'date'
  | 'time'
  | 'timestamp'
  | `decimal(${number},${number})`;

const DECIMAL = /^decimal\((\d{1,2}),(\d{1,2})\)$/;
export const SIMPLE_LAKE_TYPES = [
  'boolean',
  'integer',
  'bigint',
  'real',
  'double',
  'varchar',
  'varbinary',
  'date',
  'time',
  'timestamp',
] as const;

/** Whether the text names a type of the lake; decimals up to 38 digits, scale at most the precision. */
export function isLakeType(text: string): text is LakeType {
  if ((SIMPLE_LAKE_TYPES as readonly string[]).includes(text)) return true;
  const parts = DECIMAL.exec(text);
  if (!parts) return false;
  const precision = Number(parts[1]);
  return precision >= 1 && precision <= 38 && Number(parts[2]) <= precision;
}

/** Digits of the longest value of a type of whole numbers. */
const WHOLE_DIGITS: { readonly [type: string]: number } = { integer: 10, bigint: 19 };

/** An exact number as decimal digits before and after the point; undefined for a type that holds others too. */
function digitsOf(type: LakeType): { whole: number; fraction: number } | undefined {
  const parts = DECIMAL.exec(type);
  if (parts) return { whole: Number(parts[1]) - Number(parts[2]), fraction: Number(parts[2]) };
  const whole = WHOLE_DIGITS[type];
  return whole === undefined ? undefined : { whole, fraction: 0 };
}

/** Whether it is a decimal with places after the point. */
export const hasPlaces = (type: LakeType): boolean =>
  DECIMAL.test(type) ? digitsOf(type)!.fraction > 0 : false;

/**
 * A number of a person or a row as one text, whatever type it is delivered in: a database that knows no whole numbers
 * of its own gives `123.000000` for the id that another table holds as `123`.
 * @param type of the column in which it was found
 */
export const idText = (text: string, type: LakeType): string =>
  hasPlaces(type) ? text.replace(/^(\s*-?\d+)\.0+(\s*)$/, '$1$2') : text;

/** Pairs, apart from exact numbers, of which a type below `varchar` holds every value of both. */
const JOINS: { readonly [pair: string]: LakeType } = {
  'integer|real': 'double',
  'double|integer': 'double',
  'double|real': 'double',
  'date|timestamp': 'timestamp',
};

/**
 * The least type that holds every value of both types without loss: the join of a lattice whose top is `varchar`. It
 * does not depend on the order in which types are joined. A bigint and a double give varchar, because a double cannot
 * hold a 17-digit id; so do exact numbers that would need more than 38 digits together.
 */
export function joinTypes(a: LakeType, b: LakeType): LakeType {
  if (a === b) return a;
  const [one, other] = [digitsOf(a), digitsOf(b)];
  if (one && other) {
    if (WHOLE_DIGITS[a] && WHOLE_DIGITS[b]) return 'bigint';
    const fraction = Math.max(one.fraction, other.fraction);
    const precision = Math.max(one.whole, other.whole) + fraction;
    return precision <= 38 ? `decimal(${precision},${fraction})` : 'varchar';
  }
  return JOINS[[a, b].sort().join('|')] ?? 'varchar';
}

/** Whether a type holds every value of another, and so can take its place without loss. A type is as wide as itself. */
export const holdsType = (wide: LakeType, narrow: LakeType): boolean => joinTypes(wide, narrow) === wide;
