import type { Command } from 'commander';
import { decideOnAside, quarantineOf, rowsKeptAside } from '../../src/app/quarantine/quarantine.ts';
import { screenTable, widthOf } from '../../src/screen-table.ts';
import { withLakeAt } from '../with-lake.ts';
import {
  addCommonOptions,
  addReadOptions,
  addTargetOption,
  asRole,
  printJson,
  type ReadFlags,
  runCommand,
} from './common.ts';
import { print } from './query/formats.ts';

const ABOUT = `
Rows that break a check with "severity: quarantine" are left out of their table and kept aside, until a newer version of
them is good or a person decides. docs/checks.md explains it.`;

export function defineQuarantine(command: Command): void {
  command.addHelpText('after', ABOUT);
  addReadOptions(command.command('list'))
    .description('tables of which rows are kept aside, and by which checks')
    .action((flags: ReadFlags) => runCommand(() => list(flags), flags));
  addReadOptions(command.command('show'))
    .argument('<table>', 'source.name')
    .description('the rows of a table that are kept aside, with the reason')
    .addHelpText(
      'after',
      '\nShown and put on record like an answer of `lake query`.\n\nExample:\n  $ lake quarantine show sis.registrar_grades',
    )
    .action((table: string, flags: ReadFlags) => runCommand(() => show(table, flags), flags));
  for (const decision of ['release', 'drop'] as const)
    addTargetOption(addCommonOptions(command.command(decision)))
      .argument('<table>', 'source.name')
      .option('--check <name>', 'only rows that break this check, as `list` names it (default: all)')
      .requiredOption('--because <reason>', 'why, for the record')
      .description(
        decision === 'release'
          ? 'show the rows although they break a check'
          : 'neither show the rows nor keep them aside',
      )
      .addHelpText(
        'after',
        `
The next run acts by it. It holds for the rows as they are now: one that changes at the source is checked again.
\`ops.access\` keeps who decided, and why.

Example:
  $ lake quarantine ${decision} sis.registrar_grades --check 'range(quality_points)' --because "asked the registrar"`,
      )
      .action((table: string, flags: ReadFlags & { check?: string; because: string }) =>
        runCommand(() => decide(decision, table, flags), flags),
      );
}

async function list(flags: ReadFlags): Promise<void> {
  const found = await withLakeAt(flags.campus, { target: flags.target }, async (lake) =>
    quarantineOf(await asRole(lake, flags)),
  );
  if (flags.json) return printJson(found);
  if (found.length === 0) {
    process.stdout.write('No row is kept aside.\n');
    return;
  }
  const rows = found.flatMap(({ table, rows: all, checks, run }) =>
    Object.entries(checks)
      .filter(([, count]) => count > 0)
      .map(([check, count], i) => [
        i === 0 ? table : '',
        i === 0 ? all.toLocaleString('en-US') : '',
        check,
        count.toLocaleString('en-US'),
        i === 0 ? run : '',
      ]),
  );
  const head = ['table', 'rows', 'check', 'break it', 'in run'];
  const colAligns = (['left', 'right', 'left', 'right', 'left'] as const).slice();
  process.stdout.write(`${screenTable({ head, rows, colAligns }, widthOf(process.stdout))}\n`);
}

async function show(table: string, flags: ReadFlags): Promise<void> {
  await withLakeAt(flags.campus, { target: flags.target }, async (lake) => {
    const answer = await rowsKeptAside(await asRole(lake, flags), table);
    const format = flags.json ? 'json' : process.stdout.isTTY ? 'table' : 'csv';
    await print(
      answer,
      format,
      (text) => new Promise<void>((done) => process.stdout.write(text, () => done())),
      {},
    );
    for (const { text } of answer.remarks) process.stderr.write(`${text}\n`);
  });
}

async function decide(
  decision: 'release' | 'drop',
  table: string,
  { check, because, ...flags }: ReadFlags & { check?: string; because: string },
): Promise<void> {
  const decided = await withLakeAt(flags.campus, { target: flags.target }, (lake) =>
    decideOnAside(lake, { table, decision, because, ...(check === undefined ? {} : { check }) }),
  );
  if (flags.json) return printJson(decided);
  const rows = `${decided.rows.toLocaleString('en-US')} row${decided.rows === 1 ? '' : 's'}`;
  const them = decided.rows === 1 ? 'it' : 'them';
  const becomes = decision === 'release' ? `shows ${them}` : `leaves ${them} out`;
  process.stdout.write(`${decided.table}: ${rows} decided on.\nNext: \`lake run\` ${becomes}.\n`);
}
