import { modelsFolder } from '../models/build-model.ts';
import { modelNames } from '../models/load-models.ts';
import { CURATED } from '../models/model.ts';
import type { Uses } from '../ports/step.ts';

/** The curated tables that there are to be: of the campus's models, and of features. */
export async function curatedTables(lake: Uses<'campus' | 'features'>): Promise<ReadonlySet<string>> {
  const { features = [] } = lake;
  const models = [
    ...(await modelNames(modelsFolder(lake))),
    ...features.flatMap(({ models = [] }) => models.map(({ name }) => name)),
  ];
  const written = features.flatMap(({ tables }) => tables?.names ?? []);
  return new Set([...models.map((name) => `${CURATED}.${name}`), ...written]);
}
