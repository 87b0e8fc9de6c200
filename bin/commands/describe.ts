import Table from 'cli-table3';
import type { Command } from 'commander';
import pc from 'picocolors';
import type { CatalogDataset } from '../../src/campus/campus.ts';
import { didYouMean } from '../../src/campus/nearest.ts';
import { InputError } from '../../src/errors.ts';
import { modelsFolder } from '../../src/models/build-model.ts';
import { modelNames } from '../../src/models/load-models.ts';
import { CURATED } from '../../src/models/model.ts';
import { modelColumns } from '../../src/models/model-columns.ts';
import { readPublication, type TableFacts } from '../../src/pipeline/publication.ts';
import type { Lake } from '../../src/ports/step.ts';
import type { TableVersion } from '../../src/ports/tables.ts';
import { columnClasses } from '../../src/privacy/column-classes.ts';
import { treatmentOf } from '../../src/privacy/treatment.ts';
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
  /** How far the rows that queries see are known, ISO 8601 UTC. */
  readonly upTo?: string;
  /** When they were loaded, or when the model was built, ISO 8601 UTC. */
  readonly loadedAt?: string;
  /** Why they are older than the publication. Absent where they are not. */
  readonly whyOld?: string;
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

/** @param table in small letters. @throws InputError where there is none of that name */
export async function describeTable(lake: Lake, table: string): Promise<DescribedTable> {
  const publication = await readPublication(lake.platform);
  const { tables: published = {}, facts = {} } = publication ?? {};
  const dataset = lake.catalog.datasets.find(({ id }) => id === table);
  if (dataset) return describeDataset(lake, dataset, published[table], facts[table]);
  if (published[table]) return describeModel(lake, published[table], facts[table]);
  const { engine, ledger } = lake.platform;
  const ops = table.startsWith('ops.') ? await engine.opsTables(ledger, [table]) : {};
  const version = ops[table];
  if (version) return { table, rows: version.rows, columns: [...version.columns] };
  const isModel = (await modelNames(modelsFolder(lake))).some((name) => `${CURATED}.${name}` === table);
  const known = [...lake.catalog.datasets.map(({ id }) => id), ...Object.keys(published)];
  throw new InputError(`There is no table "${table}"${didYouMean(table, known)}`, {
    hint: isModel ? 'its model was never built: `lake run`' : '`lake tables` lists the tables',
  });
}

/** What the header said when the version that people see was built; the file may say something else by now. */
async function describeModel(
  lake: Lake,
  version: TableVersion,
  facts: TableFacts = {},
): Promise<DescribedTable> {
  const columns = facts.header?.columns ?? (await columnsInFile(lake, version.table));
  const [classes] = columnClasses({ [version.table]: version }, { datasets: [] }, [
    { table: version.table, columns },
  ]);
  return {
    table: version.table,
    description: facts.header?.description,
    grain: facts.header?.grain,
    owner: facts.owner,
    rows: version.rows,
    ...timesOf(facts),
    columns: version.columns.map(({ name, type }) => ({
      name,
      type,
      privacy: classes!.columns[name],
      description: columns.find((column) => column.name === name)?.description,
    })),
  };
}

/** Of a version that an older version of the lake has built. */
async function columnsInFile(lake: Lake, table: string) {
  const models = await modelColumns(modelsFolder(lake));
  return models.find((model) => model.table === table)?.columns ?? [];
}

const timesOf = ({ asOf: upTo, loadedAt, whyOld }: TableFacts = {}) => ({ upTo, loadedAt, whyOld });

function describeDataset(
  lake: Lake,
  dataset: CatalogDataset,
  version?: TableVersion,
  facts?: TableFacts,
): DescribedTable {
  const types = new Map(version?.columns.map(({ name, type }) => [name, type]));
  return {
    table: dataset.id,
    description: dataset.description,
    grain: dataset.key.join(', ') || undefined,
    owner: dataset.owner,
    rows: version?.rows,
    ...timesOf(facts),
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

function inWords(described: DescribedTable): string {
  const { table, description, grain, owner, rows, upTo, whyOld, columns } = described;
  const lines = [pc.bold(table)];
  if (description) lines.push(description);
  const facts = [
    grain ? `one row per ${grain}` : '',
    rows === undefined ? 'not loaded' : `${rows.toLocaleString('en-US')} rows`,
    upTo ? `data up to ${upTo.slice(0, 16).replace('T', ' ')} UTC` : '',
    owner ? `owner: ${owner}` : '',
  ];
  lines.push(pc.dim(facts.filter((fact) => fact !== '').join(' · ')));
  if (whyOld && rows !== undefined) lines.push(pc.yellow(`older than the publication: ${whyOld}`));
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
