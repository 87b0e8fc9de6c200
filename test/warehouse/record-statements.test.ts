import { expect, it } from 'vitest';
import { readsOf } from '../../src/warehouse/record-statements.ts';

const TABLES = Object.fromEntries(
  [
    ['campus.students', ['student_id', 'name']],
    ['campus.grades', ['student_id', 'grade']],
  ].map(([table, names]) => {
    const columns = (names as string[]).map((name) => ({ name, type: 'varchar' as const }));
    return [table as string, { table: table as string, columns, rows: 1, storage: {} }];
  }),
);

it.each([
  ['SELECT name FROM students', 'campus.students(name)'],
  ['SELECT * FROM adviser__campus.Students', 'campus.students(student_id,name)'],
  ['SELECT count(*) FROM "grades"', 'campus.grades(student_id,grade)'],
  ['TABLE grades', 'campus.grades(student_id,grade)'],
  ['SELECT g FROM grades g', 'campus.grades(student_id,grade)'],
  ['WITH g AS (SELECT grade FROM grades) SELECT grade FROM g', 'campus.grades(grade)'],
  [
    "SELECT query_to_xml('SELECT 1', true, true, '')",
    'campus.students(student_id,name) campus.grades(student_id,grade)',
  ],
  [
    "DO $$ BEGIN EXECUTE 'a' || 'b'; END $$",
    'campus.students(student_id,name) campus.grades(student_id,grade)',
  ],
  ['SELECT 1 FROM U&"st\\0075dents"', 'campus.students(student_id,name) campus.grades(student_id,grade)'],
  ['SELECT 1 /* no table */', ''],
])('%s reads %s', (sql, expected) => {
  const reads = [...readsOf(sql, TABLES)].map(([table, columns]) => `${table}(${columns.join(',')})`);
  expect(reads.join(' ')).toBe(expected);
});
