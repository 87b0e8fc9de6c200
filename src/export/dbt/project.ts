import type { Campus, CatalogDataset } from '../../campus/campus.ts';
import type { Model } from '../../models/model.ts';
import type { TableColumn } from '../../ports/tables.ts';
import { treatmentOf } from '../../privacy/treatment.ts';
import { checksOfDataset, checksOfModel } from '../../quality/table-check.ts';
import type { Files } from '../own-files.ts';
import { type DuckDbPart, functionsMacro, ON_RUN_START, sourcesMacro } from './duckdb-macros.ts';
import { GENERIC_TESTS } from './generic-tests.ts';
import { modelFile } from './model-file.ts';
import { modelProperties, type PropertyTable, sourceProperties } from './properties.ts';
import { RUN_MODEL } from './references.ts';
import { asOfMacro, runModel } from './run-model.ts';
import { IGNORED, profilesFile, projectFile, schemaOfSource } from './settings.ts';
import { testsOf } from './tests.ts';

export interface DbtInput {
  readonly campus: Campus;
  readonly datasets: readonly CatalogDataset[];
  /** The models and the columns that each gives. */
  readonly models: readonly { readonly model: Model; readonly columns: readonly TableColumn[] }[];
  readonly duckDb: DuckDbPart;
  /** How far the lake had been loaded when what `duckDb.views` shows was published. Default: not yet. */
  readonly asOf?: string;
}

export interface DbtProject {
  readonly files: Files;
  readonly models: number;
  /** Tables of sources. */
  readonly sources: number;
  /** Checks that dbt cannot make, as `table: check`. */
  readonly left: readonly string[];
}

/**
 * A dbt project that builds the lake's models: the same SQL, the same descriptions, the same checks. What changes from
 * night to night (the files of the publication, how far it goes) is in one macro file, so that the rest can be kept in
 * version control.
 */
export function dbtProject({ campus, datasets, models, duckDb, asOf }: DbtInput): DbtProject {
  const loaded = datasets.filter(({ load }) => load !== 'off');
  const described = models.map(({ model, columns }) => ({
    table: model.table,
    ...describeModel(model, columns),
  }));
  const staged = loaded.map((dataset) => ({ table: dataset.id, ...describeDataset(campus, dataset) }));
  const run = { timeZone: campus.timeZone, ...(asOf === undefined ? {} : { asOf }) };
  const files = new Map([
    ['.gitignore', IGNORED],
    ['dbt_project.yml', projectFile(campus)],
    ['profiles.yml', profilesFile(campus)],
    ['macros/lake_on_run_start.sql', ON_RUN_START],
    ['macros/lake_functions.sql', functionsMacro(duckDb)],
    [
      'macros/lake_published.sql',
      `{# Made by \`lake export dbt\`, again after each run. #}\n${asOfMacro(run)}\n${sourcesMacro(duckDb)}`,
    ],
    ['models/sources.yml', sourceProperties(bySource(campus, loaded, staged))],
    ['models/models.yml', modelProperties(described)],
    [`models/${RUN_MODEL}.sql`, runModel(run)],
    ...models.map(
      ({ model }) =>
        [`models/${model.name}.sql`, modelFile(model, duckDb.selects.get(model.table)!)] as const,
    ),
    ...GENERIC_TESTS,
  ]);
  const left = [...described, ...staged].flatMap(({ table, tests }) =>
    tests.left.map((name) => `${table}: ${name}`),
  );
  return { files, models: models.length, sources: staged.length, left };
}

function describeModel(model: Model, columns: readonly TableColumn[]): PropertyTable {
  const checks = checksOfModel(
    model,
    columns.map(({ name }) => name),
  );
  return {
    name: model.name,
    description: model.description,
    owner: model.owner,
    grain: model.grain,
    columns: columns.map(({ name, type }) => {
      const said = model.columns.find((column) => column.name === name);
      return { name, type, privacy: said?.privacy, description: said?.description };
    }),
    tests: testsOf(checks),
  };
}

/** Of the columns those that enter the lake. */
function describeDataset(campus: Campus, dataset: CatalogDataset): PropertyTable {
  const columns = dataset.columns.flatMap((column) => {
    const treatment = treatmentOf(campus, column);
    if (treatment === 'exclude') return [];
    const { name, privacy, description } = column;
    return [{ name, type: treatment === 'pseudonym' ? 'varchar' : column.type, privacy, description }];
  });
  return {
    name: dataset.name,
    description: dataset.description,
    owner: dataset.owner,
    grain: dataset.key.join(', ') || undefined,
    columns,
    tests: testsOf(checksOfDataset(dataset)),
  };
}

function bySource(campus: Campus, datasets: readonly CatalogDataset[], described: readonly PropertyTable[]) {
  const names = [...new Set(datasets.map(({ source }) => source))];
  return names.map((source) => ({
    name: source,
    schema: schemaOfSource(campus, source),
    tables: described.filter((_, i) => datasets[i]!.source === source),
  }));
}
