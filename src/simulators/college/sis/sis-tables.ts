import type { LivingTable } from '../history.ts';
import type { World } from '../model/world.ts';
import { academicTables } from './academics.ts';
import { advisingTables } from './advising.ts';
import { moneyTables } from './money.ts';
import { personTables } from './people.ts';
import { registrationTables } from './registrations.ts';
import { staffTables } from './staff.ts';

/** Every table of the college's student information system, parents before children. */
export function sisTables(world: World): LivingTable[] {
  const [persons, addresses, phones, emails, students] = personTables(world);
  return [
    persons!,
    ...academicTables(world),
    students!,
    addresses!,
    phones!,
    emails!,
    ...registrationTables(world),
    ...advisingTables(world),
    ...moneyTables(world),
    ...staffTables(world),
  ];
}
