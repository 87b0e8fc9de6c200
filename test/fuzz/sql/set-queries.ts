import fc from 'fast-check';
import { a, b } from './expressions.ts';
import { joined, type ResultType, type Sql } from './sql-text.ts';

/** Types whose values have an order that every engine keeps. */
const SORTED: readonly ResultType[] = [
  'boolean',
  'integer',
  'bigint',
  'double',
  'decimal(9,2)',
  'decimal(38,2)',
  'varchar',
  'date',
  'timestamp',
];
const operator = fc.constantFrom('UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT');
const order = fc.constantFrom('', ' DESC', ' NULLS FIRST', ' DESC NULLS FIRST', ' ASC NULLS LAST');
const rows = fc.constantFrom('', ' LIMIT 3', ' OFFSET 1', ' OFFSET 2 ROWS FETCH FIRST 3 ROWS ONLY');

/** Pairs of expressions of one type, over `a` and over `b`. */
const two = (types: readonly ResultType[]): fc.Arbitrary<readonly [string, string]> =>
  fc.oneof(...types.map((type) => fc.tuple(a.scalar(type, 1), b.scalar(type, 1))));

/** Set operations in an order and within each other, rows without repetition in an order, lists of values. */
export const SET_QUERIES: readonly Sql[] = [
  fc
    .tuple(two(SORTED), operator, order, rows)
    .map(
      ([[left, right], between, by, some]) =>
        `SELECT ${left} AS c FROM a ${between} SELECT ${right} FROM b ORDER BY c${by}${some}`,
    ),
  fc
    .tuple(two(SORTED), two(SORTED), operator, order, order, rows)
    .map(
      ([[left, right], [more, others], between, by, then, some]) =>
        `SELECT ${left} AS c, ${more} AS d FROM a ${between} SELECT ${right}, ${others} FROM b ORDER BY 1${by}, d${then}${some}`,
    ),
  fc
    .tuple(two(SORTED), operator, operator)
    .map(
      ([[left, right], first, second]) =>
        `(SELECT ${left} AS c FROM a ${first} SELECT ${right} FROM b) ${second} SELECT ${right} FROM b`,
    ),
  fc
    .tuple(two(SORTED), operator, operator)
    .map(
      ([[left, right], first, second]) =>
        `SELECT ${left} AS c FROM a ${first} (SELECT ${right} FROM b ${second} SELECT ${left} FROM a)`,
    ),
  fc
    .tuple(
      fc.oneof(
        ...(
          [
            ['integer', 'bigint'],
            ['integer', 'double'],
            ['decimal(9,2)', 'bigint'],
            ['decimal(9,2)', 'double'],
            ['decimal(9,2)', 'decimal(38,2)'],
            ['date', 'timestamp'],
          ] as const
        ).map(([one, other]) => fc.tuple(a.scalar(one, 1), b.scalar(other, 1))),
      ),
      operator,
    )
    .map(([[left, right], between]) => `SELECT ${left} AS c FROM a ${between} SELECT ${right} FROM b`),
  joined([
    'SELECT DISTINCT ',
    a.any((type) => a.scalar(type, 1), SORTED),
    ' AS c, a.k FROM a ORDER BY c',
    order,
    ', a.k',
    order,
  ]),
  joined([
    'SELECT a.id, ',
    a.any((type) => a.scalar(type, 2), SORTED),
    ' AS c FROM a ORDER BY c',
    order,
    ', a.id',
    rows,
  ]),
  joined([
    'SELECT * FROM (WITH c AS (SELECT a.k, ',
    a.any((type) => a.scalar(type, 1), SORTED),
    ' AS v FROM a), d AS (SELECT c.v, count(*) AS n FROM c GROUP BY c.v) SELECT c.k, d.v, d.n FROM c JOIN d ON c.v = d.v) AS e',
  ]),
];
