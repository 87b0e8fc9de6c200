import type { Command } from 'commander';
import { accessLog, type LoggedAccess, verifyLog } from '../../../src/app/access/access-log.ts';
import { colours } from '../../../src/colours.ts';
import { count } from '../../../src/notify/words.ts';
import { withLakeAt } from '../../with-lake.ts';
import { addCommonOptions, type CommonFlags, EXIT, printJson, runCommand } from '../common.ts';

interface LogFlags extends CommonFlags {
  readonly student?: readonly string[];
  readonly since?: string;
}

/** `lake access log` and `lake access log verify`. */
export function defineLog(command: Command): void {
  const log = command
    .command('log')
    .description('who has read the lake, as what, what for, and what they were given');
  addCommonOptions(log)
    .option(
      '--student <id...>',
      'only accesses that were, or may have been, about this person; all ids of the person',
    )
    .option('--since <day>', 'only accesses since this day or time, UTC')
    .addHelpText(
      'after',
      `
Every statement of \`lake query\`, every export and every refusal is a row of ops.access, which holds no value of a
statement and no id of a person. With --student an access is

  shown     an id of the person was in the answer
  named     an id of the person was in the question
  possibly  rows were given out of which nobody can tell whose they are, or rows of more than 1,000 people

Examples:
  $ lake access log --since 2026-11-01
  $ lake access log --student 10003 4711      the numbers that one student has in both systems
  $ lake access log verify`,
    )
    .action((flags: LogFlags) => runCommand(() => showLog(flags), flags));
  addCommonOptions(log.command('verify'))
    .description('check that no row of the access log and of the disclosures was changed or removed')
    .option('--checkpoint <checkpoint>', 'what an earlier check has printed for the access log')
    .addHelpText(
      'after',
      `
Each row holds the hash of the row before, so a change inside is seen. A log that was cut off or written again as a
whole is seen only with a checkpoint: keep what this command prints where nobody who can write the lake can change it.
Exit code 1 where a log was changed.

Example:
  $ lake access log verify --checkpoint 17:9f86d0...`,
    )
    // What stands before \`verify\` are options of \`log\`, and commander gives those it shares to the parent.
    .action((_: unknown, verify: Command) => {
      const flags = verify.optsWithGlobals<CommonFlags & { checkpoint?: string }>();
      return runCommand(() => check(flags), flags);
    });
}

async function showLog(flags: LogFlags): Promise<void> {
  const found = await withLakeAt(flags.campus, {}, (lake) => accessLog(lake, flags));
  if (flags.json) return printJson(found);
  const whose = flags.student === undefined ? '' : ' about these ids';
  if (found.length === 0) process.stdout.write(`No access${whose} is on record.\n`);
  else process.stdout.write(`${found.flatMap(linesOf).join('\n')}\n`);
}

function linesOf(one: LoggedAccess): string[] {
  const { bold, dim, yellow } = colours();
  const who = one.openedBy === undefined ? one.principal : `${one.principal} (through ${one.openedBy})`;
  const counts = [
    one.rows === undefined ? '' : count(one.rows, 'row'),
    one.people === undefined
      ? ''
      : one.people === 1
        ? '1 person'
        : `${one.people.toLocaleString('en-US')} people`,
    one.destination === undefined ? '' : `to ${one.destination}`,
  ].filter((part) => part !== '');
  const outcome = one.reason === undefined ? one.outcome : `${one.outcome}: ${one.reason}`;
  return [
    `${one.at.slice(0, 19).replace('T', ' ')}  ${bold(who)} as ${one.role} for ${one.purpose || 'no purpose'}  ${one.channel}, ${outcome}${counts.length > 0 ? `, ${counts.join(', ')}` : ''}${one.about === undefined ? '' : `  ${yellow(one.about)}`}`,
    ...(one.breakGlass === undefined ? [] : [yellow(`  emergency ${one.breakGlass}`)]),
    ...(one.columns === undefined ? [] : [dim(`  ${readInWords(one.columns)}`)]),
  ];
}

/** Tables with columns that are shown; of more the names, and of many how many there are. `--json` has all. */
const IN_FULL = 2;
const NAMED = 5;

/** @param columns `canvas.users(id name) canvas.courses(id)` */
function readInWords(columns: string): string {
  const tables = columns.split(/(?<=\)) /);
  if (tables.length <= IN_FULL) return columns;
  const names = tables.slice(0, NAMED).map((table) => table.split('(', 1)[0]);
  const others = tables.length - names.length;
  return `${names.join(', ')}${others > 0 ? ` and ${others} more tables` : ''}`;
}

async function check(flags: CommonFlags & { readonly checkpoint?: string }): Promise<number> {
  const verdicts = await withLakeAt(flags.campus, {}, async (lake) => ({
    access: await verifyLog(lake, 'access', flags.checkpoint),
    disclosures: await verifyLog(lake, 'disclosures'),
  }));
  if (flags.json) printJson(verdicts);
  else {
    const { green, red } = colours();
    for (const [log, { rows, checkpoint, faults }] of Object.entries(verdicts)) {
      for (const fault of faults) process.stdout.write(`${red('fail')}  ops.${log}: ${fault}\n`);
      if (faults.length === 0)
        process.stdout.write(
          `${green('ok')}    ops.${log}: ${rows.toLocaleString('en-US')} rows, none changed; checkpoint ${checkpoint}\n`,
        );
    }
  }
  return Object.values(verdicts).some(({ faults }) => faults.length > 0) ? EXIT.failed : EXIT.done;
}
