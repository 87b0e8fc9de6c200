import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type GuardedLake, openGuardedLake } from '../platform/local/duckdb/confinement/kept-back.ts';
import { randomTexts } from '../platform/local/duckdb/confinement/random-texts.ts';

/** How many texts are tried: `CONFINEMENT_RUNS=100000` tries more. */
const RUNS = Number(process.env.CONFINEMENT_RUNS ?? 20_000);

let guarded: GuardedLake;
beforeAll(async () => {
  guarded = await openGuardedLake();
});
afterAll(() => guarded.close());

it('no text reads a file that is not of its tables; the same texts would where DuckDB did not keep them out', async () => {
  const before = await guarded.files();
  let would = 0;
  const property = fc.asyncProperty(randomTexts(guarded.closed), async (text) => {
    expect(await guarded.asked(text), text).not.toBe('LEAK');
    expect(await guarded.confined(text), text).not.toBe('LEAK');
    if ((await guarded.unconfined(text)) === 'LEAK') would += 1;
  });
  await fc.assert(property, { numRuns: RUNS });
  expect(await guarded.files()).toEqual(before);
  expect(would).toBeGreaterThan(RUNS / 100);
});
