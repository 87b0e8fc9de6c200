import type { Clock } from '../ports/platform.ts';

/**
 * The same time limit for many things that begin one after the other: whoever began first is due first, so one timer is
 * enough for all.
 */
export class Deadlines {
  readonly #clock: Clock;
  readonly #limitMs: number;
  /** By what has a deadline, in the order in which they are due. */
  readonly #due = new Map<object, { readonly at: number; ring(): void }>();
  #timer: AbortController | undefined;

  constructor(clock: Clock, limitMs: number) {
    this.#clock = clock;
    this.#limitMs = limitMs;
  }

  add(of: object, ring: () => void): void {
    this.#due.set(of, { at: this.#clock.now() + this.#limitMs, ring });
    if (!this.#timer) void this.#watch();
  }

  delete(of: object): void {
    this.#due.delete(of);
    if (this.#due.size === 0) this.#timer?.abort();
  }

  clear(): void {
    this.#due.clear();
    this.#timer?.abort();
  }

  async #watch(): Promise<void> {
    const timer = new AbortController();
    this.#timer = timer;
    for (;;) {
      const [first] = this.#due;
      if (timer.signal.aborted || !first) break;
      const [of, { at, ring }] = first;
      const left = at - this.#clock.now();
      // A clock that was set back makes nobody wait for longer than the limit.
      if (left > 0)
        await this.#clock.sleep(Math.min(left, this.#limitMs), timer.signal).catch(() => undefined);
      else {
        this.#due.delete(of);
        ring();
      }
    }
    this.#timer = undefined;
    // Something may have begun while this one ended.
    if (this.#due.size > 0) void this.#watch();
  }
}
