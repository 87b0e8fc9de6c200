import type { Vectors } from './vectors.ts';

const NUMBERS = '(VALUES 1, NULL, 3, 2) AS t(x)';
const LISTS_OF_ROWS =
  '(VALUES (1, ARRAY[3,1,NULL,3]), (2, CAST(ARRAY[] AS array(integer))), (3, NULL), (4, ARRAY[NULL])) AS t(id, a)';

/** Arrays: nulls and NaN in them, duplicates, places that do not exist, none at all. */
export const LISTS: Vectors = {
  answered: {
    'UNNEST of what a function makes of a column that no array holds':
      "SELECT t.id, u.e, u.o FROM (VALUES (1, ARRAY['a', 'b']), (2, NULL)) AS t(id, words) CROSS JOIN UNNEST(array_except(ARRAY['a', 'c'], t.words)) WITH ORDINALITY AS u(e, o)",
    'UNNEST of an array filtered by a column':
      'SELECT id, u.n FROM (VALUES 1, 2, 9) AS t(id) LEFT JOIN UNNEST(filter(sequence(1, 5), e -> e > id AND e < 4)) AS u(n) ON TRUE',
    'UNNEST side by side of a constant array of nulls':
      "SELECT t.id, u.n, u.w FROM (VALUES 1, 2) AS t(id) CROSS JOIN UNNEST(CAST(ARRAY[NULL] AS array(bigint)), ARRAY['b', 'a']) AS u(n, w) ORDER BY 1, 3",
    'array_sort of no array by a comparison':
      'SELECT array_sort(CAST(l AS array(bigint)), (x, y) -> CASE WHEN x < y THEN 1 WHEN x = y THEN 0 ELSE -1 END) FROM (VALUES NULL, ARRAY[1, 3], ARRAY[]) AS t(l)',
    'array_except of nothing':
      "SELECT array_except(ARRAY[1, 1, NULL, NULL], CAST(ARRAY[] AS array(integer))), array_except(ARRAY['a', 'a'], ARRAY['b']), array_except(CAST(ARRAY[] AS array(integer)), ARRAY[1])",
    'listagg of groups, in a window':
      "SELECT b, last_value(listagg(a, '; ') WITHIN GROUP (ORDER BY a DESC)) OVER (ORDER BY b) AS c, lag(listagg(a) WITHIN GROUP (ORDER BY a) FILTER (WHERE a > 'x')) OVER (ORDER BY b) AS d FROM (VALUES ('x', 2), ('y', 2), (NULL, 4), ('x', 5)) AS t(a, b) GROUP BY b",
    'what is taken out of no array or row at all keeps its type beside another':
      'SELECT filter(CAST(NULL AS array(double)), e -> e > 1)[1] AS a, CAST(NULL AS row(x double)).x AS b, CAST(NULL AS row(y double))[1] AS c UNION ALL SELECT CAST(1.25 AS decimal(9,2)), 2, CAST(3 AS bigint)',
    'the types of what is made of no array at all':
      "SELECT element_at(CAST(NULL AS array(varchar)), 1) AS a, concat_ws('', CAST(NULL AS array(varchar))) AS b, array_sort(CAST(NULL AS array(varchar))) AS c, array_distinct(CAST(NULL AS array(date))) AS d, reduce(CAST(NULL AS array(varchar)), '', (s, e) -> s || e, s -> s) AS e, CAST(NULL AS array(date))[1] AS f",
    'zip_with of a constant array of nulls':
      'SELECT zip_with(CAST(ARRAY[NULL] AS array(bigint)), ARRAY[1, 2], (x, y) -> coalesce(x, 0) + y)',
    'UNNEST side by side of what is made of columns':
      "SELECT id, u.n, u.w FROM (VALUES (1, ARRAY['a']), (2, NULL)) AS t(id, words) CROSS JOIN UNNEST(repeat(id, 2), words) AS u(n, w)",
    'UNNEST of an array filtered by an element of another':
      'SELECT x, y FROM (VALUES (1, ARRAY[1, 2])) AS t(id, r) CROSS JOIN UNNEST(filter(ARRAY[1, 2, 3], p -> p > id)) AS u(x) CROSS JOIN UNNEST(filter(ARRAY[2, 3, 4], q -> q > u.x)) AS w(y)',
    'elements from outside of a subquery, counted':
      'SELECT id, (SELECT count(*) FROM UNNEST(filter(sequence(1, 5), e -> e > id)) AS u(x)) AS n FROM (VALUES 1, 4) AS t(id)',
    'an arrow in a text and in a name':
      'SELECT transform(ARRAY[\'a -> b\', NULL], x -> x || \' -> "x" -> \') AS "x -> y"',
    'duplicates dropped':
      "SELECT array_distinct(ARRAY[3,1,2,1]) AS a, array_distinct(ARRAY[1,NULL,1,NULL]) AS b, array_distinct(ARRAY['b','a','b']) AS c, array_distinct(ARRAY[nan(), 1e0, nan()]) AS d, array_distinct(ARRAY[ARRAY[1,NULL],ARRAY[1,NULL]]) AS e, array_distinct(CAST(NULL AS array(integer))) AS f",
    'functions of arrays in columns': `SELECT id, array_distinct(a) AS d, array_sort(a) AS s, cardinality(a) AS n, array_max(a) AS m, contains(a, 1) AS c, array_position(a, 3) AS p, array_remove(a, 3) AS r, array_join(a, ',', '-') AS j, element_at(a, -1) AS l FROM ${LISTS_OF_ROWS} ORDER BY id`,
    'sets of arrays':
      'SELECT array_union(ARRAY[3,1,NULL,3], ARRAY[NULL,2,1]) AS a, array_intersect(ARRAY[3,1,NULL,3], ARRAY[NULL,2,1,3]) AS b, array_except(ARRAY[3,1,NULL,3,NULL], ARRAY[2]) AS c, array_union(ARRAY[1], ARRAY[2.5]) AS d, array_union(ARRAY[1], CAST(NULL AS array(integer))) AS e',
    'the order of an intersection':
      "SELECT array_intersect(ARRAY[1,3,2], ARRAY[2,1,3]) AS a, array_intersect(ARRAY[2,1,3], ARRAY[3,2]) AS b, array_intersect(ARRAY['c','b'], ARRAY['b','a','c']) AS c, array_intersect(ARRAY[nan()], ARRAY[nan(), 1e0]) AS d",
    overlaps:
      'SELECT arrays_overlap(ARRAY[1,NULL], ARRAY[2]) AS a, arrays_overlap(ARRAY[1,NULL], ARRAY[1]) AS b, arrays_overlap(ARRAY[], ARRAY[NULL]) AS c, arrays_overlap(ARRAY[NULL], ARRAY[NULL]) AS d, arrays_overlap(ARRAY[1], ARRAY[2]) AS e',
    'what an array holds':
      'SELECT contains(ARRAY[1,NULL], 1) AS a, contains(ARRAY[1,NULL], 2) AS b, contains(ARRAY[1], NULL) AS c, contains(ARRAY[nan()], nan()) AS d, contains(ARRAY[1,2], 2.0) AS e, contains(ARRAY[ARRAY[1,2]], ARRAY[1,2]) AS f',
    'a place and what is removed':
      'SELECT array_position(ARRAY[1,NULL,2], 2) AS a, array_position(ARRAY[1,2], 3) AS b, array_position(ARRAY[nan()], nan()) AS c, array_position(ARRAY[1], NULL) AS d, array_remove(ARRAY[1,NULL,2,1], 1) AS e, array_remove(ARRAY[nan(), 1e0], nan()) AS f',
    'an array with a null in it looked for': 'contains(ARRAY[ARRAY[1,NULL]], ARRAY[1,NULL])',
    'the greatest and the least with NaN':
      'SELECT array_max(ARRAY[nan(), 1e0]) AS a, array_max(ARRAY[nan()]) AS b, array_min(ARRAY[1e0, nan()]) AS c, array_max(ARRAY[1, NULL]) AS d, array_max(CAST(ARRAY[] AS array(integer))) AS e',
    sorted:
      "SELECT array_sort(ARRAY[2,NULL,1,NULL]) AS a, array_sort(ARRAY[nan(), 1e0, infinity(), -infinity()]) AS b, array_sort(ARRAY['b','B','a','É']) AS c, array_sort(ARRAY[ARRAY[2],ARRAY[1,5],ARRAY[]]) AS d",
    'sorted by a lambda':
      "SELECT array_sort(ARRAY[3,1,NULL,2], (x, y) -> CASE WHEN x IS NULL THEN -1 WHEN y IS NULL THEN 1 WHEN x < y THEN 1 WHEN x > y THEN -1 ELSE 0 END) AS a, array_sort(ARRAY['bbb','a','cc','d'], (x, y) -> IF(length(x) < length(y), -1, IF(length(x) = length(y), 0, 1))) AS b",
    'a comparison that gives 5': 'array_sort(ARRAY[3,1], (x, y) -> 5)',
    'elements past the end':
      'SELECT element_at(ARRAY[1,2], 3) AS a, element_at(ARRAY[1,2], -3) AS b, element_at(ARRAY[1,2], CAST(NULL AS integer)) AS c, element_at(CAST(NULL AS array(integer)), 0) AS d',
    'the element at 0': 'element_at(ARRAY[1,2], 0)',
    'a subscript of 0': 'ARRAY[1,2][0]',
    'a subscript past the end': 'ARRAY[1,2][3]',
    slices:
      'SELECT slice(ARRAY[1,2,3,4], -2, 5) AS a, slice(ARRAY[1,2,3,4], -5, 5) AS b, slice(ARRAY[1,2,3,4], 5, 5) AS c, slice(ARRAY[1,2,3,4], 1, 0) AS d, slice(ARRAY[1,2,3,4], 2, 2) AS e, slice(ARRAY[1], CAST(NULL AS integer), 1) AS f',
    'a slice from 0': 'slice(ARRAY[1], 0, 1)',
    'a slice of fewer than none': 'slice(ARRAY[1], 1, -1)',
    sequences:
      'SELECT sequence(5, 1) AS a, sequence(1, 10, 3) AS b, sequence(10, 1, -3) AS c, sequence(1, 1) AS d, sequence(9223372036854775806, 9223372036854775807) AS e, sequence(CAST(NULL AS bigint), 5) AS f',
    'a step of 0': 'sequence(1, 5, 0)',
    'a step that leads away': 'sequence(10, 1, 3)',
    'a sequence that is too long': 'sequence(1, 10001)',
    'sequences of dates':
      "SELECT sequence(DATE '2026-01-30', DATE '2026-02-02') AS a, sequence(DATE '2026-02-02', DATE '2026-01-30') AS b, sequence(DATE '2026-01-30', DATE '2026-02-03', INTERVAL '2' DAY) AS c",
    'sequences of months':
      "SELECT sequence(DATE '2026-01-31', DATE '2026-04-30', INTERVAL '1' MONTH) AS a, sequence(DATE '2026-01-31', DATE '2026-04-29', INTERVAL '1' MONTH) AS b, sequence(DATE '2024-02-29', DATE '2028-02-29', INTERVAL '1' YEAR) AS c",
    'sequences of times':
      "SELECT sequence(TIMESTAMP '2026-01-31 10:00:00', TIMESTAMP '2026-04-30 09:00:00', INTERVAL '1' MONTH) AS a, sequence(TIMESTAMP '2026-01-31 10:00:00', TIMESTAMP '2026-01-31 11:00:00', INTERVAL '30' MINUTE) AS b",
    'hours between dates': "sequence(DATE '2026-01-30', DATE '2026-02-03', INTERVAL '12' HOUR)",
    repeated: "SELECT repeat('a', 2) AS a, repeat('a', 0) AS b, repeat(CAST(NULL AS integer), 2) AS c",
    'repeated fewer than no times': "repeat('a', -1)",
    'put together':
      'SELECT flatten(ARRAY[ARRAY[1],NULL,ARRAY[NULL,3]]) AS a, ARRAY[1] || 2 AS b, 1 || ARRAY[2] || 3 AS c, ARRAY[1] || 2.5 AS d, ARRAY[1] || CAST(NULL AS integer) AS e, concat(ARRAY[1], ARRAY[2], ARRAY[NULL]) AS f, ARRAY[ARRAY[1]] || ARRAY[2] AS g, reverse(ARRAY[1,NULL,2]) AS h',
    joined:
      "SELECT array_join(ARRAY['a',NULL,'b'], ',') AS a, array_join(ARRAY[NULL], ',') AS b, array_join(ARRAY[NULL], ',', '?') AS c, array_join(ARRAY[], ',') AS d, array_join(ARRAY['',''], ',') AS e, array_join(ARRAY['a'], CAST(NULL AS varchar)) AS f, array_join(ARRAY[true,false], '') AS g, array_join(ARRAY[DATE '2026-01-31'], ',') AS h",
    'joined with a column of a lambda’s name':
      "SELECT array_join(ARRAY['a', NULL], ',', x) AS a, transform(ARRAY[1,2], x -> x + y) AS b FROM (VALUES ('x', 6)) AS t(x, y)",
    'some of an array':
      "SELECT combinations(ARRAY[1,2,3,4], 2) AS a, combinations(ARRAY[1,2], 0) AS b, combinations(ARRAY[1,2], 4) AS c, ngrams(ARRAY['a','b','c'], 2) AS d, ngrams(ARRAY['a'], 5) AS e, trim_array(ARRAY[1,2,3], 1) AS f",
    'more dropped than there are': 'trim_array(ARRAY[1,2,3], 4)',
    'grams of none': "ngrams(ARRAY['a'], 0)",
    'what holds of some, of all, of none':
      'SELECT any_match(ARRAY[1,NULL], x -> x > 5) AS a, any_match(ARRAY[1,NULL,9], x -> x > 5) AS b, all_match(ARRAY[9,NULL], x -> x > 5) AS c, all_match(ARRAY[1,NULL], x -> x > 5) AS d, none_match(ARRAY[1,NULL], x -> x > 5) AS e, none_match(ARRAY[9,NULL], x -> x > 5) AS f, any_match(ARRAY[], x -> true) AS g, all_match(CAST(NULL AS array(integer)), x -> x > 1) AS h',
    reduced:
      "SELECT reduce(ARRAY[5,20,NULL], 0, (s, x) -> s + x, s -> s) AS a, reduce(ARRAY[1,2,NULL], 0, (s, x) -> s + coalesce(x, 0), s -> s * 10) AS b, reduce(ARRAY['a','b'], '', (s, x) -> s || x, s -> s) AS c, reduce(ARRAY['a','bb'], 0, (s, x) -> s + length(x), s -> s) AS d, reduce(CAST(NULL AS array(integer)), 0, (s, x) -> s + x, s -> coalesce(s, 7)) AS e, reduce(ARRAY[5,20], 0e0, (s, x) -> s + x, s -> s / 2) AS f, reduce(ARRAY[1,2,3], ARRAY[0], (s, x) -> s || (s[cardinality(s)] + x), s -> s) AS g",
    'lambdas in lambdas':
      'SELECT transform(ARRAY[1,2], x -> transform(ARRAY[10], y -> x + y)) AS a, transform(ARRAY[1,2], x -> transform(ARRAY[10], x -> x + 1)) AS b, zip_with(ARRAY[1,2,3], ARRAY[10], (x, y) -> coalesce(x, 0) + coalesce(y, 0)) AS c, zip_with(ARRAY[ARRAY[1]], ARRAY[ARRAY[2]], (x, y) -> zip_with(x, y, (x, y) -> x + y)) AS d, filter(ARRAY[1,NULL,3], x -> x > 1) AS e',
    'arrays compared':
      'SELECT ARRAY[1,NULL] = ARRAY[1,NULL] AS a, ARRAY[1,NULL] = ARRAY[2,NULL] AS b, ARRAY[1] = ARRAY[1,NULL] AS c, ARRAY[1,2] <> ARRAY[1,3] AS d, ARRAY[nan()] = ARRAY[nan()] AS e, ARRAY[1,NULL] IN (ARRAY[1,NULL], ARRAY[3]) AS f, ARRAY[1,NULL] IS DISTINCT FROM ARRAY[1,NULL] AS g, nullif(ARRAY[1,NULL], ARRAY[1,NULL]) AS h, ARRAY[ARRAY[1,NULL]] = ARRAY[ARRAY[1,2]] AS i',
    'arrays in order':
      'SELECT ARRAY[1,2] < ARRAY[1,3] AS a, ARRAY[1] < ARRAY[1,2] AS b, ARRAY[2] > ARRAY[1,5] AS c, ARRAY[1,NULL] < ARRAY[2,3] AS d, ARRAY[1,2] >= ARRAY[1,2] AS e',
    'arrays with a null in order': 'ARRAY[1,NULL] < ARRAY[1,3]',
    'arrays with a null in them sorted': 'array_sort(ARRAY[ARRAY[1,NULL], ARRAY[1,2]])',
    'a list of a group':
      'SELECT array_agg(x ORDER BY x) AS a, array_agg(x) FILTER (WHERE x > 9) AS b, array_agg(DISTINCT x ORDER BY x) AS c, max(x, 2) AS d, min(x, 2) FILTER (WHERE x > 1) AS e FROM ' +
      NUMBERS,
    'a list of no rows': `SELECT array_agg(x) AS a, max(x, 2) AS b, listagg(CAST(x AS varchar), ',') WITHIN GROUP (ORDER BY x) AS c FROM ${NUMBERS} WHERE false`,
    'a text of a group':
      "SELECT listagg(x) WITHIN GROUP (ORDER BY x) AS a, listagg(x, ',') WITHIN GROUP (ORDER BY x DESC) AS b, listagg(DISTINCT x, ',') WITHIN GROUP (ORDER BY x) AS c, listagg(x, ',' ON OVERFLOW TRUNCATE '…' WITH COUNT) WITHIN GROUP (ORDER BY x) FILTER (WHERE x <> 'a') AS d FROM (VALUES 'b', NULL, 'a', '', 'b') AS t(x)",
    'the first by another column':
      'SELECT max_by(x, y, 2) AS a, min_by(x, y, 2) AS b FROM (VALUES (1, 2), (3, 4), (NULL, 5), (6, NULL)) AS t(x, y)',
    'pairs among pairs':
      'SELECT x, (x, y) IN (SELECT 1, 2) AS a, (x, y) NOT IN (SELECT 3, NULL) AS b FROM (VALUES (1, 2), (3, NULL), (4, 4)) AS t(x, y) ORDER BY x',
  },
  refused: {
    'an order that is another one each time': 'shuffle(ARRAY[1,2])',
    'doubles as text': "array_join(ARRAY[1e0, 2.5e0], ',')",
    'a number of a group that is not written': 'SELECT max(x, y) FROM (VALUES (1, 2)) AS t(x, y)',
    'a state that grows': 'reduce(ARRAY[1.5], 0.0, (s, x) -> s + x, s -> s)',
    'an array looked for in a subquery': 'ARRAY[1] IN (SELECT ARRAY[1])',
    'an array between two': 'ARRAY[1,2] BETWEEN ARRAY[1] AND ARRAY[2]',
    'the greatest of arrays': 'greatest(ARRAY[1], ARRAY[2])',
  },
};
