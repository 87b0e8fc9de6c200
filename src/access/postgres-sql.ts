import type { LakeType } from '../campus/lake-type.ts';
import { REDACTED, type Shown, SMALL_ZIP3 } from '../campus/masks.ts';
import type { Literal } from './condition.ts';
import { firstYear, SHIFT, SHIFT_DIGITS, TOKEN_DIGITS } from './mask-keys.ts';
import { daysSql, type MaskTerms, SHIFTABLE, shiftedBy, tokenSql } from './portable-sql.ts';

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** How PostgreSQL spells a type of the lake. */
export function postgresType(type: LakeType): string {
  if (type === 'double') return 'double precision';
  return type === 'varbinary' ? 'bytea' : type;
}

/** A literal of the type of the column that it is compared with, in PostgreSQL's SQL. It has been checked to be one. */
export function postgresLiteral({ kind, value }: Literal, type: LakeType): string {
  if (kind === 'boolean') return String(value);
  const written = String(value);
  const isPlain = type === 'varchar' || type === 'integer' || type === 'bigint';
  if (isPlain) return kind === 'number' ? written : text(written);
  return `CAST(${text(written)} AS ${postgresType(type)})`;
}

/**
 * A value shown through a mask, in PostgreSQL's SQL: what `maskSql` shows in Athena's. None can fail for any value.
 * @returns undefined for a mask that PostgreSQL cannot make of the lake's tables alone
 */
export const postgresMask = (
  shown: Shown,
  column: string,
  type: LakeType,
  terms: MaskTerms,
): string | undefined => maskIn(POSTGRES, shown, column, type, terms);

/** Where PostgreSQL's SQL, Redshift's and DuckDB's differ. */
export interface MaskDialect {
  /** How the database spells a type. */
  readonly spell: (type: LakeType) => string;
  /** What a text has from its last `@` on; empty or null where it has none. */
  readonly fromLastAt: (text: string) => string;
  /** The SHA-256 of a text in UTF-8, as small hexadecimal digits. */
  readonly digest: (text: string) => string;
  /** The number that eight hexadecimal digits make. */
  readonly number: (digits: string) => string;
  /** The operator that divides whole numbers. Default: `/` */
  readonly divided?: string;
  readonly addDays: (column: string, days: string, type: LakeType) => string;
}

/** As PostgreSQL and Redshift write it. */
export const fromLastAtSql = (of: string): string => `regexp_substr(${of}, '@[^@]*$')`;

const POSTGRES: MaskDialect = {
  spell: postgresType,
  fromLastAt: fromLastAtSql,
  digest: (of) => `encode(sha256(convert_to(${of}, 'UTF8')), 'hex')`,
  number: (digits) => `CAST(CAST('x' || ${digits} AS bit(32)) AS bigint)`,
  addDays: (column, days, type) =>
    `CAST(${column} + CAST(${days} AS integer)${type === 'date' ? '' : " * INTERVAL '1 day'"} AS ${type})`,
};

/** The same in the SQL that PostgreSQL, Redshift and DuckDB share. */
export function maskIn(
  { spell, fromLastAt, digest, number, divided, addDays }: MaskDialect,
  shown: Shown,
  column: string,
  type: LakeType,
  terms: MaskTerms,
): string | undefined {
  const spelled = spell(type);
  const present = (value: string) => `CAST(CASE WHEN ${column} IS NOT NULL THEN ${value} END AS ${spelled})`;
  switch (shown.kind) {
    case 'whole':
      return column;
    case 'hidden':
    case 'empty':
      return `CAST(NULL AS ${spelled})`;
    case 'redact':
      return present(text(REDACTED));
    case 'first_letter':
      return present(`left(${column}, 1) || '***'`);
    case 'last_four':
      return present(`CASE WHEN length(${column}) >= 8 THEN '***' || right(${column}, 4) ELSE '***' END`);
    case 'email_domain':
      return present(`'***' || coalesce(${fromLastAt(column)}, '')`);
    case 'zip3': {
      const three = `left(${column}, 3)`;
      const small = SMALL_ZIP3.map(text).join(', ');
      return `CAST(CASE WHEN ${column} ~ '^[0-9]{5}(-[0-9]{4})?$' THEN CASE WHEN ${three} IN (${small}) THEN '000' ELSE ${three} END END AS ${spelled})`;
    }
    case 'month':
      return firstDay('month', column, type);
    case 'year': {
      const year = firstDay('year', column, type);
      const from = firstYear(shown, terms.context);
      if (from === undefined) return year;
      const first = postgresLiteral({ kind: 'text', value: `${from}-01-01` }, type);
      // Of a null PostgreSQL's greatest() would make the other value.
      return present(`greatest(${year}, ${first})`);
    }
    case 'band':
      return band(column, shown.width, type);
    case 'pseudonym': {
      const key = terms.context.keyOf?.(shown.of);
      return key && present(`left(${tokenSql(column, key, digest)}, ${TOKEN_DIGITS})`);
    }
    case 'shift': {
      const by = shiftedBy(shown.by, terms);
      const key = terms.context.keyOf?.(SHIFT);
      if (by === undefined || key === undefined) return undefined;
      const days = daysSql(
        number(`left(${tokenSql(by, key, digest)}, ${SHIFT_DIGITS})`),
        shown.days,
        divided,
      );
      const literal = (day: string) => postgresLiteral({ kind: 'text', value: day }, type);
      return `CASE WHEN ${column} >= ${literal(SHIFTABLE.from)} AND ${column} < ${literal(SHIFTABLE.until)} THEN ${addDays(column, days, type)} END`;
    }
  }
}

/** Of a date PostgreSQL would make a time with the session's zone. */
const firstDay = (unit: 'month' | 'year', column: string, type: LakeType): string =>
  `CAST(date_trunc('${unit}', CAST(${column} AS timestamp)) AS ${type})`;

const LEAST: { readonly [type: string]: string } = {
  integer: '-2147483648',
  bigint: "CAST('-9223372036854775808' AS bigint)",
};

/** Outside of these PostgreSQL's arithmetic overflows or underflows, which is an error. */
const RANGE: { readonly [type: string]: readonly [least: string, most: string] } = {
  real: ['1e-30', '1e37'],
  double: ['1e-290', '1e307'],
};

function band(column: string, width: number, type: LakeType): string {
  const range = RANGE[type];
  const spelled = postgresType(type);
  if (range) {
    const [least, most] = range.map((value) => `CAST('${value}' AS ${spelled})`) as [string, string];
    const by = `CAST(${width} AS ${spelled})`;
    const down = `CAST(CAST(floor(${column} / ${by}) AS ${spelled}) * ${by} AS ${spelled})`;
    // A value too small to be divided is next to 0; of one too large the band is the value itself.
    return `CASE WHEN ${column} = 'NaN' OR abs(${column}) > ${most} THEN ${column} WHEN abs(${column}) < ${least} THEN CASE WHEN ${column} < 0 THEN -${by} ELSE CAST(0 AS ${spelled}) END ELSE ${down} END`;
  }
  const down = `${column} - ${column} % ${width}`;
  const whole = `WHEN ${column} % ${width} = 0 THEN ${column} WHEN ${column} > 0 THEN ${down}`;
  const least = LEAST[type];
  if (least !== undefined)
    return `CAST(CASE ${whole} WHEN ${column} > ${least} + ${width} THEN ${down} - ${width} END AS ${spelled})`;
  const [, precision, scale] = /^decimal\((\d+),(\d+)\)$/.exec(type) ?? [];
  if (precision === undefined) return `CAST(CASE ${whole} ELSE ${down} - ${width} END AS ${spelled})`;
  const below = `-1${'0'.repeat(Number(precision) - Number(scale))}`;
  return `CAST(CASE ${whole} WHEN ${down} - ${width} > ${below} THEN ${down} - ${width} END AS ${spelled})`;
}
