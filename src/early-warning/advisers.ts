import { queryTables } from '../access/query.ts';
import type { Uses } from '../ports/step.ts';
import type { TableSet } from '../ports/tables.ts';

const ADVISERS = 'sis.registrar_advisors';

/** Who advises each student today, by the registrar's number of the student; empty where the lake does not know it. */
export async function readAdvisers(
  lake: Uses<'session' | 'engine'>,
  tables: TableSet,
): Promise<Map<string, string[]>> {
  const advisers = new Map<string, string[]>();
  if (!tables[ADVISERS]) return advisers;
  const result = await queryTables(
    lake,
    `SELECT student_id, advisor_id FROM ${ADVISERS} ORDER BY student_id, since, advisor_id`,
    tables,
  );
  for await (const batch of result.batches()) {
    for (const [student, adviser] of batch) {
      const own = advisers.get(String(student));
      if (own) own.push(String(adviser));
      else advisers.set(String(student), [String(adviser)]);
    }
  }
  return advisers;
}
