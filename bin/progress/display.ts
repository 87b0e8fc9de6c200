import { ListrLogger, ProcessOutput } from 'listr2';
import type { EventSubscriber, RunEvent } from '../../src/ports/events.ts';

/** Shows a run while it is going. Everything goes to stderr: stdout is for answers. */
export interface Progress {
  readonly subscriber: EventSubscriber;
  /** Ends the display, so that what is printed next is below it. */
  finish(): Promise<void>;
}

/** `31 of 32 tables, 1 failed`. */
export function tally(event: Extract<RunEvent, { type: 'items' }>): string {
  const failed = event.failed > 0 ? `, ${event.failed} failed` : '';
  return `${event.done} of ${event.total}${failed}`;
}

/** How long the latest progress of a table is shown. */
const RECENT_MS = 90_000;

/** The tables that say what they wait for, such as a job at the source. */
export class Waiting {
  readonly #latest = new Map<string, { readonly text: string; readonly at: number }>();

  hear({ about, done }: Extract<RunEvent, { type: 'progress' }>): void {
    if (done.text === undefined) this.#latest.delete(about);
    else this.#latest.set(about, { text: done.text, at: Date.now() });
  }

  /** Drops what the ended stage waited for; stages that still wait report again soon. */
  endStage(): void {
    this.#latest.clear();
  }

  /** `; canvas.submissions: its job is running at the source, 3 min`; of many the first ones. Empty: for nothing. */
  tail(): string {
    const lately = [...this.#latest].filter(([, { at }]) => at > Date.now() - RECENT_MS);
    const named = lately.slice(0, 2).map(([about, { text }]) => `; ${about}: ${text}`);
    return named.join('') + (lately.length > 2 ? `; and ${lately.length - 2} more` : '');
  }
}

/** A display of listr2's writes there: stdout is for answers. */
export const toStderr = (): ListrLogger =>
  new ListrLogger({ processOutput: new ProcessOutput(process.stderr, process.stderr) });
