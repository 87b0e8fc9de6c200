import { burnsTooFast } from './alert-state.ts';
import type { History } from './history.ts';
import { type Calendar, measure } from './measure.ts';
import type { BurnAlert, Objective } from './objective.ts';
import { MINUTE_MS, minuteOf } from './spans.ts';

/** How far is looked ahead, in minutes: as long as the longest of the recommended windows. */
const AHEAD = 3 * 1440;
const STEP = 60;

/**
 * When each alert would fire if nothing were loaded from now on, as minutes from now: 0 where the budget burns too fast
 * already; undefined where it would not within three days, or where nobody can know, as of runs and checks.
 * @param now epoch ms
 */
export function firesIfNothingLoads(
  objective: Objective,
  history: History,
  calendar: Calendar,
  now: number,
): Map<BurnAlert, number | undefined> {
  const start = minuteOf(now);
  const ahead = measure(objective, history, calendar, now + AHEAD * MINUTE_MS);
  const burns = (alert: BurnAlert, minutes: number) =>
    burnsTooFast(ahead, objective, alert, start + minutes) === true;
  return new Map(
    objective.alerts.map((alert) => {
      let to = 0;
      while (to <= AHEAD && !burns(alert, to)) to += STEP;
      if (to > AHEAD) return [alert, undefined];
      // Once it is late every further minute is bad, so within one step the rates only rise.
      let from = Math.max(to - STEP, 0);
      while (from < to) {
        const middle = (from + to) >> 1;
        if (burns(alert, middle)) to = middle;
        else from = middle + 1;
      }
      return [alert, to + (to === 0 ? 0 : (alert.forMs ?? 0) / MINUTE_MS)];
    }),
  );
}
