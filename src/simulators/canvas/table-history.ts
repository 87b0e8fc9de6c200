import type { CellValue, Change, SystemHistory, TableShape } from '../college/college.ts';

/**
 * What a table was at an instant and what changed between two, from a history of changes. The newest state asked
 * for is kept and carried forward, so that a clock that only moves forward never replays the history.
 */
export class TableHistory {
  readonly #history: SystemHistory;
  readonly #shape: TableShape | undefined;
  readonly #keyOf: (change: Change) => unknown;
  #state = new Map<unknown, Change>();
  #stateAt = Number.NEGATIVE_INFINITY;

  /** @param shape undefined: a table that never has data */
  constructor(history: SystemHistory, shape: TableShape | undefined) {
    this.#history = history;
    this.#shape = shape;
    this.#keyOf = keyReader(shape?.key ?? []);
  }

  /** The newest change of every key that exists after `upTo` (inclusive, epoch ms). */
  stateAt(upTo: number): Change[] {
    if (upTo < this.#stateAt) {
      this.#state = new Map();
      this.#stateAt = Number.NEGATIVE_INFINITY;
    }
    for (const change of this.#changes(this.#stateAt, upTo, 'newest')) {
      const key = this.#keyOf(change);
      if (change.op === 'D') this.#state.delete(key);
      else this.#state.set(key, change);
    }
    this.#stateAt = upTo;
    return [...this.#state.values()];
  }

  /**
   * The newest change of every key changed after `after` and not after `upTo`. A key changed again between `upTo`
   * and `now` is absent: the platform keeps no older versions.
   */
  changedIn(after: number, upTo: number, now: number): Change[] {
    const newest = new Map<unknown, Change>();
    for (const change of this.#changes(after, Math.max(upTo, now), 'newest')) {
      const key = this.#keyOf(change);
      newest.delete(key);
      newest.set(key, change);
    }
    return [...newest.values()].filter((c) => c.at <= upTo);
  }

  /** Whether anything happened after `after` and not after `upTo`. */
  hasChanges(after: number, upTo: number): boolean {
    for (const _ of this.#changes(after, upTo, 'all')) return true;
    return false;
  }

  #changes(after: number, upTo: number, wanted: 'all' | 'newest'): Iterable<Change> {
    return this.#shape && upTo > after ? this.#history.changes(this.#shape, after, upTo, wanted) : [];
  }
}

function keyReader(key: readonly string[]): (change: Change) => unknown {
  const [first, ...rest] = key;
  if (first !== undefined && rest.length === 0) {
    return ({ row }) => {
      const value = row[first];
      return typeof value === 'number' ? BigInt(value) : value;
    };
  }
  const text = (value: CellValue | undefined) => String(value).replace(/[\\|]/g, '\\$&');
  return ({ row }) => key.map((column) => text(row[column])).join('|');
}
