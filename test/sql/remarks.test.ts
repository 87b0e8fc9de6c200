import { expect, it } from 'vitest';
import { parseStatement } from '../../src/sql/parse.ts';
import { remarksOn } from '../../src/sql/remarks.ts';

const remarks = async (sql: string) => remarksOn(await parseStatement(sql));

it('names each function whose answer Athena approximates, once, where it first stands', async () => {
  const sql = `SELECT
  approx_distinct(id), approx_distinct(name),
  array_join(approx_percentile(points, ARRAY[0.25, 0.75]), ',') FROM t`;
  expect(await remarks(sql)).toEqual([
    {
      code: 'approximate',
      text: 'approx_distinct is computed exactly on this machine; Athena gives an approximate value, usually within 2.3 % of it.',
      line: 2,
      column: 3,
    },
    {
      code: 'approximate',
      text: expect.stringContaining('approx_percentile is computed exactly'),
      line: 3,
      column: 14,
    },
  ]);
});

it('has nothing to say of exact functions, and of names in texts', async () => {
  expect(await remarks(`SELECT count(DISTINCT id), 'approx_distinct(id)' FROM t`)).toEqual([]);
});
