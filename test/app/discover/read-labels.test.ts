import { expect, it } from 'vitest';
import { readLabels } from '../../../src/app/discover/read-labels.ts';
import type { SisConnection } from '../../../src/sis/session.ts';

const table = (name: string, ...columns: string[]) => ({
  schema: 'public',
  name,
  columns: columns.map((column) => ({ name: column })) as never,
});
const tables = [
  table('students', 'student_id', 'custom_200000003', 'custom_9', 'locker'),
  table('staff', 'staff_id', 'custom_200000003'),
  table('custom_fields', 'id', 'type', 'title'),
  table('staff_fields', 'id', 'type', 'title'),
  table('magnetic_fields', 'strength'),
];

const answering = (rows: Record<string, object[]>, asked: string[] = []) =>
  ({
    query: async (sql: string) => {
      const name = /FROM "?public"?\."?(\w+)"?/.exec(sql)![1]!;
      asked.push(name);
      if (!rows[name]) throw Object.assign(new Error('refused'), { cause: { code: '42501' } });
      return { rows: rows[name] };
    },
  }) as unknown as SisConnection;

it("reads the names of custom columns from the system's own tables, each table's own first", async () => {
  const asked: string[] = [];
  const connection = answering(
    {
      custom_fields: [
        { id: '200000003', label: 'Social Security' },
        { id: '9', label: 'Locker' },
      ],
      staff_fields: [{ id: '200000003', label: 'Passport number' }],
    },
    asked,
  );
  expect(Object.fromEntries(await readLabels(connection, tables))).toEqual({
    'public.students.custom_200000003': 'Social Security',
    'public.students.custom_9': 'Locker',
    'public.staff.custom_200000003': 'Passport number',
  });
  expect(asked).toEqual(['custom_fields', 'staff_fields']);
});

it('has no labels of a table that may not be read', async () => {
  expect(await readLabels(answering({}), tables)).toEqual(new Map());
});
