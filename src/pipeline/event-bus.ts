import { debugLog } from '../debug-log.ts';
import type { EventBus, EventSubscriber, RunEvent } from '../ports/events.ts';

/** So many events wait for a slow subscriber; then the oldest of those that later ones supersede go first. */
const MOST_WAITING = 1000;

/** A bus with these subscribers. Each has a queue of its own, so none delays or disturbs another, or the run. */
export function openEvents(...subscribers: readonly EventSubscriber[]): EventBus {
  const queues = new Set<Queue>();
  const subscribe = (subscriber: EventSubscriber) => {
    const queue = new Queue(subscriber);
    queues.add(queue);
    return () => {
      queues.delete(queue);
      queue.clear();
    };
  };
  for (const subscriber of subscribers) subscribe(subscriber);
  return {
    publish(event) {
      for (const queue of queues) queue.push(event);
    },
    subscribe,
    async settled(mostMs) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, mostMs);
      });
      await Promise.race([Promise.all([...queues].map((queue) => queue.idle)), late]);
      clearTimeout(timer);
    },
  };
}

/** The events that one subscriber has not heard yet. */
class Queue {
  readonly #subscriber: EventSubscriber;
  readonly #waiting: RunEvent[] = [];
  #busy: Promise<void> | undefined;

  constructor(subscriber: EventSubscriber) {
    this.#subscriber = subscriber;
  }

  /** Settles when nothing waits; never rejects. */
  get idle(): Promise<void> {
    return this.#busy ?? Promise.resolve();
  }

  clear(): void {
    this.#waiting.length = 0;
  }

  /** A subscriber that answers at once hears the event before this returns. */
  push(event: RunEvent): void {
    this.#waiting.push(event);
    if (this.#busy) this.#shorten();
    else this.#deliver();
  }

  #deliver(): void {
    for (let event = this.#waiting.shift(); event; event = this.#waiting.shift()) {
      const heard = this.#hear(event);
      if (!heard) continue;
      this.#busy = heard.then(() => {
        this.#busy = undefined;
        this.#deliver();
        return this.#busy;
      });
      return;
    }
  }

  /** @returns undefined where the subscriber is done with it; the promise never rejects */
  #hear(event: RunEvent): Promise<void> | undefined {
    const fail = (error: unknown) => debugLog(`the subscriber "${this.#subscriber.name}" of the run`, error);
    try {
      return this.#subscriber.on(event)?.then(undefined, fail);
    } catch (error) {
      fail(error);
      return undefined;
    }
  }

  #shorten(): void {
    if (this.#waiting.length <= MOST_WAITING) return;
    const superseded = this.#waiting.findIndex(({ type }) => type === 'progress' || type === 'items');
    this.#waiting.splice(Math.max(0, superseded), 1);
  }
}
