import { expect, it } from 'vitest';
import { columnsRead } from '../../src/sql/columns-read.ts';
import { parseStatement } from '../../src/sql/parse.ts';

/** Of a table with these columns, which may be read: `all`, or their names. */
async function read(sql: string, columns = ['id', 'name', 'city']): Promise<string> {
  const found = columnsRead(await parseStatement(sql)).get('canvas.users');
  if (found === undefined || found === 'all') return String(found);
  return columns.filter((column) => found.has(column)).join(' ');
}

it.each([
  ['SELECT count(*) FROM canvas.users', ''],
  ['SELECT "NAME" FROM canvas.users', 'name'],
  ["SELECT u.id FROM canvas.users u WHERE lower(u.city) = 'x'", 'id city'],
  ['SELECT u.id FROM canvas.users u JOIN canvas.courses c USING (city)', 'id city'],
  ['SELECT id, row_number() OVER (PARTITION BY city ORDER BY name) FROM canvas.users', 'id name city'],
  ['SELECT id FROM canvas.users u, ops.name r', 'id'],
  ['WITH p AS (SELECT id FROM canvas.users) SELECT * FROM p', 'id'],
  ['WITH p AS (SELECT * FROM canvas.users) SELECT id FROM p', 'all'],
  ['SELECT c.* FROM canvas.users u JOIN canvas.courses c ON c.id = u.id', 'id'],
  ['SELECT U.* FROM canvas.users u JOIN canvas.courses c ON c.id = u.id', 'all'],
  ['SELECT * FROM canvas.courses c JOIN canvas.users u ON c.id = u.id', 'all'],
  ['SELECT users.* FROM canvas.users', 'all'],
  ['SELECT * FROM (SELECT id FROM canvas.users) q', 'id'],
  ['SELECT q.* FROM (SELECT * FROM canvas.users) q', 'all'],
  ['SELECT id FROM canvas.courses WHERE EXISTS (SELECT * FROM canvas.users u WHERE u.id = 1)', 'all'],
  ['SELECT id FROM canvas.users UNION ALL SELECT city FROM canvas.users', 'id city'],
  ['SELECT id FROM canvas.users UNION ALL SELECT * FROM canvas.users', 'all'],
  ['SELECT u FROM canvas.users u', 'all'],
  ['SELECT u.b FROM canvas.users AS u(a, b)', 'all'],
  ['SELECT b FROM canvas.courses c CROSS JOIN canvas.users u (a, b)', 'all'],
  ['SELECT b FROM (SELECT id FROM canvas.users) AS u(b)', 'id'],
  // A name that is another table's counts too: better too many than too few.
  ['SELECT c.name, u.id FROM canvas.users u JOIN canvas.courses c ON c.id = u.id', 'id name'],
  ['SELECT id FROM canvas.courses', 'undefined'],
])('%s reads: %s', async (sql, columns) => {
  expect(await read(sql)).toBe(columns);
});
