import type { RunEvent, Watch } from '../../src/pipeline/events.ts';
import type { Plan } from '../../src/pipeline/plan.ts';
import { watchInLines } from './lines.ts';
import { watchLive } from './live.ts';

/** Shows a run while it is going. Everything goes to stderr: stdout is for answers. */
export interface Progress {
  readonly watch: Watch;
  /** Ends the display, so that what is printed next stands below it. */
  finish(): Promise<void>;
}

/** A live display on a terminal, one line an event elsewhere, nothing where a script asked for JSON. */
export function showProgress(plan: Plan, options: { readonly silent: boolean }): Progress {
  if (options.silent) return { watch: () => {}, finish: async () => {} };
  return process.stderr.isTTY ? watchLive(plan) : watchInLines((line) => process.stderr.write(`${line}\n`));
}

/** `31 of 32 tables, 1 failed`. */
export function tally(event: Extract<RunEvent, { type: 'items' }>): string {
  const failed = event.failed > 0 ? `, ${event.failed} failed` : '';
  return `${event.done} of ${event.total}${failed}`;
}
