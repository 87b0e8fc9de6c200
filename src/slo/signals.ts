import type { FeatureLake, FeatureSignal } from '../ports/feature.ts';
import type { Indicator } from './objective.ts';
import { openObjectives } from './open-objectives.ts';
import { standings } from './standing.ts';
import { warningsIn } from './warnings.ts';

/** The objectives that are broken or burn too fast, as signals about their tables. */
export async function signalsOf(lake: FeatureLake): Promise<FeatureSignal[]> {
  const { ledger, clock } = lake.platform;
  return (await standings(ledger, await openObjectives(lake), clock.now())).flatMap((standing) => {
    const { objective, budget } = standing;
    const isSpent = budget.allowed.gt(0) && budget.left.lt(0);
    return warningsIn([standing]).map(
      (message): FeatureSignal => ({
        code: isSpent ? 'budget-spent' : 'budget-burning',
        about: objective.name,
        tables: tablesOf(objective.indicator),
        severity: 'warning',
        message,
      }),
    );
  });
}

/** The tables that an indicator is about; none: it is about runs, or about everything. */
export function tablesOf(indicator: Indicator): readonly string[] {
  if (indicator.kind === 'runs') return [];
  if (indicator.kind === 'composite') return indicator.parts.flatMap((part) => tablesOf(part.indicator));
  return indicator.tables;
}
