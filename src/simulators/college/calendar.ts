export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Days since 1970-01-01 of a date `YYYY-MM-DD`. */
export function dayNumber(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY;
}

/** The date `YYYY-MM-DD` of a day number. */
export function dateOf(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

/** Turns the days and hours that people live by into instants. */
export class Calendar {
  readonly timeZone: string;
  readonly #midnights = new Map<number, number>();
  readonly #format: Intl.DateTimeFormat;

  constructor(timeZone: string) {
    this.timeZone = timeZone;
    this.#format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
  }

  /** The instant (epoch ms) at which a day begins here. */
  midnight(day: number): number {
    const known = this.#midnights.get(day);
    if (known !== undefined) return known;
    const guess = day * DAY;
    const first = guess - this.#offset(guess);
    const instant = guess - this.#offset(first);
    this.#midnights.set(day, instant);
    return instant;
  }

  /** An instant by the clock on the wall; minutes beyond the day run into the next. */
  at(day: number, minutes = 0): number {
    return this.midnight(day) + Math.round(minutes * 60) * 1000;
  }

  /** The day number in which an instant falls. */
  dayOf(instant: number): number {
    const guess = Math.floor(instant / DAY);
    if (instant < this.midnight(guess)) return guess - 1;
    return instant >= this.midnight(guess + 1) ? guess + 1 : guess;
  }

  /** Half past two of the night after an instant: when the systems tell each other what is new. */
  nextNight(instant: number): number {
    return this.at(this.dayOf(instant) + 1, 150);
  }

  #offset(instant: number): number {
    const parts = this.#format.formatToParts(instant);
    const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((p) => p.type === type)!.value);
    return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute')) - instant;
  }
}
