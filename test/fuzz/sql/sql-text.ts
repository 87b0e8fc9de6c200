import fc from 'fast-check';

/** Types of what a query gives, in Trino's words. */
export const TYPES = [
  'boolean',
  'integer',
  'bigint',
  'double',
  'decimal(9,2)',
  'decimal(38,2)',
  'varchar',
  'date',
  'timestamp',
  'array(bigint)',
  'array(varchar)',
] as const;
export type ResultType = (typeof TYPES)[number];

/** Types of what stands within a statement and is no column of what it gives. */
export const INNER_TYPES = [
  'map(varchar,bigint)',
  'row(id integer,name varchar)',
  'array(double)',
  'timestamp with time zone',
  'interval day to second',
  'interval year to month',
  'varbinary',
  'json text',
  'json',
  'smallint',
  'tinyint',
] as const;
export type FuzzType = ResultType | (typeof INNER_TYPES)[number];

/** The name of a type in a statement: a text of JSON is a text. */
export const nameOf = (type: FuzzType): string => (type === 'json text' ? 'varchar' : type);

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

/** Pieces one behind the other. */
export const joined = (parts: readonly (string | Sql)[]): Sql =>
  fc
    .tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part)))
    .map((texts) => texts.join(''));
