import type { Command } from 'commander';
import { type Emergency, emergencies, reviewEmergency } from '../../../src/access/log/emergencies.ts';
import { colours } from '../../../src/colours.ts';
import { InputError } from '../../../src/errors.ts';
import { withLakeAt } from '../../with-lake.ts';
import { addCommonOptions, type CommonFlags, printJson, runCommand } from '../common.ts';

interface ReviewFlags extends CommonFlags {
  readonly review?: string;
  readonly finding?: string;
}

/** `lake access break-glass`. */
export function defineBreakGlass(command: Command): void {
  addCommonOptions(command.command('break-glass'))
    .description('emergencies in which people read more than their role shows, and their review')
    .option('--review <id>', 'put on record what you found out about this one')
    .option('--finding <text>', 'with --review: what you found')
    .addHelpText(
      'after',
      `
\`lake query --role adviser --as F1000001 --break-glass "reason"\` reads by the role that breakGlass: names in
access.yaml, for a number of hours. Columns that are left behind are not in the lake and stay hidden even then.

Examples:
  $ lake access break-glass
  $ lake access break-glass --review 3f9a… --finding "welfare check, agreed with the dean"`,
    )
    .action((flags: ReviewFlags) => runCommand(() => run(flags), flags));
}

async function run({ campus, json, review, finding }: ReviewFlags): Promise<void> {
  if ((review === undefined) !== (finding === undefined))
    throw new InputError('A review needs --review and --finding.', {
      hint: '`lake access break-glass` lists the ids',
    });
  const found = await withLakeAt(campus, {}, async (lake) =>
    review === undefined ? emergencies(lake) : [await reviewEmergency(lake, review, finding!)],
  );
  if (json) return printJson(found);
  process.stdout.write(
    found.length === 0 ? 'There was no emergency.\n' : `${found.flatMap(linesOf).join('\n')}\n`,
  );
}

function linesOf({ id, at, until, principal, from, role, reason, finding, reviewer }: Emergency): string[] {
  const { bold, dim, yellow } = colours();
  const time = `${at.slice(0, 16).replace('T', ' ')} to ${until.slice(0, 16).replace('T', ' ')}`;
  const review = finding === undefined ? yellow('  not reviewed yet') : dim(`  ${reviewer}: ${finding}`);
  return [`${id}  ${time}  ${bold(principal)} (${from}) as ${role}`, `  ${reason}`, review];
}
