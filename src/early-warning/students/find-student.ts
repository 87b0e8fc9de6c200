import { queryTables } from '../../access/query.ts';
import { InputError } from '../../errors.ts';
import type { Uses } from '../../ports/step.ts';
import type { TableSet } from '../../ports/tables.ts';

const STUDENTS = 'campus.students';
const COURSES = 'campus.courses';

/**
 * Makes sure that the lake knows the student: a record of a mistyped number would have no effect.
 * @throws InputError without the number, for messages are kept where it must not be
 */
export async function requireStudent(
  lake: Uses<'session' | 'engine'>,
  tables: TableSet,
  student: string,
): Promise<void> {
  if (await isThere(lake, tables, STUDENTS, 'student_id', student)) return;
  throw new InputError(`${STUDENTS} has no student of this number.`, {
    hint: 'give the number as `lake early-warning list` and campus.students show it',
  });
}

/** @param course its short name @throws InputError */
export async function requireCourse(
  lake: Uses<'session' | 'engine'>,
  tables: TableSet,
  course: string,
): Promise<void> {
  if (await isThere(lake, tables, COURSES, 'course_code', course)) return;
  throw new InputError(`${COURSES} has no course "${course}".`, {
    hint: 'give its short name, as in the column course_code',
  });
}

async function isThere(
  lake: Uses<'session' | 'engine'>,
  tables: TableSet,
  table: string,
  column: string,
  value: string,
): Promise<boolean> {
  if (!tables[table]) {
    throw new InputError(`${table} is not published.`, {
      hint: '`lake run` loads the lake and publishes it',
    });
  }
  const found = await queryTables(
    lake,
    `SELECT count(*) FROM ${table} WHERE ${column} = '${value.replaceAll("'", "''")}'`,
    tables,
  );
  for await (const [row] of found.batches()) if (Number(row?.[0]) > 0) return true;
  return false;
}
