import { DAY, dateOf } from '../calendar.ts';
import { type LivingTable, lifeTable } from '../history.ts';
import type { Person } from '../model/people.ts';
import { TERMS } from '../model/terms.ts';
import type { World } from '../model/world.ts';
import { Random, uuidOf } from '../random.ts';
import { type Canary, canaryOf } from './canaries.ts';

/** A person, and how to draw again what is known of them. */
export interface Known {
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

/** Everybody in the SIS, staff first. One in eight changes something in the course of the history. */
export function knownPersons(world: World): Known[] {
  return [...world.teachers, ...world.assistants, ...world.students].map((person): Known => {
    const draw = new Random(world.seed, 'changed', person.n);
    return {
      person,
      canary: canaryOf(world.seed, person.n),
      random: () => new Random(world.seed, 'person', person.n),
      changedAt: draw.chance(0.12) ? person.knownAt + draw.between(5, 330) * DAY : undefined,
    };
  });
}

/** Who they are. */
export function personTable(known: readonly Known[]): LivingTable {
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
