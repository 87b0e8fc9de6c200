import type { Command } from 'commander';
import { loadCampus } from '../../src/campus/load.ts';
import { planFor } from '../../src/pipeline/plan.ts';
import { type RunOutcome, runLake } from '../../src/pipeline/run.ts';
import { withLake } from '../home.ts';
import { showProgress } from '../progress/progress.ts';
import { stopSignal } from '../stop-signal.ts';
import {
  addCommonOptions,
  addHomeOption,
  type CommonFlags,
  type HomeFlags,
  printJson,
  runCommand,
} from './common.ts';

interface RunFlags extends CommonFlags, HomeFlags {
  fresh?: boolean;
}

export function defineRun(command: Command): void {
  addHomeOption(addCommonOptions(command))
    .option('--fresh', 'start anew even where an interrupted run could be continued')
    .addHelpText(
      'after',
      `
On AWS (--home aws) the nightly run is started now, and followed; to stop following stops nothing.
A run that was stopped or killed is continued by the next one. Queries see the state of the
last finished run throughout. Exit code: 0 all loaded, 1 something failed, 2 input to correct.

Examples:
  $ lake run
  $ lake run --json | jq .failures`,
    )
    .action((flags: RunFlags) => runCommand(() => run(flags), flags));
}

async function run(flags: RunFlags): Promise<number> {
  const loaded = await loadCampus(flags.campus);
  const progress = showProgress(planFor(loaded.campus), { silent: flags.json === true });
  const options = { watch: progress.watch, signal: stopSignal() };
  try {
    const fresh = flags.fresh ?? false;
    const outcome =
      flags.home === 'aws'
        ? await (await import('../aws/run.ts')).runOnAws(loaded.campus, { ...options, fresh })
        : await withLake(loaded, options, (lake) => runLake({ lake, watch: progress.watch, fresh }));
    if (flags.json) printJson(asJson(outcome));
    return outcome.record.status === 'succeeded' ? 0 : 1;
  } finally {
    await progress.finish();
  }
}

function asJson({ record, failures, continued }: RunOutcome) {
  return { ...record, continued, failures: [...failures] };
}
