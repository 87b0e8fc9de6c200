import type { LakeType } from '../../campus/lake-type.ts';
import { ApiError } from '../errors.ts';

/** A value of a statement. It never stands in the statement's text. */
export interface BoundValue {
  readonly name: string;
  readonly type: LakeType;
  readonly value: string;
}

/** What differs between the databases for which statements are compiled. */
export interface Dialect {
  readonly name: 'athena' | 'postgres' | 'redshift';
  /** @param table `database.table` */
  table(table: string): string;
  /** Where the nth value of a statement stands, as a value of its type. */
  placeholder(value: BoundValue, index: number): string;
  /**
   * All values of a group in the order of a number.
   * @param only a condition on the rows whose values are taken; empty: all
   * @throws ApiError where there is no such function
   */
  collect(value: string, type: LakeType | 'collected', by: string, only: string): string;
  /** A value that leaves the database. */
  output(value: string, type: LakeType): string;
  /** A list that leaves the database. */
  outputList(value: string): string;
  /** Whether a text matches a regular expression somewhere. */
  matches(text: string, pattern: string): string;
}

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const filter = (only: string): string => (only === '' ? '' : ` FILTER (WHERE ${only})`);

const qualified = (table: string): string => {
  const dot = table.indexOf('.');
  return `${quoted(table.slice(0, dot))}.${quoted(table.slice(dot + 1))}`;
};

/**
 * Athena's SQL: the lake's own language, which the engine of one machine translates to DuckDB's.
 * @param listsAsJson whether lists leave as JSON text, since Athena's files of results have no lists
 */
export const athenaDialect = (listsAsJson = false): Dialect => ({
  name: 'athena',
  table: qualified,
  placeholder: ({ name }) => `:${name}`,
  collect: (value, _type, by, only) => `array_agg(${value} ORDER BY ${by})${filter(only)}`,
  output: (value) => value,
  outputList: (value) => (listsAsJson ? `json_format(CAST(${value} AS json))` : value),
  matches: (text, pattern) => `regexp_like(${text}, ${pattern})`,
});

const POSTGRES_TYPES: { readonly [type: string]: string } = {
  double: 'double precision',
  varbinary: 'bytea',
};
const postgresType = (type: LakeType): string => POSTGRES_TYPES[type] ?? type;

/** Whole numbers of 64 bits and decimals leave as text, since JSON's readers round them. */
const EXACT = /^(bigint|decimal|timestamp|date|time|varbinary)/;
const exact = (value: string, type: LakeType): string =>
  EXACT.test(type) ? `CAST(${value} AS varchar)` : value;

export const POSTGRES: Dialect = {
  name: 'postgres',
  table: qualified,
  placeholder: ({ type }, index) => `CAST($${index + 1} AS ${postgresType(type)})`,
  collect: (value, type, by, only) =>
    `json_agg(${type === 'collected' ? value : exact(value, type)} ORDER BY ${by})${filter(only)}`,
  output: exact,
  outputList: (value) => value,
  matches: (text, pattern) => `${text} ~ ${pattern}`,
};

/** Redshift has no function that makes a list of rows in an order, so nested lists are refused. */
export const REDSHIFT: Dialect = {
  ...POSTGRES,
  name: 'redshift',
  placeholder: ({ name, type }) => `CAST(:${name} AS ${postgresType(type)})`,
  collect() {
    throw new ApiError(
      'not-supported',
      'Redshift makes no lists: ask for the rows of the other table by themselves',
    );
  },
};
