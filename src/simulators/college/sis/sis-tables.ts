import type { LivingTable } from '../history.ts';
import type { World } from '../model/world.ts';
import { academicTables } from './academics.ts';
import { advisingTables } from './advising.ts';
import { aidTables } from './aid.ts';
import { billsOf } from './bills.ts';
import { bursarTables } from './bursar.ts';
import { contactTables } from './contacts.ts';
import { knownPersons, personTable } from './people.ts';
import { portalTable } from './portal.ts';
import { registrationTables } from './registrations.ts';
import { staffTables } from './staff.ts';
import { studentTable } from './students.ts';

/** Every table of the college's student information system, parents before children. */
export function sisTables(world: World): LivingTable[] {
  const bills = billsOf(world);
  const known = knownPersons(world);
  return [
    personTable(known),
    ...academicTables(world),
    studentTable(world),
    ...contactTables(world, known),
    ...registrationTables(world),
    ...advisingTables(world),
    portalTable(world),
    ...bursarTables(world, bills),
    ...aidTables(world, bills),
    ...staffTables(world),
  ];
}
