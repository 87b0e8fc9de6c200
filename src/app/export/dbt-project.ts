import { authorize } from '../../access/authorize.ts';
import type { CatalogDataset } from '../../campus/campus.ts';
import type { LoadedCampus } from '../../campus/load.ts';
import { type DbtProject, dbtProject } from '../../export/dbt/project.ts';
import { withReferencesIn } from '../../export/dbt/references.ts';
import { modelsInWaves } from '../../models/build-model.ts';
import { RUN_COLUMNS, RUN_TABLE } from '../../models/model.ts';
import { type Publication, readPublication } from '../../pipeline/publication.ts';
import type { TableColumn, TableSet, TableVersion } from '../../ports/tables.ts';
import type { ParsedStatement } from '../../sql/parse.ts';
import { stagedSpec } from '../../staging/spec.ts';
import type { OpenLake } from '../app-lake.ts';
import { typedModels } from '../dictionary/model-types.ts';
import type { TypedModel } from '../dictionary/typed-model.ts';

/** How a DuckDB that is not the lake's own reads the lake on one machine; given by the entrance. */
export interface StockDuckDb {
  /** A model's SELECT in DuckDB's SQL, its columns cast to the types of the lake's table. */
  select(statement: ParsedStatement, columns: readonly TableColumn[], reads: TableSet): Promise<string>;
  /** The functions by which translated SQL means what Athena means. */
  setUp(): string;
  /** The tables as views over their files. */
  views(tables: TableSet): string;
}

/** The dbt project of a campus, over what its lake on this machine has published last. */
export async function dbtProjectOf(
  loaded: LoadedCampus,
  open: OpenLake,
  stock: StockDuckDb,
): Promise<{ project: DbtProject; publication?: Publication }> {
  const { campus, catalog } = loaded;
  const { built, publication, readable } = await open(loaded, {}, async (lake) => {
    const publication = await readPublication(lake.platform);
    return {
      built: new Set((await modelsInWaves(lake)).flat().map(({ table }) => table)),
      publication,
      // The project reads the files of these tables.
      readable: (await authorize(lake, 'export', publication?.tables ?? {})).tables,
    };
  });
  // Those that features write need what only the lake makes, such as a trained model.
  const models = (await typedModels(loaded, open)).filter(({ model }) => built.has(model.table));
  const sources = Object.fromEntries(
    catalog.datasets
      .filter(({ load }) => load !== 'off')
      .map((dataset) => [dataset.id, readable[dataset.id] ?? emptyTable(loaded, dataset)]),
  );
  const project = dbtProject({
    campus,
    datasets: catalog.datasets,
    models,
    duckDb: {
      selects: await duckDbSelects(models, sources, stock),
      setUp: stock.setUp(),
      views: stock.views(sources),
    },
    ...(publication ? { asOf: publication.asOf } : {}),
  });
  return { project, ...(publication ? { publication } : {}) };
}

/** As for the lake's own models, a table that was never loaded is there and empty. */
function emptyTable({ campus }: LoadedCampus, dataset: CatalogDataset): TableVersion {
  const { spec } = stagedSpec(dataset, campus, { layout: 'dap', format: 'jsonl' });
  const columns = spec.columns.map(({ name, type }) => ({ name, type }));
  return { table: dataset.id, columns, rows: 0, storage: { kind: 'plain', files: [] } };
}

/**
 * Each model's SELECT for a stock DuckDB, with dbt's references, by table.
 * @param sources the tables of sources, for their columns
 */
export async function duckDbSelects(
  models: readonly Pick<TypedModel, 'model' | 'columns'>[],
  sources: TableSet,
  stock: Pick<StockDuckDb, 'select'>,
): Promise<Map<string, string>> {
  const version = (table: string, columns: readonly TableColumn[]): TableVersion => ({
    table,
    columns: [...columns],
    rows: 0,
    storage: {},
  });
  const made = models.map(({ model, columns }) => [model.table, version(model.table, columns)] as const);
  const reads = { ...sources, ...Object.fromEntries(made), [RUN_TABLE]: version(RUN_TABLE, RUN_COLUMNS) };
  const selects = new Map<string, string>();
  for (const { model, columns } of models) {
    const sql = await stock.select(model.statement, columns, reads);
    selects.set(model.table, await withReferencesIn(sql, 'duckdb'));
  }
  return selects;
}
