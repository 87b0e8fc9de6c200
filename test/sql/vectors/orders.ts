import type { Vectors } from './vectors.ts';

const X = '(VALUES 0e0, nan(), -1e0, NULL, 5e0, infinity(), -infinity()) AS t(x)';
const S =
  "(VALUES (0e0, 'nought'), (nan(), 'none'), (-1e0, 'less'), (NULL, 'null'), (5e0, 'more')) AS t(x, s)";
const N = '(VALUES 1, 2, 3) AS t(n)';

/** Orders of doubles, of set operations and by constants; sets of groups; means of wide decimals. */
export const ORDERS: Vectors = {
  answered: {
    'NaN going up': `SELECT x FROM ${X} ORDER BY x`,
    'NaN going down': `SELECT x FROM ${X} ORDER BY x DESC`,
    'NaN after nulls': `SELECT x FROM ${X} ORDER BY x NULLS FIRST`,
    'NaN after nulls, going down': `SELECT x FROM ${X} ORDER BY x DESC NULLS FIRST`,
    'NaN after nulls, by a new name': `SELECT x + 1 AS y FROM ${X} ORDER BY y NULLS FIRST`,
    'NaN of reals after nulls': `SELECT x FROM (SELECT CAST(x AS real) AS x FROM ${X}) AS s ORDER BY x NULLS FIRST`,
    'NaN after nulls in a window': `SELECT s, row_number() OVER (ORDER BY x NULLS FIRST) AS a, rank() OVER (ORDER BY x DESC NULLS FIRST) AS b FROM ${S}`,
    'NaN after nulls in a list': `SELECT array_join(array_agg(s ORDER BY x NULLS FIRST), ',') AS a, array_join(array_agg(s ORDER BY x DESC NULLS FIRST), ',') AS b FROM ${S}`,
    'NaN after nulls, the first of a union': `SELECT x FROM (SELECT x FROM ${X} UNION SELECT 7e0) AS u ORDER BY x NULLS FIRST LIMIT 3`,
    'NaN after nulls, by the name of what may fail': `SELECT CAST(s AS double) AS y FROM (VALUES '1', 'NaN', NULL, '-1') AS t(s) ORDER BY y NULLS FIRST`,
    'names in expressions': `SELECT CAST(s AS integer) AS n, s || '' AS t FROM (VALUES '1', '-5', '05', NULL) AS t(s) ORDER BY abs(n), t || 'x' DESC`,
    'a name that is a column, too': `SELECT -n AS n, (t.n - 2) * (t.n - 2) AS square FROM ${N} ORDER BY square + 0, n + 1`,
    'names of groups and windows': `SELECT n % 2 AS odd, count(*) AS c, rank() OVER (ORDER BY count(*)) AS r FROM ${N} GROUP BY n % 2 ORDER BY -c, r * -1, odd`,
    'a name that a lambda hides': `SELECT n AS x FROM ${N} ORDER BY cardinality(filter(ARRAY[1, 2, 3], x -> x > 2)) * -x`,
    'FETCH of a union': `SELECT n FROM ${N} UNION ALL SELECT 5 ORDER BY n DESC OFFSET 1 ROWS FETCH FIRST 2 ROWS ONLY`,
    'FETCH of a union without an order': `SELECT 1 AS n UNION SELECT 1 FETCH FIRST ROW ONLY`,
    'FETCH of operations within each other': `SELECT n FROM ${N} UNION SELECT 3 INTERSECT SELECT 3 ORDER BY n FETCH FIRST 2 ROWS ONLY`,
    'constants give no order to a list': `SELECT array_agg(n ORDER BY 'a', n) AS a, array_agg(n ORDER BY NULL, n DESC) AS b, listagg(DISTINCT '', '-') WITHIN GROUP (ORDER BY '') AS c FROM ${N}`,
    'a list of nothing but nulls': `SELECT listagg(DISTINCT CAST(NULL AS varchar), '; ') WITHIN GROUP (ORDER BY CAST(NULL AS varchar)) AS a FROM ${N}`,
    'an array that is not there, reduced to a double':
      'SELECT reduce(CAST(NULL AS array(double)), 0e0, (s, e) -> s + coalesce(e, 0e0), s -> s / 2) AS a',
    'the values of a map that is not there, reduced': `SELECT reduce(map_values(CAST(NULL AS map(varchar, bigint))), CAST(0 AS bigint), (s, e) -> s + coalesce(e, 1), s -> s) AS a FROM ${N} WHERE n > 9`,
    'a list of what is there once': `SELECT listagg(DISTINCT upper(s), ',') WITHIN GROUP (ORDER BY upper(s) DESC) AS a FROM ${S}`,
    'sets of groups by columns in parentheses': `SELECT n, count(*) AS c FROM ${N} GROUP BY GROUPING SETS ((n), ()) ORDER BY 1, 2`,
    'no set of groups by a number': `SELECT n, count(*) AS c FROM ${N} GROUP BY ROLLUP (1)`,
    'no set of groups by an expression': `SELECT count(*) AS c FROM ${N} GROUP BY CUBE (n % 2)`,
    'no WITH behind a WITH': 'WITH a AS (SELECT 1 AS x) WITH b AS (SELECT 2 AS y) SELECT x, y FROM a, b',
    'means of decimals of 38 digits':
      "SELECT avg(CAST(x AS decimal(38,2))) AS a, avg(CAST(x AS decimal(38,0))) AS b FROM (VALUES '999999999999999999999999999999999999.99') AS t(x)",
    'a sum of more than 38 digits':
      "SELECT sum(CAST(x AS decimal(38,2))) AS a FROM (VALUES '-999999999999999999999999999999999999.99', '-0.01') AS t(x)",
    'a running sum of more than 38 digits':
      "SELECT sum(CAST(x AS decimal(30,0))) OVER (ORDER BY x) AS a, sum(CAST(x AS decimal(38,0))) OVER (ORDER BY x) AS b FROM (VALUES '5', '7') AS t(x)",
    'sums of 38 digits':
      "SELECT sum(CAST(x AS decimal(38,2))) AS a, sum(CAST(x AS decimal(38,2))) FILTER (WHERE x <> '0.01') AS b FROM (VALUES '-999999999999999999999999999999999999.99', '0.01', NULL) AS t(x)",
    'means of decimals less than nought':
      "SELECT avg(CAST(x AS decimal(38,2))) AS a, avg(CAST(x AS decimal(12,5))) AS b FROM (VALUES '-7.555', '1', '-0.001', NULL) AS t(x)",
  },
  refused: {
    'NULLS FIRST of the doubles of a union': `SELECT x FROM ${X} UNION SELECT 7e0 ORDER BY x NULLS FIRST`,
    'NULLS FIRST of distinct doubles': `SELECT DISTINCT x FROM ${X} ORDER BY x NULLS FIRST`,
    'NULLS FIRST of doubles by their number': `SELECT x FROM ${X} ORDER BY 1 NULLS FIRST`,
    'NULLS FIRST of arrays of doubles': 'SELECT a FROM (VALUES ARRAY[1e0]) AS t(a) ORDER BY a NULLS FIRST',
    'a distance of doubles': `SELECT count(*) OVER (ORDER BY x RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) AS c FROM ${X}`,
  },
};
