import { knownMinutes, lateMinutes } from './age.ts';
import type { History } from './history.ts';
import { type Happening, type Measured, measureHappenings, measureMinutes } from './measured.ts';
import { measureTogether } from './measured-together.ts';
import type { Objective } from './objective.ts';
import { type Break, deadlinesIn } from './periods.ts';
import { intersection, MINUTE_MS, minuteOf, type Span, union } from './spans.ts';

/** What counts for no objective, or for no deadline, and by which clock. */
export interface Calendar {
  /** Time zone of the campus. */
  readonly zone: string;
  /** Days without deadlines. */
  readonly breaks: readonly Break[];
  /** Announced maintenance. */
  readonly maintenance: readonly Span[];
}

/** Measures an objective out of what the ledger knows. @param now epoch ms: nothing later is looked at */
export function measure(
  { indicator, budgeting }: Pick<Objective, 'indicator' | 'budgeting'>,
  history: History,
  calendar: Calendar,
  now: number,
): Measured {
  const counts = ({ at }: Happening) =>
    at < minuteOf(now) && !calendar.maintenance.some(({ from, to }) => from <= at && at < to);
  switch (indicator.kind) {
    case 'age': {
      const tables = indicator.tables.map((table) => history.seen(table));
      const known = tables
        .map((seen) => knownMinutes(seen, now))
        .reduce((all, spans) => intersection(all, spans));
      const bad = union(...tables.map((seen) => lateMinutes(seen, indicator.atMostMs, now)));
      return measureMinutes({ known, bad, excluded: union(calendar.maintenance) }, budgeting);
    }
    case 'deadline':
      return measureDeadlines(indicator, history, calendar, now);
    case 'runs':
      return measureHappenings('runs', history.runs.filter(counts));
    case 'checks':
      return measureHappenings('checks', history.checks(indicator.tables).filter(counts));
    case 'composite':
      return measureTogether(
        indicator.parts.map((part) => ({ ...part, measured: measure(part, history, calendar, now) })),
      );
  }
}

function measureDeadlines(
  { tables, at, days, atMostMs, zone: own }: Extract<Objective['indicator'], { kind: 'deadline' }>,
  history: History,
  { zone, breaks, maintenance }: Calendar,
  now: number,
): Measured {
  const seen = tables.map((table) => history.seen(table));
  const first = Math.max(...seen.map((versions) => versions[0]?.from ?? Number.POSITIVE_INFINITY));
  const deadlines = (from: number, to: number): number[] =>
    deadlinesIn({ at, days, breaks, zone: own ?? zone }, from, to).filter((deadline) => {
      const minute = minuteOf(deadline);
      return !maintenance.some((work) => work.from <= minute && minute < work.to);
    });
  const isReady = (deadline: number): boolean =>
    seen.every((versions) => {
      const shown = versions.findLast(({ from }) => from <= deadline);
      return shown?.dataUpTo !== undefined && deadline - shown.dataUpTo <= atMostMs;
    });
  const met = Number.isFinite(first)
    ? deadlines(first, now).map((deadline) => ({ at: minuteOf(deadline), good: isReady(deadline) }))
    : [];
  return measureHappenings('days', met, (from, to) => deadlines(from * MINUTE_MS, to * MINUTE_MS).length);
}
