import { Temporal } from 'temporal-polyfill';

/** Days without teaching: first and last, by the calendar of the campus. */
export interface Break {
  /** `2026-12-19` */
  readonly from: string;
  readonly to: string;
}

export interface CampusCalendar {
  readonly zone: string;
  /** Weekdays of teaching: 1 is Monday. */
  readonly days: readonly number[];
  readonly breaks: readonly Break[];
}

/** Steps in time. A step is known by a whole number; the numbers of successive steps need not be successive. */
export interface Axis {
  /** `5m`, `1h`, `day`, `teaching-day` */
  readonly name: string;
  /** Milliseconds of a step; of days 24 hours. */
  readonly stepMs: number;
  /** The step to which an instant (epoch ms) belongs. */
  stepAt(time: number): number;
  /** When a step begins, epoch ms. */
  startOf(step: number): number;
  /** The step after it, which begins where it ends. */
  after(step: number): number;
}

const DAY = 86_400_000;
const SIZES: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000 };

/**
 * The axis of a step: minutes or hours that divide a day, days or teaching days by the clock of the campus. What
 * happens on a day without teaching belongs to the teaching day before it.
 * @returns undefined: it is no step
 */
export function axisOf(step: string, calendar: CampusCalendar): Axis | undefined {
  const fixed = /^([1-9]\d{0,3})([mh])$/.exec(step);
  if (fixed) {
    const stepMs = Number(fixed[1]) * SIZES[fixed[2]!]!;
    if (stepMs >= DAY || DAY % stepMs !== 0) return undefined;
    return {
      name: step,
      stepMs,
      stepAt: (time) => Math.floor(time / stepMs),
      startOf: (at) => at * stepMs,
      after: (at) => at + 1,
    };
  }
  if (step === 'day' || step === '1d') return dayAxis('day', calendar, () => true);
  if (step === 'teaching-day') return dayAxis('teaching-day', calendar, (day) => isTeaching(day, calendar));
  return undefined;
}

function isTeaching(day: number, { days, breaks }: CampusCalendar): boolean {
  // The first day of 1970 was a Thursday.
  if (!days.includes(((((day + 3) % 7) + 7) % 7) + 1)) return false;
  const text = new Date(day * DAY).toISOString().slice(0, 10);
  return !breaks.some(({ from, to }) => from <= text && text <= to);
}

/** Longer breaks than this end where they are this long, so that a calendar without a teaching day has steps. */
const LONGEST_BREAK = 400;

function dayAxis(name: string, { zone }: CampusCalendar, counts: (day: number) => boolean): Axis {
  const starts = new Map<number, number>();
  const startOf = (day: number): number => {
    let start = starts.get(day);
    if (start === undefined) {
      // The first instant of the day: where clocks are put forward at midnight it is not 00:00.
      start = Temporal.PlainDate.from('1970-01-01')
        .add({ days: day })
        .toZonedDateTime(zone).epochMilliseconds;
      starts.set(day, start);
    }
    return start;
  };
  const dayAt = (time: number): number => {
    let day = Math.floor(time / DAY);
    while (startOf(day) > time) day--;
    while (startOf(day + 1) <= time) day++;
    return day;
  };
  const counted = new Map<number, number>();
  const back = (day: number): number => {
    let found = counted.get(day);
    if (found === undefined) {
      found = day;
      while (!counts(found) && day - found < LONGEST_BREAK) found--;
      counted.set(day, found);
    }
    return found;
  };
  const after = (day: number): number => {
    let next = day + 1;
    while (back(next) === back(day)) next++;
    return next;
  };
  return { name, stepMs: DAY, stepAt: (time) => back(dayAt(time)), startOf, after };
}
