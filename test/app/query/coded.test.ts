import { expect, it } from 'vitest';
import { coded } from '../../../src/app/query/coded.ts';
import type { Cell, QueryResult } from '../../../src/ports/query-engine.ts';

const ANSWER: QueryResult = {
  columns: [
    { name: 'student_id', type: 'varchar' },
    { name: 'grade', type: 'integer' },
    { name: 'peer_id', type: 'varchar' },
  ],
  async *batches() {
    yield [
      ['S1', 1, 'S2'],
      [' s1', 2, null],
    ];
    yield [['S2', 3, 'S1']];
  },
};

async function released(names = ['STUDENT_ID', 'peer_id']): Promise<Cell[][]> {
  const rows: Cell[][] = [];
  for await (const batch of coded(ANSWER, names).batches()) rows.push(...batch);
  return rows;
}

it('gives one person one code in an answer, in every column and batch, and leaves the rest', async () => {
  const [first, second, third] = await released();

  expect([first![1], second![1], third![1]]).toEqual([1, 2, 3]);
  expect(first![0]).toMatch(/^[0-9a-f]{16}$/);
  expect(second).toEqual([first![0], 2, null]);
  expect(third).toEqual([first![2], 3, first![0]]);
  expect(first![2]).not.toBe(first![0]);
});

it('gives another code in another answer', async () => {
  const codes = new Set((await Promise.all([released(), released()])).flat().map(([code]) => code));
  expect(codes.size).toBe(4);
});

it('keeps what is no number of a person, and says the type that codes have', () => {
  const { columns } = coded({ ...ANSWER, columns: [{ name: 'id', type: 'bigint' }] }, ['id']);
  expect(columns).toEqual([{ name: 'id', type: 'varchar' }]);
});

it('refuses a column that the answer does not have', () => {
  expect(() => coded(ANSWER, ['student'])).toThrow('The answer has no column "student"');
});
