import type { SIMPLE_VIEWS } from '../campus/access-schema.ts';
import type { LakeType } from '../campus/lake-type.ts';

/** How a column is shown. A mask keeps the column's type, so that every statement over it stays what it was. */
export type Shown =
  | { readonly kind: Exclude<(typeof SIMPLE_VIEWS)[number], 'year'> }
  /** The first day of the year. `from`: earlier years are shown as this one, so that the oldest are not alone. */
  | { readonly kind: 'year'; readonly from?: number }
  /** Numbers rounded down to a multiple of the width. */
  | { readonly kind: 'band'; readonly width: number };

/** Reads what `accessSchema` has admitted: `whole`, `year from 1936`, `band 10`. */
export function parseShown(text: string): Shown {
  const [word, ...rest] = text.split(' ');
  const number = Number(rest.at(-1));
  if (word === 'band') return { kind: 'band', width: number };
  if (word === 'year') return { kind: 'year', ...(rest.length > 0 ? { from: number } : {}) };
  return { kind: word } as Shown;
}

/** As it is written in access.yaml. */
export function shownText(shown: Shown): string {
  if (shown.kind === 'band') return `band ${shown.width}`;
  return shown.kind === 'year' && shown.from !== undefined ? `year from ${shown.from}` : shown.kind;
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
};

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
