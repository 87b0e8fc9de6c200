import Table from 'cli-table3';
import type { Command } from 'commander';
import pc from 'picocolors';
import { readPublication, type TableFacts } from '../../src/pipeline/publication.ts';
import type { Lake } from '../../src/ports/step.ts';
import { withLakeAt } from '../home.ts';
import { cut, widthOf } from '../terminal.ts';
import {
  addCommonOptions,
  addHomeOption,
  type CommonFlags,
  type HomeFlags,
  printJson,
  runCommand,
} from './common.ts';

/** One table as `lake tables` lists it. */
interface ListedTable {
  readonly table: string;
  readonly zone: 'staged' | 'curated';
  /** Absent: never published. */
  readonly rows?: number;
  /** How far the rows that queries see are known, ISO 8601 UTC. */
  readonly upTo?: string;
  /** When they were loaded, or when the model was built, ISO 8601 UTC. */
  readonly loadedAt?: string;
  /** The run that did it. */
  readonly lastGoodRun?: string;
  readonly owner?: string;
  /** Why they are older than the publication. Absent where they are not. */
  readonly whyOld?: string;
  readonly description?: string;
}

export function defineTables(command: Command): void {
  addHomeOption(addCommonOptions(command))
    .argument('[name]', 'only tables whose name holds this')
    .addHelpText('after', '\nExamples:\n  $ lake tables\n  $ lake tables campus.\n  $ lake tables --json')
    .action((name: string | undefined, flags: CommonFlags & HomeFlags) =>
      runCommand(() => tables(name, flags), flags),
    );
}

async function tables(name: string | undefined, flags: CommonFlags & HomeFlags): Promise<void> {
  const all = await withLakeAt(flags.campus, { home: flags.home }, listTables);
  const listed = name === undefined ? all : all.filter(({ table }) => table.includes(name.toLowerCase()));
  if (flags.json) printJson(listed);
  else process.stdout.write(`${inWords(listed, widthOf(process.stdout))}\n`);
}

/** Every table, with what is known of the rows that queries see. */
export async function listTables(lake: Lake): Promise<ListedTable[]> {
  const { tables = {}, facts = {} } = (await readPublication(lake.platform)) ?? {};
  const staged = lake.catalog.datasets
    .filter((dataset) => dataset.load !== 'off' || tables[dataset.id])
    .map(({ id, description }) => listed(id, 'staged', tables[id]?.rows, facts[id], description));
  const known = new Set(staged.map(({ table }) => table));
  const curated = Object.values(tables)
    .filter(({ table }) => !known.has(table))
    .map(({ table, rows }) =>
      listed(table, 'curated', rows, facts[table], facts[table]?.header?.description),
    );
  return [...curated, ...staged].sort((a, b) => (a.table < b.table ? -1 : 1));
}

function listed(
  table: string,
  zone: ListedTable['zone'],
  rows: number | undefined,
  { asOf: upTo, loadedAt, run: lastGoodRun, owner, whyOld }: TableFacts = {},
  description?: string,
): ListedTable {
  return { table, zone, rows, upTo, loadedAt, lastGoodRun, owner, whyOld, description };
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
  const told = what >= SHORTEST_WHAT;
  const table = new Table({
    head: ['table', 'rows', 'data up to', ...(told ? ['what'] : [])],
    colAligns: ['left', 'right', 'left', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const { table: name, zone, rows, upTo, whyOld, description } of listed) {
    table.push([
      zone === 'curated' ? pc.bold(name) : name,
      rows?.toLocaleString('en-US') ?? pc.dim('not loaded'),
      `${upTo?.slice(0, 16).replace('T', ' ') ?? ''}${rows !== undefined && whyOld ? pc.yellow(' !') : ''}`,
      ...(told ? [cut(description ?? '', what)] : []),
    ]);
  }
  const old = listed.filter(({ rows, whyOld }) => rows !== undefined && whyOld !== undefined);
  const why = old.map(({ table: name, whyOld }) => pc.yellow(`! ${name}: ${whyOld}`));
  const none = listed.every(({ rows }) => rows === undefined)
    ? ['Nothing has been published yet: `lake run` loads these tables and publishes them.']
    : [];
  return `${[...none, table.toString(), ...why].join('\n')}\n${pc.dim('lake describe <table> shows its columns; ops.* tables tell how the lake was loaded')}`;
}
