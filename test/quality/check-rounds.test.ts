import { expect, it } from 'vitest';
import { checkRounds } from '../../src/quality/check-rounds.ts';
import { datasetOf } from './datasets.ts';

const dataset = (id: string, ...parents: string[]) =>
  datasetOf([{ name: 'x', type: 'bigint' }], {
    id,
    checks: parents.map((to) => ({ kind: 'relationships', column: 'x', to, field: 'x' })),
  });
const rounds = (...datasets: ReturnType<typeof dataset>[]) =>
  checkRounds(datasets).map((round) => round.map(({ id }) => id));

it('checks a table after those that its relationships point to, if they are due too', () => {
  expect(rounds(dataset('c', 'b'), dataset('b', 'a', 'not due'), dataset('a', 'a'), dataset('d'))).toEqual([
    ['a', 'd'],
    ['b'],
    ['c'],
  ]);
  expect(rounds()).toEqual([]);
});

it('checks tables that point at each other, and what hangs on them, together', () => {
  expect(rounds(dataset('a', 'b'), dataset('b', 'a'), dataset('c', 'a'), dataset('d'))).toEqual([
    ['d'],
    ['a', 'b', 'c'],
  ]);
});
