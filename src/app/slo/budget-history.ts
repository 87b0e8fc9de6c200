import { didYouMean } from '../../campus/nearest.ts';
import { InputError } from '../../errors.ts';
import { numberOf } from '../../slo/as-json.ts';
import { firesIfNothingLoads } from '../../slo/forecast.ts';
import { readHistory } from '../../slo/history.ts';
import { measure } from '../../slo/measure.ts';
import type { Unit } from '../../slo/measured.ts';
import { lengthMs, periodAt } from '../../slo/periods.ts';
import { budgetOverTime } from '../../slo/series.ts';
import { MINUTE_MS } from '../../slo/spans.ts';
import type { ServiceLevelsLake } from './service-levels.ts';
import { visibleObjectives } from './visible-objectives.ts';

/**
 * The budget of one objective over time, and what would page. Instants are ISO 8601 UTC.
 *
 * @example
 * ```json
 * {
 *   "objective": "submissions-fresh", "unit": "minutes",
 *   "points": [{ "at": "2026-11-28T08:00:00.000Z", "sli": 0.9963, "left": 0.628, "burn": 2.1 }],
 *   "wouldFire": [{ "alert": "page-1h", "severity": "page", "inMinutes": 512 }]
 * }
 * ```
 */
export interface BudgetHistory {
  readonly objective: string;
  readonly unit: Unit;
  /**
   * Equally far apart, the oldest first. `left`: the part of the budget that was left, 1 for all of it, below 0 when
   * overspent. `burn`: how fast it burned since the point before; above 1 it does not last. null: nobody knows.
   */
  readonly points: readonly {
    readonly at: string;
    readonly sli: number | null;
    readonly left: number | null;
    readonly burn: number | null;
  }[];
  /** If nothing is loaded from now on: in how many minutes each alert fires; null: not within three days. */
  readonly wouldFire: readonly {
    readonly alert: string;
    readonly severity: 'page' | 'ticket';
    readonly inMinutes: number | null;
  }[];
}

/**
 * How the budget of an objective stood over the length of its window (a calendar window: since it began).
 * @param points how many. Default: 120
 * @throws InputError for an objective that is none, or of which the session may not know
 *
 * @example
 * ```ts
 * import { budgetHistory } from './budget-history.ts';
 * import type { ServiceLevelsLake } from './service-levels.ts';
 *
 * const leftNow = async (lake: ServiceLevelsLake) => (await budgetHistory(lake, 'users-fresh')).points.at(-1)?.left;
 * ```
 */
export async function budgetHistory(
  lake: ServiceLevelsLake,
  name: string,
  { points = 120 }: { readonly points?: number } = {},
): Promise<BudgetHistory> {
  const { objectives, calendar } = await visibleObjectives(lake);
  const objective = objectives.find((one) => one.name === name);
  if (!objective) {
    const names = objectives.map((one) => one.name);
    throw new InputError(`There is no objective "${name}"${didYouMean(name, names)}.`, { about: name });
  }
  const { ledger, clock } = lake.platform;
  const to = clock.now();
  const from =
    objective.window.kind === 'rolling'
      ? to - lengthMs(objective.window)
      : periodAt(objective.window, to).from * MINUTE_MS;
  const history = await readHistory(ledger, periodAt(objective.window, from).from * MINUTE_MS, to);
  const measured = measure(objective, history, calendar, to);
  return {
    objective: name,
    unit: measured.unit,
    points: budgetOverTime(objective, measured, { from, to, points }).map(({ at, sli, left, burn }) => ({
      at: new Date(at).toISOString(),
      sli: numberOf(sli),
      left: numberOf(left),
      burn: numberOf(burn),
    })),
    wouldFire: [...firesIfNothingLoads(objective, history, calendar, to)].map(([alert, inMinutes]) => ({
      alert: alert.name,
      severity: alert.severity,
      inMinutes: inMinutes ?? null,
    })),
  };
}
