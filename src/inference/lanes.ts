/** Work by key: of one key one at a time, in the order in which it came; of different keys at once. */
export class Lanes {
  /** What waits, by key; the key is there as long as something of it is under way. */
  readonly #waiting = new Map<string, (() => Promise<void>)[]>();

  /** Does the work at once where nothing of the key is under way, else after it. @param work never rejects */
  enter(key: string, work: () => Promise<void>): void {
    const waiting = this.#waiting.get(key);
    if (waiting) waiting.push(work);
    else {
      this.#waiting.set(key, []);
      void this.#go(key, work);
    }
  }

  async #go(key: string, first: () => Promise<void>): Promise<void> {
    let work: (() => Promise<void>) | undefined = first;
    while (work) {
      await work();
      work = this.#waiting.get(key)!.shift();
    }
    this.#waiting.delete(key);
  }
}
