import type { Vectors } from './vectors.ts';

const ROWS =
  "(VALUES ('a', 7, 1.50, 1e0), ('a', 8, 2.25, 2.5e0), ('b', NULL, NULL, NULL), ('c', 3, 0.05, nan()), ('c', 4, 0.06, 1e0), ('d', 5, 9.99, infinity())) AS t(k, n, d, x)";
const NOBODY = `${ROWS} WHERE k = 'none such'`;
const PAIRS = '(VALUES (1e0, 2e0), (2e0, 2e0), (4e0, 7e0)) AS t(x, y)';
const STATISTICS =
  'corr(y, x) AS a, covar_pop(y, x) AS b, covar_samp(y, x) AS c, regr_slope(y, x) AS d, regr_intercept(y, x) AS e';
const SPREAD = 'stddev(x) AS a, stddev_pop(x) AS b, variance(x) AS c, var_pop(x) AS d';
const pairs = (rows: string): string => `SELECT ${STATISTICS} FROM (VALUES ${rows}) AS t(x, y)`;
const spread = (values: string): string => `SELECT ${SPREAD} FROM (VALUES ${values}) AS t(x)`;
const FRAME = 'OVER (ORDER BY n ROWS BETWEEN 2 FOLLOWING AND 3 FOLLOWING)';

export const AGGREGATES: Vectors = {
  answered: {
    'windows over aggregates of a group': `SELECT k, sum(n) - lag(sum(n)) OVER (ORDER BY k) AS grown,
      first_value(avg(n)) OVER (ORDER BY k) AS first, sum(sum(n)) OVER (ORDER BY k) AS running,
      avg(sum(n)) OVER (ORDER BY k ROWS 1 PRECEDING) AS mean, max(max(n)) OVER () AS most,
      lead(stddev(n)) OVER (ORDER BY k) AS spread, nth_value(sum(n), 2) OVER (ORDER BY k) AS second
      FROM (VALUES ('a', 10), ('b', NULL), ('a', 30), (NULL, 5), (NULL, 5)) AS t(k, n) GROUP BY k`,
    'numbers cut in a window': `SELECT first_value(truncate(d, 1)) OVER (ORDER BY k, d) AS a, max(truncate(x)) OVER () AS b, lag(array_agg(DISTINCT truncate(d, 1))) OVER (ORDER BY k, d) AS c
      FROM (VALUES (1, 1.25, 1.5e0), (1, -1.29, -1.5e0), (2, NULL, NULL)) AS t(k, d, x) GROUP BY k, d, x`,
    'of no rows': `SELECT count(*) AS a, count(n) AS b, count_if(n > 1) AS c, sum(n) AS d, avg(n) AS e, min(n) AS f, max(n) AS g,
      bool_and(n > 1) AS h, bool_or(n > 1) AS i, every(n > 1) AS j, arbitrary(n) AS k FROM ${NOBODY}`,
    'more of no rows': `SELECT stddev(x) AS a, variance(x) AS b, corr(x, x) AS c, covar_samp(x, x) AS d, regr_slope(x, x) AS e, max_by(n, x) AS f,
      min_by(k, n) AS g, geometric_mean(x) AS h, bitwise_and_agg(n) AS i, bitwise_or_agg(n) AS j, sum(d) AS k, avg(d) AS l, max(x) AS m FROM ${NOBODY}`,
    'of nulls alone': `SELECT count_if(n > 1) AS a, sum(n) AS b, avg(d) AS c, max(x) AS d, bool_and(n > 1) AS e, stddev(x) AS f,
      corr(x, x) AS g, max_by(n, k) AS h, arbitrary(n) AS i, bitwise_and_agg(n) AS j FROM ${ROWS} WHERE k = 'b'`,
    'count_if by group': `SELECT k, count_if(n > 6) AS a, count_if(x > 1) AS b FROM ${ROWS} GROUP BY k`,
    'count_if with FILTER': `SELECT count_if(n > 3) FILTER (WHERE k = 'c') AS a, count_if(DISTINCT n > 3) AS b FROM ${ROWS}`,
    'count_if of a subquery about nobody': `SELECT (SELECT count_if(t.n > 3) FROM ${ROWS} WHERE t.n = u.y) AS v FROM (VALUES 1, 3, 7) AS u(y)`,
    'count_if in empty frames': `SELECT n, count_if(n > 3) ${FRAME} AS v FROM ${ROWS}`,
    'sums and means in empty frames': `SELECT n, sum(n) ${FRAME} AS a, avg(n) ${FRAME} AS b, sum(d) ${FRAME} AS c, avg(d) ${FRAME} AS d FROM ${ROWS}`,
    'the greatest in frames': `SELECT n, max(x) OVER (ORDER BY n ROWS 1 PRECEDING) AS a, max(n) ${FRAME} AS b, max_by(k, n) OVER (ORDER BY n) AS c FROM ${ROWS}`,
    'spread in frames': `SELECT n, stddev(n) OVER (ORDER BY n ROWS 1 PRECEDING) AS a, corr(CAST(n AS double), CAST(n AS double)) OVER (ORDER BY n) AS b FROM ${ROWS} WHERE n IS NOT NULL`,
    'logical ones in frames': `SELECT n, bool_and(n > 4) OVER (ORDER BY n) AS a, bool_or(n > 4) ${FRAME} AS b FROM ${ROWS}`,
    'bits in frames': `SELECT n, bitwise_or_agg(n) OVER (ORDER BY n) AS v FROM ${ROWS} WHERE n IS NOT NULL`,

    'a sum past 64 bits': 'SELECT sum(x) AS v FROM (VALUES 9223372036854775807, 1) AS t(x)',
    'a sum at the edge of 64 bits': 'SELECT sum(x) AS v FROM (VALUES 9223372036854775807, 0, NULL) AS t(x)',
    'a sum of integers past 32 bits': 'SELECT sum(x) AS v FROM (VALUES 2147483647, 1) AS t(x)',
    'sums of decimals': `SELECT k, sum(d) AS a, avg(d) AS b, min(d) AS c, max(d) AS d FROM ${ROWS} GROUP BY k`,
    'means of decimals at a half':
      'SELECT avg(x) AS v FROM (VALUES (1, 0.01), (1, 0.02), (2, -0.01), (2, -0.02), (3, 1.00), (3, 0.00), (3, 0.00)) AS t(k, x) GROUP BY k',
    'means of whole numbers': 'SELECT avg(x) AS v FROM (VALUES 1, 2, NULL) AS t(x)',
    'means of the greatest whole numbers':
      'SELECT avg(x) AS v FROM (VALUES 9223372036854775807, 9223372036854775807) AS t(x)',
    'sums and means of reals':
      'SELECT sum(x) AS a, avg(x) AS b FROM (VALUES CAST(1.5 AS real), CAST(0.1 AS real), NULL) AS t(x)',
    'distinct ones': `SELECT sum(DISTINCT x) AS a, avg(DISTINCT x) AS b, count(DISTINCT x) AS c FROM (VALUES 1, 1, 2, NULL) AS t(x)`,

    'the greatest with NaN':
      'SELECT k, max(x) AS a, min(x) AS b FROM (VALUES (1, nan()), (1, 1e0), (1, 3e0), (2, nan()), (2, NULL), (3, NULL), (4, -infinity()), (4, nan())) AS t(k, x) GROUP BY k',
    'the greatest texts': "SELECT max(x) AS a, min(x) AS b FROM (VALUES 'a', 'B', 'é', '', NULL) AS t(x)",
    'the greatest truths': 'SELECT max(x) AS a, min(x) AS b FROM (VALUES true, false, NULL) AS t(x)',
    'the n greatest':
      'SELECT max(x, 2) AS a, min(x, 2) AS b, max(x, 9) AS c FROM (VALUES 1, 3, NULL, 2, 3) AS t(x)',
    'the n greatest by group': `SELECT k, max(n, 1) AS a, min(n, 3) AS b FROM ${ROWS} GROUP BY k`,
    'the n greatest of no rows': `SELECT max(n, 2) AS a FROM ${NOBODY}`,
    'the n greatest with FILTER': `SELECT max(n, 2) FILTER (WHERE k = 'a') AS a FROM ${ROWS}`,
    'the n greatest with NaN': 'SELECT max(x, 2) AS a FROM (VALUES nan(), 1e0, 2e0, 3e0) AS t(x)',
    'the nought greatest': 'SELECT max(x, 0) AS a FROM (VALUES 1) AS t(x)',
    'by another with nulls':
      'SELECT max_by(x, y) AS a, min_by(x, y) AS b FROM (VALUES (NULL, 5), (1, 3), (2, NULL)) AS t(x, y)',
    'the n by another with nulls':
      'SELECT max_by(x, y, 2) AS a, min_by(x, y, 2) AS b FROM (VALUES (NULL, 5), (1, 3), (2, NULL)) AS t(x, y)',
    'by another with NaN':
      'SELECT max_by(y, x) AS a, min_by(y, x) AS b FROM (VALUES (nan(), 1), (1e0, 2), (0e0, 4)) AS t(x, y)',
    'by NaN alone':
      'SELECT max_by(y, x) AS a, min_by(y, x) AS b FROM (VALUES (nan(), 1), (NULL, 2)) AS t(x, y)',

    pairs: `SELECT ${STATISTICS} FROM ${PAIRS}`,
    'one pair': pairs('(1e0, 2e0)'),
    'pairs that are alike in one': pairs('(1e0, 2e0), (1e0, 3e0)'),
    'pairs that are alike in the other': pairs('(1e0, 2e0), (2e0, 2e0)'),
    'pairs with nulls': pairs('(1e0, NULL), (NULL, 2e0), (2e0, 3e0)'),
    'pairs with NaN': pairs('(1e0, 2e0), (nan(), 2e0), (3e0, 5e0)'),
    'pairs with an infinity': pairs('(1e0, 2e0), (3e0, infinity()), (4e0, 5e0)'),
    'pairs on a line': pairs('(1e0, 10e0), (2e0, 20e0), (3e0, 30e0)'),
    'pairs of whole numbers': pairs('(1, 10), (2, 20), (3, 31)'),
    'pairs of decimals': pairs('(1.5, 10.25), (2.5, 20.5), (3.0, 31.0)'),
    'spread of some': spread('1e0, 2e0, 4e0, NULL'),
    'spread of one': spread('1e0'),
    'spread of the same': spread('2e0, 2e0'),
    'spread with NaN': spread('1e0, nan()'),
    'spread of NaN alone': spread('nan()'),
    'spread with an infinity': spread('1e0, infinity(), 3e0'),
    'spread of whole numbers': spread('1, 2, 4'),
    'spread of decimals': spread('1.55, 2.25, 0.25'),
    'geometric means':
      'SELECT k, geometric_mean(x) AS v FROM (VALUES (1, 2e0), (1, 8e0), (2, 0e0), (2, 4e0), (3, -2e0), (4, NULL), (5, infinity())) AS t(k, x) GROUP BY k',
    'geometric means of whole numbers': 'SELECT geometric_mean(x) AS v FROM (VALUES 2, 8) AS t(x)',
    shapes:
      'SELECT k, skewness(x) AS a, kurtosis(x) AS b FROM (VALUES (1, 1), (1, 2), (1, 4), (1, 9), (2, 1), (2, 2), (2, 5), (3, 2), (3, 2), (3, 2), (3, 2), (4, 1), (5, NULL)) AS t(k, x) GROUP BY k',

    'bits of a group':
      'SELECT bitwise_and_agg(x) AS a, bitwise_or_agg(x) AS b, bitwise_xor_agg(x) AS c FROM (VALUES 5, 7, NULL) AS t(x)',
    'bits of negative numbers':
      'SELECT bitwise_and_agg(x) AS a, bitwise_or_agg(x) AS b FROM (VALUES -1, 5) AS t(x)',
    'logical ones with nulls':
      'SELECT k, bool_and(x) AS a, bool_or(x) AS b, every(x) AS c FROM (VALUES (1, true), (1, NULL), (2, false), (2, NULL), (3, NULL)) AS t(k, x) GROUP BY k',
    'any of a group':
      'SELECT k, arbitrary(x) AS a, any_value(x) AS b FROM (VALUES (1, NULL), (1, 2), (2, NULL)) AS t(k, x) GROUP BY k',
    'with FILTER': `SELECT sum(n) FILTER (WHERE k = 'none') AS a, avg(d) FILTER (WHERE k = 'c') AS b, max(x) FILTER (WHERE n < 5) AS c, corr(x, x) FILTER (WHERE k = 'a') AS d, max_by(k, n) FILTER (WHERE n < 8) AS e FROM ${ROWS}`,

    'groups and subtotals': `SELECT k, n, grouping(k, n) AS g, sum(d) AS s FROM ${ROWS} GROUP BY ROLLUP (k, n)`,
    'a cube of nulls':
      'SELECT x, y, grouping(x, y) AS g, count(*) AS c FROM (VALUES (1, NULL), (NULL, 2)) AS t(x, y) GROUP BY CUBE (x, y)',

    'ranks with nulls': `SELECT n, rank() OVER (ORDER BY n) AS a, dense_rank() OVER (ORDER BY n DESC) AS b, percent_rank() OVER (ORDER BY n) AS c, cume_dist() OVER (ORDER BY n) AS d FROM (VALUES 2, 1, NULL, 1, NULL) AS t(n)`,
    'parts of unequal size':
      'SELECT n, ntile(3) OVER (ORDER BY n) AS a, ntile(10) OVER (ORDER BY n) AS b FROM (VALUES 1, 2, 3, 4, 5) AS t(n)',
    neighbours:
      'SELECT n, lag(x) OVER (ORDER BY n) AS a, lag(x, 2, 0) OVER (ORDER BY n) AS b, lead(x, 0) OVER (ORDER BY n) AS c, lag(x) IGNORE NULLS OVER (ORDER BY n) AS d FROM (VALUES (1, 10), (2, NULL), (3, 30), (4, NULL)) AS t(n, x)',
    'neighbours of another type than what stands for them':
      "SELECT n, lag(n, 1, 0.5) OVER (ORDER BY n) AS a, lead(n, 1, 7e0) OVER (ORDER BY n) AS b, lag(n, 1, CAST(9 AS bigint)) OVER (ORDER BY n) AS c, lag(d, 1, TIMESTAMP '2026-01-01 08:00:00.250') OVER (ORDER BY n) AS d, lag(ARRAY[n], 1, ARRAY[0.5]) OVER (ORDER BY n) AS e FROM (VALUES (1, DATE '2026-01-31'), (2, NULL)) AS t(n, d)",
    'a distance that is null':
      'SELECT lag(n, x) OVER (ORDER BY n) AS a FROM (VALUES (1, 1), (2, NULL)) AS t(n, x)',
    'a negative distance':
      'SELECT lead(n, x) OVER (ORDER BY n) AS a FROM (VALUES (1, 1), (2, -1)) AS t(n, x)',
    'the row before the first': 'SELECT nth_value(n, 0) OVER (ORDER BY n) AS a FROM (VALUES 1, 2) AS t(n)',
    'a place that is null':
      'SELECT nth_value(n, x) OVER (ORDER BY n) AS a FROM (VALUES (1, 1), (2, NULL)) AS t(n, x)',
    'rows of values, counted':
      'SELECT count(DISTINCT (a, b)) AS c FROM (VALUES (1, 2), (1, 2), (NULL, 2)) AS t(a, b)',
    'first and last':
      'SELECT n, first_value(x) OVER (ORDER BY n) AS a, last_value(x) OVER (ORDER BY n) AS b, last_value(x) IGNORE NULLS OVER (ORDER BY n) AS c, first_value(x) IGNORE NULLS OVER (ORDER BY n) AS d, nth_value(x, 2) OVER (ORDER BY n) AS e, nth_value(x, 2) IGNORE NULLS OVER (ORDER BY n) AS f FROM (VALUES (1, NULL), (2, 20), (3, NULL), (4, 40)) AS t(n, x)',
    'frames of values':
      'SELECT n, sum(n) OVER (ORDER BY n RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS a, count(*) OVER (ORDER BY n RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS b FROM (VALUES 1, 2, 2, 4, NULL) AS t(n)',
    'frames of groups':
      'SELECT n, sum(n) OVER (ORDER BY n GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW) AS a FROM (VALUES 1, 2, 2, 4, NULL) AS t(n)',
    'a frame that is named':
      'SELECT n, sum(n) OVER w AS a, avg(n) OVER w AS b FROM (VALUES 1, 2, NULL) AS t(n) WINDOW w AS (ORDER BY n ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)',
    'FILTER of every kind': `SELECT bool_and(x > 1) FILTER (WHERE x > 1), bool_or(x > 0) FILTER (WHERE x < 0), every(x > 1) FILTER (WHERE x > 1), var_pop(x) FILTER (WHERE x > 1), var_samp(x) FILTER (WHERE x > 1),
      variance(x) FILTER (WHERE x > 1), stddev(x) FILTER (WHERE x > 1), stddev_pop(x) FILTER (WHERE x > 1), corr(x, x) FILTER (WHERE x > 1), covar_pop(x, x) FILTER (WHERE x > 1), count_if(x > 2) FILTER (WHERE x > 1),
      arbitrary(x) FILTER (WHERE x > 6), any_value(x) FILTER (WHERE x > 6), avg(x) FILTER (WHERE x > 1), max_by(x, x) FILTER (WHERE x < 2), bitwise_and_agg(x) FILTER (WHERE x > 1), array_agg(x) FILTER (WHERE x > 3),
      kurtosis(x) FILTER (WHERE x > 1), regr_slope(x, x) FILTER (WHERE x > 1), count(*) FILTER (WHERE x > 1), max(x, 2) FILTER (WHERE x < 3), geometric_mean(x) FILTER (WHERE x > 1) FROM (VALUES 1, 1, 1, 2, 3, 3, 7) AS t(x)`,
    'FILTER of every kind, of doubles': `SELECT var_pop(x) FILTER (WHERE x > 1), var_samp(x) FILTER (WHERE x > 1), stddev(x) FILTER (WHERE x > 1), bool_or(is_nan(x)) FILTER (WHERE x > 1), max(x) FILTER (WHERE x < 3) FROM (VALUES 1e0, 1e0, 2e0, 3e0, 7e0, nan(), NULL) AS t(x)`,
    'DISTINCT of every kind': `SELECT bool_and(DISTINCT x > 1), bool_or(DISTINCT x > 1), var_pop(DISTINCT x), var_samp(DISTINCT x), variance(DISTINCT x), stddev(DISTINCT x), sum(DISTINCT x) FILTER (WHERE x > 1), count_if(DISTINCT x > 1),
      bitwise_xor_agg(DISTINCT x), geometric_mean(DISTINCT x), skewness(DISTINCT x), element_at(histogram(DISTINCT x), 1), element_at(map_agg(DISTINCT x, x), 1) FROM (VALUES 1, 1, 1, 2, 3, 3, 7) AS t(x)`,
  },
  refused: {
    'two values that are counted': 'SELECT count(DISTINCT a, b) AS c FROM (VALUES (1, 2)) AS t(a, b)',
    'a time with a zone, and one without for a row before':
      "SELECT to_unixtime(lag(x, 1, TIMESTAMP '2026-01-01 00:00:00.000') OVER (ORDER BY x)) AS a FROM (VALUES TIMESTAMP '2026-01-01 00:00:00.000 UTC') AS t(x)",
    'FILTER of a window':
      'SELECT sum(n) FILTER (WHERE n > 1) OVER (ORDER BY n) AS v FROM (VALUES 1, 2) AS t(n)',
    'a checksum': 'SELECT checksum(n) AS v FROM (VALUES 1, 2) AS t(n)',
    'an aggregate of a function':
      'SELECT reduce_agg(n, 0, (a, b) -> a + b, (a, b) -> a + b) AS v FROM (VALUES 1, 2) AS t(n)',
    'a digest': 'SELECT tdigest_agg(n) AS v FROM (VALUES 1, 2) AS t(n)',
  },
};
