import type { Idioms } from './idiom.ts';

export const JOINS: Idioms = {
  'inner join': 'SELECT s.id, w.id AS piece FROM students s JOIN work w ON w.student_id = s.id ORDER BY w.id',
  'left join':
    'SELECT s.id, w.id AS piece FROM students s LEFT JOIN work w ON w.student_id = s.id ORDER BY s.id, w.id',
  'right join': 'SELECT s.name, w.id FROM students s RIGHT JOIN work w ON w.student_id = s.id ORDER BY w.id',
  'full join':
    'SELECT s.id AS student, w.id AS piece FROM students s FULL JOIN work w ON w.student_id = s.id ORDER BY s.id, w.id',
  'cross join': 'SELECT count(*) AS n FROM students CROSS JOIN work',
  'tables with a comma': 'SELECT count(*) AS n FROM students s, work w WHERE s.id = w.student_id',
  'join using':
    'SELECT id, a, b FROM (VALUES (1, 2), (2, 3)) AS x(id, a) JOIN (VALUES (1, 5)) AS y(id, b) USING (id)',
  'all columns of a join using':
    'SELECT * FROM (VALUES (1, 2), (2, 3)) AS x(id, a) LEFT JOIN (VALUES (1, 5)) AS y(id, b) USING (id) ORDER BY id',
  'a table with itself':
    'SELECT a.id AS one, b.id AS other FROM students a JOIN students b ON a.gpa = b.gpa AND a.id < b.id',
  'a join by a range':
    "SELECT s.id, w.id AS piece FROM students s JOIN work w ON CAST(w.due_at AS date) BETWEEN s.admitted AND date_add('year', 2, s.admitted) AND w.student_id = s.id ORDER BY w.id",
  'nulls do not join': 'SELECT count(*) AS n FROM students a JOIN students b ON a.program = b.program',
  'nulls join where asked':
    'SELECT count(*) AS n FROM students a JOIN students b ON a.program IS NOT DISTINCT FROM b.program',
  exists:
    'SELECT id FROM students s WHERE EXISTS (SELECT 1 FROM work w WHERE w.student_id = s.id) ORDER BY id',
  'not exists':
    'SELECT id FROM students s WHERE NOT EXISTS (SELECT 1 FROM work w WHERE w.student_id = s.id) ORDER BY id',
  'in a subquery': 'SELECT id FROM students WHERE id IN (SELECT student_id FROM work) ORDER BY id',
  'not in a subquery': 'SELECT id FROM students WHERE id NOT IN (SELECT student_id FROM work) ORDER BY id',
  'a scalar subquery': 'SELECT id, (SELECT max(score) FROM work) AS best FROM students ORDER BY id',
  'a correlated scalar subquery':
    'SELECT id, (SELECT max(w.score) FROM work w WHERE w.student_id = s.id) AS best FROM students s ORDER BY id',
  'aliases without case': 'SELECT S.ID, s.Name FROM students S WHERE s.id = 1',
};

export const AGGREGATES: Idioms = {
  counts: 'SELECT count(*) AS a, count(gpa) AS b, count(DISTINCT gpa) AS c FROM students',
  'sums and means':
    'SELECT sum(credits) AS total, avg(credits) AS mean, min(credits) AS least, max(name) AS last FROM students',
  'of no rows': 'SELECT count(*) AS n, sum(credits) AS total, max(name) AS last FROM students WHERE id > 99',
  'by group': 'SELECT program, count(*) AS n FROM students GROUP BY program ORDER BY program',
  'by number': 'SELECT year(admitted) AS y, count(*) AS n FROM students GROUP BY 1 ORDER BY 1',
  having: 'SELECT program FROM students GROUP BY program HAVING count(*) > 1 ORDER BY 1',
  'counted where': 'SELECT count_if(credits > 20) AS a, count(*) FILTER (WHERE gpa > 3) AS b FROM students',
  'summed where': "SELECT sum(credits) FILTER (WHERE program = 'CS') AS a FROM students",
  'any and all':
    'SELECT bool_or(credits > 50) AS a, bool_and(credits > 10) AS b, every(credits > 20) AS c FROM students',
  'of the best': 'SELECT max_by(name, gpa) AS best, min_by(name, credits) AS least FROM students',
  'any value': 'SELECT program, arbitrary(program) AS p FROM students GROUP BY program ORDER BY program',
  'a list in order':
    'SELECT program, array_agg(id ORDER BY id DESC) AS ids FROM students GROUP BY program ORDER BY program',
  'a list with nulls': 'SELECT array_agg(credits ORDER BY id) AS credits FROM students',
  'a list by another column': 'SELECT array_agg(name ORDER BY credits) AS names FROM students',
  'a text of a group':
    "SELECT program, listagg(name, '+') WITHIN GROUP (ORDER BY id) AS names FROM students GROUP BY program ORDER BY program",
  'a text of nothing':
    "SELECT listagg(name, ',') WITHIN GROUP (ORDER BY id) AS names FROM students WHERE id > 99",
  deviations:
    'SELECT stddev(credits) AS a, stddev_pop(credits) AS b, variance(credits) AS c, var_pop(credits) AS d FROM students',
  'the deviation of one': 'SELECT stddev(credits) AS a FROM students WHERE id = 1',
  'a correlation': 'SELECT corr(CAST(gpa AS double), credits) AS r FROM students',
  'a regression':
    'SELECT regr_slope(score, CAST(id AS double)) AS slope, regr_intercept(score, CAST(id AS double)) AS base FROM work',
  'a geometric mean': 'SELECT geometric_mean(credits) AS g FROM students',
  rollup:
    'SELECT course, student_id, count(*) AS n FROM work GROUP BY ROLLUP (course, student_id) ORDER BY 1, 2, 3',
  cube: 'SELECT program, y, count(*) AS n FROM (SELECT program, year(admitted) AS y FROM students) t GROUP BY CUBE (program, y) ORDER BY 1, 2, 3',
  'grouping sets':
    'SELECT course, student_id, grouping(course, student_id) AS g, sum(score) AS total FROM work GROUP BY GROUPING SETS ((course), (student_id), ()) ORDER BY 3, 1, 2',
  distinct: 'SELECT DISTINCT program FROM students ORDER BY program',
  'a median without approximation':
    'SELECT avg(score) AS median FROM (SELECT score, row_number() OVER (ORDER BY score) AS place, count(*) OVER () AS n FROM work WHERE score IS NOT NULL) t WHERE place IN ((n + 1) / 2, (n + 2) / 2)',
  'of whole numbers, whole': 'SELECT sum(credits) / count(credits) AS mean FROM students',
  'a share of a condition': 'SELECT CAST(count_if(credits > 20) AS double) / count(*) AS share FROM students',
  'rounded in SQL': 'SELECT course, round(avg(score), 1) AS mean FROM work GROUP BY course ORDER BY course',
  'of case': "SELECT sum(CASE WHEN course = 'CS-101' THEN 1 ELSE 0 END) AS n FROM work",
  'the number of days':
    'SELECT count(DISTINCT CAST(handed_in_at AS date)) AS days, max(handed_in_at) AS last FROM work',
};

export const WINDOWS: Idioms = {
  'a place': 'SELECT id, row_number() OVER (ORDER BY gpa DESC, id) AS place FROM students ORDER BY id',
  ranks:
    'SELECT id, rank() OVER (ORDER BY gpa) AS r, dense_rank() OVER (ORDER BY gpa) AS d, percent_rank() OVER (ORDER BY gpa) AS p, cume_dist() OVER (ORDER BY gpa) AS c FROM students ORDER BY id',
  'nulls come last in a window, both ways':
    'SELECT id, row_number() OVER (ORDER BY credits) AS up, row_number() OVER (ORDER BY credits DESC) AS down FROM students ORDER BY id',
  'by group and place':
    'SELECT id, row_number() OVER (PARTITION BY program ORDER BY id DESC) AS place FROM students ORDER BY id',
  'the newest of each':
    'SELECT id, course FROM (SELECT id, course, row_number() OVER (PARTITION BY course ORDER BY due_at DESC, id) AS place FROM work) t WHERE place = 1 ORDER BY id',
  'the one before and after':
    'SELECT id, lag(id) OVER (ORDER BY id) AS before, lead(id, 2, -1) OVER (ORDER BY id) AS after FROM work ORDER BY id',
  'a running sum': 'SELECT id, sum(credits) OVER (ORDER BY id) AS total FROM students ORDER BY id',
  'a running sum over ties': 'SELECT id, sum(credits) OVER (ORDER BY gpa) AS total FROM students ORDER BY id',
  'a moving mean':
    'SELECT id, avg(score) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS mean FROM work ORDER BY id',
  'the rest of a group':
    'SELECT id, count(*) OVER (PARTITION BY course ORDER BY id ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS rest FROM work ORDER BY id',
  'first and last':
    'SELECT id, first_value(name) OVER (PARTITION BY program ORDER BY id) AS a, last_value(name) OVER (PARTITION BY program ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS b FROM students ORDER BY id',
  'the second':
    'SELECT id, nth_value(id, 2) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS second FROM students ORDER BY id',
  'the last that is not null':
    'SELECT id, last_value(score) IGNORE NULLS OVER (ORDER BY id) AS score FROM work ORDER BY id',
  'quarters of a class': 'SELECT id, ntile(2) OVER (ORDER BY credits) AS half FROM students ORDER BY id',
  'against the mean of the class':
    'SELECT id, score - avg(score) OVER (PARTITION BY course) AS gap FROM work ORDER BY id',
  'a share of the whole':
    'SELECT id, credits * 100e0 / sum(credits) OVER () AS percent FROM students ORDER BY id',
  'counted where, in a window':
    'SELECT id, count_if(score > 70) OVER (PARTITION BY course) AS good FROM work ORDER BY id',
  'windows over groups':
    'SELECT course, count(*) AS n, rank() OVER (ORDER BY count(*) DESC, course) AS place FROM work GROUP BY course ORDER BY course',
  'a named window':
    'SELECT id, sum(credits) OVER w AS total, count(*) OVER w AS n FROM students WINDOW w AS (PARTITION BY program ORDER BY id) ORDER BY id',
};

export const SETS: Idioms = {
  union: 'SELECT x FROM (VALUES 1, 2, 2) AS a(x) UNION SELECT y FROM (VALUES 2, 3) AS b(y) ORDER BY 1',
  'union all': 'SELECT x FROM (VALUES 1, 2) AS a(x) UNION ALL SELECT y FROM (VALUES 2, 3) AS b(y) ORDER BY 1',
  'union of two kinds': 'SELECT 1 AS x UNION ALL SELECT CAST(2 AS bigint) ORDER BY 1',
  'union with a double': 'SELECT 1 AS x UNION ALL SELECT 2.5e0 ORDER BY 1',
  'union of a date and a timestamp':
    "SELECT DATE '2026-01-31' AS x UNION ALL SELECT TIMESTAMP '2026-01-31 08:00:00' ORDER BY 1",
  'union of decimals':
    'SELECT CAST(1.5 AS decimal(3,1)) AS x UNION ALL SELECT CAST(2.25 AS decimal(5,2)) ORDER BY 1',
  intersect:
    'SELECT x FROM (VALUES 1, 2, NULL) AS a(x) INTERSECT SELECT y FROM (VALUES 2, NULL) AS b(y) ORDER BY 1',
  except: 'SELECT x FROM (VALUES 1, 2, 2, 3) AS a(x) EXCEPT SELECT 2 ORDER BY 1',
  'intersect binds before union': 'SELECT 1 AS x UNION SELECT 2 INTERSECT SELECT 3 ORDER BY 1',
  'nulls are one in a set': 'SELECT CAST(NULL AS integer) AS x UNION SELECT CAST(NULL AS integer)',
  values: "SELECT * FROM (VALUES (1, 'a'), (2, NULL)) AS v(n, t) ORDER BY n",
  'common tables':
    'WITH a AS (SELECT 1 AS x), b AS (SELECT x + 1 AS x FROM a) SELECT a.x AS one, b.x AS two FROM a CROSS JOIN b',
  'a common table with names': 'WITH a(p, q) AS (SELECT 1, 2) SELECT q, p FROM a',
  'a common table twice': 'WITH a AS (SELECT 1 AS x) SELECT l.x + r.x AS y FROM a l JOIN a r ON l.x = r.x',
  'a common table in a subquery': 'SELECT y FROM (WITH a AS (SELECT 2 AS y) SELECT y FROM a) t',
  'nulls last, up': 'SELECT id FROM students ORDER BY credits',
  'nulls last, down': 'SELECT id FROM students ORDER BY credits DESC',
  'nulls first where asked': 'SELECT id FROM students ORDER BY credits NULLS FIRST',
  'the first rows': 'SELECT id FROM students ORDER BY id LIMIT 2',
  'the rows after the first': 'SELECT id FROM students ORDER BY id OFFSET 3 LIMIT 1',
  'fetch first': 'SELECT id FROM students ORDER BY id DESC FETCH FIRST 2 ROWS ONLY',
  'ordered by what is not shown': 'SELECT name FROM students ORDER BY credits DESC, id',
  'ordered by an alias': 'SELECT id, credits * -1 AS x FROM students ORDER BY x, id',
  'ordered by an expression': 'SELECT id FROM students ORDER BY abs(coalesce(credits, 0) - 40), id',
  'truth is a column': 'SELECT id, credits > 20 AS many FROM students ORDER BY id',
  'truths in order': 'SELECT b FROM (VALUES true, false, NULL) AS v(b) ORDER BY b',
  'a name that is a keyword': 'SELECT 1 AS "timestamp", 2 AS "order"',
  'a pivot':
    'SELECT program, count(CASE WHEN credits >= 30 THEN 1 END) AS many, count(CASE WHEN credits < 30 THEN 1 END) AS few FROM students GROUP BY program ORDER BY program',
  'gaps and islands':
    "SELECT min(d) AS first, max(d) AS last, count(*) AS days FROM (SELECT d, date_add('day', CAST(0 - row_number() OVER (ORDER BY d) AS integer), d) AS island FROM (VALUES DATE '2026-01-01', DATE '2026-01-02', DATE '2026-01-05') AS v(d)) t GROUP BY island ORDER BY 1",
};
