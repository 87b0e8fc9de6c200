import { resolve } from 'node:path';
import { didYouMean, nearest } from '../campus/nearest.ts';
import { renamedText } from '../campus/renamed-keys.ts';
import type { Json } from '../json.ts';
import { readState } from '../loads/dataset-state.ts';
import { type DatasetState, goodOf, stagedOf } from '../loads/state.ts';
import type { FeatureModel } from '../ports/feature.ts';
import type { BuildRequest, BuildStatus } from '../ports/query-engine.ts';
import type { Uses } from '../ports/step.ts';
import type { TableSet, TableVersion } from '../ports/tables.ts';
import { SqlError } from '../sql/errors.ts';
import { isNarrowed } from '../staging/definition.ts';
import { stagedSpec } from '../staging/spec.ts';
import { ModelBuildError, type ModelError } from './errors.ts';
import { asModelError, loadModel, loadModels, parseModel, readModels } from './load-models.ts';
import { CURATED, type Model, RUN_COLUMNS, RUN_TABLE } from './model.ts';
import { needs, orderModels, sortModels } from './order-models.ts';

type Needs = Uses<'campus' | 'catalog' | 'features' | 'report' | 'clock' | 'ledger' | 'engine'>;

/** Where the models of a campus lie. */
export const modelsFolder = (lake: Uses<'campus'>): string => resolve(lake.campus.root, lake.campus.models);

/** The models of a campus by name, in the order in which a run takes them. */
export interface ModelsInOrder {
  /** One after another. Those with a mistake are in the last one: building them reports it. */
  readonly waves: string[][];
  /** By the model's name. */
  readonly mistakes: ReadonlyMap<string, ModelError>;
}

/** The order in which a run takes the models. A file with a mistake costs itself and those that need it. */
export async function planModels(
  lake: Uses<'campus' | 'catalog' | 'features' | 'report'>,
): Promise<ModelsInOrder> {
  const { models, mistakes } = await readModels(modelsFolder(lake), shippedModels(lake));
  for (const { file, oldNames = [] } of models)
    for (const name of oldNames) lake.report.note(file, renamedText(name));
  const unreadable = [...mistakes.keys()].map((name) => `${CURATED}.${name}`);
  const sorted = sortModels(models, knownTables(lake), unreadable);
  const waves = sorted.waves.map((wave) => wave.map(({ name }) => name));
  const all = new Map([...mistakes, ...sorted.mistakes]);
  const last = [...all.keys(), ...sorted.blocked.map(({ name }) => name)].sort();
  return { waves: last.length > 0 ? [...waves, last] : waves, mistakes: all };
}

/**
 * The models in waves that can be built one after another.
 * @throws ModelError when one of them cannot be read or ordered
 */
export async function modelsInWaves(lake: Uses<'campus' | 'catalog' | 'features'>): Promise<Model[][]> {
  return orderModels(await loadAllModels(lake), knownTables(lake));
}

/** The models of a campus and those of features, in order of name. @throws ModelError as `loadModels` does */
export const loadAllModels = (lake: Uses<'campus' | 'features'>): Promise<Model[]> =>
  loadModels(modelsFolder(lake), shippedModels(lake));

/** Those that come with features. */
const shippedModels = ({ features = [] }: Uses<'features'>): FeatureModel[] =>
  features.flatMap(({ models = [] }) => models);

const knownTables = ({ catalog }: Uses<'catalog'>): string[] => [
  ...catalog.datasets.map(({ id }) => id),
  RUN_TABLE,
];

/** One model in one run. */
export interface ModelTask {
  readonly run: string;
  readonly model: Model;
  /** The versions of the models that it may read, by table. */
  readonly built: TableSet;
  /** Its `ops.run.as_of`, ISO 8601 UTC. Default: the lake's clock, for models whose data tell no time. */
  readonly asOf?: string;
}

export interface BuiltModel {
  readonly model: Model;
  readonly version: TableVersion;
}

/**
 * Builds one model, however long it takes.
 * @throws ModelError for a mistake in its SQL (file, line, column), ModelBuildError when a table that it needs was
 * never built
 */
export async function buildModel(lake: Needs, task: ModelTask): Promise<BuiltModel> {
  const { model } = task;
  const { table, select, reads, versionId } = await buildRequestOf(lake, task);
  return inModel(model, async () =>
    described(model, await lake.platform.engine.create(table, select, reads, versionId)),
  );
}

/** Begins to build one. @throws as `buildModel` does. See `QueryEngine.submit` */
export async function submitModel(lake: Needs, task: ModelTask): Promise<Json> {
  const request = await buildRequestOf(lake, task);
  return inModel(task.model, () => lake.platform.engine.submit(request));
}

/** The result of a submitted build: the model, or the error as one about its file. */
export async function builtModel(
  model: Model,
  status: Exclude<BuildStatus, { readonly retryAfterSeconds: number }>,
): Promise<BuiltModel> {
  return inModel(model, () => {
    if ('failed' in status) throw status.failed;
    return described(model, status.version);
  });
}

/** One model of the campus. @throws ModelError for a mistake in it, ModelBuildError where there is none */
export async function findModel(lake: Uses<'campus' | 'features'>, name: string): Promise<Model> {
  const model = await loadModel(modelsFolder(lake), name);
  if (model) return model;
  const shipped = shippedModels(lake).find((candidate) => candidate.name === name);
  if (shipped) return parseModel(`${name}.sql`, shipped.sql);
  throw new ModelBuildError(`There is no model "${name}" in ${modelsFolder(lake)}.`, { about: name });
}

async function buildRequestOf(lake: Needs, task: ModelTask): Promise<BuildRequest> {
  const { model, built, run } = task;
  const names = model.statement.tables.map((table) => table.name);
  const missing = needs(model).filter((table) => !Object.hasOwn(built, table));
  const there = new Set([...knownTables(lake), ...Object.keys(built)]);
  if (missing.length > 0 || names.some((name) => !there.has(name))) {
    // Rare, so only then all files are read: what is wrong may be written in this one.
    const mistake = (await planModels(lake)).mistakes.get(model.name);
    if (mistake) throw mistake;
  }
  if (missing.length > 0) {
    throw new ModelBuildError(`${model.file} needs ${missing.join(', ')}, which could not be built.`, {
      about: model.name,
      hint: 'fix that model first; this one keeps its last version',
    });
  }
  const reads = { ...(await stagedTables(lake, names)), ...(await runTable(lake, task)), ...built };
  return { table: model.table, select: model.text, reads, versionId: run, engine: model.engine };
}

/** The work's answer; an error in SQL as one that names the model's file. */
async function inModel<T>(model: Model, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asModelError(model.file, error);
  }
}

function described(model: Model, version: TableVersion): BuiltModel {
  checkDescription(model, version);
  return { model, version };
}

/** @throws SqlError for a column that the header describes, or names in its grain, and the SELECT does not give */
function checkDescription({ columns, grain }: Model, version: TableVersion): void {
  const names = version.columns.map(({ name }) => name);
  const missing = missingInGrain(grain, names);
  if (missing !== undefined) {
    throw new SqlError(
      `The grain names a column "${missing}", and the SELECT gives none${didYouMean(missing, names)}`,
      { hint: 'a grain is a list of columns, or says in words what a row is' },
    );
  }
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
 * The first name in a grain that is no column, where the grain is a list of columns: then no two rows may be of one
 * grain, and with a mistake in it nobody would look. Words such as `a student` are none.
 */
function missingInGrain(grain = '', names: readonly string[]): string | undefined {
  const listed = grain.trim().split(/\s*,\s*/);
  if (!listed.every((name) => /^\w+$/.test(name))) return undefined;
  const isList = listed.some((name) => names.includes(name) || nearest(name, names) !== undefined);
  return isList ? listed.find((name) => !names.includes(name)) : undefined;
}

/**
 * Of these tables the newest versions whose checks have passed; one that was never loaded is empty. Those of other
 * zones are left out.
 * @throws ModelBuildError for a table that was loaded and has never passed
 */
export async function stagedTables(lake: Needs, names: readonly string[]): Promise<TableSet> {
  const tables: Record<string, TableVersion> = {};
  for (const name of names) {
    const dataset = lake.catalog.datasets.find((candidate) => candidate.id === name);
    if (!dataset) continue;
    const { state } = await readState(lake.platform.ledger, name);
    if (isWithdrawn(state)) {
      throw new ModelBuildError(
        `${name} is needed, and it is withdrawn: the catalog keeps out what it showed, and it has not been made again.`,
        { about: name, hint: `see why loading or staging ${name} failed; the next run tries again` },
      );
    }
    const passed = goodOf(state)?.version;
    if (!passed && stagedOf(state)) {
      throw new ModelBuildError(`${name} is needed, and no load of it has passed its checks yet.`, {
        about: name,
        hint: 'fix what its checks found',
      });
    }
    tables[name] = passed ?? (await emptyTable(lake, name));
  }
  return tables;
}

function isWithdrawn(state: DatasetState): boolean {
  const passed = goodOf(state)?.version;
  return passed ? isNarrowed(state, passed) : state.table.phase === 'withdrawn';
}

async function emptyTable(lake: Needs, dataset: string): Promise<TableVersion> {
  const plan = stagedSpec(lake.catalog.get(dataset), lake.campus, { layout: 'dap', format: 'jsonl' });
  return (await lake.platform.engine.replace(plan.spec, [], 'empty')).version;
}

/** `ops.run`: how far all that the model reads is known, as an instant, as a date of the campus, and its zone. */
async function runTable(lake: Needs, { model, run, asOf }: ModelTask): Promise<TableSet> {
  if (!model.statement.tables.some(({ name }) => name === RUN_TABLE)) return {};
  const { clock, engine } = lake.platform;
  const instant = new Date(asOf ?? clock.now());
  const zone = lake.campus.timeZone;
  const date = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(instant);
  const row = [run, instant.toISOString(), date, zone];
  return { [RUN_TABLE]: await engine.literalTable(RUN_TABLE, RUN_COLUMNS, [row], `${run}-${model.name}`) };
}
