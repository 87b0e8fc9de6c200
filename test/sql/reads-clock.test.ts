import { expect, it } from 'vitest';
import { parseStatement } from '../../src/sql/parse.ts';
import { readsClock } from '../../src/sql/reads-clock.ts';

it.each([
  ['SELECT now() AS a', true],
  ["SELECT date_diff('day', due_at, NOW()) AS a FROM canvas.assignments", true],
  ['SELECT id FROM canvas.users WHERE created_at > current_timestamp', true],
  ['WITH d AS (SELECT CURRENT_DATE AS day) SELECT day FROM d', true],
  ['SELECT localtimestamp AS a', true],
  ['SELECT (SELECT current_time) AS a', true],
  ["SELECT 'now()' AS a -- by now", false],
  ['SELECT as_of, as_of_date FROM ops.run', false],
  ['SELECT current_score FROM canvas.scores', false],
])('%s asks the clock: %s', async (sql, asks) => {
  expect(readsClock(await parseStatement(sql))).toBe(asks);
});
