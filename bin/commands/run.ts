import type { Command } from 'commander';
import { groupFailures } from '../../src/failure-groups.ts';
import { FEATURES } from '../../src/features.ts';
import { openEvents } from '../../src/pipeline/event-bus.ts';
import { planFor } from '../../src/pipeline/plan.ts';
import { type RunOutcome, runLake } from '../../src/pipeline/run.ts';
import { loadCampus } from '../load-campus.ts';
import { showProgress } from '../progress/progress.ts';
import { stopSignal } from '../stop-signal.ts';
import { withLake } from '../with-lake.ts';
import {
  addCommonOptions,
  addTargetOption,
  type CommonFlags,
  printJson,
  runCommand,
  type TargetFlags,
} from './common.ts';

interface RunFlags extends CommonFlags, TargetFlags {
  fresh?: boolean;
}

export function defineRun(command: Command): void {
  addTargetOption(addCommonOptions(command))
    .option('--fresh', 'start a new run even if an interrupted one could be continued')
    .addHelpText(
      'after',
      `
On AWS (--target aws) this starts the nightly run now and follows it. Ctrl+C detaches; the run continues.
A run that was stopped or killed is continued by the next one. Queries see the state of the
last finished run throughout. With --json failures are grouped by cause, and "notified" lists who was reached.
Exit code: 0 all loaded, 1 something failed or no notification was delivered, 2 input to correct.

Examples:
  $ lake run
  $ lake run --json | jq .failures`,
    )
    .action((flags: RunFlags) => runCommand(() => run(flags), flags));
}

/** How long the run waits at its end for subscribers that have not received every event. */
const SUBSCRIBERS_MS = 2_000;

async function run(flags: RunFlags): Promise<number> {
  const loaded = await loadCampus(flags.campus);
  const progress = showProgress(planFor(loaded.campus, FEATURES), { silent: flags.json === true });
  const events = openEvents(progress.subscriber);
  const options = { events, signal: stopSignal() };
  try {
    const fresh = flags.fresh ?? false;
    const outcome =
      flags.target === 'aws'
        ? await (await import('../aws/run.ts')).runOnAws(loaded.campus, { ...options, fresh })
        : await withLake(loaded, options, (lake) => runLake({ lake, events, fresh }));
    if (flags.json) printJson(asJson(outcome));
    if (!outcome.notified.reached) process.stderr.write(`${nobodyNotified(outcome)}\n`);
    return outcome.record.status === 'succeeded' && outcome.notified.reached ? 0 : 1;
  } finally {
    await events.settled(SUBSCRIBERS_MS);
    await progress.finish();
  }
}

function asJson({ record, failures, notified, continued }: RunOutcome) {
  return { ...record, continued, notified, failed: failures.length, failures: groupFailures(failures) };
}

/** A run of which nobody hears is no good night, whatever it loaded. */
function nobodyNotified({ notified }: RunOutcome): string {
  const why = notified.failed.map(({ notifier, receiver, error }) =>
    receiver === undefined ? `  ${notifier}: ${error}` : `  ${notifier}, address ${receiver}: ${error}`,
  );
  return [
    'Nobody could be notified of how this run ended:',
    ...why,
    'next: `lake doctor` tries every way of notify in campus.yaml',
  ].join('\n');
}
