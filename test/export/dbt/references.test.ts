import { describe, expect, it } from 'vitest';
import { withReferences, withReferencesIn } from '../../../src/export/dbt/references.ts';
import { parseStatement } from '../../../src/sql/parse.ts';

const dbt = async (sql: string) => withReferences(sql, (await parseStatement(sql)).ast);

describe("dbt's references", () => {
  it.each([
    ['a source', 'SELECT 1 FROM canvas.users u', "SELECT 1 FROM {{ source('canvas', 'users') }} u"],
    ['a model', 'SELECT 1 FROM campus.students AS s', "SELECT 1 FROM {{ ref('students') }} AS s"],
    ['the run', 'SELECT r.as_of FROM ops.run r', "SELECT r.as_of FROM {{ ref('ops_run') }} r"],
    [
      'a table without an alias, by whose name columns are asked for',
      'SELECT students.x, Campus.Students.y FROM "Campus"."Students"',
      "SELECT students.x, Students.y FROM {{ ref('students') }} AS students",
    ],
    [
      'every place of a table, in subqueries too',
      'SELECT (SELECT max(a.x) FROM campus.a a) FROM campus.b b WHERE b.x IN (SELECT x FROM campus.a)',
      "SELECT (SELECT max(a.x) FROM {{ ref('a') }} a) FROM {{ ref('b') }} b WHERE b.x IN (SELECT x FROM {{ ref('a') }} AS a)",
    ],
    [
      'no name of WITH, no text and no comment',
      `WITH users AS (SELECT 'canvas.users' AS x FROM canvas.users c) -- canvas.users 𝒳é
       SELECT x FROM users`,
      `WITH users AS (SELECT 'canvas.users' AS x FROM {{ source('canvas', 'users') }} c) -- canvas.users 𝒳é
       SELECT x FROM users`,
    ],
    [
      'tables after characters of more than one unit',
      "SELECT '𝒳𝒳𝒳é' FROM campus.a a JOIN campus.b b ON a.x = b.x",
      "SELECT '𝒳𝒳𝒳é' FROM {{ ref('a') }} a JOIN {{ ref('b') }} b ON a.x = b.x",
    ],
    ['no field of a struct', 'SELECT a.s.f FROM campus.a a', "SELECT a.s.f FROM {{ ref('a') }} a"],
    [
      'nothing that Jinja would take for its own',
      "SELECT '{{ x }}{% y %}{# z #}{{{' AS t FROM campus.a a",
      "SELECT '{{ '{' }}{ x }}{{ '{' }}% y %}{{ '{' }}# z #}{{ '{' }}{{ '{' }}{' AS t FROM {{ ref('a') }} a",
    ],
  ])('stand for %s', async (_, sql, expected) => {
    expect(await dbt(sql)).toBe(expected);
  });

  it("stand in DuckDB's SQL as well", async () => {
    expect(await withReferencesIn('SELECT s[1] FROM campus.a ANTI JOIN canvas.b USING (x)', 'duckdb')).toBe(
      "SELECT s[1] FROM {{ ref('a') }} AS a ANTI JOIN {{ source('canvas', 'b') }} AS b USING (x)",
    );
    await expect(withReferencesIn('SELECT FROM WHERE', 'duckdb')).rejects.toThrow(/cannot be read again/);
  });
});
