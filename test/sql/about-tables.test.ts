import { describe, expect, it } from 'vitest';
import type { TableSet } from '../../src/ports/tables.ts';
import { answerAboutTables } from '../../src/sql/about-tables.ts';
import { checkStatement } from '../../src/sql/check-statement.ts';

const table = (name: string) => ({
  table: name,
  columns: [
    { name: 'id', type: 'bigint' as const },
    { name: 'term', type: 'varchar' as const },
  ],
  rows: 0,
  storage: {},
});
const TABLES: TableSet = Object.fromEntries(
  ['campus.students', 'campus.student_terms', 'canvas.users', 'ops.steps'].map((name) => [name, table(name)]),
);

/** Names of the columns, and the rows. */
async function answer(sql: string) {
  const { columns, batches } = answerAboutTables(await checkStatement(sql, TABLES), TABLES);
  const rows = [];
  for await (const batch of batches()) rows.push(...batch);
  return [columns.map(({ name }) => name).join(), ...rows.map((row) => row.join())];
}

describe('what there is', () => {
  it.each<[string, string[]]>([
    ['SHOW TABLES', ['tab_name', 'campus.student_terms', 'campus.students', 'canvas.users', 'ops.steps']],
    ['show tables in campus;', ['tab_name', 'student_terms', 'students']],
    ['SHOW TABLES FROM "campus" LIKE \'%terms\'', ['tab_name', 'student_terms']],
    ["SHOW TABLES LIKE 'stud%'", ['tab_name', 'campus.student_terms', 'campus.students']],
    ["SHOW TABLES LIKE 'campus.%s'", ['tab_name', 'campus.student_terms', 'campus.students']],
    ["SHOW TABLES IN campus 'student_t*|users'", ['tab_name', 'student_terms']],
    ["SHOW TABLES LIKE 'no.thing'", ['tab_name']],
    ['SHOW DATABASES', ['database_name', 'campus', 'canvas', 'ops']],
    ["SHOW SCHEMAS LIKE 'ca%s'", ['database_name', 'campus', 'canvas']],
    ['SHOW COLUMNS FROM campus.students', ['field', 'id', 'term']],
    ['SHOW COLUMNS IN `campus`.`students`', ['field', 'id', 'term']],
    ["SHOW COLUMNS FROM students IN campus LIKE 't%'", ['field', 'term']],
    ['DESCRIBE Campus.Students', ['col_name,data_type', 'id,bigint', 'term,varchar']],
    ['DESC EXTENDED "campus"."students"', ['col_name,data_type', 'id,bigint', 'term,varchar']],
    ["SHOW FUNCTIONS LIKE 'json_array_l%'", ['function', 'json_array_length']],
  ])('%s', async (sql, expected) => expect(await answer(sql)).toEqual(expected));

  it.each([
    ['SHOW TABLES IN campos', /There is no database "campos"; did you mean "campus"\?/, '1:16'],
    ["SHOW TABLES IN nowhere LIKE 'x'", /There is no database "nowhere"\./, '1:16'],
    ['SHOW TABLES LIKE', /ends too early/, '1:13'],
    ['SHOW TABLES WHERE x', /cannot be read at "WHERE"/, '1:13'],
    ['SHOW CREATE TABLE campus.students', /not made by a CREATE TABLE/, '1:6'],
    ['SHOW PARTITIONS campus.students', /SHOW PARTITIONS is not answered here/, '1:6'],
    ['SHOW', /SHOW says not what/, '1:1'],
    ['SHOW COLUMNS FROM campus.student', /There is no table "campus.student"/, '1:19'],
    ['DESCRIBE', /ends too early/, '1:1'],
    ['DESCRIBE SELECT 1', /There is no table "select"/, '1:10'],
  ])('%s is refused', async (sql, message, place) => {
    const error = await answer(sql).catch((e) => e);

    expect(error).toMatchObject({ name: 'SqlError', message: expect.stringMatching(message) });
    expect(`${error.place.line}:${error.place.column}`).toBe(place);
  });
});
