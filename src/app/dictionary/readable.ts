import { authorize } from '../../access/authorize.ts';
import type { CatalogDataset } from '../../campus/campus.ts';
import type { Grant } from '../../ports/session.ts';
import type { Uses } from '../../ports/step.ts';
import type { TypedModel } from './typed-model.ts';

/** The tables of which a dictionary tells its reader. */
export interface DictionaryTables {
  readonly models: Grant<TypedModel>;
  readonly datasets: Grant<CatalogDataset>;
}

/** Of models and datasets, those that the session may know of; in the same order. */
export async function dictionaryTables(
  asker: Uses<'session' | 'access'>,
  models: readonly TypedModel[],
  datasets: readonly CatalogDataset[],
): Promise<DictionaryTables> {
  return {
    models: await authorize(
      asker,
      'describe',
      Object.fromEntries(models.map((typed) => [typed.model.table, typed])),
    ),
    datasets: await authorize(
      asker,
      'describe',
      Object.fromEntries(datasets.map((dataset) => [dataset.id, dataset])),
    ),
  };
}
