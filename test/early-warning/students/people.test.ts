import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { studentsOfRequests } from '../../../src/early-warning/students/people.ts';
import {
  readStudents,
  type StudentRecord,
  writeStudent,
} from '../../../src/early-warning/students/records.ts';
import { openLocalObjects } from '../../../src/platform/local/objects.ts';

const contact = (by?: string) => ({
  at: '2020-01-01T00:00:00.000Z',
  on: '2020-01-01',
  how: 'call' as const,
  reached: true,
  ...(by ? { by } : {}),
});

it('finds and forgets what is kept of a person, and who the person was in contacts with others', async () => {
  const root = await mkdtemp(join(tmpdir(), 'people-'));
  try {
    const objects = openLocalObjects(root);
    const own: StudentRecord = {
      student: 'S1',
      optedOut: '2026-01-01T00:00:00.000Z',
      corrections: [],
      contacts: [],
    };
    const other: StudentRecord = {
      student: 'S2',
      corrections: [],
      contacts: [contact('S1'), contact('F2'), contact()],
    };
    for (const record of [own, other]) await writeStudent(objects, record, 0);
    const isSought = (number: string) => number === 'S1';
    expect(await studentsOfRequests.find(objects, isSought)).toEqual([own]);
    expect(await studentsOfRequests.forget(objects, isSought)).toBe(2);
    const left = { ...other, contacts: [contact(), contact('F2'), contact()] };
    expect(await readStudents(objects, 0)).toEqual([left]);
    expect(await studentsOfRequests.forget(objects, isSought)).toBe(0);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});
