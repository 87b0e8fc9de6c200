import type { Json } from '../json.ts';
import type { EventReader } from '../ports/event-log.ts';
import type { WithoutErased } from './erased.ts';
import { LIVE_TABLES, type LiveTable, WINDOW_MS } from './tables.ts';
import { possibleTime } from './times.ts';
import type { KeptEvent } from './treat.ts';

interface Row {
  readonly time: number;
  readonly id: string;
  readonly cells: readonly Json[];
}

/** Within so long are two deliveries of one event known as such, ms: longer than Canvas tries. */
const REPEATED_MS = 2 * 3600_000;

/**
 * What the live tables hold, made of the log from its beginning: of an order that is none, with repetitions, as it came.
 * The newest event about a thing counts; of two at one instant, the one with the greater id, whichever came first.
 */
export class LiveState {
  readonly source: string;
  readonly #rows = new Map<string, Map<string, Row>>(LIVE_TABLES.map(({ name }) => [name, new Map()]));
  readonly #changed = new Set<string>(LIVE_TABLES.map(({ name }) => name));
  readonly #seen = new Map<string, number>();
  readonly #positions = new Map<string, string>();
  /** The latest receipt, by partition, epoch ms. */
  readonly #received = new Map<string, number>();
  readonly #without: WithoutErased;
  #newest = 0;

  /** @param without leaves out people who were erased. Default: nobody was */
  constructor(source: string, without: WithoutErased = (event) => event) {
    this.source = source;
    this.#without = without;
  }

  /** Takes what has come since. @returns how many */
  async readOn(log: EventReader): Promise<number> {
    let count = 0;
    for (const partition of await log.partitions())
      for (;;) {
        const { events, next } = await log.read(partition, this.#positions.get(partition));
        for (const { value, at } of events) {
          const received = Math.max(at, this.#received.get(partition) ?? at);
          this.#received.set(partition, received);
          const event = this.#without(JSON.parse(value) as KeptEvent);
          if (event) this.take({ ...event, time: possibleTime(event.time, received) });
        }
        if (next !== undefined) this.#positions.set(partition, next);
        count += events.length;
        if (events.length === 0) break;
      }
    this.#forgetSeen();
    return count;
  }

  /** Takes an event. @returns false where it has been taken before */
  take(event: KeptEvent): boolean {
    if (event.source !== this.source || this.#seen.has(event.id)) return false;
    this.#seen.set(event.id, event.time);
    this.#newest = Math.max(this.#newest, event.time);
    for (const table of LIVE_TABLES) {
      if (!table.events.includes(event.name)) continue;
      const key = table.keyOf(event);
      if (key === undefined) continue;
      const rows = this.#rows.get(table.name)!;
      const before = rows.get(key);
      if (before && (before.time > event.time || (before.time === event.time && before.id >= event.id)))
        continue;
      rows.set(key, { time: event.time, id: event.id, cells: table.columns.map(({ of }) => of(event)) });
      this.#changed.add(table.name);
    }
    return true;
  }

  /**
   * Forgets what a load has overtaken, and what is too old.
   * @param knownTo up to when a table of Canvas is loaded, epoch ms
   */
  overtake(knownTo: (truth: string) => number | undefined, now: number): void {
    for (const { name, truth } of LIVE_TABLES) {
      const known = truth === undefined ? undefined : knownTo(truth);
      const upTo = Math.max(
        known ?? Number.NEGATIVE_INFINITY,
        truth === undefined ? now - WINDOW_MS : now - 7 * WINDOW_MS,
      );
      for (const [key, { time }] of this.#rows.get(name)!) {
        if (time > upTo) continue;
        this.#rows.get(name)!.delete(key);
        this.#changed.add(name);
      }
    }
  }

  /** The tables that have changed since they were asked for last. */
  changed(): LiveTable[] {
    const tables = LIVE_TABLES.filter(({ name }) => this.#changed.has(name));
    this.#changed.clear();
    return tables;
  }

  /** Says that a table could not be made: it is among those that have changed. */
  again({ name }: LiveTable): void {
    this.#changed.add(name);
  }

  /** The rows of a table, in the order of their events. */
  rows({ name }: LiveTable): (readonly Json[])[] {
    return [...this.#rows.get(name)!.values()]
      .sort((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1))
      .map(({ cells }) => cells);
  }

  #forgetSeen(): void {
    for (const [id, time] of this.#seen)
      if (time < this.#newest - REPEATED_MS - WINDOW_MS) this.#seen.delete(id);
  }
}
