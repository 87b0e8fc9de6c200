import { type Calendar, dayNumber } from '../calendar.ts';

/** The college's own calendar. Day numbers count from 1970-01-01; weeks from a term's first Monday. */
export interface Term {
  readonly n: number;
  readonly code: string;
  readonly name: string;
  readonly firstDay: number;
  /** Last day of classes and exams. */
  readonly lastDay: number;
  readonly weeks: number;
  /** Day on which registration opens to all, and the last day to drop without a trace. */
  readonly registrationDay: number;
  readonly censusDay: number;
  /** Day on which final grades become official. */
  readonly gradesDay: number;
}

export const TIME_ZONE = 'America/Chicago';
export const FIRST_DAY = '2025-11-01';
export const LAST_DAY = '2027-01-10';
/** The term that is running in the demo; the one before it is over, the one after it only registers. */
export const CURRENT_TERM = '2026FA';

const DATES: readonly (readonly [code: string, name: string, first: string, last: string, opens: string])[] =
  [
    ['2026SP', 'Spring 2026', '2026-01-12', '2026-05-08', '2025-11-03'],
    ['2026FA', 'Fall 2026', '2026-08-24', '2026-12-11', '2026-04-06'],
    ['2027SP', 'Spring 2027', '2027-01-11', '2027-05-07', '2026-11-02'],
  ];

export const TERMS: readonly Term[] = DATES.map(([code, name, first, last, opens], i) => ({
  n: i + 1,
  code,
  name,
  firstDay: dayNumber(first),
  lastDay: dayNumber(last),
  weeks: Math.ceil((dayNumber(last) - dayNumber(first)) / 7),
  registrationDay: dayNumber(opens),
  censusDay: dayNumber(first) + 13,
  gradesDay: dayNumber(last) + 4,
}));

/** Monday of the n-th week of a term (the first is 1), at six in the morning of the college's clock. */
export function weekOfTerm(calendar: Calendar, term: Term, week: number): number {
  return calendar.at(term.firstDay + (week - 1) * 7, 6 * 60);
}
