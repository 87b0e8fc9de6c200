import type { Vectors } from './vectors.ts';

/** Few enough values for Trino's answers to be exact. */
const TEN = `(VALUES (1,1),(1,2),(1,3),(1,4),(1,5),(1,6),(1,7),(1,8),(1,9),(1,10),(2,7),(2,NULL),(3,NULL)) AS t(k, x)`;
const WORDS = `(VALUES 'é', 'b', 'b', '', '', '', NULL) AS t(x)`;

export const APPROXIMATE: Vectors = {
  answered: {
    'percentiles of groups': `SELECT k, approx_percentile(x, 0.7), approx_percentile(x, 0.3), approx_percentile(x, 0.65), approx_percentile(x, 5e-1) FROM ${TEN} GROUP BY k ORDER BY k`,
    'percentiles at both ends': `SELECT approx_percentile(x, 0), approx_percentile(x, 1), approx_percentile(x, 0e0), approx_percentile(x, 1.0), approx_percentile(x, 0.999) FROM ${TEN}`,
    'several percentiles': `SELECT k, approx_percentile(x, ARRAY[0.1, 0.5, 1.0]), approx_percentile(x, ARRAY[0.5e0]) FROM ${TEN} GROUP BY k ORDER BY k`,
    'percentiles of doubles and reals': `SELECT approx_percentile(x, 0.5), approx_percentile(CAST(x AS real), 0.5), approx_percentile(x, ARRAY[0.25, 0.75]) FROM (VALUES 1.5e0, -0e0, 2.5e0, NULL) AS t(x)`,
    'a percentile of decimals': `SELECT approx_percentile(x, 0.5) FROM (VALUES 1.25, 2.50) AS t(x)`,
    'a percentile of other values': `SELECT approx_percentile(x, 0.5) FROM (VALUES DATE '2026-01-31') AS t(x)`,
    'a percentile of NaN': 'SELECT approx_percentile(x, 0.5) FROM (VALUES nan(), 1e0) AS t(x)',
    'a percentile of infinity': 'SELECT approx_percentile(x, 0.5) FROM (VALUES infinity(), 1e0) AS t(x)',
    'a percentile of too long a number':
      'SELECT approx_percentile(x, 0.5) FROM (VALUES 9007199254740993) AS t(x)',
    'a percentile beyond all': `SELECT approx_percentile(x, 1.5) FROM ${TEN}`,
    'percentiles of windows': `SELECT x, approx_percentile(x, 0.5) OVER (ORDER BY x), approx_percentile(x, ARRAY[0.25]) OVER (PARTITION BY k) FROM ${TEN} WHERE k < 3 ORDER BY k, x`,
    'percentiles of some': `SELECT approx_percentile(x, 0.5) FILTER (WHERE x > 5), approx_percentile(DISTINCT k, 0.5) FROM ${TEN}`,
    'all of no rows': `SELECT approx_percentile(x, 0.5), approx_percentile(x, ARRAY[0.5]), approx_distinct(x), approx_distinct(x, 0.01), element_at(approx_most_frequent(3, x, 10), 1) FROM ${TEN} WHERE x > 10`,
    'counts of groups': `SELECT k, approx_distinct(x), approx_distinct(x, 0.0040625), approx_distinct(x % 3, 0.26e0) FROM ${TEN} GROUP BY k ORDER BY k`,
    'counts of other types': `SELECT approx_distinct(a), approx_distinct(b), approx_distinct(c), approx_distinct(d), approx_distinct(NULL)
      FROM (VALUES (nan(), true, ARRAY[1], DATE '2026-01-31'), (nan(), false, ARRAY[1], NULL), (0e0, NULL, ARRAY[2], NULL), (-0e0, NULL, NULL, NULL)) AS t(a, b, c, d)`,
    'a count of words': `SELECT approx_distinct(x), approx_distinct(x) FILTER (WHERE x <> '') FROM ${WORDS}`,
    'counts of windows': `SELECT x, approx_distinct(x) OVER (), approx_distinct(k) OVER (ORDER BY x) FROM ${TEN} WHERE x < 4 ORDER BY x`,
    'an error that is too small': `SELECT approx_distinct(x, 0.001) FROM ${TEN}`,
    'an error that is too large': `SELECT approx_distinct(x, 0.5) FROM ${TEN}`,
    'counts in a condition': `SELECT k FROM ${TEN} GROUP BY k HAVING approx_distinct(x) > 1`,
    'the most frequent': `SELECT array_sort(map_keys(approx_most_frequent(2, x, 10))), element_at(approx_most_frequent(2, x, 10), 'b'), element_at(approx_most_frequent(3, x, 10), 'é'), element_at(approx_most_frequent(2, x, 10), 'é') FROM ${WORDS}`,
    'the most frequent of doubles':
      'SELECT element_at(approx_most_frequent(2, x, 10), 1) FROM (VALUES 1e0) AS t(x)',
    'the most frequent of only nulls':
      'SELECT cardinality(approx_most_frequent(2, x, 10)) FROM (VALUES CAST(NULL AS bigint)) AS t(x)',
    'the one most frequent': `SELECT cardinality(approx_most_frequent(1, x, 10)) FROM ${WORDS}`,
  },
  refused: {
    'a percentile of the row': 'SELECT approx_percentile(x, p) FROM (VALUES (1, 0.5), (2, 0.9)) AS t(x, p)',
    'a percentile with weights': `SELECT approx_percentile(x, 2, 0.9) FROM ${TEN}`,
    'no percentile': `SELECT approx_percentile(x, ARRAY[]) FROM ${TEN}`,
    'an error of the row': `SELECT approx_distinct(x, 0.01 + 0.01) FROM ${TEN}`,
    'the order of the most frequent': `SELECT map_keys(approx_most_frequent(2, x, 10)) FROM ${WORDS}`,
    'the most frequent as they are': `SELECT approx_most_frequent(2, x, 10) FROM ${WORDS}`,
    'a number of buckets of the row': `SELECT element_at(approx_most_frequent(k, x, 10), 1) FROM ${TEN} GROUP BY k`,
  },
};
