import { binary, call, cast, choose, isNull, NULL, numberOf, textOf } from '../build.ts';
import { constantNumber } from '../literal.ts';
import { type Ast, type AstObject, isObject } from '../tree.ts';
import { decimalOf, isFloating, isWhole, type SqlType } from '../types/sql-type.ts';
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

/** Without fractions: doubles so big have none, and Spark would make 64 bits of them and 0 of NaN, the greatest. */
const unlessWhole = (value: Ast, changed: Ast): Ast =>
  choose(binary('lt', call('abs', value), numberOf('4503599627370496e0')), changed, value);

const toWhole: SparkRewriting = (given) => {
  const changed = asGiven(given);
  return isFloating(given.types[0]) ? unlessWhole(given.args[0]!, changed) : changed;
};

/** Towards zero. What is left of the division by one has the sign of the number. */
function truncated({ args, types, type, refuse }: SparkCall) {
  const [value, digits] = args;
  if (digits !== undefined)
    refuse('Spark cuts no number to so many digits', 'CAST(truncate(x * 100) AS bigint) / 100e0');
  if (isWhole(types[0])) return decimalOf(type) ? cast(value!, sparkType(type!)) : value!;
  const rest = binary('sub', value!, binary('mod', value!, numberOf(1)));
  const cut = isFloating(type) ? unlessWhole(value!, rest) : rest;
  return type === 'double' || type === undefined ? cut : cast(cut, sparkType(type));
}

/**
 * Trino and DuckDB round a double where its digits end, as it is kept; Spark rounds the number as it is written, so
 * that 69.195, which is a little less, would become 69.2.
 */
function rounded({ args, type, refuse }: SparkCall): Ast {
  const [value, digits] = args;
  if (digits !== undefined && isWhole(type) && (constantNumber(digits) ?? -99) < -9) {
    refuse(
      'a whole number is rounded to digits that Athena does not take',
      'write the digits out, from -9 to 0',
    );
  }
  if (!isFloating(type) || digits === undefined) {
    const whole = call('round', ...args);
    return type ? cast(whole, sparkType(type)) : whole;
  }
  const factor = call('power', numberOf('10e0'), digits);
  const moved = call('round', binary('mul', value!, factor));
  return cast(binary('div', moved, factor), sparkType(type!));
}

/** A special value, which has no literal. */
export const doubleOf = (name: 'NaN' | 'Infinity' | '-Infinity'): AstObject => cast(textOf(name), 'DOUBLE');

/** A double or a real, null where it is NaN. */
export const numbersOf = (value: Ast, type: SqlType): AstObject =>
  call('nanvl', value, cast(NULL, sparkType(type)));

/** Null where one is null; NaN, the greatest for Spark, only where all are. */
const compared =
  (name: string): SparkRewriting =>
  ({ args, type }) => {
    if (args.length === 1) return args[0]!;
    const isNothing = args.map((argument) => isNull(argument)).reduce((a, b) => binary('or', a, b));
    const plain = call(name, ...args);
    const found =
      name === 'greatest' && isFloating(type)
        ? call('coalesce', call(name, ...args.map((argument) => numbersOf(argument, type!))), plain)
        : plain;
    return choose(isNothing, NULL, found);
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
  ceil: toWhole,
  floor: toWhole,
  greatest: compared('greatest'),
  infinity: () => doubleOf('Infinity'),
  is_finite: ({ args }) => binary('lt', call('abs', cast(args[0]!, 'DOUBLE')), doubleOf('Infinity')),
  is_infinite: ({ args }) => binary('eq', call('abs', cast(args[0]!, 'DOUBLE')), doubleOf('Infinity')),
  // ISNAN of a null is false.
  is_nan: ({ args }) => binary('eq', args[0]!, doubleOf('NaN')),
  least: compared('least'),
  levenshtein_distance: asBigint('levenshtein'),
  mod: ({ args, type }) => {
    const rest = binary('mod', args[0]!, args[1]!);
    return decimalOf(type) ? cast(rest, sparkType(type!)) : rest;
  },
  nan: () => doubleOf('NaN'),
  nullif: ({ args, types, node }) => {
    const [value, other] = args;
    if (!types.every(isFloating) || (isObject(other) && other.literal)) return node;
    const isSame = binary('and', binary('eq', value!, other!), { not: { this: call('isnan', value) } });
    return choose(isSame, NULL, value!);
  },
  power: asDouble('power'),
  round: rounded,
  sign: asGiven,
  truncate: truncated,
};
