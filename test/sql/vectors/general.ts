import type { Vectors } from './vectors.ts';

const DOUBLES =
  '(VALUES (1e0, 2e0), (nan(), 1e0), (1e0, nan()), (nan(), nan()), (NULL, nan()), (nan(), NULL), (-0e0, 0e0), (infinity(), nan())) AS t(a, b)';

/** NaN, nulls and numbers at each of three places. */
const TRIPLES = `(VALUES (nan(), CAST(NULL AS double), 1e0), (2e0, NULL, 1e0), (5e-1, NULL, 1e0), (nan(), 1e0, NULL), (2e0, nan(), NULL),
  (2e0, NULL, nan()), (nan(), nan(), NULL), (NULL, 1e0, nan()), (1e0, 1e0, nan())) AS t(x, y, z)`;

export const GENERAL: Vectors = {
  answered: {
    'an if without an else within a window': `SELECT k, nth_value(if(k > 1, 'x'), 2) OVER (ORDER BY k) AS a,
      max(if(k > 1, 1.5)) OVER () AS b, if(k > 2, NULL, 7) AS c FROM (VALUES 1, 2, 3) AS t(k)`,
    'the greatest with a null': 'greatest(1, CAST(NULL AS integer), 3)',
    'the greatest of one': 'SELECT greatest(1) AS a, least(1) AS b',
    'the greatest of many':
      "SELECT greatest(1, 2, 3, 4, 5, 6, 7) AS a, least('a', 'b', 'c', 'd', 'e', '') AS b",
    'the greatest with NaN': `SELECT greatest(a, b) AS v, least(a, b) AS w FROM ${DOUBLES}`,
    'the greatest with NaN among three': 'SELECT greatest(1e0, nan(), 3e0) AS a, least(nan(), 1e0, 3e0) AS b',
    'the greatest of mixed numbers':
      'SELECT greatest(1, 2.5) AS a, least(1.25, 2) AS b, greatest(1, 2e0) AS c, greatest(1, CAST(2 AS bigint)) AS d',
    'the greatest of truths and dates':
      "SELECT greatest(true, false) AS a, least(DATE '2026-01-31', DATE '2025-12-31') AS b",
    'the greatest of texts and a number': "greatest('a', 1)",
    'comparisons with NaN': `SELECT a = b AS c, a <> b AS d, a < b AS e, a <= b AS f, a > b AS g, a >= b AS h FROM ${DOUBLES}`,
    'comparisons with a written number': `SELECT a = 1 AS c, a <> 1 AS d, a < 1 AS e, a <= 1 AS f, a > 1 AS g, a >= 1 AS h, 1 > a AS i, 1 < a AS j FROM ${DOUBLES}`,
    'sameness of NaN': `SELECT a IS DISTINCT FROM b AS c, a IS NOT DISTINCT FROM b AS d FROM ${DOUBLES}`,
    'membership with NaN': `SELECT a IN (1e0, nan()) AS c, a NOT IN (1e0, 2e0) AS d, a IN (b, 7e0) AS e FROM ${DOUBLES} WHERE a IS NOT NULL AND b IS NOT NULL`,
    'ranges with NaN': `SELECT a BETWEEN 0 AND 5 AS c, 1e0 BETWEEN a AND b AS d, a NOT BETWEEN 0 AND 5 AS e, 1e0 NOT BETWEEN a AND b AS f FROM ${DOUBLES} WHERE a IS NOT NULL AND b IS NOT NULL`,
    'membership with NaN and nulls': `SELECT x, y, z, x IN (y, z) AS a, x NOT IN (y, z) AS b, x IN (1e0, NULL) AS c, x IN (nan(), NULL) AS d,
      x NOT IN (nan(), NULL) AS e, nan() IN (x, NULL) AS f, 1e0 NOT IN (x, NULL) AS g, nan() IN (1e0, NULL) AS h FROM ${TRIPLES}`,
    'membership of reals': `SELECT CAST(x AS real) IN (CAST(nan() AS real), NULL) AS a, x IN (CAST(y AS real), 1) AS b FROM ${TRIPLES}`,
    'membership in a subquery with NaN': `SELECT x, x IN (SELECT u FROM (VALUES nan(), NULL) AS s(u)) AS a,
      x NOT IN (SELECT u FROM (VALUES nan(), 1e0) AS s(u)) AS b, x = ANY (SELECT u FROM (VALUES nan(), 1e0) AS s(u)) AS c FROM ${TRIPLES}`,
    'membership of rows with NaN': `SELECT (x, 1) IN ((nan(), 1), (NULL, 1)) AS a, (x, 1) NOT IN ((y, 1), (z, 2)) AS b FROM ${TRIPLES}`,
    'ranges with NaN and nulls': `SELECT x, y, z, x BETWEEN y AND z AS a, x NOT BETWEEN y AND z AS b, y BETWEEN x AND z AS c, x BETWEEN y AND 1e0 AS d FROM ${TRIPLES}`,
    'a CASE that looks for NaN': `SELECT CASE x WHEN y THEN 1 WHEN z THEN 2 ELSE 3 END AS a, CASE x WHEN nan() THEN 1.5 ELSE 2 END AS b, CASE x WHEN 2 THEN 'two' END AS c FROM ${TRIPLES}`,
    'membership in one column': `SELECT y IN (x) AS a, y NOT IN (t.x) AS b, 'a' IN (x) AS c, n IN (n) AS d, 2 IN (n) AS e, NULL IN (x) AS f
      FROM (VALUES ('ab', 'a', 1), ('a', 'a', 2), (NULL, '', NULL)) AS t(x, y, n) WHERE y IN (y)`,
    'membership of a number in one column': `SELECT x IN (y) AS a, 1 IN (y) AS b, x NOT IN (y) AS c FROM ${TRIPLES}`,
    'rows that are kept with NaN': `SELECT a FROM ${DOUBLES} WHERE a > 0 OR NOT a < 5`,
    'joins over NaN': `SELECT t.a, u.x FROM ${DOUBLES} JOIN (VALUES nan(), 1e0, 0e0) AS u(x) ON t.a = u.x`,
    'groups of NaN and of zeros':
      'SELECT x, count(*) AS n FROM (VALUES nan(), nan(), 0e0, -0e0, NULL) AS t(x) GROUP BY x',
    'distinct ones of NaN':
      'SELECT count(DISTINCT x) AS n FROM (VALUES nan(), nan(), 0e0, -0e0, NULL) AS t(x)',
    'NaN in an order':
      'SELECT x FROM (VALUES nan(), 1e0, NULL, infinity(), -infinity()) AS t(x) ORDER BY x DESC',
    'a null for what is the same': `SELECT nullif(a, b) AS v FROM ${DOUBLES}`,
    'a null for nought':
      'SELECT nullif(0, 0) AS a, nullif(1, 2.5) AS b, nullif(CAST(NULL AS integer), 1) AS c, nullif(1.50, 1.5) AS d',
    'a choice of mixed numbers':
      'SELECT CASE WHEN true THEN 1 ELSE 2.5 END AS a, if(false, 1, 2.5) AS b, coalesce(NULL, 1, 2.50) AS c, CASE 1 WHEN 1 THEN 1.5 END AS d, coalesce(1, 2e0) AS e',
    'a choice of nothing':
      'SELECT CASE WHEN false THEN 1 END AS a, if(NULL, 1) AS b, coalesce(CAST(NULL AS integer), NULL) AS c, if(NULL, 1, 2) AS d',
    'the first that is there, lazily':
      'SELECT coalesce(x, 1 / y) AS v FROM (VALUES (1, 0), (NULL, 2)) AS t(x, y)',
    'a choice made lazily':
      'SELECT CASE WHEN y = 0 THEN 0 ELSE 1 / y END AS a, if(y <> 0, 4 / y) AS b FROM (VALUES 0, 2, NULL) AS t(y)',
    'casts that are tried': `SELECT x, try(CAST(x AS integer)), try(CAST(trim(x) AS bigint)), try(CAST(x AS double)), try(CAST(x AS decimal(3,1))), try(CAST(x AS date)), try(CAST(x AS boolean))
      FROM (VALUES '1', ' 2', 'x', '', '2147483648', '1.25', 'NaN', '2026-01-31', '2026-02-30', 't', NULL) AS t(x)`,
    'numbers that are tried': `SELECT try(CAST(1e30 AS bigint)), try(CAST(nan() AS integer)), try(CAST(3000000000 AS integer)), try(CAST(12345.6 AS decimal(4,1))), try(CAST(12345 AS varchar(2))), try(CAST(ARRAY['1','x'] AS array(integer)))`,
    'divisions that are tried': `SELECT try(x / y), try(x % y), try(1.0 / y), try(1e0 / y), try(coalesce(x, 2) / y), try(x / nullif(y, 0)), try(TRY_CAST('x' AS integer) / y) FROM (VALUES (1, 0), (7, 2), (NULL, 0), (5, NULL)) AS t(x, y)`,
    'calculations that are tried': `SELECT try(x + 9223372036854775807), try(-9223372036854775807 - x), try(x * 9223372036854775807), try(CAST(x AS integer) * 2147483647), try(-(CAST(x AS integer) + 2147483646)) FROM (VALUES CAST(0 AS bigint), 1, 2, -3, NULL) AS t(x)`,
    'casts in calculations that are tried': `SELECT try(CAST(x AS integer) + 1), try(CAST(x AS integer) > 1), try(abs(CAST(x AS integer)) / y), try(CAST(json_extract_scalar(j, '$.a') AS integer)) FROM (VALUES ('1', 0, '{"a":1}'), ('x', 1, '{"a":"x"}'), ('-5', 2, 'x'), (NULL, 3, NULL)) AS t(x, y, j)`,
    'quotients of groups that are tried': `SELECT k, try(sum(x) / count(y)), try(100.0 * count(y) / sum(x)), try(sum(x) / (row_number() OVER (ORDER BY k) - 1)) FROM (VALUES (1, 0, NULL), (1, 0, NULL), (2, 5, 1)) AS t(k, x, y) GROUP BY k`,
    'elements that are tried': `transform(ARRAY['1', 'x', NULL], e -> try(CAST(e AS integer)))`,
  },
  refused: {
    'the type of an expression': 'typeof(1)',
    'a double in a list of itself': `SELECT x IN ((t.x), NULL) AS a FROM ${TRIPLES}`,
    'a double between a bare null and another': `SELECT x BETWEEN NULL AND 1e0 AS a FROM ${TRIPLES}`,
    'a double that all of a subquery equal': `SELECT x = ALL (SELECT y FROM (VALUES nan(), 1e0) AS u(y)) AS a FROM ${TRIPLES}`,
    'a double that one of a subquery does not equal': `SELECT x <> ANY (SELECT y FROM (VALUES nan(), 1e0) AS u(y)) AS a FROM ${TRIPLES}`,
    'a double of all of a subquery': `SELECT x >= ALL (SELECT y FROM (VALUES nan(), 1e0) AS u(y)) AS a FROM ${TRIPLES}`,
    'a value that all of a subquery equal': `SELECT x = ALL (SELECT y FROM (VALUES 1, 2) AS u(y)) AS a FROM (VALUES 1, NULL) AS t(x)`,
    'a value that some of a subquery do not equal': `SELECT x <> SOME (SELECT y FROM (VALUES 1, 2) AS u(y)) AS a FROM (VALUES 1, NULL) AS t(x)`,
    'a CASE of a value with itself': `SELECT CASE x WHEN 5 THEN 'five' WHEN t.x THEN 'same' END AS a FROM (VALUES 1, NULL) AS t(x)`,
    'a CASE of an expression with itself': `SELECT CASE abs(x) WHEN (abs(t.x)) THEN 1 END AS a FROM (VALUES 1e0, nan()) AS t(x)`,
    'a try inside of nullif': `SELECT nullif(1 + abs(try(CAST(x AS integer))), 2) AS a FROM (VALUES 'x') AS t(x)`,
    'what makes something of an error': `try(coalesce(CAST('x' AS integer), 5))`,
    'an element that is tried': 'try(ARRAY[1][5])',
    'a pattern that is tried': `try(date_parse('x', '%Y'))`,
    'a decimal of all digits that is tried': `try(CAST(1 AS decimal(38,0)) * CAST(1 AS decimal(38,0)))`,
  },
};
