import { callOf } from '../calls.ts';
import { type Ast, type AstObject, isObject, listOf } from '../tree.ts';
import { isAggregate as isAggregateName, isWindowOnly } from '../types/call-types.ts';
import { callIn, type ShapeFinding } from './shape-finding.ts';

const QUERIES = ['select', 'union', 'intersect', 'except', 'values'];

/** Aggregates and windows where rows are not yet grouped. */
export function aggregatesOutOfPlace(select: AstObject): ShapeFinding | undefined {
  const clauses: readonly (readonly [string, Ast | undefined])[] = [
    ['WHERE', select.where_clause],
    ['GROUP BY', select.group_by],
    ...listOf(select.joins).map((join) => ['ON', isObject(join) ? join.on : undefined] as const),
  ];
  for (const [clause, node] of clauses) {
    const aggregate = findWithin(node, isAggregate);
    const name = aggregate && callOf(aggregate)?.name;
    if (aggregate && name) {
      return [
        callIn(name, clause),
        `${clause} cannot hold an aggregate, such as ${name}(…): rows are not grouped yet.`,
        clause === 'WHERE'
          ? `write HAVING ${name}(…) … after GROUP BY, or compare with (SELECT ${name}(…) FROM …)`
          : 'compute it in a subquery first',
      ];
    }
  }
  for (const [clause, node] of [...clauses, ['HAVING', select.having] as const]) {
    const window = findWithin(node, (object) => isObject(object.window_function));
    if (!window) continue;
    return [
      window,
      `${clause} cannot hold a window function: it is computed after ${clause}.`,
      'put it into a subquery, and filter outside: SELECT … FROM (SELECT …, row_number() OVER (…) AS n FROM …) WHERE n = 1',
    ];
  }
  return undefined;
}

/** An aggregate of an aggregate, or of a window function. */
export function insideAggregate(object: AstObject, above: readonly AstObject[]): ShapeFinding | undefined {
  // What stands under OVER is computed after the groups, so it may hold their aggregates.
  if (!isAggregate(object) || isOver(object, above)) return undefined;
  const name = callOf(object)!.name;
  const inner = Object.values(object)
    .map((data) => findWithin(data, isAggregate))
    .find(Boolean);
  if (inner) {
    const innerName = callOf(inner)!.name;
    return [
      callIn(name),
      `${name}(…) is taken of ${innerName}(…), and aggregates cannot be nested.`,
      `compute ${innerName} in a subquery first: SELECT ${name}(x) FROM (SELECT ${innerName}(…) AS x FROM … GROUP BY …)`,
    ];
  }
  const window = Object.values(object)
    .map((data) => findWithin(data, (below) => isObject(below.window_function)))
    .find(Boolean);
  return window
    ? [
        callIn(name),
        `${name}(…) is taken of a window function.`,
        'compute the window function in a subquery first',
      ]
    : undefined;
}

/** A function of windows that has none. */
export function withoutOver(object: AstObject, above: readonly AstObject[]): ShapeFinding | undefined {
  const call = callOf(object);
  return call && isWindowOnly(call.name) && !isOver(object, above)
    ? [
        callIn(call.name),
        `${call.name} has no OVER.`,
        `write ${call.name}(…) OVER (PARTITION BY … ORDER BY …)`,
      ]
    : undefined;
}

function isAggregate(object: AstObject): boolean {
  const call = callOf(object);
  return call !== undefined && isAggregateName(call.name);
}

/** Whether a call is what an OVER is of. */
const isOver = (object: AstObject, above: readonly AstObject[]): boolean =>
  above
    .slice(0, 4)
    .some(({ window_function: window }) => isObject(window) && contains(window.this, object, 3));

function contains(node: Ast | undefined, wanted: AstObject, depth: number): boolean {
  if (node === wanted) return true;
  if (depth === 0 || !isObject(node)) return false;
  // An argument of the function is not the function: only wrappers (FILTER, IGNORE NULLS, WITHIN GROUP) are looked through.
  if (callOf(node)) return false;
  return Object.values(node).some((value) => contains(value, wanted, depth - 1));
}

/** The first such node in an expression, subqueries apart. */
function findWithin(node: Ast | undefined, test: (object: AstObject) => boolean): AstObject | undefined {
  if (Array.isArray(node)) {
    for (const item of node) {
      const found = findWithin(item, test);
      if (found) return found;
    }
    return undefined;
  }
  if (!isObject(node) || QUERIES.some((kind) => isObject(node[kind]))) return undefined;
  if (test(node)) return node;
  // The function that OVER is of is no aggregate; its arguments may be.
  const inside = isObject(node.window_function) ? withoutItsCall(node.window_function) : Object.values(node);
  for (const value of inside) {
    const found = findWithin(value, test);
    if (found) return found;
  }
  return undefined;
}

const withoutItsCall = (window: AstObject): Ast[] => [
  window.over ?? null,
  ...(isObject(window.this) ? Object.values(window.this) : []),
];
