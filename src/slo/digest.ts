import type { DigestAsked, FeatureDigest, FeatureLake } from '../ports/feature.ts';
import { openObjectives } from './open-objectives.ts';
import { standings } from './standing.ts';
import { amount } from './words.ts';

/** A week's summary of error budgets, the emptiest first. The daily line has none. */
export async function digestOf(
  lake: FeatureLake,
  { period, owners }: DigestAsked,
): Promise<FeatureDigest | undefined> {
  if (period !== 'weekly') return undefined;
  const { ledger, clock } = lake.platform;
  const loaded = await openObjectives(lake);
  const own = loaded.objectives.filter(
    ({ owner }) => owners.length === 0 || (owner !== undefined && owners.includes(owner)),
  );
  if (own.length === 0) return undefined;
  const all = await standings(ledger, { ...loaded, objectives: own }, clock.now());
  const known = all.filter(({ budget }) => budget.tally.total.compare(0) > 0);
  const spent = known.filter(({ budget }) => budget.left.compare(0) <= 0).length;
  return {
    // Before anything was measured no budget holds or is spent.
    ...(known.length === 0
      ? {}
      : { headline: spent === 0 ? 'budgets hold' : `${spent} of ${known.length} budgets spent` }),
    needsLook: spent > 0,
    lines: known
      .toSorted((a, b) => part(a) - part(b))
      .map(
        ({ objective, budget, measured }) =>
          `Budget of ${objective.name}: ${amount(budget.left, measured.unit)} of ${amount(budget.allowed, measured.unit)} left.`,
      ),
  };
}

const part = ({ budget }: Awaited<ReturnType<typeof standings>>[number]): number =>
  budget.allowed.compare(0) === 0 ? 0 : budget.left.div(budget.allowed).valueOf();
