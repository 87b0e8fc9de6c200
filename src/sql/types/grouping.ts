import { callOf } from '../calls.ts';
import { type Ast, type AstObject, isObject, nameOf } from '../tree.ts';
import { isAggregate, isWindowOnly } from './call-types.ts';
import { type OutputColumn, type Scope, starColumns } from './scope.ts';
import { starOf, unaliased } from './select-list.ts';
import type { Typing } from './typing.ts';

/** A SELECT whose parts have their types. */
interface Grouped {
  readonly data: AstObject;
  /** The expressions of GROUP BY; undefined where there is none. */
  readonly groups: readonly Ast[] | undefined;
  readonly order: readonly AstObject[];
  readonly scope: Scope;
  readonly outputs: readonly OutputColumn[];
}

const QUERIES = ['select', 'union', 'intersect', 'except', 'values'];

/** Refuses aggregates and window functions in the expressions that GROUP BY names by their places. */
export function refuseAggregatesInKeys(keys: readonly Ast[], typing: Typing): void {
  for (const { object, kind } of keys.flatMap(aggregatesIn)) {
    typing.refuse(object, {
      what: `${kind === 'window' ? 'a window function' : 'an aggregate'} is not allowed in GROUP BY, which is evaluated before rows are grouped`,
      portable: 'make it in a subquery, and ask the subquery',
      code: 'sql-aggregate',
    });
  }
}

/** Whether a node is a query. */
export const isQueryNode = (node: AstObject): boolean => QUERIES.some((kind) => isObject(node[kind]));

interface Found {
  readonly object: AstObject;
  readonly kind: 'aggregate' | 'window';
}

/** The outermost aggregates and window functions in an expression, those of queries inside of it apart. */
export function aggregatesIn(node: Ast | undefined): Found[] {
  if (Array.isArray(node)) return node.flatMap(aggregatesIn);
  if (!isObject(node) || isQueryNode(node)) return [];
  if (isObject(node.window_function)) return [{ object: node, kind: 'window' }];
  const call = callOf(node);
  if (call && isAggregate(call.name)) return [{ object: node, kind: 'aggregate' }];
  if (call && isWindowOnly(call.name)) return [{ object: node, kind: 'window' }];
  return Object.values(node).flatMap(aggregatesIn);
}

/** What in a SELECT of groups, its HAVING and its ORDER BY is neither grouped nor aggregated is refused. */
export function checkGrouping(select: Grouped, typing: Typing): void {
  const { data, groups, order, scope } = select;
  const list = Array.isArray(data.expressions) ? data.expressions : [];
  const having = isObject(data.having) ? data.having.this : undefined;
  const ordered: readonly Ast[] = order;
  const all = [...list, ...(having === undefined ? [] : [having]), ...ordered];
  refuseWindowsInWindows(all, typing);
  for (const item of all) refuseOuterAggregates(item, select, typing);
  const isGrouped = groups !== undefined || having !== undefined || hasAggregates(all);
  const isKnown = scope.relations.every(({ columns }) => columns !== undefined);
  for (const item of order) refuseOutputsInAggregates(item, typing);
  if (data.distinct === true && isKnown) checkDistinct(select, typing);
  if (!isGrouped || !isKnown) return;
  const keys = new Set((groups ?? []).map((group) => keyOf(group, typing)));
  for (const item of all) checkItem(item, keys, select, typing);
}

/** An aggregate of columns of the queries around alone would be one of theirs, which Athena does not know. */
function refuseOuterAggregates(node: Ast, { scope }: Grouped, typing: Typing): void {
  for (const { object, kind } of aggregatesIn(node)) {
    const scopes = kind === 'aggregate' ? scopesIn(object, typing) : [];
    if (scopes.length === 0 || scopes.some((found) => found.relations === scope.relations)) continue;
    typing.refuse(object, {
      what: 'an aggregate in a subquery is of columns of the query around it alone',
      portable: 'make the aggregate in a subquery of its own, and join it',
      code: 'sql-aggregate',
    });
  }
}

function scopesIn(node: Ast | undefined, typing: Typing): Scope[] {
  if (Array.isArray(node)) return node.flatMap((item) => scopesIn(item, typing));
  if (!isObject(node)) return [];
  const reference = typing.reference(node);
  return reference ? [reference.scope] : Object.values(node).flatMap((value) => scopesIn(value, typing));
}

/** What an aggregate of ORDER BY is of are rows of FROM, and a name of the SELECT list hides theirs. */
function refuseOutputsInAggregates(node: Ast, typing: Typing, within = false): void {
  if (Array.isArray(node)) for (const item of node) refuseOutputsInAggregates(item, typing, within);
  if (!isObject(node)) return;
  if (within && typing.isOutput(node)) {
    typing.refuse(node, {
      what: `an aggregate of ORDER BY is of "${nameOfColumn(node)}", which the SELECT list names`,
      portable: 'put the aggregate into the SELECT list, and order by its name',
      code: 'sql-order',
    });
    return;
  }
  const call = callOf(node);
  const inside = within || (call !== undefined && (isAggregate(call.name) || call.name === 'grouping'));
  if (isObject(node.window_function)) return;
  for (const value of Object.values(node)) refuseOutputsInAggregates(value, typing, inside);
}

const hasAggregates = (nodes: readonly Ast[]): boolean =>
  nodes.some((node) => {
    if (Array.isArray(node)) return hasAggregates(node);
    if (!isObject(node) || isQueryNode(node)) return false;
    const window = isObject(node.window_function) ? node.window_function : undefined;
    // The function over a window is no aggregate of the group; its arguments may hold some.
    const called = isObject(window?.this) ? callOf(window.this) : undefined;
    if (window) return hasAggregates([...(called?.args ?? []), window.over ?? null]);
    const call = callOf(node);
    if (call && isAggregate(call.name)) return true;
    return hasAggregates(Object.values(node));
  });

/** A window function within another has no rows to go over yet. Those within aggregates are found by the linter. */
function refuseWindowsInWindows(nodes: readonly Ast[], typing: Typing): void {
  for (const { object } of nodes.flatMap(aggregatesIn)) {
    const window = isObject(object.window_function) ? object.window_function : undefined;
    if (!window) continue;
    const parts = [...(isObject(window.this) ? Object.values(window.this) : []), window.over ?? null];
    for (const { object: inner, kind } of parts
      .flatMap((part) => (isObject(part) ? Object.values(part) : []))
      .flatMap(aggregatesIn)) {
      if (kind === 'aggregate') continue;
      typing.refuse(inner, {
        what: 'a window function is inside another window function',
        portable: 'make the inner one in a subquery',
        code: 'sql-aggregate',
      });
    }
  }
}

function checkDistinct({ data, order, outputs }: Grouped, typing: Typing): void {
  const list = Array.isArray(data.expressions) ? data.expressions : [];
  const keys = new Set(list.map((item) => keyOf(unaliased(item), typing)));
  for (const column of outputs) {
    if (column.expression === undefined) keys.add(`{"column":"${(column as { key?: string }).key}"}`);
  }
  for (const item of order) {
    const name = isObject(item.column) && !isObject(item.column.table) ? nameOf(item.column.name) : undefined;
    const isOutput = outputs.some((output) => output.name !== '' && output.name === name?.toLowerCase());
    if (isOutput || keys.has(keyOf(item, typing))) continue;
    typing.refuse(item, {
      what: 'SELECT DISTINCT is ordered by what is not in its list',
      portable: 'add it to the SELECT list, or leave out DISTINCT',
      code: 'sql-distinct',
    });
  }
}

/** Expressions that say the same have one key: names of columns are what they stand for. */
const keyOf = (node: Ast, typing: Typing): string => JSON.stringify(plainOf(node, typing));

const NOT_MEANT = /^(span|trailing_comments|leading_comments|.*_comments|comments|inferred_type|quoted)$/;

function plainOf(node: Ast, typing: Typing): Ast {
  if (Array.isArray(node)) return node.map((item) => plainOf(item, typing));
  if (!isObject(node)) return node;
  if (isObject(node.paren) && isObject(node.paren.this)) return plainOf(node.paren.this, typing);
  const reference = typing.reference(node);
  if (reference) return { column: reference.key };
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key]) => !NOT_MEANT.test(key))
      .map(([key, value]) => [
        key,
        key === 'name' && typeof value === 'string' ? value.toLowerCase() : plainOf(value, typing),
      ]),
  );
}

function checkItem(node: Ast, keys: ReadonlySet<string>, select: Grouped, typing: Typing): void {
  if (Array.isArray(node)) {
    for (const item of node) checkItem(item, keys, select, typing);
    return;
  }
  if (!isObject(node) || keys.has(keyOf(node, typing))) return;
  // The order of an aggregate's rows is one of its own.
  if (isObject(node.within_group)) return;
  if (isObject(node.filter)) {
    checkItem(node.filter.this ?? null, keys, select, typing);
    return;
  }
  const star = starOf(node);
  if (star) {
    const missing = starColumns(star.qualifier, select.scope)?.find(
      ({ key }) => !keys.has(`{"column":"${key}"}`),
    );
    if (missing) refuseUngrouped(node, missing.name, typing);
    return;
  }
  const window = isObject(node.window_function) ? node.window_function : undefined;
  if (window) {
    const called = isObject(window.this) ? callOf(window.this) : undefined;
    for (const part of [...(called?.args ?? []), window.over ?? null]) checkItem(part, keys, select, typing);
    return;
  }
  const call = callOf(node);
  if (call && (isAggregate(call.name) || call.name === 'grouping')) return;
  const reference = typing.reference(node);
  if (reference) {
    // Columns of queries around are the same for the whole group.
    if (reference.scope.relations === select.scope.relations)
      refuseUngrouped(node, nameOfColumn(node), typing);
    return;
  }
  for (const value of Object.values(node)) checkItem(value, keys, select, typing);
}

function nameOfColumn(node: AstObject): string {
  const data = isObject(node.column) ? node.column : isObject(node.dot) ? node.dot : {};
  return nameOf(data.name) ?? nameOf(data.field) ?? '';
}

function refuseUngrouped(node: AstObject, name: string, typing: Typing): void {
  typing.refuse(node, {
    what: `the column "${name}" is neither grouped nor aggregated`,
    portable: 'add it to GROUP BY, or take max(…), min(…) or arbitrary(…) of it',
    code: 'sql-not-grouped',
  });
}
