const EMAIL = /[^\s@<>"',;]+@[^\s@<>"',;]+\.[^\s@<>"',;]+/g;
const SOCIAL = /\b\d{3}-\d{2}-\d{4}\b/g;
/** Numbers of people with letters before them. Ids of runs have a T between their digits. */
const LETTERED = /\b[A-Za-z]{1,3}\d{5,}\b/g;
/** Long numbers that count nothing. */
const LONG = /(?<![\w.:/-])\d{7,}(?![\w/:-])(?!\s*(?:rows?|bytes?|ms|s\b|tables?|files?))/g;

/**
 * A text without what may be of a person: addresses and numbers of people. The ledger holds none by its own rules; this is
 * a second wall before anything leaves the lake's account.
 */
export const masked = (text: string): string =>
  text
    .replaceAll(EMAIL, '[address]')
    .replaceAll(SOCIAL, '[number]')
    .replaceAll(LETTERED, '[number]')
    .replaceAll(LONG, '[number]');
