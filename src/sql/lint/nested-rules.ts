import { callOf } from '../calls.ts';
import { type Ast, type AstObject, isObject, listOf, nameOf, visit } from '../tree.ts';
import type { Types } from '../types/infer.ts';
import { elementOf, entryOf, fieldsOf, type SqlType } from '../types/sql-type.ts';
import { type Finding, namesIn } from './finding.ts';

/** What makes maps whose keys Trino keeps in an order of its own: by their hashes, or sorted where JSON was parsed. */
const HASHED = namesIn(
  'approx_most_frequent array_histogram histogram json_extract json_parse map_agg map_concat map_union multimap_agg multimap_from_entries split_to_map',
);
const IN_ORDER = namesIn('map_entries map_keys map_values');
/** What gives the same of an array in any order. */
const ANY_ORDER = namesIn(
  `all_match any_match array_max array_min array_sort arrays_overlap cardinality contains none_match`,
);

const RESULT: Finding = [
  'the result has a map or a row in a column, which no table can hold',
  'take what you need of it: element_at(m, key), r.field, UNNEST(m) AS u(k, v), or a column for each field',
];
const GROUPED: Finding = [
  'rows are put together by a map, and every engine compares maps in its own way',
  'group by its entries: array_sort(map_entries(m)), or by a value of it',
];
const UNORDERED: Finding = [
  'the keys of this map have another order in every engine',
  'sort them: array_sort(map_keys(m)), or UNNEST(m) AS u(k, v) and ORDER BY k',
];

const CONDITION: Finding = [
  'Athena joins UNNEST with ON TRUE alone',
  'write CROSS JOIN UNNEST(…) and WHERE, or filter the array: LEFT JOIN UNNEST(filter(a, x -> …)) ON TRUE',
];
const FROM_OUTSIDE: Finding = [
  'Athena cannot filter or group the elements of an array from outside of the subquery',
  'ask the array: any_match(a, x -> …), contains(a, x), cardinality(filter(a, x -> …))',
];

/** Uses of maps and rows that have another meaning in another engine, or that cannot be kept. */
export function findNested(
  object: AstObject,
  above: readonly AstObject[],
  types: Types,
): Finding | undefined {
  if (above.length === 0 && types.columns?.some(({ type }) => isMadeOf(type))) return RESULT;
  if ('kind' in object && 'using' in object && isConditional(object)) return CONDITION;
  const data = Object.keys(object).length === 1 ? Object.values(object)[0] : undefined;
  if (!isObject(data)) return undefined;
  if (isObject(object.select))
    return unnestedFromOutside(object.select, above) ?? grouped(object.select, types);
  const call = callOf(object);
  if (call?.data.distinct === true && call.args.some((argument) => entryOf(types.of(argument))))
    return GROUPED;
  if (!isOrdered(object, call?.name, types) || !isHashed(above.at(-1) ?? object)) return undefined;
  return isOfAnyOrder(above) ? undefined : UNORDERED;
}

/** Whether a value is, or holds, a map or a row. */
function isMadeOf(type: SqlType | undefined): boolean {
  const element = elementOf(type);
  return element === undefined
    ? entryOf(type) !== undefined || fieldsOf(type) !== undefined
    : isMadeOf(element);
}

function grouped(select: AstObject, types: Types): Finding | undefined {
  const keys = isObject(select.group_by) ? listOf(select.group_by.expressions) : [];
  const distinct = select.distinct === true ? listOf(select.expressions) : [];
  return [...keys, ...distinct].some((one) => entryOf(types.of(one))) ? GROUPED : undefined;
}

const unnestIn = (node: Ast | undefined): AstObject | undefined => {
  const inner = isObject(node) && isObject(node.alias) ? node.alias.this : node;
  return isObject(inner) && isObject(inner.unnest) ? inner.unnest : undefined;
};

function isConditional({ this: joined, on, kind, using }: AstObject): boolean {
  if (!unnestIn(joined) || kind === 'Cross' || kind === 'Implicit') return false;
  const isTrue = isObject(on) && isObject(on.boolean) && on.boolean.value === true;
  return kind === 'Full' || !isTrue || listOf(using).length > 0;
}

/** An array before which nothing stands in FROM is one of the query outside where it has a column in it. */
function unnestedFromOutside(select: AstObject, above: readonly AstObject[]): Finding | undefined {
  const unnest = isObject(select.from) ? unnestIn(listOf(select.from.expressions)[0]) : undefined;
  if (!unnest || !hasColumn([unnest.this ?? null, ...listOf(unnest.expressions)])) return undefined;
  const isFiltered = ['where_clause', 'group_by', 'having'].some((part) => isObject(select[part]));
  const isLookedIn = above.slice(0, 3).some((object) => isObject(object.in) || 'query' in object);
  return isFiltered || isLookedIn ? FROM_OUTSIDE : undefined;
}

/** Whether there is a name of a column in an expression; parameters of lambdas are none. */
function hasColumn(node: Ast, parameters: readonly string[] = []): boolean {
  if (Array.isArray(node)) return node.some((item) => hasColumn(item, parameters));
  if (!isObject(node)) return false;
  if (isObject(node.lambda)) {
    const own = listOf(node.lambda.parameters).map((parameter) => nameOf(parameter)?.toLowerCase() ?? '');
    return hasColumn(node.lambda.body ?? null, [...parameters, ...own]);
  }
  if (isObject(node.column)) {
    const { table, name } = node.column;
    return !parameters.includes(nameOf(isObject(table) ? table : name)?.toLowerCase() ?? '');
  }
  return Object.values(node).some((value) => hasColumn(value, parameters));
}

/** Whether an array, or rows with their places, are made of a map. */
const isOrdered = (object: AstObject, name: string | undefined, types: Types): boolean =>
  (name !== undefined && IN_ORDER.has(name)) ||
  (isObject(object.unnest) &&
    (object.unnest.with_ordinality === true || listOf(object.unnest.expressions).length > 0) &&
    [object.unnest.this, ...listOf(object.unnest.expressions)].some((list) => entryOf(types.of(list))));

const hashed = new WeakMap<AstObject, boolean>();

/** Whether a statement makes a map in the order of hashes somewhere: where its keys go cannot be followed. */
function isHashed(statement: AstObject): boolean {
  const known = hashed.get(statement);
  if (known !== undefined) return known;
  let found = false;
  visit(statement, (object) => {
    found ||= HASHED.has(callOf(object)?.name ?? '');
  });
  hashed.set(statement, found);
  return found;
}

/** Whether the next call around does not look at the order; parentheses and the parts of a node lie between. */
function isOfAnyOrder(above: readonly AstObject[]): boolean {
  for (const object of above) {
    if ('paren' in object) continue;
    if (isObject(object.unnest))
      return object.unnest.with_ordinality !== true && listOf(object.unnest.expressions).length === 0;
    const call = callOf(object);
    if (call) return ANY_ORDER.has(call.name);
    if (Object.keys(object).length === 1) return false;
  }
  return false;
}
