import type { Uses } from '../../ports/step.ts';
import { type StandingData, standingAsJson } from '../../slo/as-json.ts';
import type { Standing } from '../../slo/assess.ts';
import { firingIn, standings } from '../../slo/standing.ts';
import { visibleObjectives } from './visible-objectives.ts';

/** What service levels need of a lake; whose session it is decides which objectives are shown. */
export type ServiceLevelsLake = Uses<
  'campus' | 'catalog' | 'features' | 'session' | 'access' | 'clock' | 'objects' | 'ledger'
>;

/**
 * How an objective stands. Instants are ISO 8601 UTC, parts are between 0 and 1, `null` is "nobody knows".
 *
 * @example
 * ```json
 * {
 *   "name": "submissions-fresh", "verdict": "burning", "place": "slo.yaml:4", "owner": "Data team",
 *   "promise": "canvas.submissions no older than 26h in 99 % of the minutes of the last 28d",
 *   "target": 0.99, "window": "the last 28d", "budgeting": "occurrences",
 *   "at": "2026-11-28T08:00:00.000Z", "from": "2026-10-31T08:00:00.000Z", "to": "2026-11-28T08:00:00.000Z",
 *   "unit": "minutes", "sli": 0.9963, "bad": 150, "total": 40320,
 *   "budget": { "allowed": 403.2, "left": 253.2, "spent": 0.372, "exhaustedInMinutes": 1266 },
 *   "alerts": [{
 *     "name": "page-1h", "severity": "page", "threshold": 13.44, "burnRates": { "1h": 20, "5m": 100 },
 *     "state": "firing", "since": "2026-11-28T07:52:00.000Z"
 *   }]
 * }
 * ```
 */
export interface ServiceLevel extends StandingData {
  /** `broken`: nothing of the budget is left. `burning`: an alert fires and is not silenced. */
  readonly verdict: 'kept' | 'burning' | 'broken' | 'no-data';
}

/**
 * How every objective of which the session may know stands, the worst first.
 * @param at epoch ms, not after now: as it stood then. Default: now
 * @throws CampusFileError naming every mistake in the files of objectives
 *
 * @example
 * ```ts
 * import { type ServiceLevelsLake, serviceLevels } from './service-levels.ts';
 *
 * const broken = async (lake: ServiceLevelsLake): Promise<string[]> =>
 *   (await serviceLevels(lake)).filter(({ verdict }) => verdict === 'broken').map(({ name }) => name);
 * ```
 */
export async function serviceLevels(
  lake: ServiceLevelsLake,
  { at = lake.platform.clock.now() }: { readonly at?: number } = {},
): Promise<ServiceLevel[]> {
  const found = await standings(lake.platform.ledger, await visibleObjectives(lake), at);
  const order = ['broken', 'burning', 'no-data', 'kept'];
  return found
    .map((standing) => ({ ...standingAsJson(standing), verdict: verdictOf(standing) }))
    .sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
}

function verdictOf(standing: Standing): ServiceLevel['verdict'] {
  const { budget } = standing;
  if (budget.sli === undefined) return 'no-data';
  if (budget.left.lte(0) && budget.tally.bad.gt(0)) return 'broken';
  return firingIn(standing).length > 0 ? 'burning' : 'kept';
}
