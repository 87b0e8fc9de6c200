import { DAY, dateOf } from '../calendar.ts';
import { type LivingTable, lifeTable } from '../history.ts';
import type { Person } from '../model/people.ts';
import { TERMS } from '../model/terms.ts';
import type { World } from '../model/world.ts';
import { hash, Random, uuidOf } from '../random.ts';
import { type Canary, canaryOf } from './canaries.ts';

interface Known {
  readonly person: Person;
  readonly canary: Canary;
  readonly random: () => Random;
  /** Gave another name to be called by, or moved house. */
  readonly changedAt: number | undefined;
}

const RACES = [
  'White',
  'Black or African American',
  'Asian',
  'American Indian or Alaska Native',
  'Two or more races',
];
const CITIES = ['Aurora', 'Batavia', 'Geneva', 'Peñasco', 'Elgin', 'Naperville'];

/** Persons and how to reach them. One row in 30 changes in the course of the history. */
export function personTables(world: World): LivingTable[] {
  const known = [...world.teachers, ...world.assistants, ...world.students].map((person): Known => {
    const random = () => new Random(world.seed, 'person', person.n);
    const draw = new Random(world.seed, 'changed', person.n);
    return {
      person,
      canary: canaryOf(world.seed, person.n),
      random,
      changedAt: draw.chance(0.12) ? person.knownAt + draw.between(5, 330) * DAY : undefined,
    };
  });
  return [persons(known), addresses(known), phones(world, known), emails(known)];
}

function persons(known: readonly Known[]): LivingTable {
  return lifeTable({
    namespace: 'registrar',
    name: 'persons',
    key: ['person_id'],
    columns: {
      person_id: 'char(8)',
      person_uuid: 'uuid',
      family_name: 'varchar(60)',
      given_name: 'varchar(60)',
      preferred_name: 'varchar(60)?',
      birth_date: 'date?',
      gender: 'char(1)?',
      race: 'varchar(60)?',
      hispanic: 'boolean?',
      ssn: 'char(11)?',
      citizenship: 'char(2)?',
      visa_type: 'varchar(4)?',
      religion: 'text?',
      languages: 'text[]?',
      confidential: 'boolean?',
      photo: 'bytea?',
      emergency: 'jsonb?',
      created_at: 'timestamptz',
      updated_at: 'timestamptz',
    },
    things: known,
    moments: ({ person, changedAt }) => [person.knownAt, changedAt],
    row: ({ person, canary, random, changedAt }, at) => {
      const draw = random();
      const foreign = draw.chance(0.07);
      const age = person.sisId.startsWith('S')
        ? 17 + Math.floor(Math.abs(draw.normal()) * 6)
        : draw.between(28, 66);
      return {
        person_id: person.sisId,
        person_uuid: uuidOf('person', person.n),
        family_name: person.name.family,
        given_name: person.name.given,
        preferred_name: changedAt !== undefined && at >= changedAt ? person.name.given.slice(0, 3) : null,
        birth_date: draw.chance(0.01) ? null : dateOf(TERMS[0]!.firstDay - age * 365 - draw.int(365)),
        gender: draw.pick(['F', 'F', 'F', 'M', 'M', 'M', 'X', null]),
        race: draw.chance(0.08) ? null : draw.pick(RACES),
        hispanic: draw.chance(0.3),
        ssn: foreign || draw.chance(0.03) ? null : canary.ssn,
        citizenship: foreign ? draw.pick(['MX', 'IN', 'VN', 'NG', 'PL']) : 'US',
        visa_type: foreign ? draw.pick(['F-1', 'J-1', 'M-1']) : null,
        religion: null,
        languages: draw.pick([['en'], ['en'], ['en', 'es'], ['es', 'en'], ['vi', 'en'], []]),
        confidential: draw.chance(0.02),
        photo: draw.chance(0.05)
          ? `\\x89504e47${draw
              .int(2 ** 31)
              .toString(16)
              .padStart(8, '0')}`
          : null,
        emergency: draw.chance(0.4)
          ? { relation: draw.pick(['mother', 'father', 'spouse', 'tía']), phone: canary.phone }
          : null,
        created_at: person.knownAt,
        updated_at: at,
      };
    },
  });
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
