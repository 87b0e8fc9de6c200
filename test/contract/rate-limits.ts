import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../src/ports/platform.ts';
import type { RateLimits } from '../../src/ports/rate-limits.ts';

export interface RateLimitsHome {
  /** New limits of which nothing has been taken. */
  open(clock: Clock): Promise<RateLimits>;
  close(): Promise<void>;
  /** How many histories are tried: fewer where a call costs more. */
  readonly histories: number;
}

interface HandClock extends Clock {
  advance(ms: number): void;
}

/** A clock that goes on only when it is told to; sleeping yields to others and costs no time. */
export function handClock(start: number): HandClock {
  let now = start;
  return {
    now: () => now,
    sleep: () => new Promise((resolve) => setImmediate(resolve)),
    advance: (ms) => {
      now += ms;
    },
  };
}

/** What all rate limits promise, in both targets. */
export function rateLimitsContract(home: RateLimitsHome): void {
  describe('promises of all rate limits', () => {
    let clock: HandClock;
    let limits: RateLimits;
    let buckets = 0;
    beforeEach(async () => {
      clock = handClock(1_000_000);
      limits = await home.open(clock);
    });
    afterEach(() => home.close());

    it('grant no more than the limit in any stretch of a minute, and as much as it in the long run', async () => {
      const waits = fc.array(fc.integer({ min: 0, max: 30_000 }), {
        minLength: 1,
        maxLength: Math.min(200, home.histories * 2),
      });
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 20 }), waits, async (perMinute, pauses) => {
          const bucket = `history ${++buckets}`;
          const granted: number[] = [];

          for (const pause of pauses) {
            clock.advance(pause);
            const { granted: yes, waitMs } = await limits.take(bucket, perMinute);
            if (!yes) {
              // Whoever waits as long as told is granted.
              clock.advance(waitMs);
              expect(await limits.take(bucket, perMinute)).toEqual({ granted: true, waitMs: 0 });
            }
            granted.push(clock.now());
          }

          for (const at of granted) {
            expect(granted.filter((g) => g >= at && g < at + 60_000).length).toBeLessThanOrEqual(perMinute);
          }
          expect(granted.length).toBe(pauses.length);
        }),
        { numRuns: home.histories },
      );
    });

    it('grant all of a minute at once, then make wait for the rest of it', async () => {
      const answers = [];
      for (let i = 0; i < 6; i += 1) answers.push(await limits.take('create', 5));

      expect(answers.map((a) => a.granted)).toEqual([true, true, true, true, true, false]);
      expect(answers[5]?.waitMs).toBeGreaterThanOrEqual(60_000);
      expect(answers[5]?.waitMs).toBeLessThan(61_000);
    });

    it('grant exactly the limit to many who ask at once', async () => {
      const answers = await Promise.all(Array.from({ length: 24 }, () => limits.take('create', 5)));

      expect(answers.filter((answer) => answer.granted)).toHaveLength(5);
    });

    it('grant nothing from a paused bucket, and leave the others alone', async () => {
      const start = clock.now();
      await limits.pause('create', start + 30_000);
      await limits.pause('create', start + 10_000);

      expect(await limits.take('create', 5)).toEqual({ granted: false, waitMs: 30_000 });
      expect((await limits.take('url', 200)).granted).toBe(true);
      clock.advance(30_000);
      expect((await limits.take('create', 5)).granted).toBe(true);
    });

    it('remember what was granted before a pause', async () => {
      for (let i = 0; i < 5; i += 1) await limits.take('create', 5);
      await limits.pause('create', clock.now() + 1_000);

      clock.advance(1_000);

      expect((await limits.take('create', 5)).waitMs).toBeGreaterThan(50_000);
    });

    it('spread a limit of less than one a minute over more than a minute', async () => {
      await limits.take('create', 0.5);

      expect((await limits.take('create', 0.5)).waitMs).toBeGreaterThanOrEqual(120_000);
    });
  });
}
