/**
 * Macros that mean in DuckDB what Trino means by the function of that name. `trino_…` ones are called in place of
 * an operator or of a function that DuckDB has too, but with another meaning. Macros have no types, so one that
 * must keep its argument's type casts back to it (`cast_to_type`), and one that only works for some types says so
 * with `error`, which speaks when a row reaches it.
 * Source of the meanings: the function pages of the Trino manual.
 */
export const TRINO_MACROS: readonly string[] = [
  // Whole numbers divide to whole numbers: by `//`, which does so in every session, whatever `/` means there. Trino
  // gives a decimal for decimals, of a scale that DuckDB cannot give: refused rather than rounded differently.
  `trino_divide(a, b) AS CASE
     WHEN typeof(a) LIKE 'DECIMAL%' AND typeof(b) NOT IN ('DOUBLE', 'FLOAT')
       OR typeof(b) LIKE 'DECIMAL%' AND typeof(a) NOT IN ('DOUBLE', 'FLOAT')
     THEN error('A decimal is divided: Athena rounds the result to few digits. Cast one side to double.')
     WHEN b = 0 THEN error('Division by zero. Write nullif(divisor, 0).')
     ELSE a // b END`,
  `trino_modulo(a, b) AS CASE WHEN b = 0 THEN error('Division by zero. Write nullif(divisor, 0).') ELSE a % b END`,
  // A date and an interval give a date in Trino, a timestamp in DuckDB.
  `trino_plus(a, b) AS cast_to_type(a + b, a)`,
  `trino_minus_interval(a, b) AS cast_to_type(a - b, a)`,
  `trino_minus(a, b) AS CASE WHEN typeof(a) = 'DATE' AND typeof(b) = 'DATE'
     THEN error('Two dates are subtracted: Athena gives an interval. Write date_diff(''day'', from, to).')
     ELSE a - b END`,
  `trino_date_trunc(unit, d) AS cast_to_type(date_trunc(unit, d), d)`,
  // Complete units between two moments, not boundaries crossed.
  `trino_date_diff(unit, a, b) AS date_sub(unit, a, b)`,
  `trino_date_add(unit, n, d) AS cast_to_type(d + CASE lower(unit)
     WHEN 'millisecond' THEN to_milliseconds(n) WHEN 'second' THEN to_seconds(n)
     WHEN 'minute' THEN to_minutes(n) WHEN 'hour' THEN to_hours(n)
     WHEN 'day' THEN to_days(CAST(n AS INTEGER)) WHEN 'week' THEN to_weeks(CAST(n AS INTEGER))
     WHEN 'month' THEN to_months(CAST(n AS INTEGER)) WHEN 'quarter' THEN to_months(3 * CAST(n AS INTEGER))
     WHEN 'year' THEN to_years(CAST(n AS INTEGER)) ELSE error('Unknown unit of time.') END, d)`,
  // A time without a zone is UTC for Athena; the wall clock of the zone is what is asked for.
  `trino_at_timezone(t, zone) AS timezone(zone, CAST(t AS TIMESTAMPTZ))`,
  `trino_concat(a, b) AS a || b, (a, b, c) AS a || b || c, (a, b, c, d) AS a || b || c || d,
     (a, b, c, d, e) AS a || b || c || d || e, (a, b, c, d, e, f) AS a || b || c || d || e || f`,
  `trino_greatest(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL ELSE greatest(a, b) END,
     (a, b, c) AS CASE WHEN a IS NULL OR b IS NULL OR c IS NULL THEN NULL ELSE greatest(a, b, c) END,
     (a, b, c, d) AS CASE WHEN a IS NULL OR b IS NULL OR c IS NULL OR d IS NULL THEN NULL ELSE greatest(a, b, c, d) END`,
  `trino_least(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL ELSE least(a, b) END,
     (a, b, c) AS CASE WHEN a IS NULL OR b IS NULL OR c IS NULL THEN NULL ELSE least(a, b, c) END,
     (a, b, c, d) AS CASE WHEN a IS NULL OR b IS NULL OR c IS NULL OR d IS NULL THEN NULL ELSE least(a, b, c, d) END`,
  // An object or an array is no scalar: null. A fraction is text as it was written in Athena, shortened here.
  `trino_json_extract_scalar(j, path) AS CASE json_type(j, path) WHEN 'OBJECT' THEN NULL WHEN 'ARRAY' THEN NULL
     WHEN 'DOUBLE' THEN error('A fraction is taken out of JSON as text, which Athena leaves as it was written. Cast it to double or to a decimal.')
     ELSE json_extract_string(j, path) END`,
  `trino_json_number(j, path) AS CASE WHEN json_type(j, path) NOT IN ('OBJECT', 'ARRAY')
     THEN json_extract_string(j, path) END`,
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
  `trino_split_part(x, separator, n) AS string_split(x, separator)[n]`,
  // Its capital is two letters in Spark and a sign of its own in DuckDB; Trino leaves it as it is.
  `trino_upper(x) AS CASE WHEN contains(x, 'ß')
     THEN array_to_string(list_transform(string_split(x, 'ß'), lambda part: upper(part)), 'ß') ELSE upper(x) END`,
  `trino_regexp_extract(x, pattern) AS CASE WHEN regexp_matches(x, pattern) THEN regexp_extract(x, pattern) END,
     (x, pattern, n) AS CASE WHEN regexp_matches(x, pattern) THEN regexp_extract(x, pattern, n) END`,
  `trino_regexp_replace(x, pattern) AS regexp_replace(x, pattern, '', 'g'),
     (x, pattern, other) AS regexp_replace(x, pattern, other, 'g')`,
  `trino_levenshtein_distance(a, b) AS levenshtein(a, b)`,
  `trino_bit_count(x, bits) AS CASE WHEN bits = 64 THEN CAST(bit_count(CAST(x AS BIGINT)) AS BIGINT)
     ELSE error('Write bit_count(x, 64).') END`,
  `trino_bitwise_and(a, b) AS CAST(a & b AS BIGINT)`,
  `trino_bitwise_or(a, b) AS CAST(a | b AS BIGINT)`,
  `trino_bitwise_xor(a, b) AS CAST(xor(a, b) AS BIGINT)`,
  // Texts of doubles and of times are written differently in Athena: refused.
  `trino_text(x) AS CASE WHEN typeof(x) IN ('DOUBLE', 'FLOAT') OR typeof(x) LIKE 'TIMESTAMP%'
     THEN error('A double or a timestamp is cast to text, which Athena writes differently. Round and cast to a decimal or an integer first; write times with format_datetime.')
     ELSE CAST(x AS VARCHAR) END`,
  // A double becomes a whole number by rounding halves away from zero, not to the even one.
  `trino_whole(x) AS CASE WHEN typeof(x) IN ('DOUBLE', 'FLOAT')
     THEN cast_to_type(round(TRY_CAST(x AS DOUBLE)), x) ELSE x END`,
  // Nor is a fraction in a text rounded.
  `trino_digits(x) AS CASE WHEN regexp_full_match(x, '[+-]?[0-9]+') THEN x
     WHEN x IS NOT NULL THEN error('A text that is no whole number is cast to one.') END`,
  `trino_try_digits(x) AS CASE WHEN regexp_full_match(x, '[+-]?[0-9]+') THEN x END`,
  `trino_sequence(a, b) AS generate_series(a, b), (a, b, step) AS cast_to_type(generate_series(a, b, step), [a])`,
  `from_iso8601_timestamp(x) AS CAST(x AS TIMESTAMPTZ)`,
  `from_iso8601_date(x) AS CAST(x AS DATE)`,
  `from_unixtime(x) AS to_timestamp(x)`,
  `to_unixtime(x) AS epoch(x)`,
  `regexp_like(x, pattern) AS regexp_matches(x, pattern)`,
  `cardinality(list) AS len(list)`,
  `year_of_week(d) AS isoyear(d)`,
  `yow(d) AS isoyear(d)`,
  `day_of_week(d) AS isodow(d)`,
  `day_of_year(d) AS dayofyear(d)`,
  `day_of_month(d) AS dayofmonth(d)`,
  `week_of_year(d) AS week(d)`,
  `codepoint(x) AS unicode(x)`,
  `infinity() AS CAST('infinity' AS DOUBLE)`,
  `nan() AS CAST('nan' AS DOUBLE)`,
  `is_nan(x) AS isnan(x)`,
  `is_finite(x) AS isfinite(x)`,
  `is_infinite(x) AS isinf(x)`,
  `truncate(x) AS trunc(x)`,
];

const BY_NAME = TRINO_MACROS.map((text) => ({ name: text.slice(0, text.indexOf('(')), text }));

/** The statements that create the macros which a statement calls, and those which these call: all of them take long. */
export function macrosFor(sql: string): string {
  const wanted = new Set<string>();
  let texts = [sql];
  while (texts.length > 0) {
    const called = BY_NAME.filter(({ name, text }) => !wanted.has(text) && texts.some((t) => calls(t, name)));
    texts = called.map(({ text }) => text);
    for (const text of texts) wanted.add(text);
  }
  return TRINO_MACROS.filter((text) => wanted.has(text))
    .map((text) => `CREATE MACRO ${text};`)
    .join('\n');
}

/** Whether a text names the function. One that only looks so costs a macro more. */
const calls = (text: string, name: string) => text.toLowerCase().includes(name);
