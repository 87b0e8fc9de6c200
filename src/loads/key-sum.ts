import type { LakeType } from '../campus/lake-type.ts';

/**
 * The keys of a table as one number, which the source and the lake each count for themselves: whatever the order of
 * the rows, it is the same where the keys are, and differs (but for one chance in two thousand million) where a row
 * is lost, doubled or another, even if as many rows are there.
 *
 * Of each row every key column becomes a word, a whole number of 64 bits: a number as it is, a day or an instant
 * counted from 1970, true and false as 1 and 0. The text columns become one word more, from the SHA-256 of their
 * values. The words are mixed into a number below 2³¹ by arithmetic that PostgreSQL, DuckDB and Trino do alike, and
 * those numbers are added up. Whole numbers are mixed rather than hashed because hashing would cost the source more
 * than the copy of the table does.
 */
export type KeySum = {
  /** The key columns, in the order in which they were mixed. */
  readonly columns: string[];
  /** Exact, in decimal digits. */
  readonly sum: string;
};

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

/** How a dialect of SQL writes the parts of a key; `C` is what it knows of a column. */
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

/** Primes: the greatest below 2³⁰, so that a product stays below 2⁶³, and 2³¹ − 1. */
const P = 1_073_741_789;
const Q = 1_073_741_783;
const R = 2_147_483_647;

/** One number below 2³¹ of a row's words, as SQL that means the same in every dialect. */
export function mixSql(words: readonly string[]): string {
  return words.reduce(
    (mixed, word) => `((${mixed} + ${word} % ${P} + ${P}) * (${word} % ${Q} + ${Q}) % ${R})`,
    '0',
  );
}

/** What `mixSql` gives, counted here. */
export function mix(words: readonly bigint[]): bigint {
  const [p, q, r] = [BigInt(P), BigInt(Q), BigInt(R)];
  return words.reduce((mixed, word) => ((mixed + (word % p) + p) * ((word % q) + q)) % r, 0n);
}
