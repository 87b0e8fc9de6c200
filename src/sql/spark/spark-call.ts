import { call, choose, textOf } from '../build.ts';
import { SqlError } from '../errors.ts';
import type { Ast, AstObject } from '../tree.ts';
import type { SqlType } from '../types/sql-type.ts';

/** A call of one of Trino's functions that is to be written in Spark's. */
export interface SparkCall {
  readonly name: string;
  /** Written in Spark's SQL already. */
  readonly args: readonly Ast[];
  /** Their types and that of the result, as Trino has them. */
  readonly types: readonly (SqlType | undefined)[];
  readonly type: SqlType | undefined;
  /** DISTINCT, FILTER and ORDER BY of an aggregate. */
  readonly data: AstObject;
  /** The call as it is, for what Spark calls by the same name. */
  readonly node: AstObject;
  /** @throws SqlError for what has no counterpart in Spark */
  refuse(what: string, portable: string): never;
}

export type SparkRewriting = (call: SparkCall) => Ast;

/** How Spark spells a type of Trino. */
export function sparkType(type: SqlType): string {
  const array = /^array\((.*)\)$/.exec(type);
  if (array) return `ARRAY<${sparkType(array[1]!)}>`;
  const names: { readonly [name: string]: string } = {
    integer: 'INT',
    real: 'FLOAT',
    varchar: 'STRING',
    varbinary: 'BINARY',
    timestamp: 'TIMESTAMP_NTZ',
    'timestamp with time zone': 'TIMESTAMP_NTZ',
    unknown: 'VOID',
  };
  return names[type] ?? type.toUpperCase();
}

/** A value, and an error with the lake's own words where a condition holds. */
export const stoppedWhere = (condition: Ast, message: string, value: Ast): AstObject =>
  choose(condition, call('raise_error', textOf(message)), value);

/** The way that is open to whatever Spark does otherwise. */
export const BY_ATHENA = 'leave `-- engine: glue` out of the header, so that Athena builds the model';

/** @throws SqlError for what is written for the other engines only */
export function notInSpark(what: string): never {
  throw new SqlError(`${what} are not translated for Spark.`, {
    hint: BY_ATHENA,
  });
}
