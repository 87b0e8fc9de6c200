/**
 * The functions of Athena (Trino) that mean the same on one machine: what `sql-idioms.test.ts` and the models use,
 * and their near relations. A name that is not here is refused, with the nearest one that is: DuckDB has hundreds of
 * functions that Athena would not know, and a question that works here has to work there.
 * Source of the names: the function pages of the Trino manual.
 */
const NAMES = `
  abs acos approx_distinct approx_percentile arbitrary array_agg array_distinct array_join array_max array_min
  array_position array_sort asin at_timezone atan atan2 avg
  bit_and bit_count bit_or bitwise_and bitwise_or bitwise_xor bool_and bool_or every
  cardinality cbrt ceil ceiling chr coalesce codepoint concat concat_ws contains corr cos cosh count count_if covar_pop cube
  covar_samp cume_dist current_date current_timestamp
  date date_add date_diff date_format date_parse date_trunc day day_of_month day_of_week day_of_year degrees dense_rank
  element_at ends_with exp extract
  filter first_value floor format_datetime from_iso8601_date from_iso8601_timestamp from_unixtime
  geometric_mean greatest grouping
  hour
  if infinity is_finite is_infinite is_nan
  json_array_length json_extract_scalar
  lag last_day_of_month last_value lead least length levenshtein_distance listagg ln localtimestamp log10 log2 lower lpad
  ltrim
  max max_by min min_by minute mod month
  nan now nth_value ntile nullif
  percent_rank pi pow power
  quarter
  radians rank regexp_like regr_intercept regr_slope replace reverse rollup round row_number rpad rtrim
  second sequence sign sin sinh split split_part sqrt starts_with stddev stddev_pop stddev_samp strpos substr substring
  sum
  tan tanh to_iso8601 to_unixtime transform translate trim truncate try_cast typeof
  upper
  var_pop var_samp variance
  week week_of_year
  year year_of_week yow
`;

export const SHARED_FUNCTIONS: ReadonlySet<string> = new Set(NAMES.trim().split(/\s+/));
