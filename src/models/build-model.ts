import { resolve } from 'node:path';
import { didYouMean } from '../campus/nearest.ts';
import { asOf } from '../loads/as-of.ts';
import { listStates } from '../loads/dataset-state.ts';
import type { TableSet, TableVersion } from '../platform/ports.ts';
import { stagedSpec } from '../staging/spec.ts';
import type { Lake } from '../step.ts';
import { ModelBuildError, SqlError } from './errors.ts';
import { asModelError, loadModels } from './load-models.ts';
import { type Model, RUN_TABLE } from './model.ts';
import { needs, orderModels } from './order-models.ts';

/** Where the models of a campus lie. */
export const modelsFolder = (lake: Pick<Lake, 'campus'>): string =>
  resolve(lake.campus.root, lake.campus.models);

/**
 * The models in waves that can be built one after another.
 * @throws ModelError when one of them cannot be read or ordered
 */
export async function planModels(lake: Lake): Promise<Model[][]> {
  const models = await loadModels(modelsFolder(lake));
  return orderModels(models, [...lake.catalog.datasets.map((dataset) => dataset.id), RUN_TABLE]);
}

/**
 * Builds one model.
 * @param built the newest good version of every model that stands before it, by table
 * @throws ModelError for a mistake in its SQL (file, line, column), ModelBuildError when a table that it needs was
 * never built
 */
export async function buildModel(
  lake: Lake,
  { run, model: name, built }: { run: string; model: string; built: TableSet },
): Promise<{ model: Model; version: TableVersion }> {
  const { engine } = lake.platform;
  const models = await loadModels(modelsFolder(lake));
  const model = models.find((candidate) => candidate.name === name);
  if (!model) {
    throw new ModelBuildError(`There is no model "${name}" in ${modelsFolder(lake)}.`, { about: name });
  }
  const missing = needs(model).filter((table) => !Object.hasOwn(built, table));
  if (missing.length > 0) {
    throw new ModelBuildError(`${model.file} needs ${missing.join(', ')}, which could not be built.`, {
      about: name,
      hint: 'mend that model first; this one keeps its last table',
    });
  }
  const names = model.statement.tables.map((table) => table.name);
  const reads = { ...(await stagedTables(lake, names)), ...(await runTable(lake, model, run)), ...built };
  try {
    const version = await engine.create(model.table, model.text, reads, run);
    checkDescription(model, version);
    return { model, version };
  } catch (error) {
    throw asModelError(model.file, error);
  }
}

/** @throws SqlError for a column that the header describes and the SELECT does not give */
function checkDescription({ columns }: Model, version: TableVersion): void {
  const names = version.columns.map(({ name }) => name);
  const strange = columns.find(({ name }) => !names.includes(name));
  if (!strange) return;
  throw new SqlError(
    `The header describes a column "${strange.name}", and the SELECT gives none${didYouMean(strange.name, names)}`,
    {
      place: strange.place,
    },
  );
}

/**
 * Of these tables the newest versions whose checks have passed; one that was never loaded is empty. Those of other
 * zones are left out.
 * @throws ModelBuildError for a table that was loaded and has never passed
 */
export async function stagedTables(lake: Lake, names: readonly string[]): Promise<TableSet> {
  const states = new Map((await listStates(lake.platform.ledger)).map((state) => [state.dataset, state]));
  const tables: Record<string, TableVersion> = {};
  for (const name of names) {
    const dataset = lake.catalog.datasets.find((candidate) => candidate.id === name);
    if (!dataset) continue;
    const state = states.get(name);
    if (state?.staged && !state.passed) {
      throw new ModelBuildError(`${name} is needed, and no load of it has passed its checks yet.`, {
        about: name,
        hint: 'mend what its checks found',
      });
    }
    tables[name] = state?.passed ?? (await emptyTable(lake, name));
  }
  return tables;
}

async function emptyTable(lake: Lake, dataset: string): Promise<TableVersion> {
  const plan = stagedSpec(lake.catalog.get(dataset), lake.campus, { layout: 'dap', format: 'jsonl' });
  return (await lake.platform.engine.replace(plan.spec, [], 'empty')).version;
}

/** `ops.run`: how far the lake has been loaded, as an instant, as a date of the campus, and the campus's zone. */
async function runTable(lake: Lake, model: Model, run: string): Promise<TableSet> {
  if (!model.statement.tables.some(({ name }) => name === RUN_TABLE)) return {};
  const { clock, engine, ledger } = lake.platform;
  const instant = new Date((await asOf(ledger, lake.campus)) ?? clock.now());
  const zone = lake.campus.timeZone;
  const date = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(instant);
  const columns = [
    { name: 'run', type: 'varchar' },
    { name: 'as_of', type: 'timestamp' },
    { name: 'as_of_date', type: 'date' },
    { name: 'time_zone', type: 'varchar' },
  ] as const;
  const row = [run, instant.toISOString(), date, zone];
  return { [RUN_TABLE]: await engine.literalTable(RUN_TABLE, columns, [row], `${run}-${model.name}`) };
}
