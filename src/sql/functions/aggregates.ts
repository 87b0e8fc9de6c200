import type { FunctionGroup } from './group.ts';

const APPROXIMATE = 'approximate numbers differ from engine to engine';
const DIGEST = 'a digest is made otherwise by every engine, and no type of the lake';
const PERCENTILE = 'write approx_percentile(x, 0.5)';

/** Aggregates and window functions. */
export const AGGREGATES: FunctionGroup = {
  supported: `
    any_value approx_distinct approx_most_frequent approx_percentile arbitrary array_agg avg bitwise_and_agg bitwise_or_agg bitwise_xor_agg bool_and bool_or corr count
    count_if covar_pop covar_samp cube cume_dist dense_rank every first_value geometric_mean grouping kurtosis lag
    last_value lead listagg max max_by min min_by nth_value ntile percent_rank rank regr_intercept
    regr_slope rollup row_number skewness stddev stddev_pop stddev_samp sum var_pop var_samp variance
  `,
  notInSpark: 'approx_distinct approx_most_frequent approx_percentile kurtosis skewness',
  refused: {
    approx_set: [DIGEST, 'write approx_distinct(x)'],
    checksum: ['it depends on how Trino keeps a value', 'compare count(*), sum(x), min(x) and max(x)'],
    merge: [DIGEST, PERCENTILE],
    numeric_histogram: [APPROXIMATE, 'write count(*) with GROUP BY floor(x / width)'],
    qdigest_agg: [DIGEST, PERCENTILE],
    reduce_agg: [
      'no other engine has it for groups',
      'write sum, min or max, or reduce(array_agg(x ORDER BY y), …)',
    ],
    tdigest_agg: [DIGEST, PERCENTILE],
  },
};
