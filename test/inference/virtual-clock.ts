import type { Clock } from '../../src/ports/platform.ts';

interface Timer {
  readonly at: number;
  readonly order: number;
  ring(): void;
}

/** A clock that stands still until it is told to go on: nothing in a test waits for real. */
export class VirtualClock implements Clock {
  #now = 0;
  #order = 0;
  readonly #timers = new Set<Timer>();

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = () => {
        this.#timers.delete(timer);
        reject(signal!.reason);
      };
      const timer: Timer = {
        at: this.#now + ms,
        order: this.#order++,
        ring: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#timers.add(timer);
    });
  }

  /** To the next timer. @returns false where there is none */
  next(): boolean {
    let first: Timer | undefined;
    for (const timer of this.#timers)
      if (!first || timer.at < first.at || (timer.at === first.at && timer.order < first.order))
        first = timer;
    if (!first) return false;
    this.#timers.delete(first);
    this.#now = Math.max(this.#now, first.at);
    first.ring();
    return true;
  }

  /** Goes on until the work is done: whatever can happen at an instant happens before time moves. */
  async until<T>(work: Promise<T>): Promise<T> {
    let isOver = false;
    const over = () => {
      isOver = true;
    };
    work.then(over, over);
    for (;;) {
      await settled();
      if (isOver) return work;
      if (!this.next()) {
        await settled();
        if (isOver) return work;
        throw new Error('nothing is left that could end the work');
      }
    }
  }
}

/** All that follows from promises that are already resolved. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
