import type { DigestAsked, FeatureDigest, FeatureLake } from '../ports/feature.ts';
import { JOB_DECISIONS } from './tables.ts';

/** What accepted recommendations are to save in 30 days, for the team's week. */
export async function digestOf(
  { platform }: FeatureLake,
  { period, owners }: DigestAsked,
): Promise<FeatureDigest | undefined> {
  if (period !== 'weekly' || owners.length > 0) return undefined;
  const rows = await platform.ledger.rows(JOB_DECISIONS.name);
  if (rows.length === 0)
    return { lines: ['Savings: no recommendation was accepted yet (`lake jobs recommend`).'] };
  const of = (unit: string) =>
    rows.filter((row) => row.unit === unit).reduce((sum, row) => sum + Number(row.predicted), 0);
  const parts = [`${of('dollars').toFixed(2)} dollars`, `${Math.round(of('seconds'))} s of work`];
  return { lines: [`Savings: ${rows.length} accepted, predicted for 30 days: ${parts.join(' and ')}.`] };
}
