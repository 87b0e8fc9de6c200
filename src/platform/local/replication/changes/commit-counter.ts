import type { CommitTimes } from '../../../../ports/replication.ts';

/** Slots of time at most: what a weekend has left is counted in coarser ones. */
const MOST = 256;

/** Counts when changes were committed, in slots of a second that grow where there are too many of them. */
export class CommitCounter {
  #slotMs = 1_000;
  #counts = new Map<number, number>();

  add(committedAtMs: number, changes = 1): void {
    const slot = Math.floor(committedAtMs / this.#slotMs) * this.#slotMs;
    this.#counts.set(slot, (this.#counts.get(slot) ?? 0) + changes);
    while (this.#counts.size > MOST) this.#coarsen();
  }

  get times(): CommitTimes {
    return [...this.#counts].sort(([a], [b]) => a - b);
  }

  #coarsen(): void {
    const finer = this.#counts;
    this.#slotMs *= 2;
    this.#counts = new Map();
    for (const [slot, changes] of finer) {
      const start = Math.floor(slot / this.#slotMs) * this.#slotMs;
      this.#counts.set(start, (this.#counts.get(start) ?? 0) + changes);
    }
  }
}

/** The commits of several files together. */
export function joinedTimes(parts: readonly (CommitTimes | undefined)[]): CommitTimes {
  const all = new CommitCounter();
  for (const [at, changes] of parts.flatMap((part) => part ?? [])) all.add(at, changes);
  return all.times;
}
