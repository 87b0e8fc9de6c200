import { authorize } from '../../access/authorize.ts';
import type { Uses } from '../../ports/step.ts';
import type { Objectives } from '../../slo/load-objectives.ts';
import type { Indicator } from '../../slo/objective.ts';
import { openObjectives } from '../../slo/open-objectives.ts';

/** The tables that an indicator is about; none: it is about runs, or about everything. */
function tablesOf(indicator: Indicator): readonly string[] {
  if (indicator.kind === 'runs') return [];
  if (indicator.kind === 'composite') return indicator.parts.flatMap((part) => tablesOf(part.indicator));
  return indicator.tables;
}

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
