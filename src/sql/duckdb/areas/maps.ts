import { binary, call, cast, closed, isNull, lambda, NULL, word } from '../../build.ts';
import { type Ast, type AstObject, isObject } from '../../tree.ts';
import { commonType, entryOf, isWhole, type SqlType } from '../../types/sql-type.ts';
import { duckType } from '../duck-type.ts';
import { fieldAt } from '../nested-values.ts';
import { macro } from '../rewriting.ts';
import { lambdaOf, substitute } from '../substitute.ts';
import type { Area, RewrittenCall } from './area.ts';

/**
 * Maps. A key is there once and is no null, which Trino says with an error; so do these macros, in the lake's words.
 * The order of a map's keys is that in which it was made, where Trino keeps one: see lint/map-order.ts for the others.
 */
export const MAPS: Area = {
  macros: [
    `trino_map() AS map([], []),
     (ks, vs) AS CASE WHEN ks IS NULL OR vs IS NULL THEN NULL
       WHEN len(ks) <> len(vs) THEN error('A map has as many keys as values.')
       WHEN len(ks) > list_count(ks) THEN error('A key of a map is null.')
       WHEN len(list_distinct(ks)) < len(ks) THEN error('A map has the same key twice.') ELSE map(ks, vs) END`,
    `trino_map_keys(m) AS map_keys(m)`,
    `trino_map_values(m) AS map_values(m)`,
    `trino_map_entries(m) AS map_entries(m)`,
    `trino_map_value(m, k) AS map_extract_value(m, k)`,
    `trino_map_has(m, k) AS map_contains(m, k)`,
    `trino_map_subscript(m, k) AS CASE WHEN m IS NOT NULL AND k IS NOT NULL AND NOT map_contains(m, k)
       THEN error('A map has no such key. Write element_at(map, key) for null.') ELSE map_extract_value(m, k) END`,
    `trino_map_size(m) AS CAST(len(map_keys(m)) AS BIGINT)`,
    `trino_map_concat(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL ELSE map_concat(a, b) END`,
    `trino_map_of_rows(list) AS CASE WHEN len(list) > list_count(list) THEN error('An entry of a map is null.')
       ELSE trino_map(list_transform(list, lambda e_key: struct_extract_at(e_key, 1)),
         list_transform(list, lambda e_value: struct_extract_at(e_value, 2))) END`,
    `trino_multimap_of_rows(list) AS CASE WHEN len(list) > list_count(list) THEN error('An entry of a map is null.')
       ELSE trino_map_by_keys(list, list_transform(list, lambda e_key: struct_extract_at(e_key, 1))) END`,
    `trino_map_by_keys(list, ks) AS CASE WHEN len(ks) > list_count(ks) THEN error('A key of a map is null.')
       WHEN list IS NOT NULL THEN map(list_distinct(ks), list_transform(list_distinct(ks),
         lambda k_own: list_transform(list_filter(list, lambda e_own: struct_extract_at(e_own, 1) IS NOT DISTINCT FROM k_own),
           lambda e_own: struct_extract_at(e_own, 2)))) END`,
    // Of a group: the first value of each key.
    `trino_map_agg(list) AS CASE WHEN list IS NOT NULL
       THEN trino_map_of_first(list, list_transform(list, lambda e_key: struct_extract_at(e_key, 1))) END`,
    `trino_map_of_first(list, ks) AS CASE WHEN len(list_distinct(ks)) = len(ks)
       THEN map(ks, list_transform(list, lambda e_value: struct_extract_at(e_value, 2)))
       ELSE map_from_entries(list_filter(list,
         lambda e_first, i_first: list_position(ks, struct_extract_at(e_first, 1)) = i_first)) END`,
    // Of maps without an entry: null.
    `trino_map_union(list) AS CASE WHEN len(list_filter(list, lambda m_each: len(map_keys(m_each)) > 0)) > 0
       THEN list_reduce(list, lambda m_before, m_next: map_concat(m_next, m_before)) END`,
    `trino_histogram(m) AS CASE WHEN m IS NOT NULL
       THEN map(map_keys(m), list_transform(map_values(m), lambda e_count: CAST(e_count AS BIGINT))) END`,
    `trino_array_histogram(list) AS CASE WHEN list IS NOT NULL THEN map(list_distinct(list),
       list_transform(list_distinct(list), lambda e_each:
         CAST(len(list_filter(list, lambda e_same: e_same IS NOT DISTINCT FROM e_each)) AS BIGINT))) END`,
    `trino_map_zip(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL ELSE list_transform(list_concat(map_keys(a),
       list_filter(map_keys(b), lambda k_more: NOT map_contains(a, k_more))),
       lambda k_zip: row(k_zip, map_extract_value(a, k_zip), map_extract_value(b, k_zip))) END`,
    `trino_parts(x, apart, within_one) AS list_transform(
       CASE WHEN ends_with(x, apart) OR x = '' THEN string_split(x, apart)[1:-2] ELSE string_split(x, apart) END,
       lambda e_part: string_split(e_part, within_one))`,
    `trino_split_to_map(x, apart, within_one) AS CASE
       WHEN apart = '' OR within_one = '' OR apart = within_one THEN error('split_to_map takes two different separators.')
       WHEN x IS NULL OR apart IS NULL OR within_one IS NULL THEN NULL
       WHEN len(list_filter(trino_parts(x, apart, within_one), lambda e_odd: len(e_odd) <> 2)) > 0
       THEN error('Each entry of split_to_map has one key and one value.')
       ELSE trino_map(list_transform(trino_parts(x, apart, within_one), lambda e_pair: e_pair[1]),
         list_transform(trino_parts(x, apart, within_one), lambda e_pair: e_pair[2])) END`,
  ],
  kinds: {
    subscript: ({ data, was, typeOf, refuse }) => {
      const entry = entryOf(typeOf(was.this));
      return (
        entry &&
        call(
          'trino_map_subscript',
          data.this,
          keyOf(data.index ?? null, typeOf(was.index), entry.key, refuse),
        )
      );
    },
  },
  calls: {
    array_histogram: macro('trino_array_histogram'),
    cardinality: ({ args, argType }) => (entryOf(argType(0)) ? call('trino_map_size', ...args) : undefined),
    element_at: ({ args, argType, refuse }) => {
      const entry = entryOf(argType(0));
      // A map whose keys have no type is null or has none.
      if (entry?.key === 'unknown') return call('trino_map_value', args[0], NULL);
      return entry && call('trino_map_value', args[0], keyOf(args[1]!, argType(1), entry.key, refuse));
    },
    histogram: ({ node }) => call('trino_histogram', node),
    map: ({ args }) => call('trino_map', ...args),
    map_agg: (given) => call('trino_map_agg', collected(given, call('row', ...given.args), given.args[0]!)),
    map_concat: ({ args }) => args.reduce((a, b) => call('trino_map_concat', a, b)),
    map_entries: macro('trino_map_entries'),
    map_filter: (given) => {
      const kept = call('list_filter', call('trino_map_entries', given.args[0]), ofEntry(given, 1));
      return call('trino_map_of_rows', kept);
    },
    map_from_entries: macro('trino_map_of_rows'),
    map_keys: macro('trino_map_keys'),
    map_union: (given) => call('trino_map_union', collected(given, given.args[0]!, given.args[0]!)),
    map_values: macro('trino_map_values'),
    map_zip_with: (given) => {
      const zipped = call('trino_map_zip', given.args[0], given.args[1]);
      const values = call('list_transform', zipped, ofEntry(given, 2));
      const keys = call('list_transform', zipped, lambda(['e_zip'], fieldAt(word('e_zip'), 0)));
      return call('trino_map', keys, values);
    },
    multimap_agg: (given) =>
      call('trino_multimap_of_rows', collected(given, call('row', ...given.args), given.args[0]!)),
    multimap_from_entries: macro('trino_multimap_of_rows'),
    split_to_map: macro('trino_split_to_map'),
    transform_keys: (given) => {
      const keys = call('list_transform', call('trino_map_entries', given.args[0]), ofEntry(given, 1));
      return call('trino_map', keys, call('trino_map_values', given.args[0]));
    },
    transform_values: (given) => {
      const values = call('list_transform', call('trino_map_entries', given.args[0]), ofEntry(given, 1));
      return call('trino_map', call('trino_map_keys', given.args[0]), values);
    },
  },
};

/** The lambda that is an argument, as one of a row that holds its parameters. */
function ofEntry({ args, refuse }: RewrittenCall, index: number): Ast {
  const given = lambdaOf(args[index]) ?? refuse('a function is expected here', 'write it as (k, v) -> …');
  const row = `p_${given.parameters.join('_')}`;
  const values = new Map(given.parameters.map((name, i) => [name, fieldAt(word(row), i)]));
  return lambda([row], closed(substitute(given.body, values)));
}

/** A key in the type of the map's own. */
function keyOf(
  key: Ast,
  type: SqlType | undefined,
  own: SqlType,
  refuse: (what: string, portable: string) => never,
): Ast {
  if (type === own || type === 'unknown' || type === undefined || (isWhole(type) && isWhole(own))) return key;
  return commonType(type, own) === own
    ? cast(key, duckType(own))
    : refuse(`a map of ${own} is asked for a key of type ${type}`, 'CAST the key to the type of the keys');
}

/** The values of a group as an array, without those whose key is null; null where there is none. */
function collected({ node, data }: RewrittenCall, value: Ast, key: Ast): AstObject {
  const written = [node.function, node.aggregate_function].find(isObject) ?? data;
  const isThere = isNull(key, true);
  return {
    aggregate_function: {
      name: 'array_agg',
      args: [value],
      distinct: written.distinct === true,
      filter: isObject(written.filter) ? binary('and', written.filter, isThere) : isThere,
      order_by: Array.isArray(written.order_by) ? written.order_by : [],
    },
  };
}
