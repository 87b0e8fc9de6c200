import type { LakeType } from '../campus/lake-type.ts';
import { REDACTED, SHIFTED_BY, type Shown, SMALL_ZIP3 } from '../campus/masks.ts';
import { type Condition, type Literal, withoutNot } from './condition.ts';
import { firstYear, type MaskContext, type MaskKey, SHIFT, SHIFT_DIGITS, TOKEN_DIGITS } from './mask-keys.ts';

/** A name as SQL; access.yaml's names are of lower-case letters, digits and `_`. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** A literal of the type of the column that it is compared with, in Athena's SQL. It has been checked to be one. */
export function literalSql({ kind, value }: Literal, type: LakeType): string {
  if (kind === 'boolean') return String(value);
  const written = String(value);
  if (type === 'date') return `DATE ${text(written)}`;
  if (type === 'timestamp') return `TIMESTAMP ${text(written)}`;
  if (type.startsWith('decimal')) return `DECIMAL ${text(written)}`;
  if (type === 'double' || type === 'real') return `CAST(${text(written)} AS ${type})`;
  return kind === 'number' ? written : text(written);
}

/** What a mask needs beside the column itself. */
export interface MaskTerms {
  readonly context: MaskContext;
  /** Another column of the same row; undefined where the table has none of that name. */
  readonly sibling: (name: string) => { readonly sql: string; readonly type: LakeType } | undefined;
}

/** Dates that every database can move by a year; others are shown as null. */
export const SHIFTABLE = { from: '0002-01-01', until: '9999-01-01' } as const;

const CAPITALS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** One person's id written in two ways is one id: without spaces around it and in small letters, those of ASCII. */
export const canonicalSql = (id: string): string =>
  `translate(trim(BOTH ' ' FROM ${id}), '${CAPITALS}', '${CAPITALS.toLowerCase()}')`;

/** @param digest SQL of a text's SHA-256, as small hexadecimal digits */
export const tokenSql = (id: string, { inner, outer }: MaskKey, digest: (text: string) => string): string =>
  digest(`${outer} || ${digest(`${inner} || ${canonicalSql(id)}`)}`);

/** The column of the person by whose id dates are shifted, as text; undefined where there is none that can be. */
export function shiftedBy(name: string, { sibling }: MaskTerms): string | undefined {
  const by = sibling(name);
  if (!by || !SHIFTED_BY.includes(by.type)) return undefined;
  return by.type === 'varchar' ? by.sql : `CAST(${by.sql} AS varchar)`;
}

/**
 * Days of -days to days, never 0, of a number below 16 to the power of `SHIFT_DIGITS`.
 * @param divided the operator that divides whole numbers
 */
export const daysSql = (number: string, days: number, divided = '/'): string => {
  const place = `(${number} % ${2 * days})`;
  // The number is a long text: as few of it as can be.
  return `(${place} - ${days} + ${place} ${divided} ${days})`;
};

const athenaDigest = (of: string): string => `lower(to_hex(sha256(to_utf8(${of}))))`;

/**
 * A value shown through a mask, in Athena's SQL; of the same type, null where the value is null. None can fail for any
 * value: a mask that throws would close its table.
 * @param column SQL of the column
 * @returns undefined where the mask cannot be made: it needs a key and there is none, or a column that there is not
 */
export function maskSql(shown: Shown, column: string, type: LakeType, terms: MaskTerms): string | undefined {
  const present = (value: string) => `CASE WHEN ${column} IS NOT NULL THEN ${value} END`;
  switch (shown.kind) {
    case 'whole':
      return column;
    case 'hidden':
    case 'empty':
      return `CAST(NULL AS ${type})`;
    case 'redact':
      return present(text(REDACTED));
    case 'first_letter':
      return present(`substr(${column}, 1, 1) || '***'`);
    case 'last_four':
      // Of a short text the last four would be most of it.
      return present(`CASE WHEN length(${column}) >= 8 THEN '***' || substr(${column}, -4) ELSE '***' END`);
    case 'email_domain':
      // A regular expression over every row took three times the processor time of the statement without a mask.
      return `CASE WHEN strpos(${column}, '@') = 0 THEN '***' ELSE '***@' || element_at(split(${column}, '@'), -1) END`;
    case 'zip3': {
      const three = `substr(${column}, 1, 3)`;
      const small = SMALL_ZIP3.map(text).join(', ');
      return `CASE WHEN regexp_like(${column}, '^[0-9]{5}(-[0-9]{4})?$') THEN CASE WHEN ${three} IN (${small}) THEN '000' ELSE ${three} END END`;
    }
    case 'month':
      return `date_trunc('month', ${column})`;
    case 'year': {
      const year = `date_trunc('year', ${column})`;
      const from = firstYear(shown, terms.context);
      if (from === undefined) return year;
      const first = `${from}-01-01${type === 'timestamp' ? ' 00:00:00' : ''}`;
      return `greatest(${year}, ${literalSql({ kind: 'text', value: first }, type)})`;
    }
    case 'band':
      return bandSql(column, shown.width, type);
    case 'pseudonym': {
      const key = terms.context.keyOf?.(shown.of);
      return key && present(`substr(${tokenSql(column, key, athenaDigest)}, 1, ${TOKEN_DIGITS})`);
    }
    case 'shift': {
      const by = shiftedBy(shown.by, terms);
      const key = terms.context.keyOf?.(SHIFT);
      if (by === undefined || key === undefined) return undefined;
      const number = `from_base(substr(${tokenSql(by, key, athenaDigest)}, 1, ${SHIFT_DIGITS}), 16)`;
      const literal = (day: string) => literalSql({ kind: 'text', value: day }, type);
      const isShiftable = `${column} >= ${literal(SHIFTABLE.from)} AND ${column} < ${literal(SHIFTABLE.until)}`;
      return `CASE WHEN ${isShiftable} THEN date_add('day', ${daysSql(number, shown.days)}, ${column}) END`;
    }
  }
}

const LEAST: { readonly [type: string]: string } = {
  integer: '-2147483648',
  bigint: "CAST('-9223372036854775808' AS bigint)",
};

function bandSql(column: string, width: number, type: LakeType): string {
  if (type === 'double' || type === 'real') return `CAST(floor(${column} / ${width}) * ${width} AS ${type})`;
  const down = `${column} - ${column} % ${width}`;
  const whole = `WHEN ${column} % ${width} = 0 THEN ${column} WHEN ${column} > 0 THEN ${down}`;
  const least = LEAST[type];
  // Below the least value there is no band: null.
  if (least !== undefined)
    return `CASE ${whole} WHEN ${column} > ${least} + ${width} THEN ${down} - ${width} END`;
  return `TRY_CAST(CASE ${whole} ELSE ${down} - ${width} END AS ${type})`;
}

/** What a condition needs to become SQL. */
export interface ConditionTerms {
  /** SQL of a column of the table. */
  readonly column: (name: string) => string;
  readonly typeOf: (name: string) => LakeType;
  /** SQL of a literal that a column of the type is compared with. */
  readonly literal: (literal: Literal, type: LakeType) => string;
  /** SQL of a session's attribute, as a value that a column of the type is compared with. */
  readonly attribute: (name: string, type: LakeType) => string;
  /** A SELECT of the values of a lookup, without null. */
  readonly comparedWith: (lookup: string) => string;
}

/** A condition in SQL, of which Athena's and PostgreSQL's differ in literals only. */
export const conditionSql = (condition: Condition, terms: ConditionTerms): string =>
  plainSql(withoutNot(condition), terms);

function plainSql(condition: Condition, terms: ConditionTerms): string {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.of
        .map((part) => `(${plainSql(part, terms)})`)
        .join(` ${condition.kind.toUpperCase()} `);
    case 'not':
      return plainSql(withoutNot(condition), terms);
    case 'null':
      return `${terms.column(condition.column)} IS ${condition.not ? 'NOT ' : ''}NULL`;
    case 'lookup': {
      const column = terms.column(condition.column);
      const isIn = `${column} IN (${terms.comparedWith(condition.lookup)})`;
      // Of an empty lookup SQL says that null is not in it.
      return condition.not ? `${column} IS NOT NULL AND NOT (${isIn})` : isIn;
    }
    case 'compare':
    case 'in': {
      const type = terms.typeOf(condition.column);
      const values = (condition.kind === 'in' ? condition.values : [condition.to]).map((operand) =>
        operand.kind === 'attribute' ? terms.attribute(operand.name, type) : terms.literal(operand, type),
      );
      const column = terms.column(condition.column);
      if (condition.kind === 'compare') return `${column} ${condition.by} ${values[0]}`;
      return `${column} ${condition.not ? 'NOT IN' : 'IN'} (${values.join(', ')})`;
    }
  }
}
