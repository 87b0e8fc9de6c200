import { Temporal } from 'temporal-polyfill';

/** A stretch of time that a question names. Instants are ISO 8601 UTC; `to` is not part of it. */
export interface Window {
  readonly from: string;
  readonly to: string;
  /** The words that name it, as this program writes them: `2026-11-30`, `the last 3 hours`. */
  readonly words: string;
}

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
/** Whole words only: marts are no month. */
const MONTH =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\b';
const AMOUNTS = 'a two three four five six seven eight nine ten'.split(' ');
const AGO = new RegExp(
  `\\b(\\d{1,3}|an|one|${AMOUNTS.join('|')})\\s+(minute|hour|day|week|month)s?\\s+ago\\b`,
);

/**
 * The time that a question names, by the campus's clock: a night is the time from 18:00 of one day to 12:00 of the next.
 * @param now epoch ms
 * @returns undefined where it names none
 */
export function timeIn(text: string, zone: string, now: number): Window | undefined {
  const words = text.toLowerCase();
  const at = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone);
  const today = at.toPlainDate();
  const time = clockIn(words);
  const past = /\b(?:last|past)\s+(?:(\d{1,3})\s+(minute|hour|day|week)s?|(minute|hour|day))\b/.exec(words);
  if (past) {
    const amount = Number(past[1] ?? 1);
    const unit = (past[2] ?? past[3]) as 'minute' | 'hour' | 'day' | 'week';
    return span(
      at.subtract({ [`${unit}s`]: amount }),
      at,
      `the last ${amount} ${unit}${amount === 1 ? '' : 's'}`,
    );
  }
  if (/\blast night\b|\bovernight\b|\btonight\b/.test(words))
    return night(today.subtract({ days: 1 }), zone, today);
  if (/\bthis morning\b/.test(words)) return hours(today, '00:00', '12:00', zone, 'this morning');
  const ago = AGO.exec(words);
  if (ago) {
    const amount = /\d/.test(ago[1]!) ? Number(ago[1]) : Math.max(0, AMOUNTS.indexOf(ago[1]!)) + 1;
    const then = at.subtract({ [`${ago[2]}s`]: amount });
    if (!/minute|hour/.test(ago[2]!)) return day(then.toPlainDate(), zone);
    // Nobody counts to the minute.
    const about = { hours: 1 };
    return span(then.subtract(about), then.add(about), `around ${then.toPlainDate()} ${clockOf(then)}`);
  }
  const named = dateIn(words, today);
  if (named === 'none') return undefined;
  if (named) {
    if (time !== undefined) {
      const centre = named.toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(time) });
      return span(centre.subtract({ hours: 6 }), centre.add({ hours: 6 }), `around ${named} ${time}`);
    }
    if (/\bnight\b/.test(words)) return night(named.subtract({ days: 1 }), zone, named);
    return day(named, zone);
  }
  if (/\b(?:this|last|past) week\b/.test(words)) {
    const monday = today.subtract({ days: today.dayOfWeek - 1 });
    const start = /\blast week\b/.test(words) ? monday.subtract({ days: 7 }) : monday;
    return span(zoned(start, zone), zoned(start.add({ days: 7 }), zone), `the week of ${start}`);
  }
  if (/\b(?:last|past) (?:month|year)\b/.test(words)) {
    const unit = words.includes('year') ? { years: 1 } : { months: 1 };
    return span(at.subtract(unit), at, `the last ${'years' in unit ? 'year' : 'month'}`);
  }
  if (time !== undefined) {
    const centre = today.toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(time) });
    const last = centre.epochMilliseconds > now ? centre.subtract({ days: 1 }) : centre;
    return span(last.subtract({ hours: 6 }), last.add({ hours: 6 }), `around ${last.toPlainDate()} ${time}`);
  }
  return undefined;
}

/** `at 2:30 pm` is 14:30. */
function clockIn(words: string): string | undefined {
  const found =
    /\b(?:at|around|since|after|before)\s+([01]?\d|2[0-3])[:h.]([0-5]\d)(?:\s*([ap])\.?m\b)?/.exec(words);
  if (!found) return undefined;
  const [, hour, minutes, half] = found;
  const hours =
    half !== undefined && Number(hour) <= 12 ? (Number(hour) % 12) + (half === 'p' ? 12 : 0) : Number(hour);
  return `${String(hours).padStart(2, '0')}:${minutes}`;
}

const clockOf = (at: Temporal.ZonedDateTime): string => at.toPlainTime().toString().slice(0, 5);

/** Whether a text names a day that there is not: February 30. */
export const namesNoDay = (text: string, zone: string, now: number): boolean =>
  dateIn(
    text.toLowerCase(),
    Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate(),
  ) === 'none';

/** The day that is named. `none`: a date that there is not. */
function dateIn(words: string, today: Temporal.PlainDate): Temporal.PlainDate | 'none' | undefined {
  const iso = /\b(\d{4})-(\d{2})-(\d{2})\b/.exec(words);
  if (iso) return dateOf(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const before = new RegExp(`\\b${MONTH}\\.?\\s+(\\d{1,2})(?:st|nd|rd|th)?\\b(?:,?\\s+(\\d{4}))?`).exec(
    words,
  );
  const after = new RegExp(
    `\\b(\\d{1,2})(?:st|nd|rd|th)?\\.?\\s+(?:of\\s+)?${MONTH}\\b(?:,?\\s+(\\d{4}))?`,
  ).exec(words);
  const [month, number, year] = before
    ? [before[1], before[2], before[3]]
    : after
      ? [after[2], after[1], after[3]]
      : [];
  if (month !== undefined) {
    const found = dateOf(Number(year ?? today.year), MONTHS.indexOf(month.slice(0, 3)) + 1, Number(number));
    if (found === 'none' || year !== undefined) return found;
    // Of a day without a year the last one is meant.
    return Temporal.PlainDate.compare(found, today) > 0 ? found.subtract({ years: 1 }) : found;
  }
  if (/\btoday\b/.test(words)) return today;
  if (/\bday before yesterday\b/.test(words)) return today.subtract({ days: 2 });
  if (/\byesterday\b/.test(words)) return today.subtract({ days: 1 });
  if (/\btomorrow\b/.test(words)) return today.add({ days: 1 });
  const weekday = DAYS.findIndex((name) => new RegExp(`\\b${name}\\b`).test(words)) + 1;
  if (weekday === 0) return undefined;
  const back = (today.dayOfWeek - weekday + 7) % 7;
  return today.subtract({ days: back === 0 && /\blast\b/.test(words) ? 7 : back });
}

function dateOf(year: number, month: number, day: number): Temporal.PlainDate | 'none' {
  try {
    return Temporal.PlainDate.from({ year, month, day }, { overflow: 'reject' });
  } catch {
    return 'none';
  }
}

const zoned = (date: Temporal.PlainDate, zone: string) => date.toZonedDateTime(zone);
const day = (date: Temporal.PlainDate, zone: string): Window =>
  span(zoned(date, zone), zoned(date.add({ days: 1 }), zone), String(date));

const night = (evening: Temporal.PlainDate, zone: string, morning: Temporal.PlainDate): Window =>
  span(
    evening.toZonedDateTime({ timeZone: zone, plainTime: '18:00' }),
    morning.toZonedDateTime({ timeZone: zone, plainTime: '12:00' }),
    `the night to ${morning}`,
  );

const hours = (date: Temporal.PlainDate, from: string, to: string, zone: string, words: string): Window =>
  span(
    date.toZonedDateTime({ timeZone: zone, plainTime: from }),
    date.toZonedDateTime({ timeZone: zone, plainTime: to }),
    words,
  );

const span = (from: Temporal.ZonedDateTime, to: Temporal.ZonedDateTime, words: string): Window => ({
  from: new Date(from.epochMilliseconds).toISOString(),
  to: new Date(to.epochMilliseconds).toISOString(),
  words,
});
