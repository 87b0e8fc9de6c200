import type { FeatureLake, FeatureSummary } from '../ports/feature.ts';
import { openObjectives } from './open-objectives.ts';
import { standings } from './standing.ts';
import { warningsIn } from './warnings.ts';

/** The objectives that are broken or burn too fast, for the notification. */
export async function summaryOf(lake: FeatureLake): Promise<FeatureSummary | undefined> {
  const { ledger, clock } = lake.platform;
  const lines = warningsIn(await standings(ledger, await openObjectives(lake), clock.now()));
  return lines.length === 0 ? undefined : { lines };
}
