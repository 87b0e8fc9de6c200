import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyFamily, mix } from '../../src/loads/key-sum.ts';

const number = (...words: number[]): number => Number(mix(words.map(BigInt)));

/** As the adapters make a word of texts: the first 48 bits of their SHA-256. */
const wordOf = (text: string): number =>
  Number.parseInt(createHash('sha256').update(text).digest('hex').slice(0, 12), 16);

/** How many of the keys give a number that another of them gives, too. */
function collisions(keys: readonly number[]): number {
  const sorted = Float64Array.from(keys).sort();
  let count = 0;
  for (let i = 1; i < sorted.length; i++) if (sorted[i] === sorted[i - 1]) count++;
  return count;
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

describe('the sum of keys', () => {
  it('gives every small whole number, and every day from 1900 to 2100, a number of its own', () => {
    expect(collisions(range(-30_000, 75_000).map((n) => number(n)))).toBe(0);
  });

  it('gives every pair of small numbers a number of its own, whichever comes first', () => {
    const pairs = range(0, 256).flatMap((a) => range(0, 256).map((b) => number(a, b)));
    expect(collisions(pairs)).toBe(0);
  });

  it('gives every short text a number of its own', () => {
    const printable = range(32, 127).map((code) => String.fromCharCode(code));
    const capitals = range(65, 91).map((code) => String.fromCharCode(code));
    const short = printable.flatMap((a) => ['', ...printable].map((b) => a + b));
    const codes = capitals.flatMap((a) => capitals.flatMap((b) => capitals.map((c) => a + b + c)));
    expect(collisions(['', ...short, ...codes].map((text) => number(wordOf(text))))).toBe(0);
  });

  it('differs where up to three rows are lost and others of the same table come twice', () => {
    const sum = (keys: readonly number[]) => keys.reduce((total, key) => total + number(key), 0);
    const key = fc.integer({ min: 0, max: 5000 });
    const sameSize = fc
      .integer({ min: 1, max: 3 })
      .chain((length) =>
        fc.tuple(...[0, 1].map(() => fc.array(key, { minLength: length, maxLength: length }))),
      );
    fc.assert(
      fc.property(sameSize, ([lost, twice]) => {
        const [a, b] = [lost!, twice!].map((keys) => [...keys].sort((x, y) => x - y));
        fc.pre(a!.join() !== b!.join());
        expect(sum(a!)).not.toBe(sum(b!));
      }),
    );
  });

  it('keeps apart numbers that a 64-bit key can hold', () => {
    const limit = 2n ** 63n;
    const word = fc.bigInt({ min: -limit, max: limit - 1n });
    fc.assert(
      fc.property(word, fc.constantFrom(1n, 75n, 2n ** 31n - 1n, 2n ** 32n), (a, step) => {
        fc.pre(a + step < limit);
        expect(mix([a])).not.toBe(mix([a + step]));
      }),
    );
  });

  it('is made of whole numbers, days, instants, truths and texts only', () => {
    expect(
      ['integer', 'date', 'timestamp', 'boolean', 'varchar', 'decimal(10,0)', 'decimal(10,2)'].map((type) =>
        keyFamily(type as 'integer'),
      ),
    ).toEqual(['whole', 'day', 'instant', 'truth', 'text', 'whole', 'decimal']);
    expect(keyFamily('double')).toBeUndefined();
    // 18 digits fit 64 bits whatever they are; 19 need not.
    expect([keyFamily('decimal(18,0)'), keyFamily('decimal(19,0)')]).toEqual(['whole', 'decimal']);
  });
});
