import type Fraction from 'fraction.js';
import type { Finding } from '../campus/problem.ts';
import { fastestBurn } from './budget.ts';
import { canFire, duration, percent, targetThatCanFire } from './burn-alerts.ts';
import type { BurnAlert, Indicator, Objective } from './objective.ts';
import { lengthMs } from './periods.ts';

const DAY = 86_400_000;

/** How often the lake loads its tables. */
const EVERY_MS = DAY;

/** How far apart the units of an indicator are at most, in ms, in a week with the fewest; undefined: nobody can know. */
function spacingMs(indicator: Indicator): number | undefined {
  if (indicator.kind === 'age') return 60_000;
  if (indicator.kind === 'composite')
    return Math.min(...indicator.parts.map((part) => spacingMs(part.indicator) ?? DAY));
  if (indicator.kind !== 'deadline') return DAY;
  const days = [...indicator.days].sort((a, b) => a - b);
  const gaps = days.map((day, i) => ((days[i + 1] ?? days[0]! + 7) - day) * DAY);
  return Math.max(...gaps);
}

/**
 * Why an objective could not do what it is for, with the nearest one that can: an alert that never fires, one that
 * fires while the budget lasts, windows with nothing in them, a promise that no nightly run can keep.
 */
export function whyUnfit(objective: Objective): string[] {
  const { target, window, indicator, alerts } = objective;
  const periodMs = lengthMs(window);
  if (target.lte(0) || target.gte(1)) return ['its target has to be above 0 % and below 100 %'];
  const found: string[] = [];
  if (indicator.kind === 'age' && indicator.atMostMs < EVERY_MS)
    found.push(
      `the tables are loaded every ${duration(EVERY_MS)}, so just before a load they are always older than ${duration(indicator.atMostMs)}; ${duration(EVERY_MS + 2 * 3_600_000)} can be kept`,
    );
  for (const alert of alerts) found.push(...whyUnfitAlert(alert, objective, periodMs));
  return found;
}

function whyUnfitAlert(
  { name, threshold, windowsMs }: BurnAlert,
  { target, indicator }: Objective,
  periodMs: number,
): string[] {
  const [longMs, shortMs] = [windowsMs[0]!, windowsMs.at(-1)!];
  if (longMs < shortMs) return [`the alert ${name} has a short window that is longer than its long one`];
  if (longMs > periodMs)
    return [
      `the alert ${name} looks back ${duration(longMs)}, further than the objective's ${duration(periodMs)}`,
    ];
  if (!canFire(threshold, target))
    return [
      `the alert ${name} can never fire: it wants a burn rate above ${shown(threshold)}, and with a target of ${percent(target)} the fastest is ${shown(fastestBurn(target))}; a target of ${percent(targetThatCanFire(threshold))} or a smaller part of the budget can`,
    ];
  const spacing = spacingMs(indicator);
  if (spacing !== undefined && shortMs < spacing)
    return [
      `the alert ${name} looks at ${duration(shortMs)}, in which mostly nothing happens: one of these comes every ${duration(spacing)}; a short window of ${duration(spacing)} works`,
    ];
  return [];
}

const shown = (rate: Fraction): string => String(Number(rate.round(3).valueOf()));

export const asFindings = (texts: readonly string[], path: Finding['path']): Finding[] =>
  texts.map((text) => ({ path, on: 'key', text }));
