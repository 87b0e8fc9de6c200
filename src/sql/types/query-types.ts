import { type Ast, type AstObject, isObject, listOf, nameOf } from '../tree.ts';
import { commonOf, mustBeTrue } from './agreement.ts';
import { checkGrouping, refuseAggregatesInKeys } from './grouping.ts';
import { renamed, typeOfFrom } from './relation-types.ts';
import { type OutputColumn, type Scope, scopeIn, starColumns, type TypedColumn } from './scope.ts';
import { aliasOf, givenName, starOf, unaliased } from './select-list.ts';
import { commonType, fieldsOf, type SqlType } from './sql-type.ts';
import type { Typing } from './typing.ts';
import { typeOfWindowSpec } from './window-types.ts';

type Columns = readonly TypedColumn[] | undefined;

const SET_OPERATIONS: { readonly [kind: string]: string } = {
  union: 'UNION',
  intersect: 'INTERSECT',
  except: 'EXCEPT',
};

/** The columns of a query, by their names or an empty one; undefined where they cannot be told. */
export function typeOfQuery(node: Ast | undefined, outer: Scope | undefined, typing: Typing): Columns {
  if (!isObject(node)) return undefined;
  const [kind = '', data] = Object.entries(node)[0] ?? [];
  if (!isObject(data)) return undefined;
  const scope = withCtes(data.with, scopeIn(outer), typing);
  if (kind === 'select') return typeOfSelect(data, scope, typing);
  if (kind === 'values') return typeOfValues(node, data, scope, typing);
  if (kind === 'subquery' || kind === 'paren') {
    const columns = typeOfQuery(data.this, scope, typing);
    orderOf(data, outputsOf(columns), scope, typing);
    refuseNanFirst(data, columns, typing);
    return columns;
  }
  if (!Object.hasOwn(SET_OPERATIONS, kind)) return undefined;
  const [left, right] = [typeOfQuery(data.left, scope, typing), typeOfQuery(data.right, scope, typing)];
  const columns = combined(left, right, SET_OPERATIONS[kind]!, node, typing);
  refuseNanFirst(data, columns, typing);
  for (const item of orderOf(data, outputsOf(columns), scope, typing)) {
    if ('column' in item) continue;
    typing.refuse(item, {
      what: `the rows of ${SET_OPERATIONS[kind]} are ordered by an expression`,
      portable:
        'order by the name or the number of a column, or put both sides into a subquery: SELECT * FROM (…) ORDER BY …',
      code: 'sql-order',
    });
  }
  return columns;
}

function combined(
  left: Columns,
  right: Columns,
  operation: string,
  node: AstObject,
  typing: Typing,
): Columns {
  if (!left || !right) return undefined;
  if (left.length !== right.length) {
    typing.refuse(node, {
      what: `the sides of ${operation} have ${left.length} and ${right.length} columns`,
      portable: 'name as many columns on either side',
      code: 'sql-columns',
    });
    return left;
  }
  return left.map(({ name, type }, i) => {
    const other = right[i]!.type;
    const common = commonType(type, other);
    if (common === undefined && type !== undefined && other !== undefined) {
      typing.refuse(node, {
        what: `column ${i + 1} of ${operation} is ${type} on one side and ${other} on the other`,
        portable: 'CAST one side to the type of the other',
        code: 'sql-types',
      });
    }
    return { name, type: common };
  });
}

const outputsOf = (columns: Columns): readonly OutputColumn[] | undefined =>
  columns?.map((column) => ({ ...column, expression: undefined }));

function withCtes(withClause: Ast | undefined, scope: Scope, typing: Typing): Scope {
  if (!isObject(withClause) || !Array.isArray(withClause.ctes)) return scope;
  const ctes = new Map(scope.ctes);
  for (const cte of withClause.ctes) {
    if (!isObject(cte)) continue;
    const name = nameOf(cte.alias)?.toLowerCase() ?? '';
    const inner = { ...scope, ctes };
    const body = isObject(cte.this) && isObject(cte.this.union) ? cte.this.union : undefined;
    if (withClause.recursive === true && body && Array.isArray(cte.columns)) {
      const first = typeOfQuery(body.left, inner, typing);
      ctes.set(name, renamed(first, cte.columns, cte, typing));
    }
    ctes.set(name, renamed(typeOfQuery(cte.this, inner, typing), cte.columns, cte, typing));
  }
  return { ...scope, ctes };
}

function typeOfSelect(data: AstObject, before: Scope, typing: Typing): Columns {
  const expressions = listOf(data.expressions);
  const aliases = new Set(expressions.flatMap((item) => aliasOf(item) ?? []));
  const scope: Scope = { ...before, relations: [], shared: [], aliases };
  typeOfFrom(data, scope, typing);
  condition(data.where_clause, 'WHERE', scope, typing);
  for (const window of listOf(data.windows))
    if (isObject(window) && isObject(window.spec)) typeOfWindowSpec(window.spec, scope, typing);
  const outputs = outputsOfSelect(expressions, scope, typing);
  condition(data.having, 'HAVING', scope, typing);
  const groups = groupItems(data.group_by, expressions, scope, typing);
  const keyScope: Scope = { ...scopeIn(scope.outer), ...scope, outputs: outputs.columns };
  const order = orderOf(data, outputs.columns, keyScope, typing);
  checkGrouping({ data, groups, order, scope, outputs: outputs.columns }, typing);
  refuseNanFirst(data, outputs.columns, typing);
  return outputs.isKnown ? outputs.columns.map(({ name, type }) => ({ name, type })) : undefined;
}

function condition(clause: Ast | undefined, word: string, scope: Scope, typing: Typing): void {
  const inner = isObject(clause) ? clause.this : undefined;
  if (isObject(inner)) mustBeTrue(inner, typing.type(inner, scope), `the condition of ${word}`, typing);
}

function outputsOfSelect(
  expressions: readonly Ast[],
  scope: Scope,
  typing: Typing,
): { readonly columns: OutputColumn[]; readonly isKnown: boolean } {
  const columns: OutputColumn[] = [];
  let isKnown = true;
  for (const expression of expressions) {
    const star = starOf(expression);
    if (star && isObject(expression)) {
      const all = starColumns(star.qualifier, scope);
      if (!all) isKnown = false;
      for (const column of all ?? []) columns.push({ ...column, expression: undefined });
      if (all && scope.shared.length > 0) typing.keepStar(expression, all);
      refuseStar(expression, star.qualifier, scope, typing);
    } else {
      const type = typing.type(expression, scope);
      columns.push({ name: givenName(expression) ?? '', type, expression: unaliased(expression) });
    }
  }
  return { columns, isKnown };
}

function refuseStar(star: AstObject, qualifier: string | undefined, scope: Scope, typing: Typing): void {
  if (qualifier === undefined) {
    if (scope.relations.length === 0)
      typing.refuse(star, {
        what: 'there is no FROM that * could stand for',
        portable: 'name what is wanted, or add FROM',
        code: 'sql-unknown-table',
      });
    return;
  }
  if (scope.relations.some(({ name }) => name === qualifier)) return;
  typing.refuse(star, {
    what: `nothing in FROM is called "${qualifier}"`,
    portable: 'use the alias that FROM gives to the table',
    code: 'sql-unknown-table',
  });
}

/** The expressions of GROUP BY: what a number stands for, and what stands in ROLLUP, CUBE and GROUPING SETS. */
function groupItems(
  groupBy: Ast | undefined,
  expressions: readonly Ast[],
  scope: Scope,
  typing: Typing,
): readonly Ast[] | undefined {
  if (!isObject(groupBy)) return undefined;
  const found: Ast[] = [];
  const add = (item: Ast, isInSets = false): void => {
    if (!isObject(item)) return;
    const called = isObject(item.function) ? item.function : undefined;
    if (called && /^(rollup|cube|grouping sets)$/i.test(String(called.name))) {
      for (const argument of listOf(called.args)) add(argument, true);
    } else if (isObject(item.tuple)) {
      for (const inner of listOf(item.tuple.expressions)) add(inner, isInSets);
    } else if (isObject(item.paren) && !isObject(item.paren.this)) {
      // `()`: all rows.
    } else if (isInSets && isObject(item.paren)) {
      add(item.paren.this ?? null, true);
    } else if (isInSets && !isObject(item.column)) {
      typing.refuse(item, {
        what: 'ROLLUP, CUBE and GROUPING SETS take columns, no numbers and expressions',
        portable: 'name the expression in a subquery, and group by that column',
        code: 'sql-invalid',
      });
      found.push(item);
    } else if (isObject(item.literal) && item.literal.literal_type === 'number') {
      const place = Number(item.literal.value);
      const meant = expressions[place - 1];
      if (meant !== undefined) found.push(unaliased(meant));
      else
        typing.refuse(item, {
          what: `GROUP BY ${place}: the SELECT has ${expressions.length} columns`,
          portable: 'count them from 1, or write the expression',
          code: 'sql-invalid',
        });
    } else {
      typing.type(item, scope);
      found.push(item);
    }
  };
  for (const item of listOf(groupBy.expressions)) add(item);
  refuseAggregatesInKeys(found, typing);
  return found;
}

/** ORDER BY sees the columns of the result before those of the tables. @returns its expressions, without numbers */
function orderOf(
  data: AstObject,
  outputs: readonly OutputColumn[] | undefined,
  scope: Scope,
  typing: Typing,
): readonly AstObject[] {
  const inOrder: Scope = { ...scope, outputs };
  const found: AstObject[] = [];
  const clause = isObject(data.order_by) ? listOf(data.order_by.expressions) : [];
  for (const item of clause) {
    const expression = isObject(item) ? item.this : undefined;
    if (!isObject(expression)) continue;
    const literal = isObject(expression.literal) ? expression.literal : undefined;
    if (literal?.literal_type === 'number') {
      const place = Number(literal.value);
      if (outputs && outputs.length > 0 && !(place >= 1 && place <= outputs.length))
        typing.refuse(expression, {
          what: `ORDER BY ${literal.value}: the result has ${outputs.length} columns`,
          portable: 'count them from 1, or write the name',
          code: 'sql-invalid',
        });
      continue;
    }
    if (literal || 'null' in expression || 'boolean' in expression)
      typing.refuse(expression, {
        what: 'the rows are ordered by a constant',
        portable: 'write the name of a column, in double quotes where it needs some, or its number',
        code: 'sql-order',
      });
    if ('column' in expression) typing.standsAlone(expression);
    typing.type(expression, inOrder);
    found.push(expression);
  }
  return found;
}

/**
 * With NULLS FIRST, NaN changes its place as well: before all numbers, or behind them with DESC. For a column or an
 * expression that is said to other engines; what stands for a column of the result cannot be.
 */
function refuseNanFirst(
  data: AstObject,
  outputs: readonly { readonly name: string; readonly type: SqlType | undefined }[] | undefined,
  typing: Typing,
): void {
  const clause = isObject(data.order_by) ? listOf(data.order_by.expressions) : [];
  for (const item of clause) {
    if (!isObject(item) || item.nulls_first !== true || !isObject(item.this)) continue;
    const place = isObject(item.this.literal) ? Number(item.this.literal.value) : undefined;
    const isResult = place !== undefined || !('from' in data) || data.distinct === true;
    const type =
      place === undefined
        ? outputs?.find(({ name }) => name === aliasOrColumn(item.this))?.type
        : outputs?.[place - 1]?.type;
    if (isResult && /\b(double|real)\b/.test(type ?? ''))
      typing.refuse(item.this, {
        what: 'NULLS FIRST of doubles also changes the place of NaN, and not every engine does',
        portable:
          'select them in a subquery, and order it by the name of the column: SELECT * FROM (…) ORDER BY x NULLS FIRST',
        code: 'sql-order',
      });
  }
}

const aliasOrColumn = (node: Ast | undefined): string | undefined =>
  isObject(node) && isObject(node.column) ? nameOf(node.column.name)?.toLowerCase() : undefined;

function typeOfValues(node: AstObject, data: AstObject, scope: Scope, typing: Typing): Columns {
  const rows = listOf(data.expressions).map((row) => {
    const cells = isObject(row) ? listOf(row.expressions) : [];
    const types = cells.map((cell) => typing.type(cell, scope));
    // `VALUES ROW(1, 2)` is a row of two columns, as `(1, 2)` is.
    const only = cells[0];
    const fields =
      cells.length === 1 &&
      isObject(only) &&
      isObject(only.function) &&
      /^row$/i.test(String(only.function.name))
        ? fieldsOf(types[0])
        : undefined;
    return fields?.map(({ type }) => type) ?? types;
  });
  const width = rows[0]?.length ?? 0;
  if (rows.some((row) => row.length !== width)) {
    typing.refuse(node, {
      what: 'the rows of VALUES are not equally long',
      portable: 'write as many values in each; NULL where there is none',
      code: 'sql-columns',
    });
    return undefined;
  }
  return Array.from({ length: width }, (_, i) => ({
    name: '',
    type: commonOf(
      rows.map((row) => row[i]),
      node,
      typing,
      `the values of column ${i + 1}`,
    ),
  }));
}
