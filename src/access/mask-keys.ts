import { hkdfSync } from 'node:crypto';
import type { Shown } from '../campus/masks.ts';

/**
 * The two keys of one kind of id, in SQL: literals of 64 hexadecimal digits, or the columns that hold them. A token is
 * SHA-256(outer ‖ hex(SHA-256(inner ‖ id))), over texts. It is HMAC's construction with keys that are texts, because
 * Redshift has no HMAC and makes SHA-256 of texts only. The keys open no pseudonym that the catalog has made: they are
 * derived apart, since warehouses hold them.
 */
export interface MaskKey {
  readonly inner: string;
  readonly outer: string;
}

/** What masks need beyond the value: the campus's secret key, and the year in which they are made. */
export interface MaskContext {
  /** The key for one kind of id. Undefined: the campus has none, and keyed masks show nothing. */
  readonly keyOf?: (kind: string) => MaskKey;
  /** Of the calendar, for ages. */
  readonly year: number;
}

/** Days are shifted by a kind of its own, so that they tell nothing of a pseudonym. */
export const SHIFT = 'shift';

/**
 * The kind of the keys by which stored dates are shifted. No mask of access.yaml can name it: who reads the keys of those
 * in a warehouse shifts nothing back that is stored.
 */
export const STORED_SHIFT = 'stored shift';

/** The keys of one kind as texts, each of 64 hexadecimal digits. */
export function keyTexts(key: Buffer, kind: string): { readonly inner: string; readonly outer: string } {
  const part = (name: string) =>
    Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `campus-lake mask v1 ${kind} ${name}`, 32)).toString(
      'hex',
    );
  return { inner: part('inner'), outer: part('outer') };
}

/** @param key the campus's secret key, the newest where there are several */
export const keysOf =
  (key: Buffer) =>
  (kind: string): MaskKey => {
    const { inner, outer } = keyTexts(key, kind);
    return { inner: `'${inner}'`, outer: `'${outer}'` };
  };

/** Whether a mask needs the campus's secret key. */
export const isKeyed = ({ kind }: Shown): boolean => kind === 'pseudonym' || kind === 'shift';

/** The first year that is shown as it is; undefined where all are. */
export const firstYear = (shown: Shown & { kind: 'year' }, { year }: MaskContext): number | undefined =>
  shown.age === undefined ? shown.from : year - shown.age;

/** Pseudonyms have 128 bits, as those of the catalog. */
export const TOKEN_DIGITS = 32;

/** Of a token, so many hexadecimal digits make the number by which days are shifted. */
export const SHIFT_DIGITS = 8;
