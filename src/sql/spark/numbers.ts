import { binary, call, cast, choose, numberOf } from '../build.ts';
import type { Ast } from '../tree.ts';
import { decimalOf, isFloating, isWhole } from '../types/sql-type.ts';
import { type SparkCall, type SparkRewriting, sparkType } from './spark-call.ts';

const asBigint =
  (name: string): SparkRewriting =>
  ({ args }) =>
    cast(call(name, ...args), 'BIGINT');
const asDouble =
  (name: string): SparkRewriting =>
  ({ args }) =>
    cast(call(name, ...args), 'DOUBLE');
const asGiven: SparkRewriting = ({ name, args, type, types }) => {
  const kept = type ?? types[0];
  const changed = call(name, ...args);
  return kept === undefined ? changed : cast(changed, sparkType(kept));
};
const infix =
  (kind: string): SparkRewriting =>
  ({ args }) =>
    cast(binary(kind, args[0]!, args[1]!), 'BIGINT');

/** Towards zero. What is left of the division by one has the sign of the number. */
function truncated({ args, types, type }: SparkCall) {
  const [value, digits] = args;
  if (digits !== undefined || isWhole(types[0]))
    return isWhole(types[0]) ? value! : call('truncate', ...args);
  const cut = binary('sub', value!, binary('mod', value!, numberOf(1)));
  return decimalOf(type) ? cast(cut, sparkType(type!)) : cut;
}

/**
 * Trino and DuckDB round a double where its digits end, as it is kept; Spark rounds the number as it is written, so
 * that 69.195, which is a little less, would become 69.2.
 */
function rounded({ args, type }: SparkCall): Ast {
  const [value, digits] = args;
  if (!isFloating(type) || digits === undefined) {
    const whole = call('round', ...args);
    return type ? cast(whole, sparkType(type)) : whole;
  }
  const factor = call('power', numberOf('10e0'), digits);
  const moved = call('round', binary('mul', value!, factor));
  return cast(binary('div', moved, factor), sparkType(type!));
}

const compared =
  (name: string): SparkRewriting =>
  ({ args }) => {
    const isNull = args.map((argument) => call('isnull', argument)).reduce((a, b) => binary('or', a, b));
    return choose(isNull, { null: null }, call(name, ...args));
  };

/** What numbers are made of, where Spark has other names or gives other types. */
export const NUMBERS: { readonly [name: string]: SparkRewriting } = {
  bit_count: ({ args, refuse }) =>
    JSON.stringify(args[1] ?? null).includes('"64"')
      ? cast(call('bit_count', cast(args[0]!, 'BIGINT')), 'BIGINT')
      : refuse('bit_count differs for numbers of fewer than 64 bits', 'write bit_count(x, 64)'),
  bitwise_and: infix('bitwise_and'),
  bitwise_or: infix('bitwise_or'),
  bitwise_xor: infix('bitwise_xor'),
  ceil: asGiven,
  codepoint: ({ args }) => call('ascii', args[0]!),
  floor: asGiven,
  greatest: compared('greatest'),
  infinity: () => cast({ literal: { literal_type: 'string', value: 'Infinity' } }, 'DOUBLE'),
  is_finite: ({ args }) =>
    binary(
      'lt',
      call('abs', cast(args[0]!, 'DOUBLE')),
      cast({ literal: { literal_type: 'string', value: 'Infinity' } }, 'DOUBLE'),
    ),
  is_infinite: ({ args }) =>
    binary(
      'eq',
      call('abs', cast(args[0]!, 'DOUBLE')),
      cast({ literal: { literal_type: 'string', value: 'Infinity' } }, 'DOUBLE'),
    ),
  is_nan: ({ args }) => call('isnan', args[0]!),
  least: compared('least'),
  levenshtein_distance: asBigint('levenshtein'),
  mod: ({ args, type }) => {
    const rest = binary('mod', args[0]!, args[1]!);
    return decimalOf(type) ? cast(rest, sparkType(type!)) : rest;
  },
  nan: () => cast({ literal: { literal_type: 'string', value: 'NaN' } }, 'DOUBLE'),
  power: asDouble('power'),
  round: rounded,
  sign: asGiven,
  truncate: truncated,
};
