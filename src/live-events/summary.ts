import type { FeatureLake, FeatureSummary } from '../ports/feature.ts';
import { lossOf } from './loss.ts';

/** Of the notification: what was lost since the run before. */
export async function summaryOf(lake: FeatureLake, run: string): Promise<FeatureSummary | undefined> {
  const losses = (await lossOf(lake.platform.ledger, run)).filter(({ lost }) => Number(lost) > 0);
  if (losses.length === 0) return undefined;
  const lines = losses.map(({ source, event, lost, expected }) => {
    const share = ((100 * Number(lost)) / Number(expected)).toFixed(1);
    return `${source}: ${lost} of ${expected} live events ${event} never came (${share} %).`;
  });
  return { lines };
}
