import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalShare, quantile, stepQuantile } from '../../../src/simulators/college/model/distributions.ts';
import { hash, Random, uuidOf } from '../../../src/simulators/college/random.ts';

describe('random numbers', () => {
  it('depend on their key alone', () => {
    const draw = (...key: (number | string)[]) => {
      const random = new Random(...key);
      return [random.next(), random.int(10), random.normal()];
    };
    expect(draw(1, 'quiz', 17)).toEqual(draw(1, 'quiz', 17));
    expect(draw(1, 'quiz', 17)).not.toEqual(draw(1, 'quiz', 18));
    expect(draw(1, 'quiz', 17)).not.toEqual(draw(2, 'quiz', 17));
    expect(hash(1, 2)).not.toBe(hash(2, 1));
  });

  it('are spread evenly, also over streams whose keys differ by one', () => {
    const first = Array.from({ length: 20_000 }, (_, i) => new Random(7, i).next());
    const tenths = Array.from({ length: 10 }, (_, i) => first.filter((u) => Math.floor(u * 10) === i).length);
    for (const count of tenths) expect(Math.abs(count - 2000)).toBeLessThan(200);
    const random = new Random('normal');
    const normals = Array.from({ length: 20_000 }, () => random.normal());
    const mean = normals.reduce((sum, z) => sum + z, 0) / normals.length;
    const variance = normals.reduce((sum, z) => sum + (z - mean) ** 2, 0) / normals.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(variance - 1)).toBeLessThan(0.05);
  });

  it('make UUIDs that are never the same for two keys of a kind', () => {
    const number = fc.integer({ min: 0, max: 2 ** 24 - 1 });
    fc.assert(
      fc.property(number, number, number, number, (n, m, p, q) => {
        expect(uuidOf('kind', n, m)).toMatch(
          /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        );
        expect(uuidOf('kind', n, m) === uuidOf('kind', p, q)).toBe(n === p && m === q);
      }),
    );
  });

  it('turn normals into shares and shares into values', () => {
    expect(normalShare(0)).toBeCloseTo(0.5, 6);
    expect(normalShare(1.959964)).toBeCloseTo(0.975, 6);
    expect(normalShare(-1.959964)).toBeCloseTo(0.025, 6);
    expect([0, 0.25, 0.5, 1, 2].map((u) => quantile([0, 10, 30], u))).toEqual([0, 5, 10, 30, 30]);
    expect([0, 0.24, 0.26, 0.9].map((u) => stepQuantile([0, 10, 30], u))).toEqual([0, 0, 10, 30]);
  });
});
