import type { LivingTable } from '../history.ts';
import type { World } from '../model/world.ts';
import { academicTables } from './academics.ts';
import { advisingTables } from './advising.ts';
import { aidTables } from './aid.ts';
import { billsOf } from './bills.ts';
import { bursarTables } from './bursar.ts';
import { personTables } from './people.ts';
import { registrationTables } from './registrations.ts';
import { staffTables } from './staff.ts';
import { studentTable } from './students.ts';

/** Every table of the college's student information system, parents before children. */
export function sisTables(world: World): LivingTable[] {
  const bills = billsOf(world);
  const [persons, addresses, phones, emails] = personTables(world);
  return [
    persons!,
    ...academicTables(world),
    studentTable(world),
    addresses!,
    phones!,
    emails!,
    ...registrationTables(world),
    ...advisingTables(world),
    ...bursarTables(world, bills),
    ...aidTables(world, bills),
    ...staffTables(world),
  ];
}
