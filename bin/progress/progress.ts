import type { Plan } from '../../src/pipeline/plan.ts';
import type { Progress } from './display.ts';
import { showInLines } from './lines.ts';
import { showLive } from './live.ts';

/** A live display on a terminal, one line an event elsewhere, nothing where a script asked for JSON. */
export function showProgress(plan: Plan, options: { readonly silent: boolean }): Progress {
  if (options.silent) return { subscriber: { name: 'silent', on: () => {} }, finish: async () => {} };
  return process.stderr.isTTY ? showLive(plan) : showInLines((line) => process.stderr.write(`${line}\n`));
}
