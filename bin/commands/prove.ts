import type { Command } from 'commander';
import { colours } from '../../src/colours.ts';
import { InputError } from '../../src/errors.ts';
import type { Proved } from '../aws/prove/prove.ts';
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

export function defineProve(command: Command): void {
  addTargetOption(addCommonOptions(command))
    .addHelpText(
      'after',
      `
Asks the account what no test without one can show (docs/what-is-proven.md): CloudFormation's stacks, IAM's own decisions
about the functions' roles, buckets, backups, confirmed subscriptions, the last run, Athena's answers and its counts of the
published tables, crawlers, Spark, the warehouse, Lake Formation. Each is proven, refuted or open (not to be seen yet);
what is left for a person to try is listed below.

It changes nothing. Athena counts rows, which costs cents; a warehouse is awake for a minute. Run it after the first run,
and send the JSON with a report. Exit codes: 0 nothing is refuted, 1 something is, 2 nothing is deployed.

Examples:
  $ lake prove --target aws
  $ lake prove --target aws --json > proven.json`,
    )
    .action((flags: CommonFlags & TargetFlags) => runCommand(() => proveIt(flags), flags));
}

async function proveIt(flags: CommonFlags & TargetFlags): Promise<number> {
  if (flags.target !== 'aws')
    throw new InputError('A lake on this machine has no account that could show anything.', {
      hint: 'Add --target aws; lake doctor checks this machine.',
    });
  const loaded = await openCampus(flags);
  const { prove } = await import('../aws/prove/prove.ts');
  const tell = flags.json ? () => {} : printer();
  const report = await prove(loaded, { signal: stopSignal(), tell });
  const refuted = report.answers.filter(({ verdict }) => verdict === 'refuted').length;
  if (flags.json) printJson(report);
  else {
    const of = (verdict: Proved['verdict']) =>
      report.answers.filter((answer) => answer.verdict === verdict).length;
    process.stdout.write(
      `\n${of('proven')} proven, ${refuted} refuted, ${of('open')} open.\n\nTo try by hand:\n${report.byHand.map((line) => `  - ${line}`).join('\n')}\n`,
    );
  }
  return refuted > 0 ? EXIT.failed : EXIT.done;
}

/** Prints answers as they come, with a word that colour only underlines. */
function printer(): (answer: Proved) => void {
  const paint = colours();
  const words = {
    proven: paint.green('proven '),
    refuted: paint.red('refuted'),
    open: paint.yellow('open   '),
  };
  return ({ verdict, name, claim, seen, hint }) => {
    process.stdout.write(`${words[verdict]}  ${name.padEnd(9)}  ${claim}\n${' '.repeat(20)}${seen}\n`);
    if (hint !== undefined) process.stdout.write(`${' '.repeat(20)}${paint.dim('→')} ${hint}\n`);
  };
}
