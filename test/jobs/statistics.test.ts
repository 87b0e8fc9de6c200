import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantile, trendOf } from '../../src/jobs/statistics.ts';

const DAY = 86_400_000;
const daily = (values: readonly number[]) => values.map((value, i) => ({ at: i * DAY, value }));
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

describe('A quantile', () => {
  it('is exact: of 1 to 30 the 95th percentile is 28.55', () => {
    expect(quantile(upTo(30), 0.95)).toBeCloseTo(28.55, 12);
    expect(quantile([7], 0.95)).toBe(7);
    expect(quantile([], 0.95)).toBeUndefined();
  });

  it('is what quantile_cont of DuckDB gives', async () => {
    const database = await DuckDBInstance.create(':memory:');
    const connection = await database.connect();
    try {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 60 }),
          fc.constantFrom(0, 0.05, 0.5, 0.9, 0.95, 0.99, 1),
          async (values, share) => {
            const list = values.map((value) => `${value}::DOUBLE`).join(', ');
            const reader = await connection.runAndReadAll(
              `SELECT quantile_cont(v, ${share}) FROM (SELECT unnest([${list}]) AS v)`,
            );
            const theirs = Number(reader.getRows()[0]![0]);
            expect(quantile(values, share)).toBeCloseTo(theirs, 4);
          },
        ),
        { numRuns: 40 },
      );
    } finally {
      connection.closeSync();
      database.closeSync();
    }
  });
});

describe('A trend', () => {
  it('is found in times that rise, with its slope a day', () => {
    const noisy = upTo(30).map((day) => 1000 + day * 50 + (day % 3) * 40);
    expect(trendOf(daily(noisy))).toMatchObject({ direction: 'rising' });
    expect(trendOf(daily(noisy)).perDay).toBeCloseTo(50, 0);
    expect(trendOf(daily(noisy.toReversed())).direction).toBe('falling');
  });

  it('is not found for one bad night, in times that are all alike, nor in few', () => {
    const steady = upTo(30).map((day) => 1000 + ((day * 7) % 11));
    expect(trendOf(daily(steady.with(29, 90_000))).direction).toBe('none');
    expect(trendOf(daily(upTo(30).map(() => 5)))).toEqual({ direction: 'none', p: 1, perDay: 0 });
    expect(trendOf(daily([1, 2, 3, 4, 5])).direction).toBe('none');
  });

  it('has the chance that tables of the test give: ten in strict order, z = 3.936', () => {
    // S = 45, variance = 10 · 9 · 25 / 18 = 125, z = 44 / sqrt(125)
    expect(trendOf(daily(upTo(10))).p).toBeCloseTo(8.3e-5, 6);
  });

  it('is seldom found where there is none', () => {
    let seed = 7;
    const random = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed / 2_147_483_648;
    };
    const found = upTo(500).filter(
      () => trendOf(daily(upTo(30).map(() => random()))).direction !== 'none',
    ).length;
    expect(found).toBeLessThanOrEqual(12);
  });
});
