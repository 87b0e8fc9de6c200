import Table from 'cli-table3';
import type { Command } from 'commander';
import pc from 'picocolors';
import { type ListedTable, listTables } from '../../src/app/tables/list-tables.ts';
import { widthOf } from '../../src/screen-table.ts';
import { cut } from '../terminal.ts';
import { withLakeAt } from '../with-lake.ts';
import { addReadOptions, asRole, printJson, type ReadFlags, runCommand } from './common.ts';

export function defineTables(command: Command): void {
  addReadOptions(command)
    .argument('[name]', 'only tables whose name holds this')
    .addHelpText(
      'after',
      '\nExamples:\n  $ lake tables\n  $ lake tables campus.\n  $ lake tables --json\n  $ lake tables --role adviser --as 10003      those that this adviser sees',
    )
    .action((name: string | undefined, flags: ReadFlags) => runCommand(() => tables(name, flags), flags));
}

async function tables(name: string | undefined, flags: ReadFlags): Promise<void> {
  const listed = await withLakeAt(flags.campus, { target: flags.target }, async (lake) =>
    listTables(await asRole(lake, flags), name),
  );
  if (flags.json) printJson(listed);
  else process.stdout.write(`${inWords(listed, widthOf(process.stdout))}\n`);
}

/** `data up to` with its sign, the lines between columns, and the columns of rows with their separators. */
const TIME_WIDTH = 18;
const ROWS_WIDTH = 12;
const SEPARATORS = 13;
/** What a table holds is left out where less of it than this could be shown. */
const SHORTEST_WHAT = 12;
const LONGEST_WHAT = 70;

function inWords(listed: readonly ListedTable[], screen: number): string {
  if (listed.length === 0) return 'No such table. `lake tables` without a name lists all.';
  const names = Math.max(...listed.map(({ table }) => table.length));
  const what = Math.min(screen - names - TIME_WIDTH - ROWS_WIDTH - SEPARATORS, LONGEST_WHAT);
  const withText = what >= SHORTEST_WHAT;
  const table = new Table({
    head: ['table', 'rows', 'data up to', ...(withText ? ['what'] : [])],
    colAligns: ['left', 'right', 'left', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const { table: name, zone, rows, upTo, whyOld, description } of listed) {
    table.push([
      zone === 'curated' ? pc.bold(name) : name,
      // How many rows a role sees is not counted for a list.
      Number.isNaN(rows) ? '' : (rows?.toLocaleString('en-US') ?? pc.dim('not loaded')),
      `${upTo?.slice(0, 16).replace('T', ' ') ?? ''}${rows !== undefined && whyOld ? pc.yellow(' !') : ''}`,
      ...(withText ? [cut(description ?? '', what)] : []),
    ]);
  }
  const old = listed.filter(({ rows, whyOld }) => rows !== undefined && whyOld !== undefined);
  const why = old.map(({ table: name, whyOld }) => pc.yellow(`! ${name}: ${whyOld}`));
  const none = listed.every(({ rows }) => rows === undefined)
    ? ['Nothing has been published yet: `lake run` loads these tables and publishes them.']
    : [];
  return `${[...none, table.toString(), ...why].join('\n')}\n${pc.dim('lake describe <table> shows its columns; ops.* tables tell how the lake was loaded')}`;
}
