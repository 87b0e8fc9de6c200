import type { FeatureLake, FeatureSummary } from '../ports/feature.ts';
import { openObjectives } from './open-objectives.ts';
import { standings } from './standing.ts';
import { HELD_WORK } from './tables.ts';
import { heldInWords, warningsIn } from './warnings.ts';

/** The objectives that are broken or burn too fast, and what the run left undone for it, for the notification. */
export async function summaryOf(lake: FeatureLake, run: string): Promise<FeatureSummary | undefined> {
  const { ledger, clock } = lake.platform;
  const lines = [
    ...warningsIn(await standings(ledger, await openObjectives(lake), clock.now())),
    ...(await ledger.rows(HELD_WORK.name, `${run}/`)).map(heldInWords),
  ];
  return lines.length === 0 ? undefined : { lines };
}
