import { dateOf } from '../calendar.ts';
import { type LivingTable, lifeTable } from '../history.ts';
import type { World } from '../model/world.ts';
import { Random } from '../random.ts';

/** Who works here. A schema that a lake for student analytics has little reason to take. */
export function staffTables(world: World): LivingTable[] {
  return [
    lifeTable({
      namespace: 'hr',
      name: 'employees',
      key: ['person_id'],
      references: { person_id: 'registrar.persons.person_id' },
      columns: {
        person_id: 'char(8)',
        title: 'varchar(60)',
        department: 'char(3)?',
        hired_on: 'date',
        salary: 'numeric(12,2)',
        full_time_share: 'real',
        office_from: 'time?',
        contract: 'jsonb?',
        badge: 'bytea?',
        last_review: 'timestamp?',
      },
      things: [...world.teachers, ...world.assistants],
      moments: ({ knownAt, n }) => [
        knownAt,
        world.calendar.at(world.calendar.dayOf(knownAt) + 60 + (n % 200), 540),
      ],
      row: (person, at) => {
        const random = new Random(world.seed, 'employee', person.n);
        const reviewed = at > person.knownAt;
        return {
          person_id: person.sisId,
          title: person.sisId.startsWith('A')
            ? 'Teaching assistant'
            : random.pick(['Professor', 'Instructor', 'Adjunct']),
          department: random.pick(['ENG', 'MAT', 'BIO', 'CIS', null]),
          hired_on: dateOf(20_000 - random.int(9000)),
          salary: (42_000 + random.int(60_000) + (reviewed ? 1500 : 0)).toFixed(2),
          full_time_share: random.pick([1, 0.5, 0.25]),
          office_from: random.chance(0.5) ? '14:00:00' : null,
          contract: { years: 1 + random.int(4), tenure: random.chance(0.2) },
          badge: `\\x${random
            .int(2 ** 31)
            .toString(16)
            .padStart(8, '0')}`,
          last_review: reviewed ? at : null,
        };
      },
    }),
  ];
}
