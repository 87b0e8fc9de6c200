import fc from 'fast-check';
import { a, ab, b } from './expressions.ts';
import { AGGREGATES } from './group-calls.ts';
import { joined, type ResultType, type Sql, TYPES } from './sql-text.ts';

const aggregateTypes = TYPES.filter((type) => AGGREGATES[type].length > 0);
const COMPARED: readonly ResultType[] = [
  'integer',
  'bigint',
  'double',
  'decimal(9,2)',
  'decimal(38,2)',
  'varchar',
  'date',
];
const comparison = fc.constantFrom('=', '<>', '<', '<=', '>', '>=');

/** Subqueries that know of what is around them, or not; tables joined by more than a key. */
export const SUBQUERIES: readonly Sql[] = [
  fc
    .tuple(
      fc.oneof(...COMPARED.map((type) => fc.tuple(a.scalar(type, 1), b.scalar(type, 1)))),
      comparison,
      fc.constantFrom('ALL', 'ANY', 'SOME'),
      fc.constantFrom('', ' WHERE b.id < 3', ' WHERE b.id > 9'),
    )
    .map(
      ([[left, right], sign, all, some]) =>
        `SELECT a.id FROM a WHERE ${left} ${sign} ${all} (SELECT ${right} FROM b${some})`,
    ),
  fc
    .tuple(
      fc.oneof(...COMPARED.map((type) => fc.tuple(a.scalar(type, 1), b.scalar(type, 1)))),
      fc.constantFrom('IN', 'NOT IN'),
      fc.constantFrom('', ' WHERE b.k = a.k', ' WHERE b.id >= a.id'),
    )
    .map(
      ([[left, right], is, some]) => `SELECT a.id, ${left} ${is} (SELECT ${right} FROM b${some}) AS c FROM a`,
    ),
  joined([
    'SELECT a.id, (SELECT ',
    b.any((type) => b.aggregate(type, 'b.id'), aggregateTypes),
    ' FROM b WHERE b.k = a.k AND ',
    b.scalar('boolean', 1),
    ') AS c FROM a',
  ]),
  joined([
    'SELECT a.id FROM a WHERE (SELECT ',
    fc.constantFrom('count(*)', 'count(b.s)', 'sum(b.k)', 'max(b.id)'),
    ' FROM b WHERE b.k = a.k) ',
    comparison,
    ' ',
    a.scalar('integer', 1),
  ]),
  joined([
    'SELECT a.id, EXISTS (SELECT 1 FROM b WHERE b.k = a.k AND ',
    b.scalar('boolean', 1),
    ') AS c, CASE WHEN a.k IN (SELECT b.k FROM b) THEN ',
    a.scalar('varchar', 1),
    ' END AS d FROM a',
  ]),
  joined([
    'SELECT a.id, l.c FROM a CROSS JOIN LATERAL (SELECT ',
    fc.constantFrom('count(*)', 'max(b.d)', 'min(b.s)', 'count_if(b.ok)'),
    ' AS c FROM b WHERE b.k = a.k) AS l',
  ]),
  joined([
    'SELECT a.id, l.c FROM a CROSS JOIN LATERAL (SELECT ',
    a.any((type) => a.scalar(type, 1)),
    ' AS c) AS l',
  ]),
  joined([
    'SELECT a.id AS i, b.id AS j FROM a ',
    fc.constantFrom('JOIN', 'LEFT JOIN'),
    ' b ON ',
    ab.scalar('boolean', 1),
  ]),
  joined([
    'SELECT a.id AS i, b.id AS j FROM a ',
    fc.constantFrom('RIGHT JOIN', 'FULL JOIN'),
    ' b ON a.k = b.k AND ',
    a.scalar('boolean', 1),
  ]),
  fc
    .tuple(
      fc.oneof(...COMPARED.map((type) => fc.tuple(a.scalar(type, 1), b.scalar(type, 1)))),
      fc.constantFrom('JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN'),
    )
    .map(([[left, right], join]) => `SELECT a.id AS i, b.id AS j FROM a ${join} b ON ${left} = ${right}`),
  joined([
    'SELECT one.id AS i, other.id AS j FROM a one JOIN a other ON one.k = other.k AND one.id < other.id WHERE ',
    fc.constantFrom(
      'one.x <> other.x',
      'one.nums = other.nums',
      'one.s IS DISTINCT FROM other.s',
      'one.big > other.d',
    ),
  ]),
  joined([
    'SELECT (SELECT ',
    a.any((type) => a.aggregate(type, 'a.id'), aggregateTypes),
    ' FROM a WHERE ',
    a.scalar('boolean', 1),
    ') AS c',
  ]),
];
