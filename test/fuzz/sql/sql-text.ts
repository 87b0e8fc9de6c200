import fc from 'fast-check';

/** Types of what a query gives, in Trino's words. */
export const TYPES = [
  'boolean',
  'integer',
  'bigint',
  'double',
  'decimal(9,2)',
  'varchar',
  'date',
  'timestamp',
  'array(bigint)',
  'array(varchar)',
] as const;
export type ResultType = (typeof TYPES)[number];

/** Types of what stands within a statement and is no column of what it gives. */
export const INNER_TYPES = ['map(varchar,bigint)', 'timestamp with time zone', 'varbinary'] as const;
export type FuzzType = ResultType | (typeof INNER_TYPES)[number];

/** A piece of SQL. */
export type Sql = fc.Arbitrary<string>;

export const quoted = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** Pieces put into a text at the places of `$0`, `$1`, …; § stands for a dollar. */
export const filled = (text: string, pieces: readonly Sql[]): Sql =>
  fc
    .tuple(...pieces)
    .map((values) =>
      text.replaceAll(/\$(\d)/g, (_, index) => values[Number(index)] as string).replaceAll('§', '$'),
    );

/** One of several, the first where the query is made simpler. */
export const oneOf = (first: Sql, ...others: readonly Sql[]): Sql =>
  fc.oneof({ withCrossShrink: true }, first, ...others);
