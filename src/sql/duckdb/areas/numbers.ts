import { binary, call, cast, choose, isNull, NULL, numberOf, textOf } from '../../build.ts';
import { type Ast, isObject } from '../../tree.ts';
import { decimalOf, isFloating, isNumber, isWhole, type SqlType } from '../../types/sql-type.ts';
import { macro } from '../rewriting.ts';
import type { Area, CallRewriting, RewrittenCall } from './area.ts';
import { roundedWhole } from './arithmetic.ts';

const NAN = `CAST('NaN' AS DOUBLE)`;
const LEAST = `CAST('-Infinity' AS DOUBLE)`;

/** Outside of what it is defined for, a function gives NaN as Java's do; DuckDB would stop. */
const within = (name: string, condition: string): string =>
  `trino_${name}(x) AS CASE WHEN ${condition} THEN ${name}(x) WHEN x IS NOT NULL THEN ${NAN} END`;
const logarithm = (name: string): string =>
  `trino_${name}(x) AS CASE WHEN x > 0 THEN ${name}(x) WHEN x = 0 THEN ${LEAST} WHEN x < 0 THEN ${NAN} END`;

/** Functions of numbers. */
export const NUMBERS: Area = {
  macros: [
    logarithm('ln'),
    logarithm('log2'),
    logarithm('log10'),
    `trino_log(base, x) AS trino_float_divide(trino_ln(x), trino_ln(base))`,
    within('sqrt', 'x >= 0'),
    within('acos', 'x BETWEEN -1 AND 1'),
    within('asin', 'x BETWEEN -1 AND 1'),
    within('sin', 'isfinite(x)'),
    within('cos', 'isfinite(x)'),
    within('tan', 'isfinite(x)'),
    `trino_sign(x) AS CASE WHEN isnan(x) THEN x ELSE cast_to_type(sign(x), x) END`,
    `trino_round_to(x, unit) AS trino_half_up(x, unit) * unit`,
    // What is no number stays what it is.
    `trino_round(x, n) AS CASE WHEN isfinite(x) THEN round(x, n) ELSE x END`,
    `trino_round_whole(x, n) AS CASE WHEN n >= 0 THEN x WHEN n < -18 THEN error('A whole number is rounded beyond its digits.')
       ELSE trino_round_to(CAST(x AS HUGEINT), CAST('1' || repeat('0', -n) AS HUGEINT)) END`,
    `trino_bit_count(x, bits) AS CASE
       WHEN bits < 2 OR bits > 64 THEN error('bit_count counts between 2 and 64 bits.')
       WHEN (CASE WHEN x >= 0 THEN x ELSE -(x + 1) END) >> (bits - 1) > 0 THEN error('The number has more bits than bit_count is to count.')
       WHEN x >= 0 THEN bit_count(x) ELSE bits - bit_count(-(x + 1)) END`,
    `trino_bitwise_and(a, b) AS CAST(a & b AS BIGINT)`,
    `trino_bitwise_or(a, b) AS CAST(a | b AS BIGINT)`,
    `trino_bitwise_xor(a, b) AS CAST(xor(a, b) AS BIGINT)`,
    `trino_bitwise_not(x) AS xor(CAST(x AS BIGINT), CAST(-1 AS BIGINT))`,
    // In two's complement of so many bits, which are `span` numbers.
    `trino_unsigned(x, span) AS (CAST(x AS HUGEINT) % span + span) % span`,
    `trino_signed(x, span) AS CASE WHEN x >= span // 2 THEN x - span ELSE x END`,
    `trino_shift_left(x, n, bits, span) AS CASE WHEN n < 0 OR n >= bits THEN 0
       ELSE trino_signed(trino_unsigned(x, span) * (CAST(1 AS HUGEINT) << n) % span, span) END`,
    `trino_shift_right(x, n, bits, span) AS CASE WHEN n < 0 OR n >= bits THEN 0
       ELSE trino_signed(trino_unsigned(x, span) // (CAST(1 AS HUGEINT) << n), span) END`,
    `trino_shift_arithmetic(x, n, bits) AS CASE WHEN n >= 0 AND n < bits THEN CAST(x AS BIGINT) >> n WHEN x < 0 THEN -1 ELSE 0 END`,
    `trino_radix(n) AS CASE WHEN n BETWEEN 2 AND 36 THEN n ELSE error('A radix is between 2 and 36.') END`,
    `trino_to_base(x, radix) AS CASE WHEN x >= 0 THEN lower(to_base(x, trino_radix(radix))) ELSE '-' || lower(to_base(-x, trino_radix(radix))) END`,
    `trino_digits_in(x) AS list_transform(string_split(lower(ltrim(x, '+-')), ''),
       lambda c: CAST(strpos('0123456789abcdefghijklmnopqrstuvwxyz', c) - 1 AS HUGEINT))`,
    `trino_from_base(x, radix) AS CASE WHEN NOT regexp_full_match(x, '[+-]?[0-9a-zA-Z]+') OR list_max(trino_digits_in(x)) >= trino_radix(radix)
       THEN error('A text is no number to the radix.')
       ELSE CASE WHEN x LIKE '-%' THEN -1 ELSE 1 END * list_reduce(trino_digits_in(x), lambda a, b: a * CAST(radix AS HUGEINT) + b) END`,
    `trino_bucket(x, low, high, n) AS CASE WHEN x < low THEN 0 WHEN x >= high THEN n + 1 ELSE floor(n * (x - low) // (high - low)) + 1 END`,
    `trino_width_bucket(x, low, high, n) AS CASE
       WHEN n <= 0 OR low = high OR NOT isfinite(low) OR NOT isfinite(high) OR isnan(x)
       THEN error('width_bucket takes two bounds that differ, a positive number of buckets, and no NaN.')
       WHEN low < high THEN trino_bucket(x, low, high, n) ELSE n + 1 - trino_bucket(x, high, low, n) END`,
    `infinity() AS CAST('infinity' AS DOUBLE)`,
    `nan() AS CAST('nan' AS DOUBLE)`,
    `is_nan(x) AS isnan(x)`,
    `is_finite(x) AS isfinite(x)`,
    `is_infinite(x) AS isinf(x)`,
    `truncate(x) AS trunc(x), (x, n) AS trunc(x, n)`,
  ],
  calls: {
    abs: numeric,
    acos: ofDouble('acos'),
    asin: ofDouble('asin'),
    bit_count: ({ args }) => cast(call('trino_bit_count', cast(args[0]!, 'bigint'), args[1]), 'bigint'),
    bitwise_and: macro('trino_bitwise_and'),
    bitwise_left_shift: shifted('trino_shift_left'),
    bitwise_not: macro('trino_bitwise_not'),
    bitwise_or: macro('trino_bitwise_or'),
    bitwise_right_shift: shifted('trino_shift_right'),
    bitwise_right_shift_arithmetic: shifted('trino_shift_arithmetic'),
    bitwise_xor: macro('trino_bitwise_xor'),
    ceil: wholeOf,
    cos: ofDouble('cos'),
    e: () => cast(numberOf('2.718281828459045e0'), 'double'),
    floor: wholeOf,
    from_base: ({ args }) => cast(call('trino_from_base', ...args), 'bigint'),
    grouping: numeric,
    ln: ofDouble('ln'),
    log: ofDouble('log'),
    log10: ofDouble('log10'),
    log2: ofDouble('log2'),
    round: rounded,
    sign: (given) => (isFloating(given.type) ? call('trino_sign', given.args[0]) : numeric(given)),
    sin: ofDouble('sin'),
    sqrt: ofDouble('sqrt'),
    tan: ofDouble('tan'),
    to_base: ({ args }) => call('trino_to_base', cast(args[0]!, 'bigint'), args[1]),
    truncate: (given) => (given.args[1] === undefined ? wholeOf(given) : numeric(given)),
    width_bucket: ({ args, refuse }) =>
      args.length === 4
        ? cast(
            call('trino_width_bucket', ...args.slice(0, 3).map((arg) => cast(arg, 'double')), args[3]!),
            'bigint',
          )
        : refuse(
            'width_bucket of an array is not for every engine',
            'give it two bounds and a number of buckets',
          ),
  },
};

/** DuckDB gives these in another type than Trino. */
function numeric({ node, type }: RewrittenCall): Ast | undefined {
  return isNumber(type) ? cast(node, type as SqlType) : undefined;
}

/** DuckDB makes a double of a whole number first, which has no more than 53 bits. */
function wholeOf(given: RewrittenCall): Ast | undefined {
  const { args, argType, type } = given;
  return isWhole(argType(0)) && isNumber(type) ? cast(args[0]!, type as SqlType) : numeric(given);
}

function ofDouble(name: string): CallRewriting {
  return ({ args }) => call(`trino_${name}`, ...args.map((arg) => cast(arg, 'double')));
}

function rounded(given: RewrittenCall): Ast | undefined {
  const { args, written, type, refuse } = given;
  if (args[1] === undefined) return numeric(given);
  if (isWhole(type)) return roundedWhole(given);
  if (decimalOf(type) && !isWrittenOut(written[1])) {
    return refuse(
      'a decimal is rounded to digits that are computed',
      'write their number, or CAST it to double first',
    );
  }
  if (!isFloating(type) || (isWrittenOut(written[1]) && !isNegative(written[1]))) return numeric(given);
  return cast(call('trino_round', ...args), type!);
}

const isNegative = (node: Ast | undefined): boolean => isObject(node) && isObject(node.neg);

function isWrittenOut(node: Ast | undefined): boolean {
  if (!isObject(node)) return false;
  return isObject(node.literal) || (isObject(node.neg) && isWrittenOut(node.neg.this));
}

const BITS: { readonly [type: string]: number } = { tinyint: 8, smallint: 16, integer: 32 };

/** Shifts go by the bits of the type of what is shifted. */
function shifted(name: string): CallRewriting {
  return ({ args, type }) => {
    const bits = BITS[type ?? 'bigint'] ?? 64;
    const span = cast(textOf(String(2n ** BigInt(bits))), 'hugeint');
    const rest = name === 'trino_shift_arithmetic' ? [numberOf(bits)] : [numberOf(bits), span];
    const whole = cast(call(name, ...args, ...rest), type ?? 'bigint');
    const isNothing = args.map((arg) => isNull(arg)).reduce((a, b) => binary('or', a, b));
    return choose(isNothing, NULL, whole);
  };
}
