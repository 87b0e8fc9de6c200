import type { Plan } from '../../src/pipeline/plan.ts';
import type { Progress } from './display.ts';
import { watchInLines } from './lines.ts';
import { watchLive } from './live.ts';

/** A live display on a terminal, one line an event elsewhere, nothing where a script asked for JSON. */
export function showProgress(plan: Plan, options: { readonly silent: boolean }): Progress {
  if (options.silent) return { watch: () => {}, finish: async () => {} };
  return process.stderr.isTTY ? watchLive(plan) : watchInLines((line) => process.stderr.write(`${line}\n`));
}
