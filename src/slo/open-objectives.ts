import { curatedTables } from '../pipeline/curated-tables.ts';
import type { Uses } from '../ports/step.ts';
import { loadObjectives, type Objectives } from './load-objectives.ts';

/** The objectives of an open lake. @throws CampusFileError naming every problem of their files */
export async function openObjectives(lake: Uses<'campus' | 'catalog' | 'features'>): Promise<Objectives> {
  const datasets = lake.catalog.datasets.map(({ id }) => id);
  return loadObjectives(lake.campus, new Set([...datasets, ...(await curatedTables(lake))]));
}

/** How many there are, in words; undefined where there are none. @throws as `openObjectives` does */
export async function examineObjectives(
  lake: Uses<'campus' | 'catalog' | 'features'>,
): Promise<string | undefined> {
  const { length } = (await openObjectives(lake)).objectives;
  return length === 0 ? undefined : `${length} ${length === 1 ? 'objective' : 'objectives'}`;
}
