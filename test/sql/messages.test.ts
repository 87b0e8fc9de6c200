import { describe, expect, it } from 'vitest';
import type { TableSet } from '../../src/ports/tables.ts';
import { checkStatement } from '../../src/sql/check-statement.ts';
import { toDuckDb } from '../../src/sql/duckdb/to-duckdb.ts';
import type { SqlError } from '../../src/sql/errors.ts';
import { parseStatement } from '../../src/sql/parse.ts';

const columns = (names: string) =>
  names
    .split(' ')
    .map((name) => ({ name, type: name === 'id' ? ('bigint' as const) : ('varchar' as const) }));
const table = (name: string, names: string) => ({
  table: name,
  columns: columns(names),
  rows: 0,
  storage: {},
});
const TABLES: TableSet = {
  'campus.students': table('campus.students', 'id name term'),
  'campus.grades': table('campus.grades', 'student_id course'),
};

/** What is told of a statement before an engine sees it, as `line:column message | hint`. */
async function told(sql: string): Promise<string> {
  const error = await checkStatement(sql, TABLES).then(
    () => undefined,
    (e: unknown) => e as Error & { place?: { line: number; column: number }; hint?: string },
  );
  if (error === undefined) return 'accepted';
  expect(error.name).toBe('SqlError');
  const { place, message, hint } = error;
  return `${place ? `${place.line}:${place.column}` : '-'} ${message} | ${hint ?? ''}`;
}

describe('a statement of another form', () => {
  it.each([
    ['hello', /^1:1 A statement does not begin with "hello"/],
    ['SELCT id FROM campus.students', /^1:1 .*"SELCT"\. \| did you mean SELECT\?/],
    ['TABLE campus.students', /^1:1 TABLE is .*\| write SELECT \* FROM/],
    ['FROM campus.students', /^1:1 .*FROM.*\| write SELECT/],
    ['SUMMARIZE campus.students', /no SUMMARIZE/],
    ['PIVOT campus.students ON term USING count(*)', /no PIVOT.*count_if/],
    ['-- only a comment', /^- There is no SQL to run: this is only a comment/],
    ['/* nothing */ ;', /^- There is no SQL to run: this is only a comment/],
    [' ; ', /^- There is no SQL to run\./],
    ['PREPARE x FROM SELECT 1', /not prepared.*--param/],
    ['USE campus', /no database to be chosen/],
    ['CREATE TABLE t AS SELECT 1', /CREATE TABLE would change something/],
    ['\\d students', /interactive shell/],
    ['SELECT 1; SELECT 2', /One statement at a time/],
  ])('%s', async (sql, expected) => expect(await told(sql)).toMatch(expected));
});

describe('what cannot be read', () => {
  it.each([
    // Words nearly right, and words that stand elsewhere
    ['SELECT id FORM campus.students', /^1:11 .*"FORM"\. \| did you mean FROM\?/],
    ['SELECT id\nFROM campus.students\nWEHRE id = 1', /^3:1 .*did you mean WHERE\?/],
    ['SELECT id FROM campus.students GRUOP BY id', /^1:32 .*did you mean GROUP\?/],
    ['SELECT id FROM campus.students WHERE id = 1 ODER BY id', /^1:45 .*did you mean ORDER\?/],
    [
      'SELECT * FROM (VALUES 1) AS t(id) MATCH_RECOGNIZE (ORDER BY id MEASURES A.id AS i PATTERN (A B) DEFINE B AS B.n > A.n)',
      /^1:35 MATCH_RECOGNIZE is not for every engine\. \| compare rows with lag/,
    ],
    [
      `SELECT json_value(name, 'lax $.a' NULL ON EMPTY) AS a FROM campus.students`,
      /^1:40 Functions of JSON have their defaults alone here.*ON EMPTY and ON ERROR out/,
    ],
    [
      `SELECT json_exists(name, 'lax $.a' TRUE ON ERROR) AS a FROM campus.students`,
      /^1:41 Functions of JSON/,
    ],
    ['SELECT id FROM campus.students ORDER id', /^1:32 ORDER is not followed by BY/],
    ['SELECT count(*) OVER (PARTITION term) FROM campus.students', /^1:23 PARTITION is not followed by BY/],
    ['SELECT id FROM campus.students LIMIT 10 WHERE id = 1', /^1:41 WHERE comes after LIMIT/],
    ['SELECT id FROM campus.students ORDER BY id WHERE id = 1', /^1:44 WHERE comes after ORDER BY/],
    ['SELECT id FROM campus.students WHERE id = 1 WHERE id = 2', /^1:45 There are two WHERE.*AND/],
    // What is never closed
    ["SELECT 'abc FROM campus.students", /^1:8 The text that begins here/],
    ["SELECT id FROM campus.students WHERE name = 'O'Brien'", /^1:53 .*no closing quote.*O''Brien/],
    ['SELECT "abc FROM campus.students', /^1:8 The name that begins here/],
    ['SELECT 1 /* open', /^1:10 The comment that begins here/],
    ['SELECT (id FROM campus.students', /^1:8 The parenthesis that opens here/],
    ['SELECT id) FROM campus.students', /^1:10 This parenthesis closes nothing/],
    ['SELECT CASE WHEN id = 1 THEN 2 FROM campus.students', /^1:8 A CASE has no END/],
    // What is missing
    ['SELECT id FROM campus.students WHERE', /^1:32 .*something is missing after WHERE/],
    ['SELECT 1 +', /^1:10 .*something is missing after \+/],
    ['SELECT id, FROM campus.students', /^1:10 There is a comma after the end of the list/],
    ['SELECT id FROM campus.students, WHERE id = 1', /^1:31 There is a comma/],
    ['SELECT id name term FROM campus.students', /^1:16 .*"term".*missing before it/],
    // Signs of other programs
    ['SELECT id FROM campus.students WHERE name = ‘x’', /^1:45 ‘ is no quote of SQL/],
    ['SELECT id FROM campus.students WHERE name = “x”', /^1:45 “ is no quote of SQL/],
    ['SELECT id FROM campus.students WHERE id == 1', /^1:41 == is no operator.*write =/],
    ['SELECT id FROM [campus].[students]', /^1:16 Names are not put in brackets/],
    ['SELECT id FROM campus.students # comment', /^1:32 # begins no comment/],
    ['SELECT id FROM campus.students WHERE term = {{ term }}', /^1:45 Templates.*--param/],
    ['SELECT id FROM campus.students WHERE name LIKE %a%', /^1:48 The pattern of LIKE is not a text/],
    ['SELECT id AS order FROM campus.students', /^1:14 "order" is a word of SQL.*AS "order"/],
  ])('%s', async (sql, expected) => expect(await told(sql)).toMatch(expected));

  it('leaves signs and words inside texts, names and comments alone', async () => {
    for (const sql of [
      'SELECT \'‘{{ == ,\', "id" AS "order" FROM campus.students -- , FROM ‘',
      "SELECT CASE WHEN id = 1 THEN 'CASE (' END AS x FROM campus.students /* ( ' */",
      'SELECT CAST(id AS date) FROM campus.grades',
    ]) {
      expect(await told(sql), sql).toMatch(/^accepted|no column/);
    }
  });
});

describe('parts that do not go together', () => {
  it.each([
    [
      'SELECT id FROM campus.students WHERE count(*) > 1',
      /^1:38 WHERE cannot hold an aggregate.*HAVING count/,
    ],
    ['SELECT count(*) FROM campus.students GROUP BY max(term)', /^1:47 GROUP BY cannot hold an aggregate/],
    ['SELECT sum(count(*)) FROM campus.students', /^1:8 sum\(…\) is taken of count/],
    [
      'SELECT id FROM campus.students WHERE row_number() OVER (ORDER BY id) = 1',
      /WHERE cannot hold a window function.*subquery/,
    ],
    ['SELECT sum(rank() OVER (ORDER BY id)) FROM campus.students', /taken of a window function/],
    ['SELECT row_number() FROM campus.students', /^1:8 row_number has no OVER/],
    [
      'SELECT id FROM campus.students UNION SELECT id, name FROM campus.students',
      /UNION have 1 and 2 columns/,
    ],
    ['SELECT id FROM campus.students EXCEPT (VALUES (1, 2))', /EXCEPT have 1 and 2 columns/],
    ['SELECT id FROM campus.students LIMIT -1', /^1:32 LIMIT cannot be negative/],
    ["SELECT id FROM campus.students LIMIT 'a'", /^1:32 LIMIT takes a whole number/],
    ['SELECT id FROM campus.students OFFSET 1.5', /^1:32 OFFSET takes a whole number/],
    ['SELECT s.id FROM campus.students s JOIN campus.grades g', /^1:41 .*CROSS JOIN/],
    ['SELECT FROM campus.students', /^1:1 SELECT names no columns/],
    ['SELECT id FROM campus.students WHERE id IN ()', /^1:38 The list of IN is empty/],
    ['SELECT id FROM campus.students WHERE id IN (SELECT id, name FROM campus.students)', /gives 2 columns/],
    ['SELECT (SELECT id, name FROM campus.students) AS x', /gives 2 columns where one is meant/],
    ['SELECT * FROM (VALUES (1, 2), (3)) AS t (a, b)', /first row of VALUES has 2 columns, and row 2 has 1/],
    [
      'WITH a AS (SELECT 1 AS x), a AS (SELECT 2 AS x) SELECT x FROM a',
      /^1:28 WITH gives the name "a" twice/,
    ],
    ['SELECT a FROM (SELECT id FROM campus.students) t (a, b)', /"t" has 1 column and is given 2 names/],
    ['SELECT id FROM "campus.students"', /^1:16 .*quotes.*"campus"\."students"/],
    ["SELECT id FROM 'campus.students'", /^1:16 .*quotes/],
  ])('%s', async (sql, expected) => expect(await told(sql)).toMatch(expected));

  it.each([
    'SELECT sum(count(*)) OVER (ORDER BY term) AS n, term FROM campus.students GROUP BY term',
    'SELECT term FROM campus.students GROUP BY term HAVING count(*) > 1 ORDER BY max(id)',
    'SELECT id FROM campus.students WHERE id = (SELECT max(id) FROM campus.students)',
    'SELECT lag(id) IGNORE NULLS OVER (ORDER BY id) AS n FROM campus.students',
    'SELECT rank() OVER (ORDER BY count(*)) AS n, term FROM campus.students GROUP BY term',
    'SELECT id FROM campus.students WHERE (id, name) IN (SELECT id, name FROM campus.students)',
    'SELECT a.id FROM campus.students a, campus.students b CROSS JOIN campus.grades g LIMIT 0',
    'SELECT * FROM campus.students UNION ALL SELECT id, name, term FROM campus.students',
    '(SELECT id FROM campus.students) UNION (SELECT 1) ORDER BY 1 LIMIT 3',
    'WITH a (x, y) AS (SELECT id, name FROM campus.students) SELECT x FROM a',
    'SELECT id FROM (SELECT id, name FROM campus.students) s',
    'SELECT id FROM (SELECT 1 AS "limit", id FROM campus.students LIMIT 3) WHERE "limit" - 1 = 0',
    'SELECT EXISTS (SELECT id, name FROM campus.students) AS x',
  ])('accepts %s', async (sql) => expect(await told(sql)).toBe('accepted'));
});

describe('the place of what the parser keeps none of', () => {
  it.each([
    ["SELECT 1, contains('abc', 'b')", '1:11'],
    ["SELECT 1,\n  json_query('{}', 'lax $.a')", '2:14'],
    ["SELECT DATE '2025-02-30'", '1:13'],
    ["SELECT 1 UNION SELECT 'a'", '1:8'],
    // Said twice, it may be the one or the other.
    ["SELECT 'a' || NULL, upper('a')", '-'],
  ])('%s', async (sql, place) => expect((await told(sql)).split(' ')[0]).toBe(place));

  it.each([
    ["SELECT 1 AS a, regexp_like('ab', '(?=a)ab')", '1:16'],
    ["SELECT date_trunc('fortnight', DATE '2025-01-01')", '1:8'],
    ["SELECT array_join(ARRAY[1e0, 2e0], ',')", '1:8'],
    ["SELECT CAST(TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'Mars/Base' AS timestamp)", '1:23'],
  ])('where it cannot be said in DuckDB’s SQL: %s', async (sql, place) => {
    const error = await toDuckDb(await parseStatement(sql), {}).catch((e: unknown) => e);

    expect(error).toMatchObject({ name: 'SqlError' });
    const { line, column } = (error as SqlError).place!;
    expect(`${line}:${column}`).toBe(place);
  });
});
