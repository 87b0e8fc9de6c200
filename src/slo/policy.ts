import type Fraction from 'fraction.js';
import type { OptionalWork } from '../ports/optional-work.ts';
import type { Standing } from './assess.ts';
import type { HELD } from './slo-schema.ts';

/** What has to wait while so little of a budget is left. */
export interface PolicyRule {
  /** It acts when at most this part of the budget is left: at 0, once it is spent. */
  readonly below: Fraction;
  /** Names of objectives. Undefined: any. */
  readonly objectives?: readonly string[];
  readonly hold: readonly OptionalWork[];
}

/** What a policy can hold, as it is written in slo.yaml. */
export const WORK: Record<(typeof HELD)[number], OptionalWork> = {
  reloads: 'reload',
  'drift-looks': 'drift',
  maintenance: 'maintenance',
  deploys: 'deploy',
};

/** The objective for whose sake some work has to wait. */
export interface Cause {
  readonly standing: Standing;
  /** The part of its budget that is left; below 0: overspent. */
  readonly left: Fraction;
}

/** The part of the budget that is left; undefined where nothing is allowed yet. */
export const partLeft = ({ budget }: Standing): Fraction | undefined =>
  budget.allowed.equals(0) ? undefined : budget.left.div(budget.allowed);

/** The objectives for whose sake some work has to wait, by the rules; none: it need not. The worst first. */
export function causesOf(
  rules: readonly PolicyRule[],
  standings: readonly Standing[],
  work: OptionalWork,
): Cause[] {
  const acting = rules.filter(({ hold }) => hold.includes(work));
  return standings
    .flatMap((standing) => {
      const left = partLeft(standing);
      // Nothing went wrong yet: then nothing is spent, however little is allowed.
      if (left === undefined || standing.budget.tally.bad.equals(0)) return [];
      const { name } = standing.objective;
      const isHeld = acting.some(
        ({ below, objectives }) => left.lte(below) && (objectives?.includes(name) ?? true),
      );
      return isHeld ? [{ standing, left }] : [];
    })
    .sort((a, b) => a.left.compare(b.left));
}
