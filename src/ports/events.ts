/** What happens in a run: a display shows it, a log records it, metrics count it. */
export type RunEvent =
  | { readonly type: 'stage'; readonly title: string; readonly state: 'started' | 'done' | 'failed' }
  | {
      readonly type: 'items';
      readonly title: string;
      readonly done: number;
      readonly failed: number;
      readonly total: number;
    }
  | { readonly type: 'note'; readonly about: string; readonly text: string }
  | {
      readonly type: 'progress';
      readonly about: string;
      readonly done: { bytes?: number; rows?: number; text?: string };
    };

/** Where events are published. Publishing never throws and never waits, whatever becomes of the subscribers. */
export interface EventSink {
  publish(event: RunEvent): void;
}

/**
 * Who hears events: a display, log lines, metrics.
 *
 * @example
 * ```ts
 * import type { EventBus, EventSubscriber } from './events.ts';
 *
 * const lines: EventSubscriber = {
 *   name: 'lines',
 *   on: (event) => {
 *     if (event.type === 'stage') console.log(event.title, event.state);
 *   },
 * };
 * const listen = (bus: EventBus) => bus.subscribe(lines);
 * ```
 */
export interface EventSubscriber {
  /** For the debug log, when it fails. */
  readonly name: string;
  /**
   * Is given the events one after the other, in their order; the next one once the promise for the last has settled.
   * What it throws concerns nobody else.
   */
  on(event: RunEvent): void | Promise<void>;
}

/** The events of one process, and who hears them. */
export interface EventBus extends EventSink {
  /** @returns ends the subscription; what still waits for the subscriber is dropped */
  subscribe(subscriber: EventSubscriber): () => void;
  /** Waits until every subscriber has heard what was published, and no longer than `mostMs`. Never throws. */
  settled(mostMs: number): Promise<void>;
}
