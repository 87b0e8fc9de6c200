import fc from 'fast-check';
import { a } from './expressions.ts';
import { joined, type Sql } from './sql-text.ts';

const person = a.scalar('row(id integer,name varchar)', 1);

/** Elements as rows: with their places, of maps, of arrays of rows, filtered and grouped. */
export const UNNEST_QUERIES: readonly Sql[] = [
  joined([
    'SELECT a.id, u.n, u.w, u.place FROM a CROSS JOIN UNNEST(',
    a.scalar('array(bigint)', 1),
    ', ',
    a.scalar('array(varchar)', 1),
    ') WITH ORDINALITY AS u(n, w, place)',
  ]),
  joined([
    'SELECT a.id, u.k, u.v FROM a LEFT JOIN UNNEST(',
    a.scalar('map(varchar,bigint)', 1),
    ') AS u(k, v) ON TRUE',
  ]),
  joined([
    'SELECT a.id, u.e, u.place FROM a LEFT JOIN UNNEST(',
    a.scalar('array(double)', 1),
    ') WITH ORDINALITY AS u(e, place) ON TRUE',
  ]),
  joined([
    'SELECT a.id, u.id AS i, u.name FROM a CROSS JOIN UNNEST(ARRAY[',
    person,
    ', ',
    person,
    ']) AS u(id, name)',
  ]),
  joined([
    'SELECT a.id, u.i, u.n, u.place FROM a CROSS JOIN UNNEST(ARRAY[',
    person,
    ']) WITH ORDINALITY AS u(i, n, place)',
  ]),
  joined([
    'SELECT u.w, count(*) AS n, max(u.place) AS most FROM a CROSS JOIN UNNEST(',
    a.scalar('array(varchar)', 1),
    ') WITH ORDINALITY AS u(w, place) GROUP BY u.w',
  ]),
  joined([
    'SELECT a.id, u.n FROM a CROSS JOIN UNNEST(',
    a.scalar('array(bigint)', 1),
    ') AS u(n) WHERE ',
    fc.constantFrom('u.n > 0', 'u.n IS NULL', 'u.n = a.k', 'u.n <> a.id OR a.ok'),
  ]),
  joined([
    'SELECT a.id, (SELECT ',
    fc.constantFrom('sum(u.n % 100)', 'count(*)', 'max(u.n)', 'count(u.n)'),
    ' FROM UNNEST(',
    a.scalar('array(bigint)', 1),
    ') AS u(n)) AS c FROM a',
  ]),
  joined([
    'SELECT a.id, u.w, v.n FROM a CROSS JOIN UNNEST(a.words) AS u(w) CROSS JOIN UNNEST(',
    a.scalar('array(bigint)', 1),
    ') AS v(n)',
  ]),
  joined([
    'SELECT u.k, u.v, u.place FROM a CROSS JOIN UNNEST(',
    fc.constantFrom("MAP(ARRAY['x', 'y'], ARRAY[a.k, 2])", "MAP(ARRAY[a.id, -1], ARRAY[a.s, 'z'])"),
    ') WITH ORDINALITY AS u(k, v, place)',
  ]),
];
