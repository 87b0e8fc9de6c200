import { describe, expect, it } from 'vitest';
import type { PrivacyClass } from '../../src/campus/catalog-schema.ts';
import type { LakeType } from '../../src/campus/lake-type.ts';
import { proposePrivacy } from '../../src/privacy/propose.ts';
import { STUDENT_SYSTEMS } from './student-systems/columns.ts';

/** Classes that name a person or are kept out: nothing may be taken for less, and little for one of them. */
const GRAVE: readonly string[] = ['direct', 'secret', 'aid', 'special', 'text', 'log'];
const TYPES: Readonly<Record<string, readonly [LakeType, string]>> = {
  i: ['integer', 'integer'],
  b: ['boolean', 'boolean'],
  d: ['date', 'date'],
  t: ['timestamp', 'timestamp'],
  x: ['varchar', 'text'],
  j: ['varchar', 'jsonb'],
  y: ['varbinary', 'bytea'],
  '1': ['varchar', 'character varying(1)'],
  '': ['varchar', 'character varying(100)'],
};
const COLUMN = /^(?<name>\w+)(?::(?<type>\w))?(?: (?<privacy>[a-z]+))?(?: "(?<said>[^"]+)")?$/;

interface Judged {
  readonly id: string;
  readonly expected: string;
  readonly proposed: PrivacyClass;
}

function judged(system: string): Judged[] {
  return STUDENT_SYSTEMS[system]!.trim()
    .split('\n')
    .flatMap((line) => {
      const [table, list] = line.split(' | ') as [string, string];
      const columns = list.split(', ').map((text) => {
        const groups = COLUMN.exec(text)?.groups;
        if (!groups) throw new Error(`${table}: ${text}`);
        return groups;
      });
      const siblings = columns.map(({ name }) => name!);
      return columns.map(({ name, type = '', privacy = 'none', said }, i) => {
        const [lake, source] = TYPES[type]!;
        const proposed = proposePrivacy({
          table,
          name: name!,
          type: lake,
          sourceType: source,
          siblings,
          key: i === 0 && lake !== 'varchar',
          description: said,
        }).privacy;
        return { id: `${table}.${name}`, expected: privacy, proposed };
      });
    });
}

describe.each(Object.keys(STUDENT_SYSTEMS))('The columns of %s', (system) => {
  const columns = judged(system);

  it('that name a person, or must be decided on, are all found', () => {
    const missed = columns.filter(
      ({ expected, proposed }) => GRAVE.includes(expected) && proposed !== expected,
    );
    expect(missed).toEqual([]);
  });
});

it('Of the columns of all systems, at most one in twenty is taken for more than it is', () => {
  const columns = Object.keys(STUDENT_SYSTEMS).flatMap(judged);
  const alarms = columns.filter(
    ({ expected, proposed }) => !GRAVE.includes(expected) && GRAVE.includes(proposed),
  );
  expect(columns.length).toBeGreaterThan(600);
  expect(alarms.length / columns.length, alarms.map(({ id }) => id).join(', ')).toBeLessThanOrEqual(0.05);
});
