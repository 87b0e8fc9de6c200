import type { Vectors } from './vectors.ts';

const DOUBLES =
  '(VALUES 0e0, -0e0, 1e0, -1e0, 2.5e0, -2.5e0, 1e300, 1e-300, nan(), infinity(), -infinity(), NULL) AS t(x)';
const HALVES =
  '(VALUES 0.5e0, 1.5e0, 2.5e0, -0.5e0, -2.5e0, 0.49999999999999994e0, 1.005e0, 2.675e0, 69.195e0, 0.285e0, -1.255e0, 1250e0, -1250e0, 1234567.891e0, 1e17, 1e300, nan(), infinity(), NULL) AS t(x)';
const WHOLE = '(VALUES 0, 1, -1, 14, 15, -15, 2147483647, -2147483648, NULL) AS t(x)';
const BIG =
  '(VALUES CAST(0 AS bigint), 1, -1, 9223372036854775807, -9223372036854775808, 255, -255, NULL) AS t(x)';
const of = (expressions: readonly string[], table: string): string =>
  `SELECT ${expressions.map((expression, i) => `${expression} AS c${i}`).join(', ')} FROM ${table}`;

export const NUMBERS: Vectors = {
  answered: {
    'whole numbers of more than 53 bits are kept':
      'SELECT ceil(n) AS a, ceiling(n) AS b, floor(n) AS c, round(n) AS d, truncate(n) AS e, abs(n) AS f FROM (VALUES 9007199254740993, -9007199254740993, NULL) AS t(n)',
    'abs of a negative number': 'abs(-3)',
    'functions of nulls':
      'SELECT abs(CAST(NULL AS decimal(9,2))) AS a, round(CAST(NULL AS decimal(9,2)), 1) AS b, sqrt(CAST(NULL AS double)) AS c, mod(CAST(NULL AS bigint), 2) AS d, CAST(NULL AS decimal(9,2)) + 1 AS e, CAST(NULL AS bigint) / 2 AS f, -CAST(NULL AS decimal(9,2)) AS g, greatest(CAST(NULL AS bigint), 1) AS h, power(CAST(NULL AS double), 2) AS i, sign(CAST(NULL AS bigint)) AS j, bitwise_and(CAST(NULL AS bigint), 1) AS k, nullif(CAST(NULL AS bigint), 1) AS l, coalesce(CAST(NULL AS decimal(9,2)), NULL) AS m',
    'abs of the least number': 'abs(-2147483648)',
    'a division by zero': '1 / 0',
    'a remainder of zero': '1 % 0',
    'a decimal divided by zero': '1.5 / 0',
    'a remainder of a decimal by zero': '5.5 % 0',
    'integers that run over': '2147483647 + 1',
    'bigints that run over': '9223372036854775807 + 1',
    'a product that runs over': '2147483647 * 2',
    'a difference that runs over': '-2147483648 - 1',
    'the least number divided': '-2147483648 / -1',
    'the least number turned': 'SELECT -x AS v FROM (VALUES -2147483648) AS t(x)',
    'whole division': of(['x / 2', 'x / -2', 'x % 4', 'x % -4', 'x % -1', 'mod(x, 3)'], WHOLE),
    'whole division in 64 bits': of(
      ['x / 2', 'x % 10', 'x / CAST(-3 AS bigint)', 'x % CAST(-1 AS bigint)'],
      BIG,
    ),
    'doubles divided': of(['x / 0', 'x / 0e0', '1 / x', '0 / x', 'x / x', 'x / infinity()'], DOUBLES),
    'remainders of doubles': of(['x % 2', 'x % 0e0', 'x % infinity()', 'mod(x, -2)', '5e0 % x'], DOUBLES),
    'sums of doubles': of(['x + x', 'x - x', 'x * 0', 'x * 1e308', '-x'], DOUBLES),
    reals:
      'SELECT CAST(1 AS real) / 3 AS a, CAST(1.5 AS real) + 1 AS b, CAST(1.5 AS real) * 1.5 AS c, CAST(1.5 AS real) * 1e0 AS d, CAST(3e38 AS real) * 10 AS e, CAST(1 AS real) / 0 AS f, CAST(5 AS real) % 2 AS g',
    'decimals and whole numbers':
      'SELECT 1.5 + 1 AS a, 1.5 * 3 AS b, 1.5 - CAST(1 AS bigint) AS c, 2.50 % 1 AS d, -5.5 % 2 AS e, 1.5 % 0.4 AS f, 1 + 1.25 AS g, mod(5.5, 2) AS h, -1.5 AS i',
    'decimals in columns':
      'SELECT a + b AS c, a - b AS d, a * b AS e, a % b AS f FROM (VALUES (1.50, 0.3), (-1.50, 0.7), (99.99, 9.9), (NULL, 1.0)) AS t(a, b)',
    'decimals divided':
      'SELECT 1.5 / 0.7 AS a, 1 / 3.0 AS b, 10.00 / 3 AS c, -1.5 / 2.0 AS d, 0.05 / 2.0 AS e, CAST(2 AS bigint) / 1.5 AS f, 0.0 / 5 AS g, -0.05 / -2.0 AS h',
    'decimals divided in columns':
      'SELECT a / b AS v FROM (VALUES (1.00, 3.0), (2.00, 3.0), (-2.00, 3.0), (0.50, 1.0), (NULL, 1.0)) AS t(a, b)',
    'wide decimals divided':
      'SELECT CAST(5 AS decimal(20,10)) / CAST(3 AS decimal(10,5)) AS a, CAST(123456789012345 AS decimal(18,0)) / CAST(7 AS decimal(3,0)) AS b',
    'sums of decimals divided':
      'SELECT sum(x) / sum(y) AS a, sum(x) / count(*) AS b, sum(x) / nullif(sum(y - y), 0) AS c FROM (VALUES (3.75, 4.0), (0.01, -0.5), (NULL, 1.5)) AS t(x, y)',
    'decimals of 38 digits divided': `SELECT x / y AS a, y / x AS b, x / 3 AS c, -x / y AS d FROM (VALUES (CAST('123456789012345678.75' AS decimal(38,2)), CAST(4 AS decimal(38,1))),
      (CAST('0.01' AS decimal(38,2)), CAST('-999999999999999999.5' AS decimal(38,1))), (CAST('-99999999999999999999999999999.99' AS decimal(38,2)), CAST('0.7' AS decimal(38,1)))) AS t(x, y)`,
    'decimals divided by null': 'SELECT 1.5 / nullif(x, 0) AS v FROM (VALUES 0.0, 0.5) AS t(x)',
    'wide decimals':
      'SELECT CAST(9.99 AS decimal(38,2)) * CAST(9.99 AS decimal(38,2)) AS a, CAST(1 AS decimal(38,0)) + 1 AS b, CAST(12345678901234567890.12 AS decimal(38,2)) - 0.005 AS c',
    'a decimal that runs over': 'CAST(99999999999999999999999999999999999999. AS decimal(38,0)) + 1',
    'a decimal among doubles': 'SELECT 1e0 + 1.5 AS a, 1.5 / 2e0 AS b, 0.1 + 0.2 AS c, 0.1e0 + 0.2e0 AS d',

    logarithms: of(['ln(x)', 'log2(x)', 'log10(x)', 'log(2, x)', 'log(x, 2)', 'log(0, x)'], DOUBLES),
    'logarithms of whole numbers':
      'SELECT ln(0) AS a, ln(-1) AS b, log10(1000) AS c, log2(8) AS d, log(2, 8) AS e, log(1, 8) AS f, ln(NULL) AS g',
    'roots and powers': of(
      ['sqrt(x)', 'cbrt(x)', 'power(x, 2)', 'power(x, -1)', 'power(x, 0.5)', 'power(0, x)', 'exp(x)'],
      DOUBLES,
    ),
    angles: of(
      [
        'sin(x)',
        'cos(x)',
        'atan(x)',
        'sinh(x)',
        'cosh(x)',
        'tanh(x)',
        'degrees(x)',
        'radians(x)',
        'atan2(x, 1)',
      ],
      `${DOUBLES} WHERE x IS NULL OR NOT abs(x) > 10 OR abs(x) = infinity()`,
    ),
    'angles that there are not': of(
      ['acos(x)', 'asin(x)', 'tan(x)'],
      `${DOUBLES} WHERE x IS NULL OR NOT abs(x) > 10 OR abs(x) = infinity()`,
    ),
    'angles of whole numbers':
      'SELECT acos(2) AS a, asin(-2) AS b, sqrt(-1) AS c, atan2(0, 0) AS d, acos(1) AS e',
    'kinds of doubles': of(['is_nan(x)', 'is_finite(x)', 'is_infinite(x)', 'sign(x)', 'abs(x)'], DOUBLES),
    constants:
      'SELECT e() AS a, pi() AS b, infinity() AS c, nan() AS d, -infinity() AS e, 1e400 AS f, 1e-400 AS g',
    'doubles rounded': of(['round(x)', 'round(x, 1)', 'round(x, 2)', 'round(x, -2)', 'round(x, 0)'], HALVES),
    'doubles cut': of(['ceil(x)', 'floor(x)', 'truncate(x)', 'ceiling(x)'], HALVES),
    'reals rounded':
      'SELECT round(CAST(2.5 AS real)) AS a, ceil(CAST(-2.5 AS real)) AS b, floor(CAST(-2.5 AS real)) AS c, sign(CAST(-2.5 AS real)) AS d, truncate(CAST(-2.5 AS real)) AS e',
    'decimals rounded': of(
      ['round(x)', 'round(x, 1)', 'round(x, 0)', 'round(x, -1)', 'round(x, 5)'],
      '(VALUES 1.25, -1.25, 1.35, 99.95, 0.05, -0.05, 5.00, NULL) AS t(x)',
    ),
    'decimals cut': of(
      ['ceil(x)', 'floor(x)', 'truncate(x)', 'truncate(x, 1)', 'truncate(x, -1)', 'sign(x)', 'abs(x)'],
      '(VALUES 1.25, -1.25, 99.95, 0.05, -0.05, 5.00, NULL) AS t(x)',
    ),
    'whole numbers rounded': of(
      ['round(x)', 'round(x, 2)', 'round(x, -1)', 'ceil(x)', 'floor(x)', 'sign(x)'],
      '(VALUES 0, 14, 15, -15, -14, 25, NULL) AS t(x)',
    ),
    'whole numbers rounded to nothing': of(
      ['round(x, -3)', 'round(x, -30)'],
      '(VALUES 0, 499, 500, -500, NULL) AS t(x)',
    ),
    'a whole number rounded beyond its digits': 'round(5, -30)',
    'the greatest number rounded': 'round(9223372036854775807, -1)',

    'bits counted':
      'SELECT bit_count(7, 8) AS a, bit_count(-1, 8) AS b, bit_count(-128, 8) AS c, bit_count(0, 2) AS d, bit_count(-1, 64) AS e, bit_count(9223372036854775807, 64) AS f, bit_count(NULL, 8) AS g',
    'more bits than are counted': 'bit_count(200, 8)',
    'too many bits to count': 'bit_count(1, 65)',
    'bits combined': of(
      ['bitwise_and(x, 5)', 'bitwise_or(x, 5)', 'bitwise_xor(x, -1)', 'bitwise_not(x)'],
      BIG,
    ),
    'bits of integers shifted': of(
      [
        'bitwise_left_shift(x, 1)',
        'bitwise_left_shift(x, 31)',
        'bitwise_left_shift(x, 32)',
        'bitwise_left_shift(x, -1)',
        'bitwise_right_shift(x, 1)',
        'bitwise_right_shift(x, 0)',
        'bitwise_right_shift(x, 32)',
        'bitwise_right_shift_arithmetic(x, 1)',
        'bitwise_right_shift_arithmetic(x, 40)',
      ],
      WHOLE,
    ),
    'bits of bigints shifted': of(
      [
        'bitwise_left_shift(x, 1)',
        'bitwise_left_shift(x, 63)',
        'bitwise_left_shift(x, 64)',
        'bitwise_right_shift(x, 1)',
        'bitwise_right_shift(x, 63)',
        'bitwise_right_shift_arithmetic(x, 63)',
        'bitwise_right_shift_arithmetic(x, -1)',
      ],
      BIG,
    ),
    'numbers in other bases': of(
      ['to_base(x, 16)', 'to_base(x, 2)', 'to_base(x, 36)'],
      '(VALUES 0, 1, -1, 255, -255, 9223372036854775807, NULL) AS t(x)',
    ),
    'numbers from other bases':
      "SELECT from_base(x, 16) AS v FROM (VALUES 'ff', '-FF', '+7', '0', '7fffffffffffffff', NULL) AS t(x)",
    'a text that is no number to the base': "from_base('zz', 16)",
    'a text of nothing to a base': "from_base('', 10)",
    'a base that is none': 'to_base(1, 37)',
    buckets: of(
      ['width_bucket(x, 0, 10, 4)', 'width_bucket(x, 10, 0, 4)'],
      '(VALUES -1e0, 0e0, 2.5e0, 5e0, 9.99e0, 10e0, 11e0, infinity(), NULL) AS t(x)',
    ),
    'a bucket of NaN': 'width_bucket(nan(), 0, 10, 5)',
    'no buckets': 'width_bucket(5, 0, 10, 0)',
    'buckets without bounds': 'width_bucket(5, 1, 1, 5)',
  },
  refused: {
    'a wide decimal divided': 'CAST(1 AS decimal(38,10)) / CAST(3 AS decimal(10,5))',
    'a product without room': 'CAST(1 AS decimal(38,20)) * CAST(1 AS decimal(38,20))',
    'a decimal rounded to computed digits': 'SELECT round(x, n) AS v FROM (VALUES (1.25, 1)) AS t(x, n)',
    chance: 'random()',
    'a bar': 'bar(0.5, 10)',
    'a number for people': 'format_number(1234567)',
    'buckets of an array': 'width_bucket(5e0, ARRAY[1e0, 4e0])',
    'a number with lines in it': '1_000',
  },
};
