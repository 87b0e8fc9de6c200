import type { Command } from 'commander';
import pc from 'picocolors';
import { LakeError } from '../../src/errors.ts';
import { applyRemedy } from '../../src/pipeline/repair/apply-remedy.ts';
import { type Damage, describeRemedy } from '../../src/pipeline/repair/damage.ts';
import { findDamage } from '../../src/pipeline/repair/find-damage.ts';
import type { Lake } from '../../src/ports/step.ts';
import { withLakeAt } from '../with-lake.ts';
import {
  addCommonOptions,
  addTargetOption,
  type CommonFlags,
  EXIT,
  printJson,
  runCommand,
  type TargetFlags,
} from './common.ts';

interface RepairFlags extends CommonFlags, TargetFlags {
  readonly apply?: boolean;
  readonly quick?: boolean;
}

export function defineRepair(command: Command): void {
  addTargetOption(addCommonOptions(command))
    .option('--apply', 'do what is proposed. Default: only say it')
    .option('--quick', 'look at sizes only, and read no file whole')
    .addHelpText(
      'after',
      `
Looks at everything the lake relies on: the records of its ledger, what is published, the files of its tables, the
raw files that came from the sources. What a failing disk or a bad restore has damaged is listed with what would be
done about it; --apply does it. Nothing that can be read is removed. What has to be loaded or made again is left to
the next \`lake run\`, and until then people see the last good version.

Exit code: 0 nothing is damaged, or all of it was dealt with, 1 something is damaged, 2 input to correct.

Examples:
  $ lake repair
  $ lake repair --apply && lake run
  $ lake repair --quick --json | jq '.[].about'`,
    )
    .action((flags: RepairFlags) => runCommand(() => repair(flags), flags));
}

/** What became of one damage. */
interface Outcome extends Damage {
  readonly remedyInWords: string;
  readonly done: boolean;
}

async function repair(flags: RepairFlags): Promise<number> {
  const { campus, target, apply = false, quick = false } = flags;
  const outcomes = await withLakeAt(campus, { target }, async (lake) => {
    const look = () => findDamage(lake, { thorough: !quick });
    if (!apply) return (await look()).map((damage) => outcome(damage, false));
    const lock = await lake.platform.ledger.lock('`lake repair`');
    try {
      const done: Outcome[] = [];
      for (const damage of await look()) done.push(outcome(damage, await tryRemedy(lake, damage)));
      return done;
    } finally {
      await lock.release();
    }
  });
  if (flags.json) printJson(outcomes);
  else process.stdout.write(`${inWords(outcomes, apply)}\n`);
  return outcomes.every(({ done, remedy }) => done || remedy.do === 'nothing') ? EXIT.done : EXIT.failed;
}

const outcome = (damage: Damage, done: boolean): Outcome => ({
  ...damage,
  remedyInWords: describeRemedy(damage.remedy),
  done,
});

/** One that cannot be dealt with is listed as not done; the others are dealt with. */
async function tryRemedy(lake: Lake, { about, remedy }: Damage): Promise<boolean> {
  try {
    await applyRemedy(lake, remedy);
    return true;
  } catch (error) {
    if (!(error instanceof LakeError)) throw error;
    process.stderr.write(`${pc.red('✗')} ${about}: ${error.message}\n`);
    return false;
  }
}

function inWords(outcomes: readonly Outcome[], applied: boolean): string {
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
