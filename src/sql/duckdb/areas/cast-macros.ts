/**
 * How Trino reads values out of texts. Sources: `VarcharOperators`, `DecimalCasts`, `DateTimeUtils` and
 * `TimestampType` of Trino, which hand numbers to Java's parsers: those trim what is not above a blank, know `NaN`,
 * `Infinity` and the suffixes of Java's literals, and nothing else that DuckDB would take. In each the common
 * spelling comes first, for its speed. `bad` is what becomes of a text that is none.
 */

/** White space for Java's parsers. */
const BLANK = '[\\x00-\\x20]*';
const PLAIN_NUMBER = '[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)';
const EXPONENT = '[eE][+-]?[0-9]+';
const DAY = '[0-9]{1,2}-[0-9]{1,2}';
const OFFSET = '[+-](0[0-9]|1[0-3]):[0-5][0-9]';
const CLOCK = '([01]?[0-9]|2[0-3]):[0-9]{1,2}(:[0-9]{1,2}';

/** The first group of a pattern that the whole text has; null where it has not. */
const found = (pattern: string): string => `nullif(regexp_extract(x, '^${BLANK}${pattern}${BLANK}$', 1), '')`;

export const CAST_MACROS: readonly string[] = [
  `trino_not_cast(x) AS CASE WHEN x IS NOT NULL
     THEN error('A text is cast that Athena does not take for a value of the type. Write TRY_CAST, which gives null.') ELSE '?' END`,
  `trino_too_long() AS error('A value is cast to a varchar that is too short for it.')`,

  // Java knows the digits of every script, and hexadecimal fractions.
  `trino_foreign_digits(x, bad) AS CASE WHEN regexp_full_match(x, '${BLANK}[+-]?[\\p{Nd}.eE+-]*${BLANK}') AND regexp_matches(x, '[^\\x00-\\x7F]')
     THEN error('A text with digits of another script is cast to a number. Translate them first.') ELSE bad END`,
  `trino_integer_text(x, bad) AS CASE WHEN regexp_full_match(x, '[+-]?[0-9]+') THEN x WHEN x IS NOT NULL
     THEN coalesce(${found('([+-]?[0-9]+)')}, trino_foreign_digits(x, bad)) END`,
  `trino_double_text(x, bad) AS CASE WHEN regexp_full_match(x, '${PLAIN_NUMBER}(${EXPONENT})?') THEN x WHEN x IS NOT NULL
     THEN coalesce(${found(`(${PLAIN_NUMBER}(${EXPONENT})?)[fFdD]?`)}, ${found('([+-]?Infinity)')}, ${found('[+-]?(NaN)')},
       CASE WHEN regexp_matches(x, '^${BLANK}[+-]?0[xX][0-9a-fA-F.]+[pP]')
         THEN error('A text with a hexadecimal number is cast to a double.') ELSE bad END) END`,
  // 1.5e-7 as 0.00000015, the way in which DuckDB reads decimals exactly. Beyond a thousand places nothing is left.
  `trino_point_at(digits, n) AS CASE WHEN n <= 0 THEN '0.' || repeat('0', -n) || digits
     WHEN n >= length(digits) THEN digits || repeat('0', n - length(digits))
     ELSE left(digits, n) || '.' || substr(digits, n + 1) END`,
  `trino_move_point(minus, whole, rest, places) AS
     minus || trino_point_at(whole || rest, length(whole) + greatest(-1000, least(1000, places)))`,
  `trino_without_exponent(x) AS trino_move_point(regexp_extract(x, '^-'), regexp_extract(x, '^[+-]?([0-9]*)', 1),
     regexp_extract(x, '[.]([0-9]*)', 1), TRY_CAST(regexp_extract(x, '[eE]([+-]?[0-9]+)$', 1) AS INTEGER))`,
  `trino_decimal_text(x, bad) AS CASE WHEN regexp_full_match(x, '${PLAIN_NUMBER}') THEN x
     WHEN regexp_full_match(x, '${PLAIN_NUMBER}${EXPONENT}') THEN coalesce(trino_without_exponent(x), bad)
     WHEN x IS NOT NULL THEN trino_foreign_digits(x, bad) END`,
  // The fewest digits that are this real and no other; DuckDB writes more for some.
  `trino_real_digits(x) AS CASE WHEN NOT isfinite(x) THEN CAST(x AS VARCHAR)
     WHEN CAST(format('{:.5e}', CAST(x AS DOUBLE)) AS FLOAT) = x THEN trino_without_exponent(format('{:.5e}', CAST(x AS DOUBLE)))
     WHEN CAST(format('{:.6e}', CAST(x AS DOUBLE)) AS FLOAT) = x THEN trino_without_exponent(format('{:.6e}', CAST(x AS DOUBLE)))
     WHEN CAST(format('{:.7e}', CAST(x AS DOUBLE)) AS FLOAT) = x THEN trino_without_exponent(format('{:.7e}', CAST(x AS DOUBLE)))
     ELSE trino_without_exponent(format('{:.8e}', CAST(x AS DOUBLE))) END`,
  // A double becomes the decimal of its shortest digits, not of its binary value: 1.005e0 is 1.01 to two places.
  `trino_digits_of(x) AS CASE WHEN contains(CAST(x AS VARCHAR), 'e') THEN trino_without_exponent(CAST(x AS VARCHAR))
     ELSE CAST(x AS VARCHAR) END`,
  // Far from a half, and with digits to spare, both come to the same, and the binary value is quicker.
  `trino_rounds_alike(x, factor) AS abs(x) * factor < 1e12 AND abs((abs(x) * factor) % 1 - 0.5) > 0.01`,

  // A double becomes a whole number by rounding halves away from zero, not to the even one.
  `trino_whole(x) AS round(x)`,
  `trino_real(x) AS CASE WHEN abs(x) > 3.4028235677973362e38 AND NOT isnan(x) THEN CAST(sign(x) * CAST('Infinity' AS DOUBLE) AS FLOAT)
     ELSE CAST(x AS FLOAT) END`,
  `trino_truth_text(x, bad) AS CASE WHEN lower(x) IN ('true', 't', '1') THEN 'true' WHEN lower(x) IN ('false', 'f', '0') THEN 'false'
     WHEN x IS NOT NULL THEN bad END`,

  // DuckDB writes decimals of nothing but fractions without the zero.
  `trino_written(x) AS CASE WHEN x > -1 AND x < 1 THEN regexp_replace(CAST(x AS VARCHAR), '^(-?)\\.', '\\10.')
     ELSE CAST(x AS VARCHAR) END`,
  // DuckDB folds a null that it sees through, and its type is lost.
  `trino_no_text(x) AS CASE WHEN x IS NOT NULL THEN error('A null has a value.') ELSE CAST(x AS VARCHAR) END`,
  `trino_within(x, n, bad) AS CASE WHEN length(x) > n THEN bad ELSE x END`,

  `trino_date_text(x, bad) AS CASE WHEN regexp_full_match(x, '[12][0-9]{3}-${DAY}') THEN x WHEN x IS NOT NULL
     THEN CASE WHEN regexp_full_match(x, '${BLANK}([+-]?0+|-[0-9]+)-${DAY}${BLANK}')
       THEN error('A text with a year before the year 1 is cast to a date.')
       ELSE coalesce(${found(`\\+?([0-9]+-${DAY})`)}, bad) END END`,
  `trino_timestamp_text(x, bad) AS CASE
     WHEN regexp_full_match(x, '[12][0-9]{3}-${DAY}( ${CLOCK}(\\.[0-9]+)?)?)?') THEN x
     WHEN x IS NULL THEN NULL
     WHEN regexp_full_match(x, '${BLANK}([+-]?0{4,}|-[0-9]{4,})-${DAY}( .*)?')
     THEN error('A text with a year before the year 1 is cast to a timestamp.')
     WHEN regexp_full_match(x, '${BLANK}\\+?[0-9]{4,}-${DAY}( (${CLOCK}(\\.[0-9]+)?)?)?\\s*([A-Z]{3,4}|[A-Za-z_]{3,}/[A-Za-z_/]{3,}|[+-][0-9].*))${BLANK}')
      
       AND NOT regexp_full_match(x, '.*(UTC|${OFFSET})${BLANK}')
     THEN error('A text with a zone is cast to a timestamp, which leaves the zone out. Leave it out of the text.')
     ELSE coalesce(${found(`\\+?([0-9]{4,}-${DAY}( ${CLOCK}(\\.[0-9]+)?)?)?)( ?\\s*(UTC|Z|${OFFSET}))?`)}, bad) END`,
  `trino_time_text(x, bad) AS CASE WHEN regexp_full_match(x, '${CLOCK}(\\.[0-9]+)?)?\\s*') THEN trim(x)
     WHEN x IS NOT NULL THEN bad END`,
  // To so many microseconds; a half goes to the later moment.
  `trino_to_precision(t, micros) AS CASE WHEN epoch_us(t) % micros = 0 THEN t
     ELSE make_timestamp(epoch_us(t) + micros // 2 - (((epoch_us(t) + micros // 2) % micros) + micros) % micros) END`,
  // DuckDB cuts off what is beyond a microsecond.
  `trino_seventh_digit(t, x) AS CASE WHEN regexp_matches(x, '[.][0-9]{6}[5-9]') THEN t + INTERVAL 1 MICROSECOND ELSE t END`,
  `trino_time_to_precision(t, micros) AS CAST(trino_to_precision(DATE '2000-01-01' + t, micros) AS TIME)`,
];
