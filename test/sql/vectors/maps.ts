import type { Vectors } from './vectors.ts';

const PAIRS = "(VALUES ('z', 1), ('a', 2), ('z', 3), ('a', NULL), (NULL, 7)) AS t(k, v)";

/** Maps, rows, and UNNEST of them: keys that are absent, null or there twice, nulls inside, arrays of other lengths. */
export const MAPS: Vectors = {
  answered: {
    'values of maps that are not there':
      "SELECT element_at(array_histogram(NULL), 1) AS a, element_at(array_histogram(CAST(NULL AS array(varchar))), 'a') AS b, element_at(map(), 1) + 1 AS c, element_at(map_from_entries(CAST(NULL AS array(row(k varchar, v bigint)))), 'a') AS d",
    'maps without an entry, put together':
      'SELECT k, cardinality(map_union(m)) AS n FROM (VALUES (1, CAST(MAP() AS map(varchar, integer))), (2, NULL), (3, MAP()), (3, MAP(ARRAY[CAST(1 AS varchar)], ARRAY[NULL]))) AS t(k, m) GROUP BY k',
    'entries of a map filtered by a column':
      "SELECT id, k, v FROM (VALUES 1, 4) AS t(id) CROSS JOIN UNNEST(map_filter(MAP(ARRAY['a', 'b'], ARRAY[1, 5]), (k, v) -> v > id)) AS u(k, v)",
    'what a map holds':
      "SELECT map_keys(m) AS a, map_values(m) AS b, cardinality(m) AS c, element_at(m, 'b') AS d, element_at(m, 'x') AS e, element_at(m, CAST(NULL AS varchar)) AS f, m['c'] AS g FROM (SELECT map(ARRAY['b','a','c'], ARRAY[1,NULL,3]) AS m) AS t",
    'an empty map and a null one':
      'SELECT cardinality(map()) AS a, map_keys(CAST(NULL AS map(varchar,integer))) AS b, cardinality(map(CAST(NULL AS array(varchar)), ARRAY[1])) AS c',
    'a key that is not there': "map(ARRAY['a'], ARRAY[1])['b']",
    'a key twice': "map_keys(map(ARRAY['a','a'], ARRAY[1,2]))",
    'a null key': "map_keys(map(ARRAY['a',NULL], ARRAY[1,2]))",
    'more values than keys': "map_keys(map(ARRAY['a'], ARRAY[1,2]))",
    'a map of entries':
      "SELECT map_keys(map_from_entries(ARRAY[('b', 1), ('a', 2)])) AS a, cardinality(map_from_entries(CAST(ARRAY[] AS array(row(k varchar, v integer))))) AS b",
    'a null entry': "map_keys(map_from_entries(ARRAY[('a', 1), NULL]))",
    'an entry twice': "map_keys(map_from_entries(ARRAY[('a', 1), ('a', 2)]))",
    'maps changed':
      "SELECT map_keys(map_filter(m, (k, v) -> v > 1)) AS a, map_keys(transform_keys(m, (k, v) -> k || '!')) AS b, map_values(transform_values(m, (k, v) -> v + 1)) AS c, map_values(map_zip_with(m, map(ARRAY['a','x'], ARRAY[10,20]), (k, x, y) -> coalesce(x, 0) + coalesce(y, 0))) AS d FROM (SELECT map(ARRAY['b','a','c'], ARRAY[1,NULL,3]) AS m) AS t",
    'all keys made one': "map_keys(transform_keys(map(ARRAY['b','a'], ARRAY[1,2]), (k, v) -> 'x'))",
    'maps put together':
      "SELECT element_at(m, 'a') AS a, cardinality(m) AS b, array_sort(map_keys(m)) AS c FROM (SELECT map_concat(map(ARRAY['b','a'], ARRAY[1,2]), map(ARRAY['a','c'], ARRAY[3,4])) AS m) AS t",
    'maps of a group': `SELECT element_at(map_agg(k, v), 'z') AS a, cardinality(map_agg(k, v)) AS b, histogram(k)['a'] AS c, element_at(multimap_agg(k, v), 'a') AS d, array_sort(map_keys(map_agg(k, v) FILTER (WHERE v < 2))) AS e FROM ${PAIRS}`,
    'maps of no rows': `SELECT cardinality(map_agg(k, v)) AS a, cardinality(histogram(k)) AS b, cardinality(multimap_agg(k, v)) AS c FROM ${PAIRS} WHERE k IS NULL`,
    'maps of maps':
      "SELECT element_at(map_union(m), 'a') AS a, cardinality(map_union(m)) AS b FROM (VALUES map(ARRAY['z','a'], ARRAY[1,2]), NULL, map(ARRAY['b','a'], ARRAY[6,2])) AS t(m)",
    'a map of a text':
      "SELECT element_at(split_to_map('b=1&a=2', '&', '='), 'a') AS a, cardinality(split_to_map('', '&', '=')) AS b, cardinality(split_to_map('a=1&', '&', '=')) AS c",
    'a text with a key twice': "cardinality(split_to_map('b=1&b=2', '&', '='))",
    'a text without a value': "cardinality(split_to_map('b', '&', '='))",
    'maps compared':
      "SELECT map(ARRAY['a','b'], ARRAY[1,2]) = map(ARRAY['b','a'], ARRAY[2,1]) AS a, map(ARRAY['a'], ARRAY[NULL]) = map(ARRAY['a'], ARRAY[NULL]) AS b, map(ARRAY['a'], ARRAY[1]) = map(ARRAY['a','b'], ARRAY[1,NULL]) AS c, map(ARRAY['a'], ARRAY[1]) <> map(ARRAY['a'], ARRAY[2]) AS d",
    'rows and their fields':
      "SELECT ROW(1, 'a')[2] AS a, (1, 'a')[1] AS b, CAST(ROW(1, 'a') AS ROW(x integer, y varchar)).y AS c, CAST(CAST(ROW(1, 2) AS ROW(a integer, b integer)) AS ROW(b integer, a integer)).a AS d, transform(ARRAY[(1,'a')], r -> r[2]) AS e",
    'fields of columns':
      "SELECT r.x, t.r.y, r.x + 1 AS z FROM (SELECT CAST(ROW('7', 2.5e0) AS ROW(x integer, y integer)) AS r) AS t",
    'rows compared':
      'SELECT ((1, NULL) = (1, NULL)) AS a, ((1, NULL) = (2, NULL)) AS b, ((NULL, 1) <> (2, 3)) AS c, ((1, 2) < (1, 3)) AS d, ((1, NULL) < (2, 3)) AS e, (1, NULL) IN ((1, 2)) AS f, (5, NULL) IN ((1, 2)) AS g, ((1, 2) <= (1, 2)) AS h, ROW(NULL, NULL) IS NULL AS i',
    'rows with a null in order': '(1, NULL) < (1, 3)',
    'rows of a group':
      "SELECT count(DISTINCT (x, y)) AS a, max_by((x, y), x)[2] AS b, transform(array_agg(CAST(ROW(x, y) AS ROW(a integer, b varchar)) ORDER BY x DESC), r -> r.b) AS c FROM (VALUES (1, 'a'), (1, 'a'), (2, NULL), (2, NULL)) AS t(x, y)",
    'a state of two parts':
      'reduce(ARRAY[1,2,6], CAST(ROW(0e0, 0) AS ROW(sum double, n integer)), (s, x) -> CAST(ROW(x + s.sum, s.n + 1) AS ROW(sum double, n integer)), s -> s.sum / s.n)',
    'arrays side by side':
      "SELECT * FROM UNNEST(ARRAY[1,2], ARRAY['a'], map(ARRAY['k'], ARRAY[3])) WITH ORDINALITY AS u(x, y, k, v, n) ORDER BY n",
    'arrays side by side of each row':
      "SELECT t.id, u.x, u.y FROM (VALUES (1, ARRAY[1,2], ARRAY['a']), (2, ARRAY[], NULL), (3, NULL, ARRAY['z'])) AS t(id, a, b) LEFT JOIN UNNEST(t.a, t.b) AS u(x, y) ON TRUE ORDER BY 1, 2",
    'maps as rows':
      "SELECT id, k, v FROM (VALUES (1, map(ARRAY['b','a'], ARRAY[1,2])), (2, NULL)) AS t(id, m) CROSS JOIN UNNEST(m) AS u(k, v) ORDER BY 1, 2",
    'rows in arrays as rows':
      "SELECT id, name, points FROM (VALUES (1, ARRAY[CAST(ROW('x', 1) AS ROW(name varchar, points integer)), NULL])) AS t(id, a) CROSS JOIN UNNEST(a) AS u(name, points) ORDER BY 2",
    'rows by the names of their fields':
      "SELECT name, points FROM UNNEST(ARRAY[CAST(ROW('x', 1) AS ROW(name varchar, points integer))])",
    'places of arrays that are empty or null':
      'SELECT t.id, u.x, u.n FROM (VALUES (1, ARRAY[1,NULL]), (2, ARRAY[]), (3, NULL)) AS t(id, a) LEFT JOIN UNNEST(t.a) WITH ORDINALITY AS u(x, n) ON TRUE ORDER BY 1, 3',
    'an array of each row in a subquery':
      'SELECT x, (SELECT sum(e) FROM UNNEST(a) AS v(e)) AS s FROM (VALUES (1, ARRAY[1,2]), (2, ARRAY[])) AS t(x, a) ORDER BY x',
  },
  refused: {
    'a map as a column': "map(ARRAY['a'], ARRAY[1])",
    'a row as a column': "ROW(1, 'a')",
    'an array of rows as a column': "zip(ARRAY[1,2], ARRAY['a'])",
    'the order of hashes': "SELECT map_keys(map_agg(k, 1)) FROM (VALUES 'q', 'w') AS t(k)",
    'the places of hashes':
      "SELECT k, n FROM (SELECT histogram(k) AS m FROM (VALUES 'q', 'w') AS t(k)) AS h CROSS JOIN UNNEST(m) WITH ORDINALITY AS u(k, c, n)",
    'grouped by a map': 'SELECT count(*) FROM (SELECT map(ARRAY[1], ARRAY[2]) AS m) AS t GROUP BY m',
    'a row alone in VALUES':
      "SELECT r FROM (VALUES CAST(ROW(1, 'a') AS ROW(x integer, y varchar))) AS t(r, s)",
    'rows with other names put together':
      'SELECT transform(ARRAY[CAST(ROW(1) AS ROW(a integer)), CAST(ROW(2) AS ROW(b integer))], r -> r[1])',
    'elements filtered from outside of the subquery':
      'SELECT (SELECT count(*) FROM UNNEST(a) AS u(x) WHERE x > 1) FROM (VALUES ARRAY[1,2]) AS t(a)',
    'looked for in an array from outside':
      'SELECT a FROM (VALUES ARRAY[1,2]) AS t(a) WHERE 1 IN (SELECT x FROM UNNEST(a) AS u(x))',
    'an array joined by a condition':
      'SELECT x FROM (VALUES ARRAY[1,2]) AS t(a) LEFT JOIN UNNEST(a) AS u(x) ON x > 1',
    'a key of a wider type': "element_at(map(ARRAY[1,2], ARRAY['x','y']), 2.5)",
  },
};
