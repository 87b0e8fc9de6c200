/** Wall clocks of zones, as a number of milliseconds that counts as if the clock were UTC's. */
const FORMATS = new Map<string, Intl.DateTimeFormat>();
const DAY_MS = 86_400_000;
const PART = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const;

/**
 * Whether the clock of a zone ever shows a time: it skips an hour where it is put forward. Athena takes a literal of a
 * skipped time for no timestamp.
 * @param wall the time as if the clock were UTC's, in milliseconds
 * @param zone a name that `isZone` knows, no offset
 */
export function clockShows(wall: number, zone: string): boolean {
  const whole = Math.floor(wall / 1000) * 1000;
  return [whole - DAY_MS, whole + DAY_MS].some((near) => {
    const instant = whole - (shown(near, zone) - near);
    return shown(instant, zone) === whole;
  });
}

/** What the clock of a zone shows at an instant. */
function shown(instant: number, zone: string): number {
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const [year, month, day, hour, minute, second] = PART.map((part) => parts[part] ?? 0);
  return Date.UTC(year!, month! - 1, day, hour, minute, second);
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = FORMATS.get(zone);
  if (known) return known;
  const numeric = Object.fromEntries(PART.map((part) => [part, 'numeric'] as const));
  const format = new Intl.DateTimeFormat('en-US', { ...numeric, timeZone: zone, hourCycle: 'h23' });
  FORMATS.set(zone, format);
  return format;
}
