import { expect, it } from 'vitest';
import { keepsClauses } from '../../src/sql/kept-clauses.ts';
import { parseStatement } from '../../src/sql/parse.ts';

it.each([
  ['SELECT bool_or(x) FILTER (WHERE x) FROM t', 'SELECT BOOL_OR(x) FROM t'],
  ['SELECT var_pop(DISTINCT x) FROM t', 'SELECT VAR_POP(x) FROM t'],
  ['SELECT count(DISTINCT x), var_pop(DISTINCT x) FROM t', 'SELECT COUNT(DISTINCT x), VAR_POP(x) FROM t'],
])('sees that a clause is lost: %s', async (sql, generated) => {
  const { ast } = await parseStatement(sql);
  expect(keepsClauses(ast, generated)).toBe(false);
  expect(keepsClauses(ast, sql)).toBe(true);
});

it.each([
  'SELECT DISTINCT x FROM (SELECT DISTINCT x FROM t) AS s WHERE x IS DISTINCT FROM 1',
  'SELECT filter(ARRAY[1, 2], x -> x > 1) FROM t',
  `SELECT ' (DISTINCT x) FILTER (', "filter" FROM t`,
  'SELECT count(DISTINCT x) FROM t UNION SELECT DISTINCT y FROM u',
])('is not misled by other uses of the words: %s', async (sql) => {
  expect(keepsClauses((await parseStatement(sql)).ast, sql)).toBe(true);
});
