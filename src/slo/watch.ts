import type { Json } from '../json.ts';
import type { Watched, WatchLake } from '../ports/feature.ts';
import { announce } from './announce.ts';
import { standingAsJson } from './as-json.ts';
import type { Standing } from './assess.ts';
import { samplesOf } from './export/metrics.ts';
import { openObjectives } from './open-objectives.ts';
import { minuteOf } from './spans.ts';
import { standings } from './standing.ts';
import { WATCHED_MINUTES, WATCHED_NAMES } from './watched-names.ts';

/** Looks at every objective between runs: tells what is news of its alerts, and gives the values for CloudWatch. */
export async function watchLevels(lake: WatchLake): Promise<Watched> {
  const { ledger, clock } = lake.platform;
  const found = await standings(ledger, await openObjectives(lake), clock.now());
  const told = await announce(lake);
  return {
    found: { objectives: found.map((standing) => standingAsJson(standing) as unknown as Json), told },
    metrics: [{ name: WATCHED_NAMES.watched, dimensions: {}, value: 1 }, ...found.flatMap(metricsOf)],
  };
}

/** Of an objective without alerts nothing happens between runs, and each metric costs. */
function metricsOf(standing: Standing): Watched['metrics'] {
  const { objective, measured, at } = standing;
  if (objective.alerts.length === 0) return [];
  const dimensions = { Objective: objective.name };
  const values: Watched['metrics'][number][] = [];
  for (const { metric, labels, value } of samplesOf([standing])) {
    if (metric === 'slo_error_budget_left') values.push({ name: WATCHED_NAMES.left, dimensions, value });
    if (metric === 'slo_burn_rate')
      values.push({
        name: WATCHED_NAMES.burn,
        dimensions: { ...dimensions, Window: labels.window! },
        value,
      });
  }
  const minute = minuteOf(at);
  const { bad, total } = measured.tally(minute - WATCHED_MINUTES, minute);
  if (objective.indicator.kind === 'age' && total.gt(0))
    values.push({ name: WATCHED_NAMES.good, dimensions, value: bad.equals(0) ? 1 : 0 });
  return values;
}
