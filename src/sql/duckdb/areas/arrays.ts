import { call, lambda, word } from '../../build.ts';
import { type Ast, isObject } from '../../tree.ts';
import { elementOf, isFloating, type SqlType } from '../../types/sql-type.ts';
import { anyNullWithin, isNested } from '../nested-values.ts';
import { inCastableType, macro, typedMacro } from '../rewriting.ts';
import type { Area, RewrittenCall } from './area.ts';
import { textOfValue } from './casts.ts';

/**
 * Functions of arrays. DuckDB takes a null in an array for a value that equals another null, loses the order of an
 * array whose duplicates it drops, and takes one NaN for the same as another; Trino does so in some functions only.
 * Parameters of lambdas have names that no query has, so that a macro's argument cannot be taken for one.
 */
export const ARRAYS: Area = {
  macros: [
    `trino_element_at(list, i) AS CASE WHEN i = 0 AND list IS NOT NULL
       THEN error('The elements of an array are counted from 1; element_at was asked for 0.') ELSE list[i] END`,
    `trino_subscript(list, i) AS CASE WHEN list IS NOT NULL AND (i < 1 OR i > len(list))
       THEN error('An array has no such element. Write element_at(array, n) for null.') ELSE list[i] END`,
    `trino_contains(list, x) AS CASE WHEN x IS NULL OR list IS NULL THEN NULL WHEN list_contains(list, x) THEN true
       WHEN len(list) > list_count(list) THEN NULL ELSE false END`,
    // No NaN equals another.
    `trino_contains_number(list, x) AS CASE WHEN x IS NULL OR list IS NULL THEN NULL
       WHEN NOT isnan(x) AND list_contains(list, x) THEN true
       WHEN len(list) > list_count(list) THEN NULL ELSE false END`,
    `trino_array_position(list, x) AS CASE WHEN list IS NULL OR x IS NULL THEN NULL
       ELSE CAST(coalesce(list_position(list, x), 0) AS BIGINT) END`,
    `trino_array_position_number(list, x) AS CASE WHEN list IS NULL OR x IS NULL THEN NULL
       WHEN isnan(x) THEN CAST(0 AS BIGINT) ELSE CAST(coalesce(list_position(list, x), 0) AS BIGINT) END`,
    `trino_array_remove(list, x) AS CASE WHEN x IS NULL THEN NULL
       ELSE list_filter(list, lambda e_remove: e_remove IS DISTINCT FROM x) END`,
    `trino_array_remove_number(list, x) AS CASE WHEN x IS NULL THEN NULL
       ELSE list_filter(list, lambda e_remove: e_remove IS DISTINCT FROM x OR isnan(e_remove)) END`,
    `trino_array_max(list) AS CASE WHEN len(list) > list_count(list) THEN NULL ELSE list_max(list) END`,
    // NaN is the greatest to DuckDB; it is neither the greatest nor the least to Trino while there is another number.
    `trino_array_max_number(list) AS CASE WHEN len(list) > list_count(list) THEN NULL
       ELSE coalesce(list_max(list_filter(list, lambda e_max: NOT isnan(e_max))), list_max(list)) END`,
    `trino_array_min(list) AS CASE WHEN len(list) > list_count(list) THEN NULL ELSE list_min(list) END`,
    `trino_array_sort(list) AS list_sort(list, 'ASC', 'NULLS LAST')`,
    `trino_array_distinct(list) AS
       list_filter(list, lambda e_once, i_once: list_position(list, e_once) = i_once)`,
    `trino_array_union(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL
       ELSE trino_array_distinct(list_concat(a, b)) END`,
    // The longer one gives the order, the first of two that are as long.
    `trino_array_intersect(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL
       WHEN len(a) < len(b)
       THEN list_filter(trino_array_distinct(b), lambda e_both: coalesce(list_position(a, e_both), 0) > 0)
       ELSE list_filter(trino_array_distinct(a), lambda e_both: coalesce(list_position(b, e_both), 0) > 0) END`,
    // Without anything to take away Trino leaves the array as it is, duplicates included.
    `trino_array_except(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN len(b) = 0 THEN a
       ELSE list_filter(trino_array_distinct(a), lambda e_except: coalesce(list_position(b, e_except), 0) = 0) END`,
    `trino_arrays_overlap(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN list_has_any(a, b) THEN true
       WHEN len(a) = 0 OR len(b) = 0 THEN false
       WHEN len(a) > list_count(a) OR len(b) > list_count(b) THEN NULL ELSE false END`,
    `trino_array_join(list, separator) AS CASE WHEN list IS NOT NULL
       THEN coalesce(array_to_string(list, separator), '') END`,
    // The separator of DuckDB's own is the same for all rows.
    `trino_array_join_by(list, separator) AS CASE WHEN list IS NULL OR separator IS NULL THEN NULL
       WHEN list_count(list) = 0 THEN '' ELSE list_reduce(list_filter(list, lambda e_there: e_there IS NOT NULL),
         lambda a_join, b_join: a_join || separator || b_join) END`,
    `trino_with_absent(list, absent) AS CASE WHEN absent IS NOT NULL
       THEN list_transform(list, lambda e_join: coalesce(e_join, absent)) END`,
    `trino_list_concat(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL ELSE list_concat(a, b) END`,
    `trino_list_of(x) AS CASE WHEN x IS NULL THEN NULL ELSE [x] END`,
    `trino_flatten(list) AS flatten(list)`,
    `trino_slice(list, first, n) AS CASE WHEN list IS NULL OR first IS NULL OR n IS NULL THEN NULL
       WHEN first = 0 THEN error('The elements of an array are counted from 1; slice was asked for 0.')
       WHEN n < 0 THEN error('slice was asked for fewer than no elements.')
       WHEN n > 2147483647 THEN error('slice was asked for more elements than an array has.')
       WHEN first < -len(list) OR first > len(list) THEN list[2:1]
       WHEN first < 0 THEN list[len(list) + first + 1 : len(list) + first + least(n, len(list))]
       ELSE list[first : first - 1 + least(n, len(list))] END`,
    `trino_trim_array(list, n) AS CASE
       WHEN n < 0 OR n > len(list) THEN error('trim_array was asked to drop more elements than there are, or fewer than none.')
       WHEN n IS NOT NULL THEN list[1 : len(list) - n] END`,
    `trino_ngrams(list, n) AS CASE WHEN n < 1 THEN error('ngrams takes one element or more at a time.')
       WHEN list IS NULL OR n IS NULL THEN NULL WHEN n >= len(list) THEN [list]
       ELSE list_transform(generate_series(1, len(list) - n + 1), lambda i_gram: list[i_gram : i_gram + n - 1]) END`,
    `trino_combinations_0(list) AS CASE WHEN list IS NOT NULL THEN [list[2:1]] END`,
    `trino_combinations_1(list) AS list_transform(list, lambda e_one: [e_one])`,
    ...[2, 3, 4, 5].map(
      (
        n,
      ) => `trino_combinations_${n}(list) AS flatten(list_transform(list, lambda e_${n}, i_${n}: list_transform(
       trino_combinations_${n - 1}(list[1 : i_${n} - 1]), lambda c_${n}: list_append(c_${n}, e_${n}))))`,
    ),
    `trino_cardinality(list) AS CAST(len(list) AS BIGINT)`,
    `trino_without_nulls(value, flags) AS CASE WHEN list_contains(flags, true)
       THEN error('Arrays or rows with a null in them are compared, which Athena does not do.') ELSE value END`,
  ],
  kinds: {
    concat: ({ data, was, typeOf }) =>
      joined([data.left ?? null, data.right ?? null], [typeOf(was.left), typeOf(was.right)]),
    subscript: ({ data, was, type, typeOf }) => {
      const list = typeOf(was.this);
      return list === undefined || elementOf(list) !== undefined || list === 'unknown'
        ? inCastableType(call('trino_subscript', data.this, data.index), type)
        : undefined;
    },
  },
  calls: {
    array_distinct: typedMacro('trino_array_distinct'),
    array_except: macro('trino_array_except'),
    array_intersect: macro('trino_array_intersect'),
    array_join: ({ args, written, argType, refuse }) => {
      const [list, separator, absent] = args;
      const element = elementOf(argType(0));
      if (isNested(element)) refuse('arrays in an array are not joined', 'flatten the array first');
      const texts =
        element === undefined || element === 'unknown' || element === 'varchar'
          ? list
          : call('list_transform', list, lambda(['e_text'], textOfValue(word('e_text'), element)));
      const whole = absent === undefined ? texts : call('trino_with_absent', texts, absent);
      const isConstant = isObject(written[1]) && 'literal' in written[1];
      return call(isConstant ? 'trino_array_join' : 'trino_array_join_by', whole, separator);
    },
    array_max: (given) =>
      comparable(
        given,
        call(
          isFloating(elementOf(given.argType(0))) ? 'trino_array_max_number' : 'trino_array_max',
          ...given.args,
        ),
      ),
    array_min: (given) => comparable(given, call('trino_array_min', ...given.args)),
    array_remove: (given) => searched('array_remove', given.args, typesOf(given)),
    array_position: (given) => searched('array_position', given.args, typesOf(given)),
    array_sort: (given) =>
      given.args.length === 1 ? comparable(given, typedMacro('trino_array_sort')(given)) : undefined,
    array_union: macro('trino_array_union'),
    arrays_overlap: macro('trino_arrays_overlap'),
    cardinality: macro('trino_cardinality'),
    combinations: ({ args, refuse }) => {
      const n = literalNumber(args[1]);
      return n !== undefined && /^[0-5]$/.test(n)
        ? call(`trino_combinations_${n}`, args[0])
        : refuse(
            'combinations takes 0 to 5 elements at a time, written as a number',
            'write the number itself',
          );
    },
    concat: (given) => joined(given.args, typesOf(given)),
    contains: (given) => searched('contains', given.args, typesOf(given)),
    element_at: (given) =>
      elementOf(given.argType(0)) === undefined && given.argType(0) !== undefined
        ? undefined
        : typedMacro('trino_element_at')(given),
    flatten: typedMacro('trino_flatten'),
    ngrams: macro('trino_ngrams'),
    reverse: ({ args, argType }) =>
      call(elementOf(argType(0)) === undefined ? 'trino_reverse' : 'list_reverse', args[0]),
    slice: macro('trino_slice'),
    trim_array: macro('trino_trim_array'),
  },
};

const typesOf = ({ args, argType }: RewrittenCall) => args.map((_, i) => argType(i));

/** What comes of comparing the elements of an array: those that hold nulls have no order. */
function comparable({ args, argType }: RewrittenCall, value: Ast): Ast {
  const element = elementOf(argType(0));
  return element !== undefined && isNested(element)
    ? call('trino_without_nulls', value, anyNullWithin(element, [args[0]!]))
    : value;
}

/** A search for what equals a value: NaN equals nothing, and whether a null does cannot be known. */
function searched(
  name: 'contains' | 'array_position' | 'array_remove',
  [list, x]: readonly Ast[],
  types: readonly (SqlType | undefined)[],
): Ast {
  const element = elementOf(types[0]);
  if (isFloating(element) || isFloating(types[1])) return call(`trino_${name}_number`, list, x);
  const found = call(`trino_${name}`, list, x);
  if (element === undefined || !isNested(element)) return found;
  return call('trino_without_nulls', found, anyNullWithin(element, [list!, call('trino_list_of', x)]));
}

/** `||` and `concat` of arrays, and of elements that are put to them; undefined where none is an array. */
function joined(values: readonly Ast[], types: readonly (SqlType | undefined)[]): Ast | undefined {
  const depth = Math.max(...types.map(depthOf));
  if (depth === 0) return undefined;
  return values
    .map((value, i) =>
      depthOf(types[i]) === depth || types[i] === 'array(unknown)' ? value : call('trino_list_of', value),
    )
    .reduce((a, b) => call('trino_list_concat', a, b));
}

/** How many arrays lie in one another. */
function depthOf(type: SqlType | undefined): number {
  const element = elementOf(type);
  return element === undefined ? 0 : 1 + depthOf(element);
}

const literalNumber = (node: Ast | undefined): string | undefined => {
  const literal =
    node !== null && typeof node === 'object' && !Array.isArray(node) ? node.literal : undefined;
  return literal !== null && typeof literal === 'object' && !Array.isArray(literal)
    ? String(literal?.value)
    : undefined;
};
