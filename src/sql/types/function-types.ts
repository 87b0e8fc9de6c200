import {
  arrayOf,
  commonType,
  decimal,
  decimalOf,
  elementOf,
  isFloating,
  isWhole,
  type SqlType,
} from './sql-type.ts';

/** From the types of a call's arguments that of its result; undefined where it cannot be told. */
type Rule = (...args: readonly (SqlType | undefined)[]) => SqlType | undefined;

const as =
  (type: SqlType): Rule =>
  () =>
    type;
const like: Rule = (first) => first;
const together: Rule = (...args) => args.reduce(commonType);
const ofElement: Rule = (list) => elementOf(list);

/** Wider than what is summed, so that sums do not run over. */
const summed: Rule = (type) => {
  const parts = decimalOf(type);
  if (parts) return decimal(38, parts.scale);
  return isWhole(type) ? 'bigint' : type;
};
const averaged: Rule = (type) => (isWhole(type) ? 'double' : type);

/** ceil, floor: a decimal keeps the digits before its point, and one more for the carry. */
const toWhole: Rule = (type) => {
  const parts = decimalOf(type);
  if (!parts) return type;
  return decimal(parts.precision - parts.scale + Math.min(parts.scale, 1), 0);
};
const rounded: Rule = (type, digits) => {
  const parts = decimalOf(type);
  if (!parts) return type;
  return digits === undefined ? toWhole(type) : decimal(parts.precision + 1, parts.scale);
};
const cutOff: Rule = (type, digits) => {
  const parts = decimalOf(type);
  if (!parts) return type;
  return digits === undefined ? decimal(Math.max(1, parts.precision - parts.scale), 0) : type;
};
const modulo: Rule = (a, b) => {
  const common = commonType(a, b);
  const [left, right] = [decimalOf(a), decimalOf(b)];
  if (!decimalOf(common) || !left || !right) return common;
  const scale = Math.max(left.scale, right.scale);
  const digits = Math.min(left.precision - left.scale, right.precision - right.scale);
  return decimal(digits + scale, scale);
};

const RULES: { readonly [name: string]: Rule } = {
  abs: like,
  approx_percentile: like,
  arbitrary: like,
  array_agg: (type) => type && arrayOf(type),
  array_distinct: like,
  array_except: together,
  array_intersect: together,
  array_max: ofElement,
  array_min: ofElement,
  array_sort: like,
  array_union: together,
  at_timezone: as('timestamp with time zone'),
  avg: averaged,
  ceil: toWhole,
  coalesce: together,
  concat: (...args) => args.reduce((a, b) => commonType(a, b) ?? elementWith(a, b)),
  current_date: as('date'),
  date_add: (_unit, _count, time) => time,
  date_trunc: (_unit, time) => time,
  element_at: ofElement,
  filter: like,
  first_value: like,
  flatten: ofElement,
  floor: toWhole,
  greatest: together,
  if: (_condition, yes, no) => (no === undefined ? yes : commonType(yes, no)),
  lag: like,
  last_value: like,
  lead: like,
  least: together,
  max: like,
  max_by: like,
  min: like,
  min_by: like,
  mod: modulo,
  nth_value: like,
  nullif: like,
  repeat: (type) => type && arrayOf(type),
  reverse: like,
  round: rounded,
  sequence: (from, to) => {
    const common = commonType(from, to);
    return common && arrayOf(isWhole(common) ? 'bigint' : common);
  },
  sign: (type) => (decimalOf(type) ? 'decimal(1,0)' : type),
  slice: like,
  sum: summed,
  truncate: cutOff,
  ...all(
    'bigint',
    `approx_distinct array_position bit_count bitwise_and bitwise_and_agg bitwise_left_shift bitwise_not bitwise_or
    bitwise_or_agg bitwise_right_shift bitwise_xor cardinality count count_if date_diff day day_of_week day_of_year
    dense_rank hamming_distance hour json_array_length length levenshtein_distance millisecond minute month ntile quarter
    rank row_number second strpos timezone_hour timezone_minute to_milliseconds week year year_of_week`,
  ),
  ...all('integer', 'codepoint grouping'),
  ...all(
    'double',
    `acos asin atan atan2 cbrt corr cos cosh covar_pop covar_samp cume_dist degrees e exp geometric_mean infinity
    ln log log10 log2 nan percent_rank pi power radians random regr_intercept regr_slope sin sinh sqrt stddev_pop
    stddev_samp tan tanh to_unixtime var_pop var_samp`,
  ),
  ...all(
    'boolean',
    `all_match any_match arrays_overlap bool_and bool_or contains ends_with is_finite is_infinite is_nan none_match
    regexp_like starts_with`,
  ),
  ...all(
    'varchar',
    `array_join chr concat_ws current_timezone date_format format_datetime json_extract_scalar listagg lower lpad
    ltrim normalize regexp_extract regexp_replace replace rpad rtrim split_part substr to_iso8601 translate trim
    typeof upper`,
  ),
  ...all('date', 'date from_iso8601_date last_day_of_month'),
  ...all('timestamp', 'date_parse localtimestamp'),
  ...all(
    'timestamp with time zone',
    'current_timestamp from_iso8601_timestamp from_unixtime now with_timezone',
  ),
  ...all('array(varchar)', 'split'),
};

function all(type: SqlType, names: string): { [name: string]: Rule } {
  return Object.fromEntries(names.split(/\s+/).map((name) => [name, as(type)]));
}

/** An array and an element that is put to it. */
function elementWith(a: SqlType | undefined, b: SqlType | undefined): SqlType | undefined {
  if (elementOf(a) !== undefined) return a;
  return elementOf(b) === undefined ? undefined : b;
}

/** The type of what a function gives. Source: the signatures in the function pages of Trino's manual. */
export function typeOfCall(name: string, args: readonly (SqlType | undefined)[]): SqlType | undefined {
  const rule = Object.hasOwn(RULES, name) ? RULES[name] : undefined;
  return rule?.(...args);
}

/** The type of a sum, difference or product. Source: https://trino.io/docs/current/functions/decimal.html */
export function typeOfArithmetic(
  operator: 'add' | 'sub' | 'mul' | 'div' | 'mod',
  a: SqlType | undefined,
  b: SqlType | undefined,
  decimals: readonly [{ precision: number; scale: number }, { precision: number; scale: number }] | undefined,
): SqlType | undefined {
  if (!decimals || isFloating(a) || isFloating(b)) return commonType(a, b);
  if (operator === 'mod')
    return modulo(
      decimal(decimals[0].precision, decimals[0].scale),
      decimal(decimals[1].precision, decimals[1].scale),
    );
  const [left, right] = decimals;
  if (operator === 'mul') return decimal(left.precision + right.precision, left.scale + right.scale);
  const scale = Math.max(left.scale, right.scale);
  if (operator === 'div')
    return decimal(left.precision + right.scale + Math.max(0, right.scale - left.scale), scale);
  return decimal(scale + Math.max(left.precision - left.scale, right.precision - right.scale) + 1, scale);
}
