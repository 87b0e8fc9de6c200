import type Fraction from 'fraction.js';
import { budgetIn, burnRate } from './budget.ts';
import type { Measured } from './measured.ts';
import type { Objective } from './objective.ts';
import { periodAt } from './periods.ts';
import { MINUTE_MS, minuteOf } from './spans.ts';

/** How a budget stood at one of several moments. */
export interface BudgetPoint {
  /** Epoch ms. */
  readonly at: number;
  readonly sli: Fraction | undefined;
  /** The part of the budget that was left: 1 all of it, below 0 overspent; undefined where nothing was allowed yet. */
  readonly left: Fraction | undefined;
  /** How fast it burned in the time since the point before: 1 uses it up in exactly the objective's window. */
  readonly burn: Fraction | undefined;
}

/**
 * How the budget of an objective stood at moments that are equally far apart, the last of them `to`. Each is what a
 * report at that moment would have said.
 * @param measured of everything until `to` (epoch ms)
 */
export function budgetOverTime(
  objective: Pick<Objective, 'target' | 'window'>,
  measured: Measured,
  { from, to, points }: { readonly from: number; readonly to: number; readonly points: number },
): BudgetPoint[] {
  const step = (to - from) / Math.max(points - 1, 1);
  return Array.from({ length: points }, (_, i) => {
    const at = i === points - 1 ? to : Math.round(from + i * step);
    const { sli, spent } = budgetIn(measured, objective.target, periodAt(objective.window, at));
    const burn = burnRate(measured, objective.target, wholeMinutes(step), minuteOf(at));
    return { at, sli, left: spent === undefined ? undefined : spent.neg().add(1), burn };
  });
}

const wholeMinutes = (ms: number): number => Math.max(1, Math.round(ms / MINUTE_MS)) * MINUTE_MS;
