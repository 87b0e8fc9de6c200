import type { TableSet } from '../../platform/ports/tables.ts';
import type { ParsedStatement } from '../parse.ts';
import { perColumns } from '../per-columns.ts';
import { type Ast, type AstObject, isObject, nameOf } from '../tree.ts';
import { type Typing, typeOfExpression } from './expression-types.ts';
import { type Relation, type Scope, scopeIn, starColumns, type TypedColumn } from './scope.ts';
import { commonType, elementOf, type SqlType } from './sql-type.ts';

/** The types of a statement's expressions, in Trino's words. */
export interface Types {
  /** The type of an expression of the tree; undefined where it cannot be told. */
  of(node: Ast | undefined): SqlType | undefined;
  /** The result's columns; undefined where they cannot be told. */
  readonly columns: readonly TypedColumn[] | undefined;
}

type Columns = readonly TypedColumn[] | undefined;

/** Finds the types of all expressions of a statement over tables whose columns are known. */
export const inferTypes = perColumns((statement: ParsedStatement, tables: TableSet): Types => {
  const inference = new Inference(tables);
  const columns = inference.query(statement.ast, undefined);
  return { of: (node) => (isObject(node) ? inference.known.get(node) : undefined), columns };
});

class Inference implements Typing {
  readonly known = new WeakMap<AstObject, SqlType>();
  readonly #tables: TableSet;

  constructor(tables: TableSet) {
    this.#tables = tables;
  }

  type(node: Ast | undefined, scope: Scope): SqlType | undefined {
    if (Array.isArray(node)) {
      for (const item of node) this.type(item, scope);
      return undefined;
    }
    if (!isObject(node)) return undefined;
    const type = isQuery(node) ? this.query(node, scope)?.[0]?.type : typeOfExpression(node, scope, this);
    if (type !== undefined) this.known.set(node, type);
    return type;
  }

  query(node: Ast | undefined, outer: Scope | undefined): Columns {
    if (!isObject(node)) return undefined;
    const [kind, data] = Object.entries(node)[0] ?? [];
    if (!isObject(data)) return undefined;
    const scope = this.#withCtes(data.with, scopeIn(outer));
    if (kind === 'select') return this.#select(data, scope);
    if (kind === 'values') return this.#values(data, scope);
    if (kind === 'subquery' || kind === 'paren')
      return this.#ordered(data, this.query(data.this, scope), scope);
    const [left, right] = [this.query(data.left, scope), this.query(data.right, scope)];
    const columns = left?.map(({ name, type }, i) => ({ name, type: commonType(type, right?.[i]?.type) }));
    return this.#ordered(data, columns, scope);
  }

  #withCtes(withClause: Ast | undefined, scope: Scope): Scope {
    if (!isObject(withClause) || !Array.isArray(withClause.ctes)) return scope;
    const ctes = new Map(scope.ctes);
    for (const cte of withClause.ctes) {
      if (!isObject(cte)) continue;
      const columns = renamed(this.query(cte.this, { ...scope, ctes }), cte.columns);
      ctes.set(nameOf(cte.alias)?.toLowerCase() ?? '', columns);
    }
    return { ...scope, ctes };
  }

  #select(data: AstObject, scope: Scope): Columns {
    const from = isObject(data.from) ? listOf(data.from.expressions) : [];
    for (const item of from) scope.relations.push(this.#relation(item, scope));
    for (const join of listOf(data.joins)) {
      if (!isObject(join)) continue;
      scope.relations.push(this.#relation(join.this, scope));
      this.type(join.on, scope);
      for (const name of listOf(join.using)) scope.shared.push(nameOf(name)?.toLowerCase() ?? '');
    }
    for (const key of ['where_clause', 'group_by', 'having', 'windows']) this.type(data[key], scope);
    const columns: TypedColumn[] = [];
    let isKnown = true;
    for (const expression of listOf(data.expressions)) {
      if (isObject(expression) && isObject(expression.star)) {
        const all = starColumns(expression.star, scope);
        isKnown &&= all !== undefined;
        columns.push(...(all ?? []));
      } else {
        columns.push({ name: outputName(expression, columns.length), type: this.type(expression, scope) });
      }
    }
    return this.#ordered(data, isKnown ? columns : undefined, scope);
  }

  /** ORDER BY sees the columns of the result before those of the tables. */
  #ordered(data: AstObject, columns: Columns, scope: Scope): Columns {
    const outputs = { ...scopeIn(scope), relations: columns ? [{ name: undefined, columns }] : [] };
    for (const key of ['order_by', 'limit', 'offset']) this.type(data[key], outputs);
    return columns;
  }

  #values(data: AstObject, scope: Scope): Columns {
    const rows = listOf(data.expressions).map((row) =>
      (isObject(row) ? listOf(row.expressions) : []).map((cell) => this.type(cell, scope)),
    );
    return rows[0]?.map((_, i) => ({ name: `_col${i}`, type: rows.map((row) => row[i]).reduce(commonType) }));
  }

  #relation(node: Ast | undefined, scope: Scope): Relation {
    const unknown = { name: undefined, columns: undefined };
    if (!isObject(node)) return unknown;
    const [kind, data] = Object.entries(node)[0] ?? [];
    if (!isObject(data)) return unknown;
    const alias = nameOf(data.alias)?.toLowerCase();
    if (kind === 'table') {
      const own = nameOf(data.name)?.toLowerCase() ?? '';
      const schema = nameOf(data.schema)?.toLowerCase();
      const columns = schema === undefined ? scope.ctes.get(own) : this.#columnsOf(`${schema}.${own}`);
      return { name: alias ?? own, columns: renamed(columns, data.column_aliases) };
    }
    if (kind === 'unnest') return { name: alias, columns: this.#unnested(data, scope) };
    if (kind === 'alias') {
      const { columns } = this.#relation(data.this, scope);
      return { name: alias, columns: renamed(columns, data.column_aliases) };
    }
    if (kind === 'subquery') {
      const columns = this.query(
        data.this,
        scope.outer ? { ...scope.outer, ctes: scope.ctes } : inCtes(scope),
      );
      return { name: alias, columns: renamed(columns, data.column_aliases) };
    }
    return unknown;
  }

  #unnested(data: AstObject, scope: Scope): Columns {
    const lists = [data.this, ...listOf(data.expressions)].map((list) => this.type(list, scope));
    const columns = lists.map((list, i) => ({ name: `_col${i}`, type: elementOf(list) }));
    return data.with_ordinality === true ? [...columns, { name: 'ordinality', type: 'bigint' }] : columns;
  }

  #columnsOf(table: string): Columns {
    const version = Object.hasOwn(this.#tables, table) ? this.#tables[table] : undefined;
    return version?.columns.map(({ name, type }) => ({ name: name.toLowerCase(), type }));
  }
}

const isQuery = (node: AstObject): boolean =>
  ['select', 'union', 'intersect', 'except', 'subquery', 'values'].some((kind) => isObject(node[kind]));

/** A query in FROM does not see its neighbours, only the names of WITH. */
const inCtes = ({ ctes }: Scope): Scope => ({ ...scopeIn(undefined), ctes });

function renamed(columns: Columns, names: Ast | undefined): Columns {
  const list = listOf(names);
  if (list.length === 0) return columns;
  return list.map((name, i) => ({ name: nameOf(name)?.toLowerCase() ?? '', type: columns?.[i]?.type }));
}

/** The name of a column of a SELECT: its own, or `_col` and its place. */
export function outputName(expression: Ast, index: number): string {
  const data = isObject(expression) ? (expression.alias ?? expression.column ?? expression.dot) : undefined;
  const name = isObject(data) ? (nameOf(data.alias) ?? nameOf(data.name) ?? nameOf(data.field)) : undefined;
  return name?.toLowerCase() ?? `_col${index}`;
}

const listOf = (value: Ast | undefined): readonly Ast[] => (Array.isArray(value) ? value : []);
