/**
 * The functions of Athena (Trino) that mean the same in every engine, see the idioms in test/sql/idioms. A name
 * that is not here is refused, with the nearest one that is: DuckDB and Spark have hundreds of functions that Athena
 * would not know, and a question that works here has to work there.
 * Source of the names: the function pages of the Trino manual.
 */
const NAMES = `
  abs acos all_match any_match arbitrary array_agg array_distinct array_join array_max array_min array_position
  array_sort asin at_timezone atan atan2 avg
  bit_count bitwise_and bitwise_and_agg bitwise_or bitwise_or_agg bitwise_xor bool_and bool_or
  cardinality cbrt ceil ceiling chr coalesce codepoint concat concat_ws contains corr cos cosh count count_if
  covar_pop covar_samp cube cume_dist current_date current_timestamp
  date date_add date_diff date_format date_parse date_trunc day day_of_month day_of_week day_of_year degrees
  dense_rank dow doy
  element_at every exp extract
  filter first_value floor format_datetime from_iso8601_date from_iso8601_timestamp from_unixtime
  geometric_mean greatest grouping
  hour
  if infinity is_finite is_infinite is_nan
  json_array_length json_extract_scalar
  lag last_day_of_month last_value lead least length levenshtein_distance listagg ln localtimestamp log10 log2 lower
  lpad ltrim
  max max_by min min_by minute mod month
  nan none_match now nth_value ntile nullif
  percent_rank pi pow power
  quarter
  radians rank reduce regexp_extract regexp_like regexp_replace regr_intercept regr_slope replace reverse rollup
  round row_number rpad rtrim
  second sequence sign sin sinh split split_part sqrt starts_with stddev stddev_pop stddev_samp strpos substr
  substring sum
  tan tanh to_unixtime transform translate trim truncate try_cast
  upper
  var_pop var_samp variance
  week week_of_year
  year year_of_week yow
`;

export const SHARED_FUNCTIONS: ReadonlySet<string> = new Set(NAMES.trim().split(/\s+/));

/** Functions that Athena has and not every engine means alike: why, and the way that works everywhere. */
export const REFUSED_FUNCTIONS: { readonly [name: string]: readonly [why: string, portable: string] } = {
  approx_distinct: ['approximate numbers differ from engine to engine', 'write count(DISTINCT x)'],
  approx_percentile: [
    'approximate numbers differ from engine to engine',
    'take the rows in the middle: row_number() OVER (ORDER BY x) beside count(*) OVER ()',
  ],
  json_extract: ['JSON values are no type of the lake', 'take what is needed as text: json_extract_scalar'],
  json_parse: ['JSON values are no type of the lake', 'keep the text, and read it with json_extract_scalar'],
  map: ['maps are no type of the lake', 'keep JSON as text, or a table with a row for each key'],
  map_agg: ['maps are no type of the lake', 'keep a table with a row for each key'],
  random: ['it gives other numbers every time', 'filter by a hash of the key: mod(id, 10) = 0'],
  row: ['rows are no type of the lake', 'name the fields as columns of their own'],
  to_iso8601: [
    'it writes as many digits as the timestamp was declared with',
    "write format_datetime(t, 'yyyy-MM-dd''T''HH:mm:ss'), or CAST(d AS varchar) for a date",
  ],
  try: ['not every engine can catch an error', 'use TRY_CAST, nullif or CASE'],
  typeof: ['types have other names in every engine', 'CAST to the type that you need'],
};
