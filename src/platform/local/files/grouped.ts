/**
 * Gathers what is asked for while a group is being worked on into the next group, so that many callers share one
 * slow act (a lock, a forced write). Each caller gets its own answer or error.
 */
export class Grouped<In, Out> {
  readonly #work: (group: readonly In[]) => Promise<PromiseSettledResult<Out>[]>;
  #waiting: { item: In; done: PromiseWithResolvers }[] = [];
  #busy = false;

  /** @param work answers a group: one result for each item, in order */
  constructor(work: (group: readonly In[]) => Promise<PromiseSettledResult<Out>[]>) {
    this.#work = work;
  }

  add(item: In): Promise<Out> {
    return new Promise<Out>((resolve, reject) => {
      this.#waiting.push({ item, done: { resolve: resolve as (value: unknown) => void, reject } });
      if (!this.#busy) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#busy = true;
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      try {
        const results = await this.#work(group.map((g) => g.item));
        group.forEach(({ done }, i) => {
          const result = results[i]!;
          if (result.status === 'fulfilled') done.resolve(result.value);
          else done.reject(result.reason);
        });
      } catch (error) {
        for (const { done } of group) done.reject(error);
      }
    }
    this.#busy = false;
  }
}

interface PromiseWithResolvers {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}
