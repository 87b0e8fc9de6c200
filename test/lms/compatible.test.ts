import { describe, expect, it } from 'vitest';
import { compareSchemas } from '../../src/lms/compatible.ts';
import type { LoadColumn } from '../../src/loads/load.ts';

const id: LoadColumn = { name: 'id', section: 'key', type: 'bigint', nullable: false };
const column = (name: string, more: Partial<LoadColumn> = {}): LoadColumn => ({
  name,
  section: 'value',
  type: 'varchar',
  nullable: true,
  ...more,
});
const before = [id, column('name'), column('points', { type: 'integer', nullable: false })];

describe('compareSchemas', () => {
  it.each<[string, LoadColumn[], boolean, string[]]>([
    ['nothing changed', before, true, []],
    ['a new column that may be empty', [...before, column('pronouns')], true, ['pronouns (varchar) is new']],
    [
      'a new column that is never empty',
      [...before, column('x', { nullable: false })],
      false,
      ['x (varchar) is new'],
    ],
    ['a column gone', before.slice(0, 2), true, ['points is gone']],
    [
      'required to optional',
      [id, before[1]!, { ...before[2]!, nullable: true }],
      false,
      ['points may now be empty: rows without it may have been left out until now'],
    ],
    [
      'optional to required',
      [id, { ...before[1]!, nullable: false }, before[2]!],
      false,
      ['name is never empty any more'],
    ],
    [
      'a wider type',
      [id, before[1]!, { ...before[2]!, type: 'bigint' }],
      true,
      ['points was integer and is bigint'],
    ],
    [
      'another type',
      [id, { ...before[1]!, type: 'bigint' }, before[2]!],
      false,
      ['name was varchar and is bigint'],
    ],
    [
      'a key of another type',
      [{ ...id, type: 'varchar' }, ...before.slice(1)],
      false,
      ['id was bigint and is varchar'],
    ],
    ['a key gone', before.slice(1), false, ['id is gone']],
    [
      'a longer key, though its new part may be empty',
      [id, { ...id, name: 'id2', nullable: true }, ...before.slice(1)],
      false,
      ['id2 (bigint) is new'],
    ],
    [
      'numbers that become text, whose form nobody knows',
      [id, before[1]!, { ...before[2]!, type: 'varchar' }],
      false,
      ['points was integer and is varchar'],
    ],
    [
      'a decimal that holds every whole number of before',
      [id, before[1]!, { ...before[2]!, type: 'decimal(10,0)' }],
      true,
      ['points was integer and is decimal(10,0)'],
    ],
    [
      'a decimal of fewer digits',
      [id, before[1]!, { ...before[2]!, type: 'decimal(5,2)' }],
      false,
      ['points was integer and is decimal(5,2)'],
    ],
    ['a longer key', [id, { ...id, name: 'id2' }, ...before.slice(1)], false, ['id2 (bigint) is new']],
  ])('%s', (_, after, compatible, changes) => {
    expect(compareSchemas(before, after)).toEqual({ compatible, changes });
  });
});
