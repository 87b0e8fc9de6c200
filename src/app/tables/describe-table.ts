import { authorize } from '../../access/authorize.ts';
import type { CatalogDataset } from '../../campus/campus.ts';
import { didYouMean } from '../../campus/nearest.ts';
import { InputError } from '../../errors.ts';
import { modelsFolder } from '../../models/build-model.ts';
import { modelColumns } from '../../models/model-columns.ts';
import { curatedTables } from '../../pipeline/curated-tables.ts';
import { readPublication, type TableFacts } from '../../pipeline/publication.ts';
import type { StoredTable } from '../../ports/query-engine.ts';
import type { TableVersion } from '../../ports/tables.ts';
import { columnClasses } from '../../privacy/column-classes.ts';
import { describedTreatment } from '../../privacy/treatment.ts';
import type { AppLake } from '../app-lake.ts';
import { describable } from '../describable.ts';

/** A table as it is described. */
export interface DescribedTable {
  readonly table: string;
  readonly description?: string;
  /** What one row is. */
  readonly grain?: string;
  readonly owner?: string;
  /** Absent: never published. NaN for a role, whose rows are not counted. */
  readonly rows?: number;
  /** How far the rows that queries see are known, ISO 8601 UTC. */
  readonly upTo?: string;
  /** When they were loaded, or when the model was built, ISO 8601 UTC. */
  readonly loadedAt?: string;
  /** Why they are older than the publication. Absent where they are not. */
  readonly whyOld?: string;
  /** How its files are kept. Absent: it has no changes to merge, or the reader is not told of its rows. */
  readonly stored?: StoredTable;
  readonly columns: DescribedColumn[];
}

export interface DescribedColumn {
  readonly name: string;
  readonly type: string;
  /** Part of the key. */
  readonly key?: boolean;
  /** What the catalog says that it tells of a person. */
  readonly privacy?: string;
  readonly treatment?: string;
  /** With treatment `mask`: which. */
  readonly mask?: string;
  readonly description?: string;
}

/**
 * One table with its columns: of a dataset what the catalog says, of a model what its header said when it was built, of
 * `ops.*` names and types.
 * @param name `database.table`, in any case
 * @throws InputError where there is none of that name of which the session may know
 */
export async function describeTable(lake: AppLake, name: string): Promise<DescribedTable> {
  const table = name.toLowerCase();
  const publication = await readPublication(lake.platform);
  const { datasets, published } = await describable(lake, publication?.tables);
  const facts = publication?.facts ?? {};
  const dataset = datasets.find(({ id }) => id === table);
  if (dataset) return describeDataset(lake, dataset, published[table], facts[table]);
  if (published[table]) return describeModel(lake, published[table], facts[table]);
  const { engine, ledger } = lake.platform;
  const ops = table.startsWith('ops.') ? await engine.opsTables(ledger, [table]) : {};
  const version = (await authorize(lake, 'describe', ops)).tables[table];
  if (version) {
    const description = ledger.added?.find(({ name }) => `ops.${name}` === table)?.description;
    return {
      table,
      ...(description === undefined ? {} : { description }),
      rows: version.rows,
      columns: [...version.columns],
    };
  }
  const isCurated = (await curatedTables(lake)).has(table);
  const { tables: models } = await authorize(lake, 'describe', isCurated ? { [table]: table } : {});
  const isModel = models[table] !== undefined;
  const known = [...datasets.map(({ id }) => id), ...Object.keys(published)];
  throw new InputError(`There is no table "${table}"${didYouMean(table, known)}`, {
    hint: isModel ? 'its model was never built: `lake run`' : '`lake tables` lists the tables',
  });
}

/** What the header said when the version that people see was built; the file may say something else by now. */
async function describeModel(
  lake: AppLake,
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
async function columnsInFile(lake: AppLake, table: string) {
  const models = await modelColumns(modelsFolder(lake));
  return models.find((model) => model.table === table)?.columns ?? [];
}

const timesOf = ({ asOf: upTo, loadedAt, whyOld }: TableFacts = {}) => ({ upTo, loadedAt, whyOld });

function storedOf({ platform }: AppLake, version: TableVersion | undefined): Pick<DescribedTable, 'stored'> {
  const stored = version && !Number.isNaN(version.rows) ? platform.engine.storedAs?.(version) : undefined;
  return stored ? { stored } : {};
}

function describeDataset(
  lake: AppLake,
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
    ...storedOf(lake, version),
    columns: dataset.columns.map((column) => ({
      name: column.name,
      type: types.get(column.name) ?? column.type,
      ...(dataset.key.includes(column.name) ? { key: true } : {}),
      privacy: column.privacy,
      ...describedTreatment(lake.campus, column),
      description: column.description,
    })),
  };
}
