import Table from 'cli-table3';
import type { Command } from 'commander';
import pc from 'picocolors';
import type { CatalogDataset } from '../../src/campus/campus.ts';
import { didYouMean } from '../../src/campus/nearest.ts';
import { InputError } from '../../src/errors.ts';
import { modelsFolder } from '../../src/models/build-model.ts';
import { loadModels } from '../../src/models/load-models.ts';
import { readPublication } from '../../src/pipeline/publication.ts';
import type { TableVersion } from '../../src/platform/ports/tables.ts';
import { treatmentOf } from '../../src/privacy/treatment.ts';
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

interface DescribedTable {
  readonly table: string;
  readonly description?: string;
  /** What one row is. */
  readonly grain?: string;
  readonly owner?: string;
  readonly rows?: number;
  readonly columns: DescribedColumn[];
}

interface DescribedColumn {
  readonly name: string;
  readonly type: string;
  /** Part of the key. */
  readonly key?: boolean;
  /** What the catalog says that it tells of a person. */
  readonly privacy?: string;
  readonly treatment?: string;
  readonly description?: string;
}

export function defineDescribe(command: Command): void {
  addHomeOption(addCommonOptions(command))
    .argument('<table>', 'database.table, as `lake tables` lists it')
    .addHelpText('after', '\nExample:\n  $ lake describe canvas.submissions')
    .action((table: string, flags: CommonFlags & HomeFlags) =>
      runCommand(() => describe(table, flags), flags),
    );
}

async function describe(table: string, flags: CommonFlags & HomeFlags): Promise<void> {
  const described = await withLakeAt(flags.campus, { home: flags.home }, (lake) =>
    describeTable(lake, table.toLowerCase()),
  );
  if (flags.json) printJson(described);
  else process.stdout.write(`${inWords(described)}\n`);
}

async function describeTable(lake: Lake, table: string): Promise<DescribedTable> {
  const published = (await readPublication(lake.platform))?.tables ?? {};
  const dataset = lake.catalog.datasets.find(({ id }) => id === table);
  if (dataset) return describeDataset(lake, dataset, published[table]);
  const model = (await loadModels(modelsFolder(lake)).catch(() => [])).find((m) => m.table === table);
  const { engine, ledger } = lake.platform;
  const ops = table.startsWith('ops.') ? await engine.opsTables(ledger, [table]) : {};
  const version = published[table] ?? ops[table];
  if (!version) {
    const known = [...lake.catalog.datasets.map(({ id }) => id), ...Object.keys(published)];
    throw new InputError(`There is no table "${table}"${didYouMean(table, known)}`, {
      hint: model ? 'its model was never built: `lake run`' : '`lake tables` lists the tables',
    });
  }
  return {
    table,
    description: model?.description,
    grain: model?.grain,
    owner: model?.owner,
    rows: version.rows,
    columns: version.columns.map(({ name, type }) => {
      const said = model?.columns.find((column) => column.name === name);
      return { name, type, ...(said ? { privacy: said.privacy, description: said.description } : {}) };
    }),
  };
}

function describeDataset(lake: Lake, dataset: CatalogDataset, version?: TableVersion): DescribedTable {
  const types = new Map(version?.columns.map(({ name, type }) => [name, type]));
  return {
    table: dataset.id,
    description: dataset.description,
    grain: dataset.key.join(', ') || undefined,
    owner: dataset.owner,
    rows: version?.rows,
    columns: dataset.columns.map((column) => ({
      name: column.name,
      type: types.get(column.name) ?? column.type,
      ...(dataset.key.includes(column.name) ? { key: true } : {}),
      privacy: column.privacy,
      treatment: treatmentOf(lake.campus, column),
      description: column.description,
    })),
  };
}

const TREATED: { readonly [treatment: string]: string } = {
  keep: '',
  pseudonym: 'pseudonym',
  leave_behind: 'left behind',
};

function inWords({ table, description, grain, owner, rows, columns }: DescribedTable): string {
  const lines = [pc.bold(table)];
  if (description) lines.push(description);
  const facts = [
    grain ? `one row per ${grain}` : '',
    rows === undefined ? 'not loaded' : `${rows.toLocaleString('en-US')} rows`,
    owner ? `owner: ${owner}` : '',
  ];
  lines.push(pc.dim(facts.filter((fact) => fact !== '').join(' · ')));
  const classified = columns.some((column) => column.privacy !== undefined);
  const list = new Table({
    head: classified ? ['column', 'type', 'privacy', 'treatment', 'what'] : ['column', 'type'],
    style: { head: [], border: [], compact: true },
  });
  for (const column of columns) {
    const name = column.key ? `${column.name} ${pc.dim('(key)')}` : column.name;
    const kept = column.treatment !== 'leave_behind';
    const what = [column.privacy ?? '', TREATED[column.treatment ?? 'keep'] ?? '', column.description ?? ''];
    list.push([kept ? name : pc.dim(name), column.type, ...(classified ? what : [])]);
  }
  return [...lines, list.toString()].join('\n');
}
