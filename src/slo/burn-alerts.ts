import Fraction from 'fraction.js';
import { errorPart, fastestBurn } from './budget.ts';
import type { BurnAlert, Indicator } from './objective.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A rule for alerts that holds for windows of every length: so much of the budget in so long a time. */
export interface AlertRule {
  readonly severity: BurnAlert['severity'];
  /** The part of the whole budget that is used up in the long window. */
  readonly budget: Fraction;
  readonly longMs: number;
  readonly shortMs: number;
}

/** The short window is a twelfth of the long one. Source: https://sre.google/workbook/alerting-on-slos/ */
export const shortOf = (longMs: number): number =>
  Math.max(MINUTE, Math.round(longMs / 12 / MINUTE) * MINUTE);

/** The recommended rules. Source: https://sre.google/workbook/alerting-on-slos/, table 5-8 */
const DEFAULT_RULES: readonly (readonly [BurnAlert['severity'], percent: number, longMs: number])[] = [
  ['page', 2, HOUR],
  ['page', 5, 6 * HOUR],
  ['ticket', 10, DAY],
  ['ticket', 10, 3 * DAY],
];

/** The burn rate at which a part of a budget is used up in a part of its period. */
export const thresholdOf = (budget: Fraction, periodMs: number, longMs: number): Fraction =>
  budget.mul(periodMs).div(longMs);

export function toAlert({ severity, budget, longMs, shortMs }: AlertRule, periodMs: number): BurnAlert {
  return {
    name: `${severity}-${duration(longMs)}`,
    severity,
    threshold: thresholdOf(budget, periodMs, longMs),
    windowsMs: [longMs, shortMs],
  };
}

/**
 * The recommended alerts for a period, without those that could never fire or that look back over most of it. None for
 * days, runs and checks, which are too few for windows of minutes: what they lose is said of their budget.
 */
export function defaultAlerts(indicator: Indicator, target: Fraction, periodMs: number): BurnAlert[] {
  if (!hasMinutes(indicator)) return [];
  return DEFAULT_RULES.map(([severity, percent, longMs]) =>
    toAlert({ severity, budget: new Fraction(percent, 100), longMs, shortMs: shortOf(longMs) }, periodMs),
  ).filter(({ threshold, windowsMs }) => canFire(threshold, target) && windowsMs[0]! < periodMs / 2);
}

const hasMinutes = (indicator: Indicator): boolean =>
  indicator.kind === 'composite'
    ? indicator.parts.some((part) => hasMinutes(part.indicator))
    : indicator.kind === 'age';

/** Whether there is a burn rate above the threshold: everything bad burns at 1 / (1 - target). Of 100 % there is no budget. */
export const canFire = (threshold: Fraction, target: Fraction): boolean =>
  target.lt(1) && fastestBurn(target).gt(threshold);

/** The least target with which an alert of that threshold can fire, of a few digits, above the exact bound. */
export function targetThatCanFire(threshold: Fraction): Fraction {
  const bound = new Fraction(1).sub(threshold.inverse());
  for (const places of [2, 3, 4, 5, 6]) {
    const rounded = bound.floor(places).add(new Fraction(1, 10 ** places));
    if (rounded.lt(1)) return rounded;
  }
  return bound.add(1).div(2);
}

/** How long after everything turned bad an alert fires, in ms. Source: https://sre.google/workbook/alerting-on-slos/ */
export const detectionMs = ({ threshold, windowsMs, forMs = 0 }: BurnAlert, target: Fraction): Fraction =>
  threshold.mul(errorPart(target)).mul(windowsMs[0]!).add(forMs);

/** How long after everything turned good again it ends, in ms. */
export const resetMs = ({ threshold, windowsMs }: BurnAlert, target: Fraction): Fraction =>
  new Fraction(1).sub(threshold.mul(errorPart(target))).mul(windowsMs.at(-1)!);

/** `90m`, `6h`, `28d` */
export function duration(ms: number): string {
  if (ms % DAY === 0) return `${ms / DAY}d`;
  if (ms % HOUR === 0) return `${ms / HOUR}h`;
  if (ms % MINUTE === 0) return `${ms / MINUTE}m`;
  return `${ms / 1000}s`;
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY };

/** Reads `90m`, `6h`, `28d`, `2w`; undefined for anything else, and for nothing at all. */
export function parseDuration(text: string): number | undefined {
  const match = /^([1-9]\d{0,5})([smhdw])$/.exec(text);
  return match ? Number(match[1]) * UNITS[match[2]!]! : undefined;
}

/** Reads `99.5%`, `99.5 %` or `0.995`, exactly; undefined for anything else. */
export function parsePart(text: string): Fraction | undefined {
  const match = /^(\d{1,3}(?:\.\d{1,12})?)(\s?%)?$/.exec(text);
  if (!match) return undefined;
  const part = new Fraction(match[1]!);
  return match[2] ? part.div(100) : part;
}

/** `99.5 %`, exactly where six digits suffice. */
export const percent = (part: Fraction): string =>
  `${Number(
    part
      .mul(100)
      .toString(6)
      .replace(/\((\d+)\)/, '$1'),
  )} %`;
