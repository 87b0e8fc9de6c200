import type { Clock } from '../../ports/platform.ts';
import type { RateLimits } from '../../ports/rate-limits.ts';
import { NotYourTurnError } from '../errors.ts';

export interface GateOptions {
  readonly limits: RateLimits;
  readonly clock: Clock;
  /** Name of the shared bucket. */
  readonly bucket: string;
  readonly perMinute: number;
  readonly signal?: AbortSignal;
  /** Who would have to wait longer, in ms, is sent away. Default: nobody is. */
  readonly longestWaitMs?: number;
}

interface Waiter {
  readonly priority: number;
  readonly pass: () => void;
  readonly fail: (error: unknown) => void;
}

/**
 * The one entrance to an endpoint with a limit. Whoever wants to call waits here; a token goes to the most wanted
 * (highest priority, then who came first) at the moment when it is granted, not when it was asked for: so a wanted
 * table that comes late overtakes those that wait out the minute.
 */
export class Gate {
  readonly #options: GateOptions;
  readonly #waiters: Waiter[] = [];
  #pumping = false;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the call may be made. Rejects when the gate's signal is aborted.
   * @throws NotYourTurnError where the wait would be longer than the gate's longest
   */
  pass(priority = 5): Promise<void> {
    return new Promise((pass, fail) => {
      const at = this.#waiters.findIndex((w) => w.priority < priority);
      this.#waiters.splice(at === -1 ? this.#waiters.length : at, 0, { priority, pass, fail });
      if (!this.#pumping) void this.#pump();
    });
  }

  /** The server refused a call: nobody passes for so long. */
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
        else if (waitMs > longestWaitMs) throw new NotYourTurnError(bucket, waitMs);
        else await clock.sleep(waitMs, signal);
      }
    } catch (error) {
      for (const waiter of this.#waiters.splice(0)) waiter.fail(error);
    } finally {
      this.#pumping = false;
    }
  }
}
