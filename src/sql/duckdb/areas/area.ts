import type { Ast, AstObject } from '../../tree.ts';
import type { SqlType } from '../../types/sql-type.ts';

/** A node that is rewritten for DuckDB, from the leaves up. */
export interface RewrittenNode {
  /** What the parser keeps of it, over the rewritten nodes below. */
  readonly data: AstObject;
  /** The same as it was written: types are known of these. */
  readonly was: AstObject;
  /** Type of the node itself; undefined where it is not known. */
  readonly type: SqlType | undefined;
  /** Type of a node below, as it was written. */
  typeOf(node: Ast | undefined): SqlType | undefined;
  /** The statement as its author wrote it, for places of errors. */
  readonly text: string;
  /** @throws SqlError at this node, for what DuckDB cannot give */
  refuse(what: string, portable: string): never;
}

/** A call of a function that is rewritten for DuckDB. */
export interface RewrittenCall {
  readonly node: AstObject;
  /** The arguments, rewritten. */
  readonly args: readonly Ast[];
  /** What the parser keeps of the call: also DISTINCT, FILTER, ORDER BY of an aggregate. */
  readonly data: AstObject;
  /** Type of an argument; undefined where it is not known or there is none. */
  argType(index: number): SqlType | undefined;
  /** Type of the result. */
  readonly type: SqlType | undefined;
  readonly text: string;
  /** The arguments as they were written. */
  readonly written: readonly Ast[];
  /** Type of a node below, as it was written. */
  typeOf(node: Ast | undefined): SqlType | undefined;
  /** @throws SqlError at this call, for what DuckDB cannot give */
  refuse(what: string, portable: string): never;
}

/** `undefined`: leave the node as it is. @throws SqlError for what DuckDB cannot give */
export type KindRewriting = (node: RewrittenNode) => Ast | undefined;
export type CallRewriting = (call: RewrittenCall) => Ast | undefined;

/**
 * How one group of Trino's functions and operators is said in DuckDB's SQL. Several areas may rewrite the same name,
 * each for the types of its own (`||` of texts, of arrays): the first that does not leave it, in the order of `AREAS`.
 */
export interface Area {
  /**
   * Macros that mean in DuckDB what Trino means, as `name(parameters) AS body`. `trino_…` ones are called in place of
   * an operator or of a function that DuckDB has too, but with another meaning. Macros have no types, so one that
   * must keep its argument's type casts back to it (`cast_to_type`), and one that only works for some types says so
   * with `error`, which speaks when a row reaches it. Source of the meanings: the function pages of the Trino manual.
   */
  readonly macros: readonly string[];
  /** By kind of node; `ordered` is what an ORDER BY lists. Several areas may rewrite one kind, each for values of its own types: see `AREAS`. */
  readonly kinds?: { readonly [kind: string]: KindRewriting };
  /** By Trino's name of the function, as `callOf` gives it. */
  readonly calls?: { readonly [name: string]: CallRewriting };
}
