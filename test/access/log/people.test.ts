import { expect, it } from 'vitest';
import { commitment, PeopleSeen } from '../../../src/access/log/people.ts';

const KEY = Buffer.alloc(32, 7);

it('puts a person on record as one, however a table writes the number', () => {
  const seen = new PeopleSeen();
  for (const id of [900, '900.000000', ' 900 ', 'S1', 's1', null]) seen.add(id);
  expect(seen.count).toBe(2);
  expect(seen.listed(KEY, 'a')!.split(' ')).toContain(commitment(KEY, 'a', '900'));
});
