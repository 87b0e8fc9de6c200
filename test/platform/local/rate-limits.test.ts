import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openLocalRateLimits } from '../../../src/platform/local/rate-limits.ts';

const clockAt = (start: number) => {
  let now = start;
  return {
    now: () => now,
    advance: (ms: number) => {
      now += ms;
    },
  };
};

describe('local rate limits', () => {
  it('grant no more than the limit in any stretch of a minute, and as much as it in the long run', async () => {
    const waits = fc.array(fc.integer({ min: 0, max: 30_000 }), { minLength: 1, maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20 }), waits, async (perMinute, pauses) => {
        const clock = clockAt(1_000_000);
        const limits = openLocalRateLimits(clock);
        const granted: number[] = [];

        for (const pause of pauses) {
          clock.advance(pause);
          const { granted: yes, waitMs } = await limits.take('b', perMinute);
          if (yes) granted.push(clock.now());
          else {
            // Whoever waits as long as told is granted.
            clock.advance(waitMs);
            expect(await limits.take('b', perMinute)).toEqual({ granted: true, waitMs: 0 });
            granted.push(clock.now());
          }
        }

        for (const at of granted) {
          expect(granted.filter((g) => g >= at && g < at + 60_000).length).toBeLessThanOrEqual(perMinute);
        }
        expect(granted.length).toBe(pauses.length);
      }),
      { numRuns: 100 },
    );
  });

  it('grant all of a minute at once, then make wait for the rest of it', async () => {
    const clock = clockAt(0);
    const limits = openLocalRateLimits(clock);

    const answers = [];
    for (let i = 0; i < 6; i += 1) answers.push(await limits.take('create', 5));

    expect(answers.map((a) => a.granted)).toEqual([true, true, true, true, true, false]);
    expect(answers[5]?.waitMs).toBeGreaterThanOrEqual(60_000);
    expect(answers[5]?.waitMs).toBeLessThan(61_000);
  });

  it('grant nothing from a paused bucket, and leave the others alone', async () => {
    const clock = clockAt(0);
    const limits = openLocalRateLimits(clock);

    await limits.pause('create', 30_000);
    await limits.pause('create', 10_000);

    expect(await limits.take('create', 5)).toEqual({ granted: false, waitMs: 30_000 });
    expect((await limits.take('url', 200)).granted).toBe(true);
    clock.advance(30_000);
    expect((await limits.take('create', 5)).granted).toBe(true);
  });

  it('spread a limit of less than one a minute over more than a minute', async () => {
    const clock = clockAt(0);
    const limits = openLocalRateLimits(clock);

    await limits.take('create', 0.5);

    expect((await limits.take('create', 0.5)).waitMs).toBeGreaterThanOrEqual(120_000);
  });
});
