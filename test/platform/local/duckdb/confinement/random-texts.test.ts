import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { propertyRuns } from '../../../../property-runs.ts';
import { type GuardedLake, openGuardedLake } from './kept-back.ts';
import { randomTexts } from './random-texts.ts';

// test/long/confinement.test.ts tries a hundred times as many.
let guarded: GuardedLake;
beforeAll(async () => {
  guarded = await openGuardedLake();
});
afterAll(() => guarded.close());

it('no text reads a file that is not of its tables, asked as a person does or handed to DuckDB as it is', async () => {
  const before = await guarded.files();
  const property = fc.asyncProperty(randomTexts(guarded.closed), async (text) => {
    expect(await guarded.asked(text), text).not.toBe('LEAK');
    expect(await guarded.confined(text), text).not.toBe('LEAK');
  });
  await fc.assert(property, { numRuns: propertyRuns(200) });
  expect(await guarded.files()).toEqual(before);
});
