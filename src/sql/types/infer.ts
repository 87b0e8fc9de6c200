import type { TableSet } from '../../ports/tables.ts';
import type { ParsedStatement } from '../parse.ts';
import { perColumns } from '../per-columns.ts';
import { type Ast, type AstObject, isObject } from '../tree.ts';
import { refuseCorrelatedValue } from './correlated.ts';
import { typeOfExpression } from './expression-types.ts';
import type { Finding } from './finding.ts';
import { typeOfQuery } from './query-types.ts';
import type { Scope, StarColumn, TypedColumn } from './scope.ts';
import type { SqlType } from './sql-type.ts';
import type { Reference, Typing } from './typing.ts';

/** The types of a statement's expressions, in Trino's words. */
export interface Types {
  /** The type of an expression of the tree; undefined where it cannot be told. */
  of(node: Ast | undefined): SqlType | undefined;
  /** The result's columns; undefined where they cannot be told. */
  readonly columns: readonly TypedColumn[] | undefined;
  /** Why the statement is refused at this object of the tree. */
  finding(object: AstObject): Finding | undefined;
  /** What a column's name in ORDER BY stands for, inside of more, where that is an expression of the SELECT list. */
  output(column: AstObject): AstObject | undefined;
  /** What a `*` stands for, where Trino gives its columns in another order than they are in FROM. */
  star(star: AstObject): readonly StarColumn[] | undefined;
}

/** Finds the types of all expressions of a statement over tables whose columns are known. */
export const inferTypes = perColumns((statement: ParsedStatement, tables: TableSet): Types => {
  const inference = new Inference(tables);
  const columns = inference.query(statement.ast, undefined);
  const isKnown = statement.tables.every(({ name }) => Object.hasOwn(tables, name));
  if (isKnown) inference.refuseUnknown();
  return {
    of: (node) => (isObject(node) ? inference.known.get(node) : undefined),
    columns: columns?.map(({ name, type }, i) => ({ name: name === '' ? `_col${i}` : name, type })),
    finding: (object) => inference.findings.get(object),
    output: (column) => {
      const meant = inference.outputs.get(column);
      return isObject(meant) && !inference.alone.has(column) ? meant : undefined;
    },
    star: (star) => inference.stars.get(star),
  };
});

class Inference implements Typing {
  readonly known = new WeakMap<AstObject, SqlType>();
  readonly findings = new Map<AstObject, Finding>();
  readonly outputs = new Map<AstObject, Ast>();
  readonly alone = new Set<AstObject>();
  readonly stars = new Map<AstObject, readonly StarColumn[]>();
  readonly #references = new Map<AstObject, Reference>();
  readonly #tables: TableSet;
  #unknown: AstObject | undefined;

  constructor(tables: TableSet) {
    this.#tables = tables;
  }

  type(node: Ast | undefined, scope: Scope): SqlType | undefined {
    if (!isObject(node)) return undefined;
    const type = isQuery(node) ? this.#scalar(node, scope) : typeOfExpression(node, scope, this);
    if (type === undefined) this.#unknown ??= node;
    else this.known.set(node, type);
    return type;
  }

  query(node: Ast | undefined, outer: Scope | undefined): readonly TypedColumn[] | undefined {
    return typeOfQuery(node, outer, this);
  }

  refuse(node: AstObject, finding: Finding): void {
    if (!this.findings.has(node)) this.findings.set(node, finding);
  }

  resolved(node: AstObject, key: string, scope: Scope): void {
    this.#references.set(node, { key, scope });
  }

  reference(node: AstObject): Reference | undefined {
    return this.#references.get(node);
  }

  meansOutput(node: AstObject, expression: Ast): void {
    this.outputs.set(node, expression);
  }

  standsAlone(node: AstObject): void {
    this.alone.add(node);
  }

  isOutput(node: AstObject): boolean {
    return this.outputs.has(node);
  }

  keepStar(star: AstObject, columns: readonly StarColumn[]): void {
    this.stars.set(star, columns);
  }

  columnsOf(table: string): readonly TypedColumn[] | undefined {
    const version = Object.hasOwn(this.#tables, table) ? this.#tables[table] : undefined;
    return version?.columns.map(({ name, type }) => ({ name: name.toLowerCase(), type }));
  }

  /** Where everything about the tables is known, what has no type is nothing that the lake knows. */
  refuseUnknown(): void {
    if (this.findings.size > 0 || !this.#unknown) return;
    this.findings.set(this.#unknown, {
      what: 'the type of this is unknown',
      portable: 'write it in another way; docs/sql.md says what is understood',
      code: 'sql-types',
    });
  }

  #scalar(node: AstObject, scope: Scope): SqlType | undefined {
    const columns = this.query(node, scope);
    refuseCorrelatedValue(node, scope, this);
    if (columns && columns.length !== 1) {
      this.refuse(node, {
        what: `a query in the place of a value gives one column, and this one gives ${columns.length}`,
        portable: 'name one column in its SELECT',
        code: 'sql-columns',
      });
    }
    return columns?.[0]?.type;
  }
}

const isQuery = (node: AstObject): boolean =>
  ['select', 'union', 'intersect', 'except', 'subquery', 'values'].some((kind) => isObject(node[kind]));
