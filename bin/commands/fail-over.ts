import { type Command, Option } from 'commander';
import { InputError } from '../../src/errors.ts';
import type { FailedOver, FailOverPlan } from '../aws/fail-over/fail-over.ts';
import { stopSignal } from '../stop-signal.ts';
import {
  addCommonOptions,
  addTargetOption,
  type CommonFlags,
  EXIT,
  openCampus,
  printJson,
  runCommand,
  type TargetFlags,
} from './common.ts';

interface FailOverFlags extends CommonFlags, TargetFlags {
  readonly prepare?: boolean;
  readonly plan?: boolean;
  readonly confirm?: boolean;
  readonly back?: boolean;
}

export function defineFailOver(command: Command): void {
  addTargetOption(addCommonOptions(command))
    .option('--plan', 'say what would go on in the second Region, and change nothing (default)')
    .addOption(new Option('--confirm', 'make the lake go on there').conflicts(['plan', 'prepare']))
    .addOption(
      new Option('--prepare', 'once after the deployment: copy secrets and earlier files there').conflicts(
        'back',
      ),
    )
    .option('--back', 'the other way: from the second Region to the first')
    .addHelpText(
      'after',
      `
For a lake with a second Region (aws.recovery). S3 copies raw and curated files there, and after each publication the
ledger; --confirm makes the second lake go on from the newest copy that has arrived whole. Its curated tables can be read at
once, under the same names; staged tables are made again from the raw files by its next run. Where the first Region
still answers, everything is brought up to date first and nothing is lost.

The recovery point (seconds since the publication that is shown) and the time it took are in the answer. A command that was
interrupted is simply given again. No run may be under way. Then deploy the rest and run:

  $ npx cdk deploy --all -c environment=recovery
  $ lake run --target aws --environment recovery

Exit codes: 0 done, or the plan can be carried out, 1 nothing has arrived there, 2 input to correct.

Examples:
  $ lake fail-over --target aws --prepare
  $ lake fail-over --target aws --plan
  $ lake fail-over --target aws --confirm
  $ lake fail-over --target aws --back --confirm`,
    )
    .action((flags: FailOverFlags) => runCommand(() => failOverAs(flags), flags));
}

async function failOverAs(flags: FailOverFlags): Promise<number> {
  if (flags.target !== 'aws')
    throw new InputError('A lake on this machine has no second Region.', {
      hint: 'Add --target aws; a lake on one machine goes on from a copy of its folder.',
    });
  const loaded = await openCampus(flags);
  const [{ openBothSides, prepare }, { failOver, planFailOver }] = await Promise.all([
    import('../aws/fail-over/open.ts'),
    import('../aws/fail-over/fail-over.ts'),
  ]);
  const sides = await openBothSides(loaded, flags.campus);
  const tell = (text: string) => {
    if (!flags.json) process.stderr.write(`${text}\n`);
  };
  const options = { signal: stopSignal(), tell };
  const [from, to] = flags.back ? [sides.second, sides.first] : [sides.first, sides.second];
  try {
    if (flags.prepare) {
      const prepared = await prepare(sides, options);
      if (flags.json) printJson(prepared);
      return EXIT.done;
    }
    if (!flags.confirm) {
      const plan = await planFailOver(from, to);
      if (flags.json) printJson(plan);
      else process.stdout.write(`${planInWords(plan)}\n`);
      return plan.arrived || plan.reachable ? EXIT.done : EXIT.failed;
    }
    const done = await failOver(from, to, options);
    if (flags.json) printJson(done);
    else process.stdout.write(`${doneInWords(done, flags.back === true)}\n`);
    return EXIT.done;
  } finally {
    await sides.close();
  }
}

function planInWords({ from, to, reachable, arrived }: FailOverPlan): string {
  const lines = [`From ${from} to ${to}.`];
  if (reachable) lines.push(`${from} answers: everything is brought up to date first, and nothing is lost.`);
  else lines.push(`${from} does not answer.`);
  if (!arrived) lines.push('Nothing has arrived there yet.');
  else {
    const { run, publishedAt, asOf, missing, pointSeconds } = arrived;
    lines.push(
      `Arrived: the ledger after run ${run}${missing === 0 ? ', with all its files' : `; ${missing} files are missing`}.`,
    );
    if (publishedAt !== undefined)
      lines.push(`Published ${publishedAt} (${inHours(pointSeconds!)} ago), data as of ${asOf}.`);
  }
  lines.push('', 'Nothing was changed. --confirm makes the lake go on there.');
  return lines.join('\n');
}

function doneInWords(done: FailedOver, back: boolean): string {
  const { to, run, shown, restaged, reloaded, rows, copied, missing, pointSeconds, timeSeconds } = done;
  const environment = back ? '' : ' --environment recovery';
  return [
    `The lake goes on in ${to}, from run ${run}.`,
    `Recovery point: ${pointSeconds === undefined ? 'nothing was published' : pointSeconds === 0 ? 'nothing is lost' : `${inHours(pointSeconds)} of work`}. Recovery time: ${timeSeconds} s.`,
    `${shown.length} tables can be read; ${restaged.length} are staged again from the raw files, ${reloaded.length} loaded again, by the next run.`,
    `${copied} files were copied, ${missing} have not arrived, ${rows} rows of ops were taken over.`,
    '',
    `Next: npx cdk deploy --all${back ? '' : ' -c environment=recovery'}, then lake run --target aws${environment}`,
  ].join('\n');
}

const inHours = (seconds: number): string =>
  seconds < 7200 ? `${Math.round(seconds / 60)} minutes` : `${Math.round(seconds / 360) / 10} hours`;
