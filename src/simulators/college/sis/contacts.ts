import { DAY, dateOf } from '../calendar.ts';
import { type LivingTable, lifeTable } from '../history.ts';
import type { World } from '../model/world.ts';
import { hash } from '../random.ts';
import type { Known } from './people.ts';

const CITIES = ['Aurora', 'Batavia', 'Geneva', 'Peñasco', 'Elgin', 'Naperville'];

/** Where persons live and how to reach them. */
export function contactTables(world: World, known: readonly Known[]): LivingTable[] {
  return [addresses(known), phones(world, known), emails(known)];
}

function addresses(known: readonly Known[]): LivingTable {
  return lifeTable({
    namespace: 'registrar',
    name: 'addresses',
    key: ['person_id', 'kind'],
    references: { person_id: 'registrar.persons.person_id' },
    columns: {
      person_id: 'char(8)',
      kind: 'char(2)',
      street: 'varchar(80)',
      city: 'varchar(40)',
      state: 'char(2)?',
      postal_code: 'varchar(10)?',
      country: 'char(2)',
      latitude: 'double precision?',
      longitude: 'double precision?',
      valid_from: 'date',
      updated_at: 'timestamptz',
    },
    things: known,
    moments: ({ person, changedAt }) => [person.knownAt, changedAt],
    row: ({ person, random, changedAt }, at) => {
      const draw = random();
      const moved = changedAt !== undefined && at >= changedAt;
      return {
        person_id: person.sisId,
        kind: 'PR',
        street: `${draw.between(1, 9999) + (moved ? 10_000 : 0)} ${draw.pick(['Elm St', 'Oak Ave', 'Río Rd', 'Main St'])}`,
        city: draw.pick(CITIES),
        state: 'IL',
        postal_code: `60${String(draw.int(1000)).padStart(3, '0')}`,
        country: 'US',
        latitude: 41.7 + draw.next() / 5,
        longitude: -88.3 + draw.next() / 5,
        valid_from: dateOf(Math.floor((moved ? changedAt : person.knownAt) / DAY)),
        updated_at: at,
      };
    },
  });
}

function phones(world: World, known: readonly Known[]): LivingTable {
  const some = known.filter(({ person }) => hash(world.seed, 'phone', person.n) % 8 > 0);
  return lifeTable({
    namespace: 'registrar',
    name: 'phones',
    key: ['person_id', 'kind'],
    references: { person_id: 'registrar.persons.person_id' },
    columns: {
      person_id: 'char(8)',
      kind: 'char(2)',
      phone: 'varchar(20)',
      texts_allowed: 'boolean?',
      updated_at: 'timestamptz',
    },
    things: some,
    moments: ({ person, changedAt }) => [person.knownAt, changedAt],
    // Of those who change something, some ask for their number to be taken out.
    row: ({ person, canary, changedAt }, at) =>
      at === changedAt && person.n % 3 === 0
        ? undefined
        : {
            person_id: person.sisId,
            kind: 'CE',
            phone: canary.phone,
            texts_allowed: person.n % 4 === 0 ? null : person.n % 2 === 0,
            updated_at: at,
          },
  });
}

function emails(known: readonly Known[]): LivingTable {
  return lifeTable({
    namespace: 'registrar',
    name: 'emails',
    key: ['person_id', 'kind'],
    references: { person_id: 'registrar.persons.person_id' },
    columns: {
      person_id: 'char(8)',
      kind: 'varchar(8)',
      email: 'varchar(120)',
      preferred: 'boolean',
      created_at: 'timestamptz',
    },
    things: known.flatMap(({ person }) =>
      ['campus', ...(person.n % 2 === 0 ? ['home'] : [])].map((kind) => ({ person, kind })),
    ),
    moments: ({ person }) => [person.knownAt],
    row: ({ person, kind }, at) => ({
      person_id: person.sisId,
      kind,
      email: kind === 'campus' ? `${person.login}@aurora.example` : `${person.login}@mail.example`,
      preferred: kind === 'campus',
      created_at: at,
    }),
  });
}
