import type Fraction from 'fraction.js';
import { duration, percent } from './burn-alerts.ts';
import type { Unit } from './measured.ts';
import type { Indicator, Objective, Window } from './objective.ts';

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** `canvas.submissions no older than 8h in 99 % of the minutes of the last 28d` */
export function promiseInWords({ indicator, target, window }: Objective): string {
  return `${whatIn(indicator)} ${percent(target)} of ${unitIn(indicator)} of ${windowInWords(window)}`;
}

function whatIn(indicator: Indicator): string {
  switch (indicator.kind) {
    case 'age':
      return `${indicator.tables.join(', ')} no older than ${duration(indicator.atMostMs)} in`;
    case 'deadline':
      return `${indicator.tables.join(', ')} ready at ${indicator.at} (${daysInWords(indicator.days)}), no older than ${duration(indicator.atMostMs)}, on`;
    case 'runs':
      return 'runs that succeed:';
    case 'checks':
      return `checks of ${indicator.tables.length === 0 ? 'all tables' : indicator.tables.join(', ')} that pass:`;
    case 'composite':
      return `${indicator.parts.length} objectives together, in`;
  }
}

const unitIn = ({ kind }: Indicator): string =>
  ({
    age: 'the minutes',
    deadline: 'the days',
    runs: 'the runs',
    checks: 'the checks',
    composite: 'the minutes',
  })[kind];

export const windowInWords = (window: Window): string =>
  window.kind === 'rolling' ? `the last ${duration(window.ms)}` : `the current ${window.unit}`;

function daysInWords(days: readonly number[]): string {
  const sorted = [...days].sort((a, b) => a - b);
  const isRow = sorted.every((day, i) => i === 0 || day === sorted[i - 1]! + 1);
  if (isRow && sorted.length > 2) return `${DAYS[sorted[0]! - 1]}-${DAYS[sorted.at(-1)! - 1]}`;
  return sorted.map((day) => DAYS[day - 1]).join(', ');
}

/** `253.2 minutes`, `3 days` */
export const amount = (count: Fraction, unit: Unit): string => {
  const shown = Number(count.round(1).valueOf()).toLocaleString('en-US');
  return `${shown} ${shown === '1' ? unit.slice(0, -1) : unit}`;
};

/** `2026-11-29 07:12 UTC`, from minutes since 1970 */
export const moment = (minute: number): string =>
  `${new Date(minute * 60_000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
