import { PeopleSeen } from '../../access/log/people.ts';
import { recordAccess } from '../../access/log/record-access.ts';
import type { Uses } from '../../ports/step.ts';
import { SCORES } from '../tables.ts';

/** What was read for a list of students, by table. */
const READS: ReadonlyMap<string, readonly string[]> = new Map([
  [SCORES, ['place', 'student_id', 'course_code', 'term_code', 'week', 'risk', 'reasons', 'in_favour']],
  ['campus.students', ['student_id', 'given_name', 'family_name']],
]);

/**
 * Puts on record that a list of students is about to be shown to somebody, and whose names are on it.
 * @param students registrar's numbers; null where a row has none
 * @param isScored whether it is the list by scores. Default: what people have recorded about students
 */
export async function recordShown(
  lake: Uses<'session' | 'access' | 'clock' | 'ledger' | 'target'>,
  students: readonly (string | null)[],
  { isScored = false, named = [] }: { readonly isScored?: boolean; readonly named?: readonly string[] } = {},
): Promise<void> {
  // On AWS the tables are read with the rights of whoever has signed in, and AWS keeps the record of it.
  if (lake.platform.target === 'aws') return;
  const people = new PeopleSeen();
  for (const student of students) people.add(student);
  await recordAccess(lake, {
    channel: 'early warning',
    outcome: 'answered',
    rows: students.length,
    people,
    named,
    ...(isScored ? { reads: READS } : {}),
  });
}
