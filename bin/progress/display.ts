import { ListrLogger, ProcessOutput } from 'listr2';
import type { RunEvent, Watch } from '../../src/pipeline/events.ts';

/** Shows a run while it is going. Everything goes to stderr: stdout is for answers. */
export interface Progress {
  readonly watch: Watch;
  /** Ends the display, so that what is printed next stands below it. */
  finish(): Promise<void>;
}

/** `31 of 32 tables, 1 failed`. */
export function tally(event: Extract<RunEvent, { type: 'items' }>): string {
  const failed = event.failed > 0 ? `, ${event.failed} failed` : '';
  return `${event.done} of ${event.total}${failed}`;
}

/** A display of listr2's writes there: stdout is for answers. */
export const toStderr = (): ListrLogger =>
  new ListrLogger({ processOutput: new ProcessOutput(process.stderr, process.stderr) });
