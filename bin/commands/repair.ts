import type { Command } from 'commander';
import pc from 'picocolors';
import { isRepaired, type RepairOutcome, repairLake } from '../../src/app/repair/repair-lake.ts';
import { InputError } from '../../src/errors.ts';
import { withLakeAt } from '../with-lake.ts';
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

interface RepairFlags extends CommonFlags, TargetFlags {
  readonly apply?: boolean;
  readonly quick?: boolean;
  readonly ledgerFrom?: string;
}

export function defineRepair(command: Command): void {
  addTargetOption(addCommonOptions(command))
    .option('--apply', 'do what is proposed. Default: only say it')
    .option('--quick', 'look at sizes only, and read no file whole')
    .option('--ledger-from <table>', 'on AWS: make the ledger what this restored copy of its table is')
    .addHelpText(
      'after',
      `
Looks at everything the lake relies on: the records of its ledger, what is published, the files of its tables, the
raw files that came from the sources. What a failing disk or a bad restore has damaged is listed with what would be
done about it; --apply does it. Nothing that can be read is removed. What has to be loaded or made again is left to
the next \`lake run\`, and until then people see the last good version.

On AWS the ledger's table can be restored to any second of 35 days, under another name (aws dynamodb
restore-table-to-point-in-time). --ledger-from copies what it holds back into the lake's own table, and removes the rest.

Exit code: 0 nothing is damaged, or all of it was dealt with, 1 something is damaged, 2 input to correct.

Examples:
  $ lake repair
  $ lake repair --apply && lake run
  $ lake repair --quick --json | jq '.[].about'
  $ lake --target aws repair --ledger-from campus-lake-ledger-restored`,
    )
    .action((flags: RepairFlags) => runCommand(() => repair(flags), flags));
}

async function repair(flags: RepairFlags): Promise<number> {
  if (flags.ledgerFrom !== undefined) return restore(flags, flags.ledgerFrom);
  const { campus, target, apply = false, quick = false } = flags;
  const outcomes = await withLakeAt(campus, { target }, (lake) => repairLake(lake, { apply, quick }));
  for (const { about, error } of outcomes)
    if (error !== undefined) process.stderr.write(`${pc.red('✗')} ${about}: ${error}\n`);
  if (flags.json) printJson(outcomes);
  else process.stdout.write(`${inWords(outcomes, apply)}\n`);
  return isRepaired(outcomes) ? EXIT.done : EXIT.failed;
}

async function restore(flags: RepairFlags, table: string): Promise<number> {
  if (flags.target !== 'aws')
    throw new InputError('The ledger of a lake on this machine is in its folder.', {
      hint: 'restore the folder from its backup, then lake repair',
    });
  const { restoreLedger } = await import('../aws/repair/restore-ledger.ts');
  const { put, removed } = await restoreLedger(await openCampus(flags), table);
  if (flags.json) printJson({ put, removed });
  else
    process.stdout.write(
      `The ledger is as in ${table}: ${put} items, ${removed} removed. Next: lake --target aws repair\n`,
    );
  return EXIT.done;
}

function inWords(outcomes: readonly RepairOutcome[], applied: boolean): string {
  if (outcomes.length === 0) return 'Nothing is damaged.';
  const lines = outcomes.flatMap(({ kind, about, found, remedyInWords, done }) => [
    `${pc.red('✗')} ${kind} ${about}: ${found}`,
    `  → ${remedyInWords}${done ? pc.green(' (done)') : ''}`,
  ]);
  const next = applied
    ? '`lake run` makes again what was asked for.'
    : 'Nothing was changed. `lake repair --apply` does this; `lake run` then makes again what was asked for.';
  return [...lines, '', next].join('\n');
}
