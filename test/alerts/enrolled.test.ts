import { afterAll, beforeAll, expect, it } from 'vitest';
import { METRICS } from '../../src/alerts/metrics.ts';
import type { LakeType } from '../../src/campus/lake-type.ts';
import type { Json } from '../../src/json.ts';
import type { TableSet } from '../../src/ports/tables.ts';
import { openTestLake, type TestLake } from '../platform/local/duckdb/lake-folder.ts';

let lake: TestLake;
let tables: TableSet;
beforeAll(async () => {
  lake = await openTestLake();
  const table = (name: string, columns: Record<string, LakeType>, rows: readonly (readonly Json[])[]) =>
    lake.engine.literalTable(
      name,
      Object.entries(columns).map(([column, type]) => ({ name: column, type })),
      rows,
      'v1',
    );
  const day = (n: number) => `2026-09-${String(n).padStart(2, '0')}T17:00:00.000Z`;
  const enrolment = { begin: day(1), end: day(30), withdrawn: null as string | null };
  const seats = {
    stays: enrolment,
    withdrew: { ...enrolment, withdrawn: '2026-09-12' },
    'joined late': { ...enrolment, begin: day(9) },
  };
  tables = {
    'campus.courses': await table(
      'campus.courses',
      { course_id: 'bigint', course_code: 'varchar', term_code: 'varchar' },
      [[1, 'BIO', 'T']],
    ),
    'campus.enrolments': await table(
      'campus.enrolments',
      {
        student_id: 'varchar',
        course_id: 'bigint',
        start_at: 'timestamp',
        created_at: 'timestamp',
        withdrawn_on: 'date',
        state: 'varchar',
        updated_at: 'timestamp',
        end_at: 'timestamp',
      },
      // Twice in the course, as in two of its sections: their work counts once.
      Object.entries(seats).flatMap(([student, { begin, end, withdrawn }]) =>
        [1, 2].map(() => [student, 1, begin, begin, withdrawn, 'active', begin, end]),
      ),
    ),
    'campus.submissions': await table(
      'campus.submissions',
      {
        student_id: 'varchar',
        course_id: 'bigint',
        assignment_id: 'bigint',
        due_at: 'timestamp',
        submitted_at: 'timestamp',
        status: 'varchar',
        counts: 'boolean',
        is_deleted: 'boolean',
      },
      Object.keys(seats).flatMap((student) =>
        [7, 14, 21].map((due, i) => [student, 1, i, day(due), null, 'missing', true, false]),
      ),
    ),
  };
});
afterAll(() => lake.close());

it('work is missed by those only who were enrolled when it was due, once', async () => {
  const { sql } = METRICS.find(({ name }) => name === 'missed_in_a_row')!;
  const rows = await lake.rows(`SELECT student, value FROM (${sql}) m ORDER BY student, value`, tables);
  expect(rows).toEqual([
    ['joined late', 1],
    ['joined late', 2],
    ['stays', 1],
    ['stays', 2],
    ['stays', 3],
    ['withdrew', 1],
  ]);
});
