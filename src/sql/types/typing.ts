import type { Ast, AstObject } from '../tree.ts';
import type { Finding } from './finding.ts';
import type { Scope, StarColumn, TypedColumn } from './scope.ts';
import type { SqlType } from './sql-type.ts';

/** The column that a name stands for: which one of a scope. */
export interface Reference {
  readonly key: string;
  readonly scope: Scope;
}

/** Types of expressions are found from the leaves up; queries inside of them are handed to `query`. */
export interface Typing {
  /** The type of an expression in a scope; it and those of all expressions inside are kept. */
  type(node: Ast | undefined, scope: Scope): SqlType | undefined;
  /** The columns of a query inside of an expression. */
  query(node: Ast | undefined, outer: Scope | undefined): readonly TypedColumn[] | undefined;
  /** Refuses the statement at a node; the first finding at a node stays. */
  refuse(node: AstObject, finding: Finding): void;
  /** Keeps what a column's node stands for. */
  resolved(node: AstObject, key: string, scope: Scope): void;
  /** The column that a node was found to stand for. */
  reference(node: AstObject): Reference | undefined;
  /** The columns of a table whose columns are known. */
  columnsOf(table: string): readonly TypedColumn[] | undefined;
  /** Keeps what a `*` stands for, where it has to be written out. */
  keepStar(star: AstObject, columns: readonly StarColumn[]): void;
  /** Keeps that a column's node means one of the SELECT list: what stands there, or null for one of a star. */
  meansOutput(node: AstObject, expression: Ast): void;
  /** Keeps that a column's name is all that stands in a part of ORDER BY, where every engine takes it as meant. */
  standsAlone(node: AstObject): void;
  /** Whether a node was found to mean a column of the SELECT list. */
  isOutput(node: AstObject): boolean;
}
