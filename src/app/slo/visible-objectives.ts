import type { Uses } from '../../ports/step.ts';
import type { Objectives } from '../../slo/load-objectives.ts';
import { openObjectives } from '../../slo/open-objectives.ts';
import { tablesOf } from '../../slo/signals.ts';
import { knownTables } from '../known-tables.ts';

/** The objectives of which the session may know: those all of whose tables it may describe. */
export async function visibleObjectives(
  lake: Uses<'campus' | 'catalog' | 'features' | 'session' | 'access' | 'objects' | 'ledger'>,
): Promise<Objectives> {
  const loaded = await openObjectives(lake);
  const isKnown = await knownTables(lake);
  return {
    ...loaded,
    objectives: loaded.objectives.filter(({ indicator }) => tablesOf(indicator).every(isKnown)),
  };
}
