import { join } from 'node:path';
import { modelsFolder } from '../models/build-model.ts';
import { asModelError, loadModels } from '../models/load-models.ts';
import type { Model } from '../models/model.ts';
import type { Uses } from '../ports/step.ts';
import type { TableSet, TableVersion } from '../ports/tables.ts';
import { EarlyWarningError } from './errors.ts';
import { LIVE_SCORES } from './live/tables.ts';
import { DRIFT, FEATURES, OUTCOMES, SCORES } from './tables.ts';

/** Whether early warning itself builds the table, so that no model of the folder need make it. */
export const isOwnTable = (table: string): boolean =>
  table === FEATURES || table === DRIFT || table === SCORES || table === LIVE_SCORES;

/**
 * The models of early warning: SQL as every model, in a folder of their own, because they are built when early
 * warning is in use and not in every run, and over weeks of the past when it learns.
 * @throws EarlyWarningError where the campus has none
 */
export async function ownModels(lake: Uses<'campus'>): Promise<ReadonlyMap<string, Model>> {
  const folder = join(modelsFolder(lake), 'early-warning');
  const models = new Map((await loadModels(folder)).map((model) => [model.table, model]));
  for (const table of [FEATURES, OUTCOMES]) {
    if (models.has(table)) continue;
    throw new EarlyWarningError(`There is no ${table.split('.')[1]}.sql in ${folder}.`, {
      hint: "copy the folder models/early-warning of the project into the campus's models folder",
    });
  }
  return models;
}

/** Builds one of them. @throws ModelError for a mistake in its SQL */
export async function buildOwn(
  lake: Uses<'engine'>,
  model: Model,
  reads: TableSet,
  version: string,
): Promise<TableVersion> {
  try {
    return await lake.platform.engine.create(model.table, model.text, reads, version);
  } catch (error) {
    throw asModelError(model.file, error);
  }
}
