import type { LakeType } from './lake-type.ts';

/** How a column is shown without an argument. */
export const SIMPLE_VIEWS = [
  'whole',
  'hidden',
  'empty',
  'redact',
  'first_letter',
  'last_four',
  'email_domain',
  'zip3',
  'month',
  'year',
] as const;

/** Masks with an argument, one example of each. */
export const VIEW_EXAMPLES = [
  'year from 1936',
  'year 90+',
  'band 10',
  'pseudonym student',
  'shift 183 by student_id',
] as const;

const DAYS_OF_A_YEAR = '[1-9]\\d?|[12]\\d\\d|3[0-5]\\d|36[0-6]';
/** How a column can be shown, as access.yaml writes it. By `shift` dates are moved: tokens of that kind would tell how far. */
export const SHOWN_PATTERN = new RegExp(
  `^(${SIMPLE_VIEWS.join('|')}|year from \\d{4}|year [1-9]\\d{0,2}\\+|band [1-9]\\d{0,8}|pseudonym (?!shift$)[a-z][a-z0-9_]*|shift (${DAYS_OF_A_YEAR}) by [a-z_][a-z0-9_]*)$`,
);

/** Masks by which a catalog stores a column, one example of each. */
export const STORED_MASK_EXAMPLES = [
  'redact',
  'first_letter',
  'last_four',
  'email_domain',
  'zip3',
  'month',
  'year',
  'year from 1936',
  'band 10',
  'shift 183 by student_id',
  'empty',
] as const;

/**
 * How a column can be stored, as a catalog writes it. What is stored does not change with the calendar, so `year 90+`
 * is no such mask; `pseudonym`, whole and hidden columns are treatments of their own.
 */
export const STORED_MASK_PATTERN = new RegExp(
  `^(${SIMPLE_VIEWS.filter((view) => view !== 'whole' && view !== 'hidden').join('|')}|year from \\d{4}|band [1-9]\\d{0,8}|shift (${DAYS_OF_A_YEAR}) by [a-z_][a-z0-9_]*)$`,
);

/** How a column is shown. A mask keeps the column's type, so that every statement over it stays what it was. */
export type Shown =
  | { readonly kind: Exclude<(typeof SIMPLE_VIEWS)[number], 'year'> }
  /**
   * The first day of the year. `from`: earlier years are shown as this one, so that the oldest are not alone. `age`:
   * the same, from the year in which people of that age were born.
   */
  | { readonly kind: 'year'; readonly from?: number; readonly age?: number }
  /** Numbers rounded down to a multiple of the width. */
  | { readonly kind: 'band'; readonly width: number }
  /** A keyed token. Columns of one kind of id (`of`) show one person by one token, in every table. */
  | { readonly kind: 'pseudonym'; readonly of: string }
  /** Dates moved by up to so many days, all of one person by the same number; `by` is the column of the person's id. */
  | { readonly kind: 'shift'; readonly days: number; readonly by: string };

/** Reads what `accessSchema` has admitted: `whole`, `year from 1936`, `shift 183 by student_id`. */
export function parseShown(text: string): Shown {
  const [word, ...rest] = text.split(' ') as [string, ...string[]];
  const last = rest.at(-1) ?? '';
  if (word === 'band') return { kind: 'band', width: Number(last) };
  if (word === 'pseudonym') return { kind: 'pseudonym', of: last };
  if (word === 'shift') return { kind: 'shift', days: Number(rest[0]), by: last };
  if (word !== 'year') return { kind: word } as Shown;
  if (last.endsWith('+')) return { kind: 'year', age: Number(last.slice(0, -1)) };
  return { kind: 'year', ...(rest.length > 0 ? { from: Number(last) } : {}) };
}

/** As it is written in access.yaml. */
export function shownText(shown: Shown): string {
  switch (shown.kind) {
    case 'band':
      return `band ${shown.width}`;
    case 'pseudonym':
      return `pseudonym ${shown.of}`;
    case 'shift':
      return `shift ${shown.days} by ${shown.by}`;
    case 'year':
      if (shown.age !== undefined) return `year ${shown.age}+`;
      return shown.from === undefined ? 'year' : `year from ${shown.from}`;
    default:
      return shown.kind;
  }
}

const TEXT = ['varchar'];
const DAYS = ['date', 'timestamp'];
const TYPES: { readonly [kind in Shown['kind']]?: readonly string[] } = {
  redact: TEXT,
  first_letter: TEXT,
  last_four: TEXT,
  email_domain: TEXT,
  zip3: TEXT,
  month: DAYS,
  year: DAYS,
  band: ['integer', 'bigint', 'real', 'double', 'decimal'],
  pseudonym: TEXT,
  shift: DAYS,
};

/** The types of a column by which dates are shifted: those of which an id is written in one way. */
export const SHIFTED_BY: readonly string[] = ['varchar', 'integer', 'bigint'];

/** The types that a mask takes, where it does not take all. */
export const typesOfMask = (shown: Shown): readonly string[] | undefined => TYPES[shown.kind];

/** Whether a column of the type can be shown so. */
export function maskTakes(shown: Shown, type: LakeType): boolean {
  const types = typesOfMask(shown);
  return types === undefined || types.includes(type.replace(/\(.*/, ''));
}

/**
 * The first three digits of the post codes with 20,000 inhabitants or fewer, which are shown as 000.
 * Source: guidance of the US Department of Health and Human Services on de-identification, by the census of 2000.
 */
export const SMALL_ZIP3 = [
  '036',
  '059',
  '063',
  '102',
  '203',
  '556',
  '692',
  '790',
  '821',
  '823',
  '830',
  '831',
  '878',
  '879',
  '884',
  '890',
  '893',
] as const;

/** What stands for a text that is not shown. */
export const REDACTED = '[redacted]';
