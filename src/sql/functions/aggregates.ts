import type { FunctionGroup } from './group.ts';

/** Aggregates and window functions. */
export const AGGREGATES: FunctionGroup = {
  supported: `
    arbitrary array_agg avg bitwise_and_agg bitwise_or_agg bool_and bool_or corr count count_if
    covar_pop covar_samp cube cume_dist dense_rank every first_value geometric_mean grouping lag
    last_value lead listagg max max_by min min_by nth_value ntile percent_rank rank regr_intercept
    regr_slope rollup row_number stddev stddev_pop stddev_samp sum var_pop var_samp variance
  `,
  refused: {
    approx_distinct: ['approximate numbers differ from engine to engine', 'write count(DISTINCT x)'],
    approx_percentile: [
      'approximate numbers differ from engine to engine',
      'take the rows in the middle: row_number() OVER (ORDER BY x) beside count(*) OVER ()',
    ],
    map_agg: ['maps are no type of the lake', 'keep a table with a row for each key'],
  },
};
