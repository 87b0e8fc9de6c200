import { authorize } from '../../access/authorize.ts';
import type { Uses } from '../../ports/step.ts';
import type { Objectives } from '../../slo/load-objectives.ts';
import { openObjectives } from '../../slo/open-objectives.ts';
import { tablesOf } from '../../slo/signals.ts';

/** The objectives of which the session may know: those all of whose tables it may describe. */
export async function visibleObjectives(
  lake: Uses<'campus' | 'catalog' | 'features' | 'session' | 'access'>,
): Promise<Objectives> {
  const loaded = await openObjectives(lake);
  const named = loaded.objectives.flatMap(({ indicator }) => tablesOf(indicator));
  const asked = Object.fromEntries(named.map((table) => [table, table]));
  const { tables } = await authorize(lake, 'describe', asked);
  return {
    ...loaded,
    objectives: loaded.objectives.filter(({ indicator }) =>
      tablesOf(indicator).every((table) => tables[table] !== undefined),
    ),
  };
}
