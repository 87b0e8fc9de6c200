import fc from 'fast-check';
import { a, ab } from './expressions.ts';
import { AGGREGATES, WINDOWS_OF_TIES } from './group-calls.ts';
import { joined, type ResultType, type Sql, TYPES } from './sql-text.ts';

const aggregateTypes = TYPES.filter((type) => AGGREGATES[type].length > 0);
const measure = a.any((type) => a.aggregate(type, 'a.id'), aggregateTypes);
const key = (depth = 1): Sql =>
  a.any(
    (type) => a.scalar(type, depth),
    ['integer', 'boolean', 'varchar', 'date', 'double', 'decimal(38,2)'],
  );
const windowTypes = Object.keys(WINDOWS_OF_TIES) as ResultType[];
const window = a.any((type) => a.windowOfTies(type), windowTypes);

/** Several sets of groups at once, windows over equal rows, named windows. */
export const GROUPING_QUERIES: readonly Sql[] = [
  joined(['SELECT a.id, ', window, ' AS c0, ', window, ' AS c1 FROM a']),
  joined(['SELECT a.id, ', window, ' AS c0 FROM a']),
  joined([
    'SELECT a.id, sum(a.n % 100) OVER w AS c0, count(a.s) OVER (w ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS c1, ',
    'last_value(a.d) OVER w AS c2 FROM a WINDOW w AS (PARTITION BY ',
    a.scalar('boolean', 1),
    ' ORDER BY a.id)',
  ]),
  joined([
    'SELECT a.k, a.s, a.x, grouping(a.k, a.s, a.x) AS g, ',
    measure,
    ' AS c0, count(*) AS c1 FROM a GROUP BY ',
    fc.constantFrom(
      'CUBE (a.k, a.s, a.x)',
      'ROLLUP (a.x, a.s, a.k)',
      'GROUPING SETS ((a.k, a.s), (a.x), ())',
      'a.k, ROLLUP (a.s, a.x)',
      'a.k, CUBE (a.s), GROUPING SETS ((a.x), ())',
      'GROUPING SETS ((a.k, a.s, a.x), (a.k, a.s, a.x), ())',
    ),
    fc.constantFrom('', ' HAVING count(*) > 1', ' HAVING grouping(a.s) = 1'),
  ]),
  joined(['SELECT ', key(), ' AS g0, ', key(), ' AS g1, ', measure, ' AS c0 FROM a GROUP BY 1, 2']),
  joined(['SELECT s.g, count(*) AS n FROM (SELECT ', key(), ' AS g FROM a) s GROUP BY ROLLUP (s.g)']),
  joined([
    'SELECT g, ',
    fc.constantFrom('sum(c0)', 'avg(c0)', 'max(c0)', 'count(c0)'),
    ' AS c1 FROM (SELECT a.ok AS g, ',
    a.aggregate('double', 'a.id'),
    ' AS c0 FROM a GROUP BY a.ok, a.k) s GROUP BY GROUPING SETS ((g), ())',
  ]),
  joined([
    'SELECT a.ok AS g, rank() OVER (ORDER BY count(*) DESC, a.ok) AS c0, ',
    measure,
    ' AS c1 FROM a GROUP BY a.ok',
  ]),
  joined([
    'SELECT a.k AS g, ',
    ab.any((type) => ab.aggregate(type, '(a.id * 100 + b.id)'), aggregateTypes),
    ' AS c0 FROM a JOIN b ON a.id <> b.id AND ',
    ab.scalar('boolean', 1),
    ' GROUP BY a.k',
  ]),
];
