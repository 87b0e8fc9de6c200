import { isOffset, isZone } from '../time-zones.ts';
import { type AstObject, isObject } from '../tree.ts';
import { clockShows } from '../zone-clock.ts';
import type { Finding } from './finding.ts';

const DAY = String.raw`\s*(\d{4})-(\d{1,2})-(\d{1,2})`;
const CLOCK = String.raw`(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,3})?)?`;
const FORMS: { readonly [kind: string]: readonly [form: RegExp, example: string] } = {
  date: [new RegExp(`^${DAY}\\s*$`), "DATE '2026-01-31', in the years 0001 to 9999"],
  time: [new RegExp(`^\\s*${CLOCK}\\s*$`), "TIME '08:15:00'"],
  timestamp: [
    new RegExp(`^${DAY}(?: (${CLOCK})(?:\\s*([A-Za-z+-]\\S*))?)?\\s*$`),
    "TIMESTAMP '2026-01-31 08:15:00.250', to the millisecond, in the years 0001 to 9999",
  ],
};

/** The clocks of zones before are those of single towns, and engines have them from different sources. */
const FIRST_YEAR_OF_CLOCKS = 1900;

/** Dates and times that are written out: to the millisecond, as Athena reads them, and such as there are. */
export function findTimeLiteral({ literal }: AstObject): Finding | undefined {
  if (!isObject(literal)) return undefined;
  const kind = String(literal.literal_type);
  const [form, example] = (Object.hasOwn(FORMS, kind) ? FORMS[kind] : undefined) ?? [];
  if (!form) return undefined;
  const [found, year, month, day, clock = '0:0', zone] = form.exec(String(literal.value)) ?? [];
  if (found === undefined || year === '0000')
    return [
      `a ${kind} is not written as every engine reads it, or holds more than it can keep`,
      `write ${example}`,
    ];
  if (year === undefined) return undefined;
  const date = dateOf(Number(year), Number(month), Number(day));
  if (date === undefined)
    return [`a ${kind} is written with a day that no month has`, 'count the days of the month'];
  if (zone === undefined || !isZone(zone) || isOffset(zone) || Number(year) < FIRST_YEAR_OF_CLOCKS)
    return undefined;
  const [hours, minutes, seconds = 0] = clock.split(':').map(Number);
  const wall = date + ((hours! * 60 + minutes!) * 60 + seconds) * 1000;
  return clockShows(wall, zone)
    ? undefined
    : [
        'a timestamp is written with a time that the clock of its zone never showed: it was put forward over it',
        'write a time before or after, or the instant by UTC',
      ];
}

/** The largest number that a field of an interval, or all its months, can be. */
const LARGEST = 2_147_483_647;

/** Intervals that are written out: of no more than Athena reads. */
export function findIntervalLiteral({ interval }: AstObject): Finding | undefined {
  const value = isObject(interval) && isObject(interval.this) ? interval.this : undefined;
  const signed = isObject(value?.neg) && isObject(value.neg.this) ? value.neg.this : value;
  const literal = isObject(signed?.literal) ? signed.literal : undefined;
  const fields =
    String(literal?.value ?? '')
      .match(/\d+/g)
      ?.map(Number) ?? [];
  const unit = isObject(interval) && isObject(interval.unit) ? interval.unit : {};
  const isOfYears = /^year$/i.test(String(unit.type === 'span' ? unit.this : unit.unit));
  const months = isOfYears ? fields[0]! * 12 + (fields[1] ?? 0) : 0;
  return [...fields, months].some((number) => number > LARGEST)
    ? ['an interval is longer than Athena reads', 'write it in a larger unit, up to 2147483647 of each']
    : undefined;
}

/** A day in milliseconds; undefined where its month has no such day. */
function dateOf(year: number, month: number, day: number): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() : undefined;
}
