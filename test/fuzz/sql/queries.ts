import fc from 'fast-check';
import { a, ab, b, type Expressions } from './expressions.ts';
import { AGGREGATES, WINDOWS } from './group-calls.ts';
import { GROUPING_QUERIES } from './grouping-queries.ts';
import { SET_QUERIES } from './set-queries.ts';
import { joined, oneOf, type ResultType, type Sql, TYPES } from './sql-text.ts';
import { SUBQUERIES } from './subqueries.ts';
import { table } from './tables.ts';
import { UNNEST_QUERIES } from './unnest-queries.ts';

const DEPTH = 2;

const list = (one: Sql, most = 3): Sql =>
  fc
    .array(one, { minLength: 1, maxLength: most })
    .map((all) => all.map((e, i) => `${e} AS c${i}`).join(', '));
const values = (of: Expressions, depth = DEPTH): Sql => list(of.any((type) => of.scalar(type, depth)));
const condition = (of: Expressions, depth = 1): Sql => of.scalar('boolean', depth);
/** `WHERE …`, or nothing. */
const where = (of: Expressions): Sql =>
  oneOf(
    fc.constant(''),
    condition(of).map((test) => ` WHERE ${test}`),
  );
const aggregateTypes = TYPES.filter((type) => AGGREGATES[type].length > 0);
const windowTypes = Object.keys(WINDOWS) as ResultType[];
const GROUPS: readonly ResultType[] = ['integer', 'boolean', 'varchar', 'date', 'decimal(9,2)', 'double'];

/** Forms of queries over the tables `a` and `b`, the simplest first. */
const QUERIES: readonly Sql[] = [
  joined(['SELECT a.id, ', values(a), ' FROM a', where(a)]),
  joined(['SELECT a.id, ', values(a, 3), ' FROM a']),
  joined(['SELECT ', list(a.any((type) => a.aggregate(type, 'a.id'), aggregateTypes)), ' FROM a', where(a)]),
  fc
    .tuple(
      a.any((type) => a.scalar(type, 1), GROUPS),
      list(a.any((type) => a.aggregate(type, 'a.id'), aggregateTypes)),
      where(a),
      oneOf(fc.constant(''), fc.constantFrom(' HAVING count(*) > 1', ' HAVING max(a.id) < 4')),
    )
    .map(
      ([key, measures, filter, having]) =>
        `SELECT ${key} AS g, ${measures} FROM a${filter} GROUP BY ${key}${having}`,
    ),
  joined([
    'SELECT a.k, a.ok, grouping(a.k) AS gk, ',
    list(
      a.any((type) => a.aggregate(type, 'a.id'), aggregateTypes),
      2,
    ),
    ' FROM a GROUP BY ',
    fc.constantFrom(
      'ROLLUP (a.k, a.ok)',
      'GROUPING SETS ((a.k, a.ok), (a.ok, a.k), (a.k))',
      'CUBE (a.k, a.ok)',
    ),
  ]),
  joined(['SELECT a.id, ', list(a.any((type) => a.window(type, 'a.id'), windowTypes)), ' FROM a', where(a)]),
  joined([
    'SELECT ',
    values(ab, 1),
    ', a.id AS i, b.id AS j FROM a ',
    fc.constantFrom('JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN'),
    ' b ON a.k = b.k',
    where(ab),
  ]),
  joined(['SELECT DISTINCT ', values(a, 1), ' FROM a']),
  joined([
    'SELECT g, count(*) AS n, max(c0) AS most FROM (SELECT a.k AS g, ',
    a.any((type) => a.scalar(type, 1), GROUPS),
    ' AS c0 FROM a',
    where(a),
    ') s GROUP BY g',
    oneOf(fc.constant(''), fc.constant(' HAVING count(*) > 1')),
  ]),
  joined([
    'SELECT * FROM (SELECT a.id, a.k, a.s, a.x, a.big, a.nums, row_number() OVER (PARTITION BY ',
    a.any((type) => a.scalar(type, 1), GROUPS),
    ' ORDER BY a.id DESC) AS place FROM a) latest WHERE place = 1',
  ]),
  fc
    .tuple(
      a.any((type) => a.aggregate(type, 'a.id'), aggregateTypes),
      fc.constantFrom(
        'lag($0)',
        'lead($0, 2)',
        'first_value($0)',
        'last_value($0)',
        'nth_value($0, 2)',
        'count($0)',
      ),
      fc.constantFrom('ORDER BY a.k', 'ORDER BY a.k DESC', 'PARTITION BY a.k > 0 ORDER BY a.k'),
    )
    .map(
      ([measure, over, order]) =>
        `SELECT a.k AS g, ${measure} AS c0, ${over.replace('$0', () => measure)} OVER (${order}) AS c1 FROM a GROUP BY a.k`,
    ),
  joined([
    'SELECT a.k AS g, sum(sum(a.k)) OVER (ORDER BY a.k) AS c0, avg(sum(a.x)) OVER () AS c1 FROM a GROUP BY a.k',
  ]),
  joined([
    'SELECT a.id, ',
    ab.any((type) => ab.aggregate(type, 'b.id'), aggregateTypes),
    ' AS c FROM a LEFT JOIN b ON b.id > a.id GROUP BY a.id',
  ]),
  joined([
    'SELECT k, a.id AS i, b.id AS j FROM a ',
    fc.constantFrom('JOIN', 'LEFT JOIN', 'FULL JOIN'),
    ' b USING (k)',
  ]),
  fc
    .tuple(
      a.any((type) => fc.tuple(a.scalar(type, 1), b.scalar(type, 1)).map((two) => two.join('\u0001'))),
      fc.constantFrom('UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT'),
    )
    .map(([two, operator]) => {
      const [left, right] = two.split('\u0001');
      return `SELECT ${left} AS c FROM a ${operator} SELECT ${right} AS c FROM b`;
    }),
  fc
    .tuple(
      a.any((type) =>
        a.any((other) =>
          fc
            .tuple(a.scalar(type, 1), a.scalar(other, 1), b.scalar(type, 1), b.scalar(other, 1))
            .map((four) => four.join('\u0001')),
        ),
      ),
      fc.constantFrom('UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT'),
    )
    .map(([four, operator]) => {
      const [one, two, three, last] = four.split('\u0001');
      return `SELECT ${one} AS c, ${two} AS d FROM a ${operator} SELECT ${three}, ${last} FROM b`;
    }),
  joined([
    'SELECT a.id FROM a WHERE a.k ',
    fc.constantFrom('IN', 'NOT IN'),
    ' (SELECT b.k FROM b',
    where(b),
    ')',
  ]),
  joined([
    'SELECT a.id FROM a WHERE ',
    fc.constantFrom('', 'NOT '),
    'EXISTS (SELECT 1 FROM b WHERE b.k = a.k AND ',
    condition(ab),
    ')',
  ]),
  joined([
    'SELECT a.id, (SELECT ',
    b.any((type) => b.aggregate(type, 'b.id'), aggregateTypes),
    ' FROM b WHERE b.k = a.k) AS c FROM a',
  ]),
  joined([
    'SELECT a.id, u.n, u.w FROM a CROSS JOIN UNNEST(',
    a.scalar('array(bigint)', 1),
    ', ',
    a.scalar('array(varchar)', 1),
    ') AS u(n, w)',
  ]),
  joined([
    'SELECT a.id, u.k, u.v FROM a CROSS JOIN UNNEST(',
    a.scalar('map(varchar,bigint)', 1),
    ') AS u(k, v)',
  ]),
  joined(['SELECT a.id, u.n FROM a LEFT JOIN UNNEST(', a.scalar('array(bigint)', 2), ') AS u(n) ON TRUE']),
  joined([
    'SELECT a.id, u.e, u.place FROM a CROSS JOIN UNNEST(',
    a.scalar('array(varchar)', 1),
    ') WITH ORDINALITY AS u(e, place)',
  ]),
  joined([
    'SELECT a.id, ',
    values(a, 1),
    ' FROM a ORDER BY a.id ',
    fc.constantFrom('', 'DESC '),
    'LIMIT ',
    fc.constantFrom('0', '2', '10'),
  ]),
];

/** What the tables are called in a query. */
const NAMES: { readonly [table: string]: string } = { a: 'a|one|other', b: 'b' };

/** Whole statements: two random tables, of which the columns are made that are read, and a query over them. */
export const statements: Sql = fc
  .tuple(
    table('a'),
    table('b'),
    fc.oneof(...QUERIES, ...GROUPING_QUERIES, ...SET_QUERIES, ...SUBQUERIES, ...UNNEST_QUERIES),
  )
  .map(([first, second, query]) => {
    const reads = (name: string, column: string) =>
      new RegExp(`\\b(${NAMES[name]})\\.${column}\\b`).test(query);
    const used = [
      /\b(FROM|JOIN) a\b/.test(query) ? first((column) => reads('a', column)) : '',
      /\b(FROM|JOIN) b\b/.test(query) ? second((column) => reads('b', column)) : '',
    ].filter(Boolean);
    return `WITH ${used.join(',\n')}\n${query}`;
  });
