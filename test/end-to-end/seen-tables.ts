import { isDeepStrictEqual } from 'node:util';
import type { Seen, SeenTable } from './nights.ts';

/**
 * Days on which somebody is said to have done nothing, and about which nothing is known. Only where both lakes know of
 * the same active days: what was handed in again since is active on another day.
 */
export function inventedIdleness(seen: Seen, then: Seen): string[] {
  const seatOf = (row: Row) => `${row.user_id}|${row.course_id}`;
  const activeDays = ({ tables }: Seen) => {
    const days = new Map<string, string>();
    for (const row of recordsOf(tables['campus.activity_by_day']!).toSorted((a, b) =>
      a.day! < b.day! ? -1 : 1,
    ))
      days.set(seatOf(row), `${days.get(seatOf(row)) ?? ''} ${row.day}`);
    return days;
  };
  const [shownDays, trueDays] = [activeDays(seen), activeDays(then)];
  const weeks = ({ tables }: Seen) =>
    recordsOf(tables['campus.student_course_weeks']!).filter(
      (row) => shownDays.get(seatOf(row)) === trueDays.get(seatOf(row)),
    );
  const truth = new Map(weeks(then).map((row) => [`${seatOf(row)}|${row.week}`, row.days_since_activity]));
  const wrong = weeks(seen).filter(
    (row) => truth.get(`${seatOf(row)}|${row.week}`) !== row.days_since_activity,
  );
  return wrong.length === 0
    ? []
    : [`campus.student_course_weeks: ${wrong.length} rows count unknown days as idle`];
}

/** A row of a table that somebody sees, by column. */
export type Row = Readonly<Record<string, string>>;

export const recordsOf = ({ columns, rows }: SeenTable): Row[] =>
  rows.map((row) => Object.fromEntries(row.map((cell, n) => [columns[n]!.name, cell])));

/** The rows that only one of two tables has, in the columns of the first: the other may be from before one went. */
export function difference(what: string, shown: SeenTable, wanted: SeenTable | undefined): string[] {
  if (!wanted) return [`${what} is shown and should not be`];
  const of = (table: SeenTable) => {
    const at = shown.columns.map(({ name }) => table.columns.findIndex((column) => column.name === name));
    return table.rows.map((row) => at.map((n) => row[n]).join('|')).sort();
  };
  const [left, right] = [of(shown), of(wanted)];
  if (isDeepStrictEqual(left, right)) return [];
  const [has, wants] = [new Set(left), new Set(right)];
  const more = left.filter((row) => !wants.has(row));
  const less = right.filter((row) => !has.has(row));
  return [`${what} has ${more.length} rows too many (${more[0]}) and lacks ${less.length} (${less[0]})`];
}
