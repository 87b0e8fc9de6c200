import { type RunPulse, readPulse } from '../../src/app/runs/run-pulse.ts';
import type { WorkbenchLake } from './workbench-lake.ts';

type Listener = (pulse: RunPulse) => void;

/** How often the ledger is looked at while somebody listens, in milliseconds. */
const EVERY_MS = 1_500;

/** What of the lake changes while people look: asked once for all who listen, and not at all while nobody does. */
export class Live {
  readonly #lake: () => Promise<WorkbenchLake>;
  readonly #listeners = new Set<Listener>();
  #timer: NodeJS.Timeout | undefined;
  #last: RunPulse | undefined;

  constructor(lake: () => Promise<WorkbenchLake>) {
    this.#lake = lake;
  }

  /** @returns stops listening */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    if (this.#last) listener(this.#last);
    this.#timer ??= setInterval(() => void this.#look(), EVERY_MS);
    void this.#look();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
      this.#last = undefined;
    };
  }

  async #look(): Promise<void> {
    // A ledger that cannot be read for a moment is no news; the views say so when they are asked.
    const pulse = await this.#lake()
      .then(readPulse)
      .catch(() => undefined);
    if (pulse === undefined || JSON.stringify(pulse) === JSON.stringify(this.#last)) return;
    this.#last = pulse;
    for (const listener of this.#listeners) listener(pulse);
  }
}
