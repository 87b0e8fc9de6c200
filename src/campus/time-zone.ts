/** Time zones that are no place: an hour off for half the year where clocks change. With what is mostly meant. */
const WITHOUT_SUMMER_TIME: Readonly<Record<string, string>> = {
  EST: 'America/New_York',
  MST: 'America/Denver, or America/Phoenix where clocks never change',
  HST: 'Pacific/Honolulu',
  'Etc/GMT+4': 'America/Halifax',
  'Etc/GMT+5': 'America/New_York',
  'Etc/GMT+6': 'America/Chicago',
  'Etc/GMT+7': 'America/Denver',
  'Etc/GMT+8': 'America/Los_Angeles',
  'Etc/GMT+9': 'America/Anchorage',
  'Etc/GMT+10': 'Pacific/Honolulu',
};

/** Abbreviations that stand in the time zone database itself; any other is a habit of one library, or of two places. */
const ABBREVIATIONS = new Set([
  'UTC',
  'GMT',
  'EST',
  'MST',
  'HST',
  'CET',
  'MET',
  'EET',
  'WET',
  'PRC',
  'ROC',
  'ROK',
  'UCT',
]);

/**
 * Whether a text names a time zone that every engine knows. Asks the time zone data itself:
 * `Intl.supportedValuesOf` lacks newer names such as Asia/Kolkata. A bare offset is none, for it knows no summer time,
 * and neither is an abbreviation such as CST or BST, which JavaScript takes for Chicago and Dhaka.
 * Source: https://www.iana.org/time-zones
 */
export function isTimeZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone) || (/^[A-Za-z]{3}$/.test(zone) && !ABBREVIATIONS.has(zone.toUpperCase())))
    return false;
  return nameOf(zone) !== undefined;
}

/** The names that a misspelt one may have meant. */
export const timeZoneNames = (): string[] => [...Intl.supportedValuesOf('timeZone'), 'UTC'];

/** The name as the time zone database writes it: other programs do not forgive small letters. */
export function canonicalTimeZone(zone: string): string {
  if (zone in WITHOUT_SUMMER_TIME || /^[A-Z]/.test(zone)) return zone;
  return timeZoneNames().find((name) => name.toLowerCase() === zone.toLowerCase()) ?? nameOf(zone) ?? zone;
}

/** What is wrong with a zone that will be an hour off for half of the year; undefined where nothing is. */
export function timeZoneWarning(zone: string): string | undefined {
  if (!(zone in WITHOUT_SUMMER_TIME) && !/^Etc\/GMT[+-]\d+$/.test(zone)) return undefined;
  const meant = WITHOUT_SUMMER_TIME[zone];
  return `timeZone: "${zone}" never has summer time, so days and the nightly run are an hour off for half of the year where clocks change; name a place${meant ? `, such as ${meant}` : ''}`;
}

function nameOf(zone: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}
