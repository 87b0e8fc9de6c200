/**
 * The clock that a simulated world goes by. It stands still until it is moved, or runs at the pace of the real
 * one from where it was put; it never goes backwards.
 */
export class VirtualClock {
  readonly running: boolean;
  #set: number;
  #setAtWall: number;

  /** @param startMs epoch ms */
  constructor(startMs: number, options: { running?: boolean } = {}) {
    this.running = options.running ?? false;
    this.#set = startMs;
    this.#setAtWall = Date.now();
  }

  /** Epoch ms, whole. */
  now(): number {
    return this.running ? this.#set + Math.max(0, Date.now() - this.#setAtWall) : this.#set;
  }

  /** Moves the clock to an instant; one that has passed already changes nothing. */
  advanceTo(ms: number): void {
    this.#set = Math.max(this.now(), ms);
    this.#setAtWall = Date.now();
  }

  advance(ms: number): void {
    this.advanceTo(this.now() + ms);
  }
}
