import type { Clock } from '../../ports/platform.ts';
import type { RateLimits } from '../../ports/rate-limits.ts';
import { askWindow, EMPTY_WINDOW, pauseWindow, type WindowState } from '../sliding-window.ts';

/** Rate limits for everything in this process. */
export function openLocalRateLimits(clock: Pick<Clock, 'now'>): RateLimits {
  const buckets = new Map<string, WindowState>();
  const bucket = (name: string) => buckets.get(name) ?? EMPTY_WINDOW;
  return {
    async take(name, perMinute) {
      const answer = askWindow(bucket(name), perMinute, clock.now());
      if (!answer.granted) return answer;
      buckets.set(name, answer.state);
      return { granted: true, waitMs: 0 };
    },
    async pause(name, until) {
      buckets.set(name, pauseWindow(bucket(name), until));
    },
  };
}
