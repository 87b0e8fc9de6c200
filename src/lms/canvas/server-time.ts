import type { Clock } from '../../ports/platform.ts';

/**
 * The server's clock, learnt from the `Date` of its answers, so that a wrong clock on this machine neither keeps a
 * dying job nor throws away a living one. `Date` has whole seconds; half of one is added.
 */
export class ServerTime {
  readonly #clock: Pick<Clock, 'now'>;
  #ahead = 0;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  learn(date: unknown): void {
    const at = typeof date === 'string' ? Date.parse(date) : Number.NaN;
    if (!Number.isNaN(at)) this.#ahead = at + 500 - this.#clock.now();
  }

  /** Epoch ms. */
  now(): number {
    return this.#clock.now() + this.#ahead;
  }
}
