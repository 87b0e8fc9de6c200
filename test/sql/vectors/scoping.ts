import type { Vectors } from './vectors.ts';

const T = "FROM (VALUES (1, 'a', 10), (2, 'b', 20), (3, NULL, 30), (4, 'b', NULL)) AS t(id, k, n)";
const TWO = 'FROM (VALUES (1, 2), (2, 1)) AS t(a, b)';

/** What names stand for, where. */
export const SCOPING: Vectors = {
  answered: {
    'a new name hides a column in ORDER BY': `SELECT -a AS a ${TWO} ORDER BY a`,
    'a new name hides a column inside of an expression of ORDER BY': `SELECT -a AS a ${TWO} ORDER BY a + 0`,
    'names exchanged in ORDER BY': `SELECT a AS b, b AS a ${TWO} ORDER BY abs(a)`,
    'a qualified name in ORDER BY': `SELECT a AS b, b AS a ${TWO} ORDER BY t.a`,
    'a column that is not in the list orders': `SELECT k ${T} ORDER BY n, id`,
    'a new name does not hide a column elsewhere': `SELECT -a AS a, row_number() OVER (ORDER BY a) AS r ${TWO} WHERE a > 0 ORDER BY a`,
    'a column, not its new name, is grouped': `SELECT upper(k) AS k, count(*) AS c FROM (VALUES 'a', 'A') AS t(k) GROUP BY k`,
    'a column, not its new name, is in HAVING': `SELECT max(k) AS k FROM (VALUES 'a', 'A') AS t(k) GROUP BY k HAVING k > 'B'`,
    'groups by number and by expression': `SELECT coalesce(k, '-') AS k, sum(n) AS s ${T} GROUP BY 1 ORDER BY s * -1, 1`,
    'an expression of a group inside of another': `SELECT (a + 1) * 2 AS x ${TWO} GROUP BY a + 1 ORDER BY 1`,
    'an aggregate orders groups': `SELECT k ${T} GROUP BY k ORDER BY count(*) DESC, max(id)`,
    'grouping sets': `SELECT k, grouping(k) AS g, sum(n) AS s ${T} GROUP BY ROLLUP (k) ORDER BY 2, 1`,
    'names in any case, quoted or not': `SELECT T."ID", "k" ${T} WHERE Id = 1`,
    'names of words':
      'SELECT offset, "all", "default", at, summarize FROM (VALUES (1, 2, 3, 4, 5)) AS t(offset, "all", "default", at, summarize)',
    'names with blanks and marks':
      'SELECT "a b", "ä-ö" FROM (VALUES (1, 2)) AS "t x"("a b", "ä-ö") ORDER BY "a b"',
    'a star over USING':
      'SELECT * FROM (VALUES (1, 2)) AS t(p, id) JOIN (VALUES (2, 3)) AS u(id, q) USING (id)',
    'stars of the sides of USING':
      'SELECT t.*, u.*, id FROM (VALUES (1, 2)) AS t(p, id) LEFT JOIN (VALUES (5, 3)) AS u(id, q) USING (id)',
    'USING twice':
      'SELECT * FROM (VALUES (1, 2)) AS t(a, b) JOIN (VALUES (1, 3)) AS u(a, c) USING (a) JOIN (VALUES (3, 1)) AS v(c, d) USING (c)',
    'one name of two tables under a star': 'SELECT * FROM (VALUES 1) AS t(a), (VALUES 2) AS u(a)',
    'names of a query and of its query around':
      'SELECT (SELECT max(c) FROM (VALUES 1, 2) AS u(c) WHERE c <= a) AS m FROM (VALUES 1, 2) AS t(a) ORDER BY a',
    'the inner of two names': 'SELECT (SELECT a FROM (VALUES 2) AS u(a)) AS m FROM (VALUES 1) AS t(a)',
    'a WITH inside of a WITH':
      "WITH c AS (SELECT 1 AS x) SELECT x FROM (WITH c AS (SELECT 'b' AS x) SELECT x FROM c) AS t",
    'names given by WITH': "WITH c(x, y) AS (SELECT 1, 'a') SELECT y, x FROM c",
    'rows that follow from rows':
      'WITH RECURSIVE r(n) AS (VALUES 1 UNION ALL SELECT n + 1 FROM r WHERE n < 4) SELECT n FROM r ORDER BY n',
    'a query beside, with LATERAL':
      'SELECT b FROM (VALUES 1, 2) AS t(a) CROSS JOIN LATERAL (SELECT a + 1 AS b) AS u ORDER BY 1',
    'the order of a union': `SELECT a ${TWO} UNION SELECT 5 ORDER BY a DESC`,
    'distinct rows in their order': `SELECT DISTINCT k ${T} ORDER BY k`,
    'distinct expressions in their order': `SELECT DISTINCT n % 20 AS r ${T} ORDER BY n % 20`,
    'no new name in WHERE': `SELECT n * 2 AS m ${T} WHERE m > 2`,
    'no new name in GROUP BY': `SELECT upper(k) AS u, count(*) AS c ${T} GROUP BY u`,
    'no new name in HAVING': `SELECT k, count(*) AS c ${T} GROUP BY k HAVING c > 1`,
    'no new name beside': `SELECT n + 1 AS m, m * 2 AS l ${T}`,
    'no new name in a window': `SELECT n + 1 AS m, row_number() OVER (ORDER BY m) AS r ${T}`,
    'no column of both': 'SELECT a FROM (VALUES 1) AS t(a), (VALUES 2) AS u(a)',
    'no name given twice': 'SELECT a FROM (SELECT 1 AS a, 2 AS a) AS s',
    'no name given twice in ORDER BY': `SELECT a AS x, b AS x ${TWO} ORDER BY x`,
    'no table as a value': `SELECT t ${TWO}`,
    'no side of USING': 'SELECT t.a FROM (VALUES 1) AS t(a) JOIN (VALUES 1) AS u(a) USING (a)',
    'no NATURAL JOIN': 'SELECT * FROM (VALUES 1) AS t(a) NATURAL JOIN (VALUES 1) AS u(a)',
    'no table before a comma in ON':
      'SELECT 1 FROM (VALUES 1) AS t(a), (VALUES 2) AS u(b) JOIN (VALUES 3) AS v(c) ON a = c',
    'no neighbour in FROM': 'SELECT b FROM (VALUES 1) AS t(a) CROSS JOIN (SELECT a + 1 AS b) AS u',
    'no table behind its alias': 'SELECT c.a FROM (SELECT 1 AS a) AS d',
    'no later WITH': 'WITH c AS (SELECT * FROM d), d AS (SELECT 1 AS x) SELECT x FROM c',
    'no fewer names than columns': 'SELECT x FROM (VALUES (1, 2)) AS t(x)',
    'no column outside of the groups': `SELECT k, n ${T} GROUP BY k`,
    'no star outside of the groups': `SELECT * ${TWO} GROUP BY a`,
    'no column outside of the groups in HAVING': `SELECT k ${T} GROUP BY k HAVING n > 1`,
    'no column outside of the groups in ORDER BY': `SELECT k ${T} GROUP BY k ORDER BY n`,
    'no column outside of the groups in a subquery': `SELECT a, (SELECT count(*) FROM (VALUES 1) AS u(c) WHERE c = b) AS m ${TWO} GROUP BY a`,
    'no column outside of the groups in a window': `SELECT k, sum(n) OVER (PARTITION BY k) AS s ${T} GROUP BY k`,
    'no aggregate in WHERE': `SELECT k ${T} WHERE sum(n) > 1`,
    'no aggregate of an aggregate': `SELECT sum(sum(n)) AS s ${T} GROUP BY k`,
    'no window function in WHERE': `SELECT k ${T} WHERE row_number() OVER (ORDER BY id) = 1`,
    'no FILTER of a window function': `SELECT sum(n) FILTER (WHERE k = 'b') OVER (ORDER BY id) AS s ${T}`,
    'no order outside of distinct rows': `SELECT DISTINCT k ${T} ORDER BY n`,
    'no aggregate of a new name in ORDER BY': `SELECT max(k) AS k ${T} GROUP BY id ORDER BY max(k)`,
    'no aggregate of the query around': `SELECT (SELECT max(t.a) FROM (VALUES 2) AS u(c)) AS m ${TWO}`,
    'no place beyond the list': `SELECT k ${T} ORDER BY 2`,
    'no number of a group beyond the list': `SELECT count(*) AS c ${T} GROUP BY 2`,
    'no other side’s name in the order of a union': `SELECT a ${TWO} UNION SELECT x FROM (VALUES 3) AS u(x) ORDER BY x`,
    'no window that was not named': `SELECT sum(n) OVER v AS s ${T} WINDOW w AS (ORDER BY id)`,
    'members found by a column of the query around': `SELECT a IN (SELECT x FROM (VALUES (1, 2), (2, 9)) AS u(x, y) WHERE u.y = t.b) AS i, a >= ALL (SELECT x FROM (VALUES (1, 2), (5, 9)) AS u(x, y) WHERE u.y = t.b) AS j ${TWO}`,
    'a value found by a column of the query around': `SELECT (SELECT max(x) + t.a FROM (VALUES (1, 2), (2, 9)) AS u(x, y) WHERE u.y = t.b) AS v, (SELECT t.a) AS w, EXISTS (SELECT t.a WHERE t.b > 1) AS e ${TWO}`,
    'no members of the query around': `SELECT a IN (SELECT b) AS i ${TWO}`,
    'no members made of the query around': `SELECT a IN (SELECT x + b FROM (VALUES 1) AS u(x)) AS i ${TWO}`,
    'no members of groups found by the query around': `SELECT a IN (SELECT max(x) FROM (VALUES (1, 2)) AS u(x, y) WHERE u.y = t.b) AS i ${TWO}`,
    'no members put together by the query around': `SELECT a IN (SELECT b UNION SELECT 1) AS i ${TWO}`,
    'no first members found by the query around': `SELECT a = ANY (SELECT x FROM (VALUES (1, 2), (2, 2)) AS u(x, y) WHERE u.y = t.b LIMIT 1) AS i ${TWO}`,
    'no members found by a query in a query': `SELECT a IN (SELECT x FROM (VALUES 1) AS u(x) WHERE EXISTS (SELECT 1 FROM (VALUES 2) AS v(y) WHERE v.y = t.b)) AS i ${TWO}`,
    'no value of the query around that is filtered': `SELECT (SELECT a WHERE b > 1) AS v ${TWO}`,
  },
  refused: {
    'a group by the place of an aggregate': 'SELECT count(*) FROM (VALUES 1) AS t(x) GROUP BY 1',
    'a group by the place of a window':
      'SELECT x, row_number() OVER () FROM (VALUES 1) AS t(x) GROUP BY 1, 2',
    'a window of a window': 'SELECT sum(sum(x) OVER ()) OVER () FROM (VALUES 1) AS t(x)',
    'a window in the order of a window':
      'SELECT row_number() OVER (ORDER BY row_number() OVER ()) FROM (VALUES 1) AS t(x)',
    'a union in the order of an expression': `SELECT a ${TWO} UNION SELECT 5 ORDER BY a + 1`,
    'the order of a constant': `SELECT k ${T} ORDER BY 'k'`,
  },
};
