import { aggregate, call, cast, choose, isNull, NULL, numberOf } from '../../build.ts';
import { constantNumber } from '../../literal.ts';
import { type Ast, isObject, listOf } from '../../tree.ts';
import { isFloating } from '../../types/sql-type.ts';
import type { Area, RewrittenCall } from './area.ts';

/** The errors of a count that Trino takes. Source: ApproximateCountDistinctAggregations of Trino. */
const LEAST_ERROR = 0.0040625;
const MOST_ERROR = 0.26;

/**
 * Approximate aggregates, by exact answers. Of few values Trino's are exact as well: a percentile is the value at the
 * place floor(p * n) in their order, counted from 0. Source: TDigest of Trino, where each value is its own centroid.
 */
export const APPROXIMATE: Area = {
  macros: [
    `trino_finite(x) AS CASE WHEN NOT isfinite(x) THEN error('A percentile is taken of NaN or an infinity. Leave such values out first.') ELSE x END`,
    `trino_exact_double(x) AS CASE WHEN CAST(CAST(x AS DOUBLE) AS HUGEINT) <> x
       THEN error('A percentile is taken of a bigint that is no double. CAST the values to double.') ELSE x END`,
    `trino_most_frequent(m, n) AS CASE WHEN m IS NOT NULL THEN trino_map_of_rows(list_transform(
       list_sort(list_transform(map_entries(m), lambda e_entry: row(CAST(e_entry.value AS BIGINT), e_entry.key)), 'DESC')[1:n],
       lambda e_pair: row(struct_extract_at(e_pair, 2), struct_extract_at(e_pair, 1)))) END`,
  ],
  calls: {
    approx_distinct: (given) => {
      const [value] = given.args;
      const error = given.written[1];
      const most = error === undefined ? undefined : Number(digitsOf(error) ?? Number.NaN);
      if (most !== undefined && !(most >= LEAST_ERROR && most <= MOST_ERROR))
        given.refuse(
          `the error of approx_distinct is a number from ${LEAST_ERROR} to ${MOST_ERROR}`,
          'write approx_distinct(x, 0.01), or approx_distinct(x)',
        );
      return aggregate('count', [value!], { ...given.data, distinct: true });
    },
    approx_most_frequent: (given) => {
      const value = given.args[1];
      const [most, kept] = [constantNumber(given.written[0]), constantNumber(given.written[2])];
      if (most === undefined || most < 2 || kept === undefined || kept < 1)
        return given.refuse(
          'approx_most_frequent takes two numbers that are written out, the first of them 2 at least',
          'write approx_most_frequent(3, x, 100)',
        );
      return call('trino_most_frequent', aggregate('histogram', [value!], given.data), numberOf(most));
    },
    approx_percentile: (given) => {
      const value = given.args[0];
      const share = given.written[1];
      if (given.args.length > 2)
        given.refuse(
          'approx_percentile with weights or an accuracy is not known here',
          'write approx_percentile(x, 0.5); for weights, sum(weight) OVER (ORDER BY x) beside sum(weight) OVER ()',
        );
      const shares = isObject(share) && isObject(share.array_func) ? share.array_func.expressions : undefined;
      if (shares === undefined) return percentile(given, value!, share);
      const found = listOf(shares).map((one) => percentile(given, value!, one));
      const first = found[0];
      if (first === undefined)
        return given.refuse(
          'approx_percentile is given no share',
          'write approx_percentile(x, ARRAY[0.25, 0.75])',
        );
      // Of no values there is no array.
      return choose(isNull(first, true), call('list_value', ...found), NULL);
    },
  },
};

function percentile(given: RewrittenCall, value: Ast, share: Ast | undefined): Ast {
  const digits = digitsOf(share);
  if (digits === undefined)
    return given.refuse(
      'the share of a percentile is a number from 0 to 1 that is written out',
      'write approx_percentile(x, 0.5)',
    );
  const type = given.type?.replace(/^array\((.*)\)$/, '$1');
  const typed = type === undefined || type === given.argType(0) ? value : cast(value, type);
  const finite = call(isFloating(type) ? 'trino_finite' : 'trino_exact_double', typed);
  const rest = restOf(digits);
  // From the greatest value down, which rounds a place between two values up as Trino does.
  return rest === '0'
    ? aggregate('max', [finite], given.data)
    : aggregate('quantile_disc', [finite, { neg: { this: numberOf(rest) } }], given.data);
}

/** The digits of a share, without an exponent; undefined for what is not written out, or not from 0 to 1. */
function digitsOf(node: Ast | undefined): string | undefined {
  if (!isObject(node)) return undefined;
  if (isObject(node.paren)) return digitsOf(node.paren.this);
  if (!isObject(node.literal) || node.literal.literal_type !== 'number') return undefined;
  const value = Number(node.literal.value);
  if (!(value >= 0 && value <= 1)) return undefined;
  return value.toFixed(MOST_PLACES).replace(/\.?0+$/, '');
}

const MOST_PLACES = 15;

/** What a share lacks to 1, exactly. */
function restOf(digits: string): string {
  const places = (digits.split('.')[1] ?? '').length;
  const one = 10n ** BigInt(places);
  const rest = one - BigInt(digits.replace('.', ''));
  if (rest === 0n) return '0';
  if (rest === one) return '1.0';
  return `0.${String(rest).padStart(places, '0')}`;
}
