import { curatedTables } from '../pipeline/curated-tables.ts';
import type { Uses } from '../ports/step.ts';
import { loadObjectives, type Objectives } from './load-objectives.ts';

/** The objectives of an open lake. @throws CampusFileError naming every problem of their files */
export async function openObjectives(lake: Uses<'campus' | 'catalog' | 'features'>): Promise<Objectives> {
  const datasets = lake.catalog.datasets.map(({ id }) => id);
  return loadObjectives(lake.campus, new Set([...datasets, ...(await curatedTables(lake))]));
}
