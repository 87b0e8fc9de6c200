import { Temporal } from 'temporal-polyfill';
import type { CalendarUnit, Window } from './objective.ts';
import { MINUTE_MS, minuteOf, type Span } from './spans.ts';

/** The whole window that is current at an instant (epoch ms), in minutes: one by the calendar also has a future. */
export function periodAt(window: Window, at: number): Span {
  if (window.kind === 'rolling') {
    const to = minuteOf(at);
    return { from: to - window.ms / MINUTE_MS, to };
  }
  const start = startOf(
    window.unit,
    Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(window.zone),
  );
  const length = window.unit === 'quarter' ? { months: 3 } : { [`${window.unit}s`]: 1 };
  const end = start.toPlainDate().add(length).toZonedDateTime(window.zone);
  return { from: minuteOf(start.epochMilliseconds), to: minuteOf(end.epochMilliseconds) };
}

function startOf(unit: CalendarUnit, at: Temporal.ZonedDateTime): Temporal.ZonedDateTime {
  const day = at.toPlainDate();
  const first = {
    day: () => day,
    week: () => day.subtract({ days: day.dayOfWeek - 1 }),
    month: () => day.with({ day: 1 }),
    quarter: () => day.with({ day: 1, month: day.month - ((day.month - 1) % 3) }),
    year: () => day.with({ day: 1, month: 1 }),
  }[unit]();
  // The first instant of the day: where clocks are put forward at midnight it is not 00:00.
  return first.toZonedDateTime(at.timeZoneId);
}

/** How long a window is, for the thresholds of its alerts: an average where the calendar decides. */
export function lengthMs(window: Window): number {
  const DAY = 86_400_000;
  if (window.kind === 'rolling') return window.ms;
  return { day: DAY, week: 7 * DAY, month: 30 * DAY, quarter: 91 * DAY, year: 365 * DAY }[window.unit];
}

/** Days that have no deadline: first and last, by the calendar of the campus. */
export interface Break {
  /** `2026-12-19` */
  readonly from: string;
  readonly to: string;
}

/**
 * The deadlines in [from, to) (epoch ms), as instants. A time of day that clocks skip is moved on by the hour that was
 * skipped; of one that comes twice, the first counts (RFC 5545).
 */
export function deadlinesIn(
  { at, days, breaks, zone }: { at: string; days: readonly number[]; breaks: readonly Break[]; zone: string },
  from: number,
  to: number,
): number[] {
  const time = Temporal.PlainTime.from(at);
  const localDay = (ms: number) =>
    Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).toPlainDate();
  const last = localDay(to);
  const found: number[] = [];
  for (let day = localDay(from); Temporal.PlainDate.compare(day, last) <= 0; day = day.add({ days: 1 })) {
    const text = day.toString();
    if (!days.includes(day.dayOfWeek) || breaks.some((pause) => pause.from <= text && text <= pause.to))
      continue;
    const instant = day.toZonedDateTime({ timeZone: zone, plainTime: time }).epochMilliseconds;
    if (instant >= from && instant < to) found.push(instant);
  }
  return found;
}

/** An instant by the clock of a zone: `2026-11-29T22:00` (epoch ms). */
export const instantIn = (local: string, zone: string): number =>
  Temporal.PlainDateTime.from(local).toZonedDateTime(zone).epochMilliseconds;
