import type { Change, SystemHistory, TableShape } from '../college/college.ts';

/** What a table was at an instant and what changed between two, from a history of changes. Nothing is kept. */
export class TableHistory {
  readonly #history: SystemHistory;
  readonly #shape: TableShape | undefined;

  /** @param shape undefined: a table that never has data */
  constructor(history: SystemHistory, shape: TableShape | undefined) {
    this.#history = history;
    this.#shape = shape;
  }

  /** The newest change of every key that exists after `upTo` (inclusive, epoch ms). */
  *stateAt(upTo: number): Iterable<Change> {
    for (const change of this.#changes(Number.NEGATIVE_INFINITY, upTo, 'newest')) {
      if (change.op !== 'D') yield change;
    }
  }

  /**
   * The newest change of every key changed after `after` and not after `upTo`. A key changed again between `upTo`
   * and `now` is absent: the platform keeps no older versions.
   */
  *changedIn(after: number, upTo: number, now: number): Iterable<Change> {
    for (const change of this.#changes(after, Math.max(upTo, now), 'newest')) {
      if (change.at <= upTo) yield change;
    }
  }

  /** Whether anything happened after `after` and not after `upTo`. */
  hasChanges(after: number, upTo: number): boolean {
    for (const _ of this.#changes(after, upTo, 'all')) return true;
    return false;
  }

  /** When the table was changed last, not before `since` and not after `upTo`; undefined: not at all. */
  latest(since = Number.NEGATIVE_INFINITY, upTo: number): number | undefined {
    let latest: number | undefined;
    for (const { at } of this.#changes(since - 1, upTo, 'newest')) latest = Math.max(latest ?? at, at);
    return latest;
  }

  #changes(after: number, upTo: number, wanted: 'all' | 'newest'): Iterable<Change> {
    return this.#shape && upTo > after ? this.#history.changes(this.#shape, after, upTo, wanted) : [];
  }
}
