import type { LakeType } from '../campus/lake-type.ts';
import type { KeySum } from '../ports/key-sum.ts';

/** The recipe of the sums that are made here; a load may carry one of an older version of the lake. */
export const KEY_SUM_RECIPE = 2;

/** The sum, where it is of today's recipe; undefined where there is none, or none that could be compared. */
export const comparableSum = (sum: KeySum | undefined): KeySum | undefined =>
  sum?.recipe === KEY_SUM_RECIPE ? sum : undefined;

/** What a key's value is made a word of; values of different families cannot be compared. */
export type KeyFamily = 'whole' | 'day' | 'instant' | 'truth' | 'text' | 'decimal';

/** The greatest number of digits that is sure to fit 64 bits. */
const WHOLE_DIGITS = 18;

/** The family of a key column; undefined for types that are no keys, such as `double`. */
export function keyFamily(type: LakeType): KeyFamily | undefined {
  switch (type) {
    case 'integer':
    case 'bigint':
      return 'whole';
    case 'date':
      return 'day';
    case 'timestamp':
      return 'instant';
    case 'boolean':
      return 'truth';
    case 'varchar':
      return 'text';
    default: {
      const decimal = /^decimal\((\d+),(\d+)\)$/.exec(type);
      if (!decimal) return undefined;
      return decimal[2] === '0' && Number(decimal[1]) <= WHOLE_DIGITS ? 'whole' : 'decimal';
    }
  }
}

/** How a dialect of SQL writes the parts of a key; `C` describes a column. */
export interface KeyDialect<C> {
  typeOf(column: C): LakeType;
  /** The word of a value of one of the families of numbers. */
  word(column: C, family: KeyFamily): string;
  /** What of a value is hashed, together with that of the other texts. */
  text(column: C, family: KeyFamily): string;
}

/** The expressions of which a row's words are made. @throws TypeError for a column that is no key */
export function keyParts<C>(key: readonly C[], dialect: KeyDialect<C>): { words: string[]; texts: string[] } {
  const words: string[] = [];
  const texts: string[] = [];
  for (const column of key) {
    const type = dialect.typeOf(column);
    const family = keyFamily(type);
    if (family === undefined) throw new TypeError(`no sum is made of keys of type ${type}`);
    if (family === 'text' || family === 'decimal') texts.push(dialect.text(column, family));
    else words.push(dialect.word(column, family));
  }
  return { words, texts };
}

/** Columns by the names of a key; undefined where one is not there, or is of a type that is no key. */
export function keyColumns<C extends { readonly name: string; readonly type: LakeType }>(
  key: readonly string[],
  columns: readonly C[],
): C[] | undefined {
  const found = key.flatMap((name) => columns.find((column) => column.name === name) ?? []);
  const fits = found.length === key.length && found.every(({ type }) => keyFamily(type) !== undefined);
  return fits ? found : undefined;
}

/** How texts are joined before they are hashed, and what stands for an empty one: control signs that no id holds. */
export const BETWEEN = 31;
export const ABSENT_TEXT = 30;
/** What stands for an empty number: one that no id has. */
export const ABSENT_WORD = '-4611686018427387847';
/** Of the hash, so many hexadecimal digits: 48 bits. */
export const HASH_DIGITS = 12;

/**
 * Primes. The first two are just below 2³⁰ and of that size, so that a product stays below 2⁶³; R is 2³¹ − 1. The small
 * ones keep the mix from being a polynomial of low degree, which would have an axis: with two factors alone a key n
 * and its mirror image gave the same number. Q, S and T were searched for: no two of the whole numbers from −30,000 to
 * 75,000 (as days: 1887 to 2175), of the pairs of numbers below 256, of the texts of up to two printable ASCII
 * characters and of three capitals give the same number (`test/loads/key-sum.test.ts` looks at all of them).
 */
const P = 1_073_741_789;
const Q = 940_596_053;
const R = 2_147_483_647;
const S = 1_049;
const T = 1_423;

/** One number below 2³¹ of a row's words, as SQL that means the same in every dialect. */
export function mixSql(words: readonly string[]): string {
  const remainder = (word: string, prime: number) => `${word} % ${prime} + ${prime}`;
  return words.reduce((mixed, word) => {
    const first = `(${mixed} + ${remainder(word, P)}) * (${remainder(word, Q)}) % ${R}`;
    return `((${first} + ${remainder(word, S)}) * (${remainder(word, T)}) % ${R})`;
  }, '0');
}

/** What `mixSql` gives, counted here. */
export function mix(words: readonly bigint[]): bigint {
  const [p, q, r, s, t] = [BigInt(P), BigInt(Q), BigInt(R), BigInt(S), BigInt(T)];
  return words.reduce((mixed, word) => {
    const first = ((mixed + (word % p) + p) * ((word % q) + q)) % r;
    return ((first + (word % s) + s) * ((word % t) + t)) % r;
  }, 0n);
}
