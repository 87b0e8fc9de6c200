import { type Ast, type AstObject, isObject } from '../tree.ts';
import type { Finding } from './finding.ts';
import { aggregatesIn, isQueryNode } from './grouping.ts';
import type { Scope } from './scope.ts';
import type { Typing } from './typing.ts';

const CORRELATED: Finding = {
  what: 'Athena knows columns of the query around only in the WHERE of such a subquery',
  portable: 'filter by them in its WHERE, as in x IN (SELECT y FROM u WHERE u.id = t.id), or write a JOIN',
  code: 'sql-columns',
};
const FOUND = ['group_by', 'having', 'limit', 'offset', 'fetch', 'with'];

/**
 * A subquery of IN, ANY or ALL may use columns of the query around in its WHERE, and nowhere else; nor may it group,
 * cut off or put together its rows then. Source: the rules by which Trino 476 turns such a query into a join.
 */
export function refuseCorrelatedMembers(query: Ast, node: AstObject, outer: Scope, typing: Typing): void {
  const around = scopesFrom(outer);
  const { where_clause: where, from: _from, joins: _joins, ...rest } = selectOf(query) ?? { this: query };
  if (!usesOuter(query, around, typing)) return;
  const isPlain =
    rest.this === undefined &&
    rest.distinct !== true &&
    FOUND.every((part) => !rest[part]) &&
    aggregatesIn(rest.expressions).length === 0 &&
    !usesOuter(rest.expressions, around, typing) &&
    !queriesIn(where).some((inner) => usesOuter(inner, around, typing));
  if (!isPlain) typing.refuse(node, CORRELATED);
}

/** A subquery in the place of a value gives no columns of the query around where it filters its own rows. */
export function refuseCorrelatedValue(node: AstObject, outer: Scope, typing: Typing): void {
  const around = scopesFrom(outer);
  const select = selectOf(node);
  const list = select?.expressions;
  const isAggregated = aggregatesIn(list).some(({ kind }) => kind === 'aggregate');
  const isKnown = select && (!select.where_clause || isAggregated || !usesOuter(list, around, typing));
  if (!isKnown && usesOuter(node, around, typing)) typing.refuse(node, CORRELATED);
}

/** The SELECT that a subquery is; undefined for a set operation or VALUES. */
function selectOf(query: Ast | undefined): AstObject | undefined {
  if (!isObject(query)) return undefined;
  const inner = [query.subquery, query.paren].find(isObject);
  return inner ? selectOf(inner.this) : isObject(query.select) ? query.select : undefined;
}

const scopesFrom = (scope: Scope | undefined): Scope[] => (scope ? [scope, ...scopesFrom(scope.outer)] : []);

function usesOuter(node: Ast | undefined, around: readonly Scope[], typing: Typing): boolean {
  if (Array.isArray(node)) return node.some((item) => usesOuter(item, around, typing));
  if (!isObject(node)) return false;
  const reference = typing.reference(node);
  return reference
    ? around.some(({ relations }) => relations === reference.scope.relations)
    : Object.values(node).some((value) => usesOuter(value, around, typing));
}

function queriesIn(node: Ast | undefined): AstObject[] {
  if (Array.isArray(node)) return node.flatMap(queriesIn);
  if (!isObject(node)) return [];
  return isQueryNode(node) ? [node] : Object.values(node).flatMap(queriesIn);
}
