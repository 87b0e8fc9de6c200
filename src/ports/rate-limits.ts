/**
 * Token buckets shared by everything that calls one source.
 *
 * @example
 * ```ts
 * import type { Clock } from './platform.ts';
 * import type { RateLimits } from './rate-limits.ts';
 *
 * async function waitForTurn(limits: RateLimits, clock: Clock): Promise<void> {
 *   for (;;) {
 *     const { granted, waitMs } = await limits.take('canvas/jobs', 5);
 *     if (granted) return;
 *     await clock.sleep(waitMs);
 *   }
 * }
 * ```
 */
export interface RateLimits {
  /** Takes one token if there is one; otherwise says how long to wait, in ms. */
  take(bucket: string, perMinute: number): Promise<{ granted: boolean; waitMs: number }>;
  /** Nothing is granted from this bucket until then (epoch ms): the server said so (429, `Retry-After`). */
  pause(bucket: string, until: number): Promise<void>;
}
