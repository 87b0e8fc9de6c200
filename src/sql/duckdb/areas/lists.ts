import { call } from '../../build.ts';
import { elementOf } from '../../types/sql-type.ts';
import { macro } from '../rewriting.ts';
import type { Area } from './area.ts';

/** Arrays, and functions of functions. */
export const LISTS: Area = {
  macros: [
    `trino_element_at(m, k) AS m[k]`,
    `trino_subscript(list, i) AS CASE WHEN i < 1 OR i > len(list)
       THEN error('An array has no such element. Write element_at(array, n) for null.') ELSE list[i] END`,
    // Whether nulls hide what is looked for cannot be known.
    `trino_contains(list, x) AS CASE WHEN list_contains(list, x) THEN true
       WHEN x IS NULL OR len(list) > list_count(list) THEN NULL ELSE list_contains(list, x) END`,
    `trino_array_max(list) AS CASE WHEN len(list) > list_count(list) THEN NULL ELSE list_max(list) END`,
    `trino_array_min(list) AS CASE WHEN len(list) > list_count(list) THEN NULL ELSE list_min(list) END`,
    `trino_array_position(list, x) AS CASE WHEN list IS NULL OR x IS NULL THEN NULL
       ELSE CAST(coalesce(list_position(list, x), 0) AS BIGINT) END`,
    `trino_array_join(list, separator) AS array_to_string(list, separator), (list, separator, absent) AS
       array_to_string(list_transform(list, lambda x: coalesce(CAST(x AS VARCHAR), absent)), separator)`,
    `trino_sequence(a, b) AS generate_series(a, b), (a, b, step) AS cast_to_type(generate_series(a, b, step), [a])`,
    `cardinality(list) AS len(list)`,
  ],
  kinds: {
    subscript: ({ data }) => call('trino_subscript', data.this, data.index),
  },
  calls: {
    array_distinct: macro('list_distinct'),
    array_join: macro('trino_array_join'),
    array_max: macro('trino_array_max'),
    array_min: macro('trino_array_min'),
    array_position: macro('trino_array_position'),
    array_sort: macro('list_sort'),
    cardinality: macro('cardinality'),
    contains: macro('trino_contains'),
    element_at: macro('trino_element_at'),
    filter: macro('list_filter'),
    reverse: ({ args, argType }) =>
      call(elementOf(argType(0)) === undefined ? 'trino_reverse' : 'list_reverse', args[0]),
    sequence: macro('trino_sequence'),
    transform: macro('list_transform'),
  },
};
