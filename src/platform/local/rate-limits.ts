import type { Clock, RateLimits } from '../ports.ts';

/** Added to the minute, so that jitter on the way cannot bring two windows closer than the server's minute. */
const SLACK_MS = 250;
const MINUTE_MS = 60_000;

/**
 * Rate limits for everything in this process. A sliding window rather than a refilled bucket: in no stretch of a
 * minute are more than `perMinute` granted, however the server counts its minute; and all of them may go at once,
 * which a short job is glad of.
 */
export function openLocalRateLimits(clock: Pick<Clock, 'now'>): RateLimits {
  const buckets = new Map<string, { granted: number[]; pausedUntil: number }>();
  const bucketOf = (name: string) => {
    const bucket = buckets.get(name) ?? { granted: [], pausedUntil: 0 };
    buckets.set(name, bucket);
    return bucket;
  };
  return {
    async take(name, perMinute) {
      // Less than one a minute (0.5) is one in a longer window.
      const capacity = Math.max(1, Math.floor(perMinute));
      const window = MINUTE_MS * Math.max(1, capacity / perMinute) + SLACK_MS;
      const bucket = bucketOf(name);
      const now = clock.now();
      while (bucket.granted[0] !== undefined && bucket.granted[0] <= now - window) bucket.granted.shift();
      const oldest = bucket.granted.at(-capacity);
      const freeAt = Math.max(bucket.pausedUntil, oldest === undefined ? 0 : oldest + window);
      if (freeAt > now) return { granted: false, waitMs: freeAt - now };
      bucket.granted.push(now);
      return { granted: true, waitMs: 0 };
    },
    async pause(name, until) {
      const bucket = bucketOf(name);
      bucket.pausedUntil = Math.max(bucket.pausedUntil, until);
    },
  };
}
