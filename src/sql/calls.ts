import { type Ast, type AstObject, isObject } from './tree.ts';

/** A call of a function, whichever way the parser keeps it. */
export interface Call {
  /** Trino's name, in small letters. */
  readonly name: string;
  readonly args: readonly Ast[];
  /** What the parser keeps of it: also DISTINCT, FILTER, ORDER BY of an aggregate. */
  readonly data: AstObject;
}

/**
 * Functions of which the parser makes a kind of node of its own: Trino's name, and the fields in which the arguments lie,
 * in their order; a field may hold a list of them.
 *
 * This is the only list of such kinds. A kind that is not here is refused where a statement is read (see admission/),
 * so a function of a new kind is added here, and by its name in functions/ as every function is. Where the node has more
 * fields than its arguments and those of an aggregate (DISTINCT, FILTER, ORDER BY, IGNORE NULLS), say in
 * admission/calls.ts, under `SPECIAL_CALLS`, which values they may have; otherwise they must be unset. To see the
 * node that the parser makes: `parse(text, 'trino')` of @polyglot-sql/sdk.
 */
const KINDS: { readonly [kind: string]: readonly [name: string, ...args: string[]] } = {
  any_value: ['arbitrary', 'this'],
  approx_distinct: ['approx_distinct', 'this'],
  array_distinct: ['array_distinct', 'this'],
  array_except: ['array_except', 'this', 'expression'],
  array_intersect: ['array_intersect', 'expressions'],
  array_remove: ['array_remove', 'this', 'expression'],
  array_position: ['array_position', 'this', 'expression'],
  array_union: ['array_union', 'this', 'expression'],
  atan2: ['atan2', 'this', 'expression'],
  at_time_zone: ['at_timezone', 'this', 'zone'],
  coalesce: ['coalesce', 'expressions'],
  contains: ['contains', 'this', 'expression'],
  element_at: ['element_at', 'this', 'expression'],
  if_func: ['if', 'condition', 'true_value', 'false_value'],
  json_array_length: ['json_array_length', 'this'],
  json_extract: ['json_extract', 'this', 'path'],
  json_extract_scalar: ['json_extract_scalar', 'this', 'path'],
  json_value: ['json_value', 'this', 'path'],
  lag: ['lag', 'this', 'offset', 'default'],
  lead: ['lead', 'this', 'offset', 'default'],
  list_agg: ['listagg', 'this', 'separator'],
  log: ['log', 'base', 'this'],
  logical_and: ['bool_and', 'this'],
  logical_or: ['bool_or', 'this'],
  map_from_entries: ['map_from_entries', 'this'],
  mod_func: ['mod', 'this', 'expression'],
  n_tile: ['ntile', 'num_buckets'],
  mode: ['mode', 'this'],
  normalize: ['normalize', 'this'],
  nth_value: ['nth_value', 'this', 'offset'],
  power: ['power', 'this', 'expression'],
  rand: ['random', 'seed', 'lower', 'upper'],
  random: ['random'],
  starts_with: ['starts_with', 'this', 'expression'],
  str_position: ['strpos', 'this', 'substr', 'occurrence'],
  substring: ['substr', 'this', 'start', 'length'],
  trim: ['trim', 'this', 'characters'],
  typeof: ['typeof', 'this'],
};
const ALIKE = `abs acos asin atan avg cardinality ceil cos count count_if cume_dist day day_of_month day_of_week
  day_of_year degrees dense_rank exp first_value floor hour last_value length ln lower max map_keys map_values
  min minute month percent_rank quarter radians rank row_number second sin sqrt stddev stddev_pop stddev_samp
  sum tan upper variance var_pop var_samp week_of_year year array_agg`;
const LIKE_THEIR_KIND: ReadonlySet<string> = new Set(ALIKE.split(/\s+/));

const WITHOUT_ARGUMENTS: ReadonlySet<string> = new Set([
  'random',
  'pi',
  'row_number',
  'rank',
  'dense_rank',
  'cume_dist',
  'percent_rank',
]);

/** Every kind of node that is a call of a function of its own, and the fields in which its arguments lie. */
export const CALL_KINDS: { readonly [kind: string]: readonly string[] } = Object.fromEntries([
  ...[...WITHOUT_ARGUMENTS].map((kind) => [kind, []]),
  ...[...LIKE_THEIR_KIND].map((kind) => [kind, WITHOUT_ARGUMENTS.has(kind) ? [] : ['this']]),
  ...Object.entries(KINDS).map(([kind, [, ...fields]]) => [kind, fields]),
]);

/** Names of Trino that mean the same as another. */
const SAME: { readonly [name: string]: string } = {
  ceiling: 'ceil',
  day_of_month: 'day',
  dow: 'day_of_week',
  doy: 'day_of_year',
  every: 'bool_and',
  pow: 'power',
  stddev: 'stddev_samp',
  substring: 'substr',
  variance: 'var_samp',
  week_of_year: 'week',
  yow: 'year_of_week',
};

/** The call that a node is, under one name for those that mean the same; undefined where it is none. */
export function callOf(node: AstObject): Call | undefined {
  const [[kind, data] = ['', undefined], ...others] = Object.entries(node);
  if (others.length > 0) return undefined;
  if (data === null && WITHOUT_ARGUMENTS.has(kind)) return { name: kind, args: [], data: {} };
  if (!isObject(data)) return undefined;
  if (kind === 'function' || kind === 'aggregate_function') {
    return { name: plainName(data.name), args: Array.isArray(data.args) ? data.args : [], data };
  }
  const known = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (known) return { name: known[0], args: present(known.slice(1).flatMap((key) => data[key])), data };
  if (LIKE_THEIR_KIND.has(kind)) return { name: plainName(kind), args: present([data.this]), data };
  return undefined;
}

function plainName(written: Ast | undefined): string {
  const name = String(written).toLowerCase();
  return SAME[name] ?? name;
}

const present = (args: readonly (Ast | undefined)[]): Ast[] =>
  args.filter((argument): argument is Ast => argument !== undefined && argument !== null);
