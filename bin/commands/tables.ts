import Table from 'cli-table3';
import type { Command } from 'commander';
import pc from 'picocolors';
import { listStates } from '../../src/loads/dataset-state.ts';
import { modelsFolder } from '../../src/models/build-model.ts';
import { loadModels } from '../../src/models/load-models.ts';
import { readPublication } from '../../src/pipeline/publication.ts';
import type { Lake } from '../../src/step.ts';
import { withLakeAt } from '../home.ts';
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
  /** How far its data go, ISO 8601 UTC. */
  readonly upTo?: string;
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
  else process.stdout.write(`${inWords(listed)}\n`);
}

async function listTables(lake: Lake): Promise<ListedTable[]> {
  const publication = await readPublication(lake.platform);
  const published = publication?.tables ?? {};
  const states = new Map((await listStates(lake.platform.ledger)).map((state) => [state.dataset, state]));
  const staged = lake.catalog.datasets
    .filter((dataset) => dataset.load !== 'off')
    .map(
      ({ id, description }): ListedTable => ({
        table: id,
        zone: 'staged',
        rows: published[id]?.rows,
        upTo: published[id] ? states.get(id)?.watermark : undefined,
        description,
      }),
    );
  const known = new Set(staged.map(({ table }) => table));
  const descriptions = new Map((await modelsOf(lake)).map((model) => [model.table, model.description]));
  const curated = Object.values(published)
    .filter(({ table }) => !known.has(table))
    .map(
      ({ table, rows }): ListedTable => ({
        table,
        zone: 'curated',
        rows,
        upTo: publication?.asOf,
        description: descriptions.get(table),
      }),
    );
  return [...curated, ...staged].sort((a, b) => (a.table < b.table ? -1 : 1));
}

/** Models that cannot be read are `lake run`'s to complain of: a list of tables goes without their words. */
async function modelsOf(lake: Lake) {
  return loadModels(modelsFolder(lake)).catch(() => []);
}

function inWords(listed: readonly ListedTable[]): string {
  if (listed.length === 0) return 'No such table. `lake tables` without a name lists all.';
  const table = new Table({
    head: ['table', 'rows', 'data up to', 'what'],
    colAligns: ['left', 'right', 'left', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const { table: name, zone, rows, upTo, description } of listed) {
    table.push([
      zone === 'curated' ? pc.bold(name) : name,
      rows?.toLocaleString('en-US') ?? pc.dim('not loaded'),
      upTo?.slice(0, 16).replace('T', ' ') ?? '',
      (description ?? '').slice(0, 70),
    ]);
  }
  return `${table.toString()}\n${pc.dim('lake describe <table> shows its columns; ops.* tables tell how the lake was loaded')}`;
}
