import type { FunctionGroup } from './group.ts';

const APPROXIMATE = 'approximate numbers differ from engine to engine';
const DIGEST = 'a digest is made otherwise by every engine, and no type of the lake';
const ROWS_IN_THE_MIDDLE =
  'take the rows in the middle: row_number() OVER (ORDER BY x) beside count(*) OVER ()';

/** Aggregates and window functions. */
export const AGGREGATES: FunctionGroup = {
  supported: `
    any_value arbitrary array_agg avg bitwise_and_agg bitwise_or_agg bitwise_xor_agg bool_and bool_or corr count
    count_if covar_pop covar_samp cube cume_dist dense_rank every first_value geometric_mean grouping kurtosis lag
    last_value lead listagg max max_by min min_by nth_value ntile percent_rank rank regr_intercept
    regr_slope rollup row_number skewness stddev stddev_pop stddev_samp sum var_pop var_samp variance
  `,
  notInSpark: 'kurtosis skewness',
  refused: {
    approx_distinct: [APPROXIMATE, 'write count(DISTINCT x)'],
    approx_most_frequent: [APPROXIMATE, 'write count(*) with GROUP BY x, ORDER BY 2 DESC and LIMIT'],
    approx_percentile: [APPROXIMATE, ROWS_IN_THE_MIDDLE],
    approx_set: [APPROXIMATE, 'write count(DISTINCT x)'],
    checksum: ['it depends on how Trino keeps a value', 'compare count(*), sum(x), min(x) and max(x)'],
    merge: [DIGEST, ROWS_IN_THE_MIDDLE],
    numeric_histogram: [APPROXIMATE, 'write count(*) with GROUP BY floor(x / width)'],
    qdigest_agg: [DIGEST, ROWS_IN_THE_MIDDLE],
    reduce_agg: [
      'no other engine has it for groups',
      'write sum, min or max, or reduce(array_agg(x ORDER BY y), …)',
    ],
    tdigest_agg: [DIGEST, ROWS_IN_THE_MIDDLE],
  },
};
