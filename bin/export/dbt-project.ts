import { authorize } from '../../src/access/authorize.ts';
import { typedModels } from '../../src/app/dictionary/model-types.ts';
import type { TypedModel } from '../../src/app/dictionary/typed-model.ts';
import type { CatalogDataset } from '../../src/campus/campus.ts';
import type { LoadedCampus } from '../../src/campus/load.ts';
import { type DbtProject, dbtProject } from '../../src/export/dbt/project.ts';
import { withReferencesIn } from '../../src/export/dbt/references.ts';
import { modelsInWaves } from '../../src/models/build-model.ts';
import { RUN_COLUMNS, RUN_TABLE } from '../../src/models/model.ts';
import { type Publication, readPublication } from '../../src/pipeline/publication.ts';
import { stockSelect, stockSetUp, stockViews } from '../../src/platform/local/duckdb/stock.ts';
import { lakePlaces } from '../../src/platform/local/places.ts';
import type { TableColumn, TableSet, TableVersion } from '../../src/ports/tables.ts';
import { stagedSpec } from '../../src/staging/spec.ts';
import { withLake } from '../with-lake.ts';

/** The dbt project of a campus, over what its lake on this machine has published last. */
export async function dbtProjectOf(
  loaded: LoadedCampus,
): Promise<{ project: DbtProject; publication?: Publication }> {
  const { campus, catalog } = loaded;
  const { built, publication, readable } = await withLake(loaded, {}, async (lake) => {
    const publication = await readPublication(lake.platform);
    return {
      built: new Set((await modelsInWaves(lake)).flat().map(({ table }) => table)),
      publication,
      // The project reads the files of these tables.
      readable: (await authorize(lake, 'export', publication?.tables ?? {})).tables,
    };
  });
  // Those that features write need what only the lake makes, such as a trained model.
  const models = (await typedModels(loaded, withLake)).filter(({ model }) => built.has(model.table));
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
      selects: await duckDbSelects(models, sources),
      setUp: stockSetUp(),
      views: stockViews(lakePlaces(campus).root, sources),
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
    const sql = await stockSelect(model.statement, columns, reads);
    selects.set(model.table, await withReferencesIn(sql, 'duckdb'));
  }
  return selects;
}
