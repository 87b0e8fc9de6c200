import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../ports/platform.ts';

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    try {
      await sleep(Math.max(0, ms), undefined, { signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
};
