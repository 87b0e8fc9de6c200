import type { Clock } from '../../ports/platform.ts';
import type { RateLimits } from '../../ports/rate-limits.ts';
import { ThrottledError } from '../errors.ts';

export interface RateLimiterOptions {
  readonly limits: RateLimits;
  readonly clock: Clock;
  /** Name of the shared bucket. */
  readonly bucket: string;
  readonly perMinute: number;
  readonly signal?: AbortSignal;
  /** A call that would wait longer, in ms, fails. Default: none does. */
  readonly longestWaitMs?: number;
}

interface Waiter {
  readonly priority: number;
  readonly pass: () => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Limits the calls of one endpoint. A token goes to the waiting call of the highest priority, oldest first, at the moment
 * when it is granted: an urgent table that comes late overtakes those that wait out the minute.
 */
export class RateLimiter {
  readonly #options: RateLimiterOptions;
  readonly #waiters: Waiter[] = [];
  #pumping = false;

  constructor(options: RateLimiterOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the call may be made. Rejects when the limiter's signal is aborted.
   * @throws ThrottledError where the wait would be longer than the limiter's longest
   */
  pass(priority = 5): Promise<void> {
    return new Promise((pass, fail) => {
      const at = this.#waiters.findIndex((w) => w.priority < priority);
      this.#waiters.splice(at === -1 ? this.#waiters.length : at, 0, { priority, pass, fail });
      if (!this.#pumping) void this.#pump();
    });
  }

  /** The server refused a call: none passes for this long. */
  async pause(ms: number): Promise<void> {
    await this.#options.limits.pause(this.#options.bucket, this.#options.clock.now() + ms);
  }

  async #pump(): Promise<void> {
    const { limits, clock, bucket, perMinute, signal, longestWaitMs = Infinity } = this.#options;
    this.#pumping = true;
    try {
      while (this.#waiters.length > 0) {
        signal?.throwIfAborted();
        const { granted, waitMs } = await limits.take(bucket, perMinute);
        if (granted) this.#waiters.shift()?.pass();
        else if (waitMs > longestWaitMs) throw new ThrottledError(bucket, waitMs);
        else await clock.sleep(waitMs, signal);
      }
    } catch (error) {
      for (const waiter of this.#waiters.splice(0)) waiter.fail(error);
    } finally {
      this.#pumping = false;
    }
  }
}
