import { describe, expect, it } from 'vitest';
import { parseStatement } from '../../../src/sql/parse.ts';
import { toSpark } from '../../../src/sql/spark/to-spark.ts';

const N = '(VALUES (1, 1e0), (2, 2e0)) AS t(n, x)';
const translated = async (sql: string) => toSpark(await parseStatement(sql), {});

describe('what Spark would answer otherwise', () => {
  it.each([
    "SELECT lpad('abc', 2, '') AS v",
    "SELECT split_part('a,b', ',', -1) AS v",
    'SELECT chr(1114112) AS v',
    'SELECT CAST(12345 AS varchar(3)) AS v',
    "SELECT TRY_CAST(ARRAY['1', 'x'] AS array(integer)) AS v",
    "SELECT CAST('2026-01-31' AS timestamp(0)) AS v",
    "SELECT DATE '2026-01-31' + INTERVAL '1' HOUR AS v",
    "SELECT TIME '08:15:00' AS v",
    'SELECT round(5, -30) AS v',
    'SELECT CAST(n AS smallint) AS v FROM (VALUES 1) AS t(n)',
    'SELECT CAST(ARRAY[1] AS array(tinyint)) AS v',
    "SELECT x + DECIMAL '0.1' AS v FROM (VALUES REAL '0.1') AS t(x)",
    "SELECT x < 0.1 AS v FROM (VALUES REAL '0.1') AS t(x)",
    "SELECT x BETWEEN 0.1 AND 0.2 AS v FROM (VALUES REAL '0.1') AS t(x)",
    "SELECT x IN (0.1, 0.2) AS v FROM (VALUES REAL '0.1') AS t(x)",
    `SELECT corr(n, n) AS v FROM ${N}`,
    `SELECT sum(n) OVER (ORDER BY n GROUPS 1 PRECEDING) AS v FROM ${N}`,
    `SELECT n FROM ${N} WHERE n <= ANY (SELECT 1)`,
  ])('is refused, and Athena named as the way: %s', async (sql) => {
    await expect(translated(sql)).rejects.toMatchObject({
      hint: expect.stringContaining('leave `-- engine: glue` out'),
    });
  });

  it.each([
    [`SELECT n FROM ${N} WHERE x > 1e0`, /\(x > 1e0\) AND \(NOT ISNAN\(x\)\)/],
    [
      `SELECT max(x) OVER (ORDER BY n) AS v FROM ${N}`,
      /COALESCE\(MAX\(.*\) OVER \(.*\), MAX\(x\) OVER \(.*\)\)/,
    ],
    [
      "SELECT TRY_CAST(s AS boolean) AS v FROM (VALUES 'yes') AS t(s)",
      /TRY_CAST\(REGEXP_REPLACE\(s, .* AS BOOLEAN\)/,
    ],
    ["SELECT split(s, s) AS v FROM (VALUES '') AS t(s)", /RAISE_ERROR\('split was given an empty text\.'\)/],
  ])('is written so that it does not: %s', async (sql, spark) => {
    await expect(translated(sql)).resolves.toMatch(spark);
  });
});
