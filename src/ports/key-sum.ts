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
  /** How it was made (`KEY_SUM_RECIPE`); sums of two recipes cannot be compared. Default: 1, the first one. */
  readonly recipe?: number;
  /**
   * No two of these rows can share a key: it is the source's primary key, and its values come over whole. Default: they
   * may, and a caller that relies on it must check.
   */
  readonly distinct?: true;
};
