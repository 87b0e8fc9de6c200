import { call, cast, choose, isNull, lambda, NULL, word } from '../build.ts';
import { elementOf } from '../types/sql-type.ts';
import { type SparkRewriting, sparkType } from './spark-call.ts';

const counted =
  (name: string): SparkRewriting =>
  ({ args }) =>
    cast(call(name, ...args), 'BIGINT');
const named =
  (name: string): SparkRewriting =>
  ({ args }) =>
    call(name, ...args);

/** Of a list with a null in it neither the greatest nor the least can be told. */
const extreme: SparkRewriting = ({ name, args }) =>
  choose(call('exists', args[0]!, lambda(['x'], isNull(word('x')))), NULL, call(name, args[0]!));

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
  array_position: counted('array_position'),
  cardinality: counted('size'),
  contains: named('array_contains'),
  element_at: named('try_element_at'),
  reduce: named('aggregate'),
  sequence: ({ args, type }) => {
    const list = call('sequence', ...args);
    return type ? cast(list, sparkType(type)) : list;
  },
};
