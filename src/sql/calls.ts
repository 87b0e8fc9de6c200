import { type Ast, type AstObject, isObject } from './tree.ts';

/** A call of a function, whichever way the parser keeps it. */
interface Call {
  /** Trino's name, in small letters. */
  readonly name: string;
  readonly args: readonly Ast[];
  /** What the parser keeps of it: also DISTINCT, FILTER, ORDER BY of an aggregate. */
  readonly data: AstObject;
}

/** Functions of which the parser makes a kind of node of its own: Trino's name, and where the arguments lie. */
const KINDS: { readonly [kind: string]: readonly [name: string, ...args: string[]] } = {
  approx_distinct: ['approx_distinct', 'this'],
  array_distinct: ['array_distinct', 'this'],
  array_except: ['array_except', 'this', 'expression'],
  array_intersect: ['array_intersect', 'this', 'expression'],
  array_position: ['array_position', 'this', 'expression'],
  array_union: ['array_union', 'this', 'expression'],
  atan2: ['atan2', 'this', 'expression'],
  at_time_zone: ['at_timezone', 'this', 'zone'],
  bitwise_and_agg: ['bitwise_and_agg', 'this'],
  bitwise_or_agg: ['bitwise_or_agg', 'this'],
  contains: ['contains', 'this', 'expression'],
  element_at: ['element_at', 'this', 'expression'],
  ends_with: ['ends_with', 'this', 'expression'],
  if_func: ['if', 'condition', 'true_value', 'false_value'],
  json_array_length: ['json_array_length', 'this'],
  json_extract: ['json_extract', 'this', 'path'],
  json_extract_scalar: ['json_extract_scalar', 'this', 'path'],
  lag: ['lag', 'this', 'offset', 'default'],
  lead: ['lead', 'this', 'offset', 'default'],
  list_agg: ['listagg', 'this', 'separator'],
  log: ['log', 'base', 'this'],
  logical_and: ['bool_and', 'this'],
  logical_or: ['bool_or', 'this'],
  mod_func: ['mod', 'this', 'expression'],
  n_tile: ['ntile', 'num_buckets'],
  mode: ['mode', 'this'],
  nth_value: ['nth_value', 'this', 'offset'],
  rand: ['random'],
  random: ['random'],
  starts_with: ['starts_with', 'this', 'expression'],
  str_position: ['strpos', 'this', 'substr'],
  substring: ['substr', 'this', 'start', 'length'],
  typeof: ['typeof', 'this'],
};
const ALIKE = `abs acos asin atan avg cardinality cbrt ceil corr cos count count_if cume_dist day day_of_month
  day_of_week day_of_year degrees dense_rank exp first_value floor hour last_value length ln lower max map_keys
  map_values min minute month percent_rank quarter radians rank row_number second sin sqrt stddev stddev_pop
  stddev_samp sum tan upper variance var_pop var_samp week week_of_year year array_agg`;
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
  if (known) return { name: known[0], args: present(known.slice(1).map((key) => data[key])), data };
  if (LIKE_THEIR_KIND.has(kind)) return { name: plainName(kind), args: present([data.this]), data };
  if (kind === 'coalesce' && Array.isArray(data.expressions)) {
    return { name: 'coalesce', args: data.expressions, data };
  }
  return undefined;
}

function plainName(written: Ast | undefined): string {
  const name = String(written).toLowerCase();
  return SAME[name] ?? name;
}

const present = (args: readonly (Ast | undefined)[]): Ast[] =>
  args.filter((argument): argument is Ast => argument !== undefined && argument !== null);
