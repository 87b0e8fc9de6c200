import { binary, call, cast, choose, isNull, lambda, NULL, numberOf, word } from '../build.ts';
import type { Ast } from '../tree.ts';
import { elementOf, isFloating, isWhole, type SqlType } from '../types/sql-type.ts';
import { type SparkRewriting, sparkType, stoppedWhere } from './spark-call.ts';

const counted =
  (name: string): SparkRewriting =>
  ({ args }) =>
    cast(call(name, ...args), 'BIGINT');
const named =
  (name: string): SparkRewriting =>
  ({ args }) =>
    call(name, ...args);

/** The elements that are not NaN. */
const numbers = (list: Ast): Ast =>
  call('filter', list, lambda(['x'], { not: { this: call('isnan', word('x')) } }));

/** Of a list with a null in it neither the greatest nor the least can be told. Spark takes NaN for the greatest. */
const extreme: SparkRewriting = ({ name, args, types }) => {
  const plain = call(name, args[0]!);
  const found =
    name === 'array_max' && isFloating(elementOf(types[0]))
      ? call('coalesce', call(name, numbers(args[0]!)), plain)
      : plain;
  return choose(call('exists', args[0]!, lambda(['x'], isNull(word('x')))), NULL, found);
};

const isNested = (type: SqlType | undefined): boolean => /^(array|map|row)\(/.test(type ?? '');

/** NaN is equal to nothing. */
const contains: SparkRewriting = ({ args, types, refuse }) => {
  const element = elementOf(types[0]);
  if (isNested(element)) return refuse('Spark compares arrays in an array otherwise', 'UNNEST the array');
  const list = isFloating(element) ? numbers(args[0]!) : args[0]!;
  const value = types[1] === 'unknown' && element ? cast(args[1]!, sparkType(element)) : args[1]!;
  return call('array_contains', list, value);
};

/** A place in an array, of 32 bits for Spark. */
export const placeIn = (place: Ast, type: SqlType | undefined): Ast =>
  type === 'bigint' ? cast(place, 'INT') : place;

/** As many elements as Athena makes at most. */
const LONGEST = 10_000;

/** Arrays, where Spark has other names or gives other types. */
export const ARRAYS: { readonly [name: string]: SparkRewriting } = {
  all_match: named('forall'),
  any_match: named('exists'),
  array_join: ({ args, types }) => {
    const [list, ...rest] = args;
    const isText = elementOf(types[0]) === 'varchar';
    return call('array_join', isText ? list! : cast(list!, 'ARRAY<STRING>'), ...rest);
  },
  array_max: extreme,
  array_min: extreme,
  array_position: ({ args, types }) => {
    const place = cast(call('array_position', ...args), 'BIGINT');
    const isNan = binary('and', call('isnan', args[1]), isNull(args[0]!, true));
    return isFloating(elementOf(types[0])) ? choose(isNan, numberOf(0), place) : place;
  },
  cardinality: counted('size'),
  array_sort: ({ node, args, types, refuse }) =>
    args.length === 1 && !isNested(elementOf(types[0]))
      ? node
      : refuse('Spark sorts by other rules', 'UNNEST the array, and array_agg(x ORDER BY …)'),
  contains,
  element_at: ({ args, types }) => call('try_element_at', args[0], placeIn(args[1]!, types[1])),
  none_match: ({ args }) => ({ not: { this: call('exists', ...args) } }),
  reduce: ({ args, types, type }) => {
    const [list, first, ...rest] = args;
    const isWidened = isWhole(types[1]) && isWhole(type);
    return call('aggregate', list, isWidened ? cast(first!, sparkType(type!)) : first, ...rest);
  },
  sequence: ({ args, types, type }) => {
    const plain = call('sequence', ...args);
    const list = types.every(isWhole)
      ? cast(plain, 'ARRAY<BIGINT>')
      : type !== undefined && !type.includes('unknown')
        ? cast(plain, sparkType(type))
        : plain;
    const isLong = binary('gt', call('size', plain), numberOf(LONGEST));
    return stoppedWhere(isLong, 'A sequence has more than 10,000 elements.', list);
  },
};
