import { WordFault } from './word.ts';

const PLACE = /%(?:(\d+)\$)?([-0]?)(\d{0,3})(?:\.(\d{1,2}))?([a-zA-Z%])/g;

/** The longest text that a pattern may make. */
const LONGEST = 10_000;

/**
 * Fills a pattern in the style of printf: `%s`, `%d`, `%f`, each with a width and a precision, `%2$s` for the second
 * value, `%%`. @throws WordFault for a place that has no value, or one of another kind
 */
export function formatText(pattern: string, values: readonly string[]): string {
  let next = 0;
  const made = pattern.replace(PLACE, (whole, place, flag, width, precision, kind: string) => {
    if (kind === '%') return '%';
    const value = values[place === undefined ? next++ : Number(place) - 1];
    if (value === undefined) throw new WordFault(`has no value for ${whole} in the pattern`);
    const filled = fill(whole, kind, value, precision);
    if (width === '') return filled;
    if (flag === '-') return filled.padEnd(Number(width));
    return filled.padStart(Number(width), flag === '0' ? '0' : ' ');
  });
  if (made.length > LONGEST) throw new WordFault(`makes a text of more than ${LONGEST} characters`);
  return made;
}

function fill(place: string, kind: string, value: string, precision: string | undefined): string {
  if (kind === 's') return precision === undefined ? value : value.slice(0, Number(precision));
  const number = Number(value);
  if (Number.isNaN(number)) throw new WordFault(`has no number for ${place} in the pattern`);
  if (kind === 'd') return String(Math.trunc(number));
  if (kind === 'f') return number.toFixed(precision === undefined ? 6 : Number(precision));
  throw new WordFault(`does not know ${place} in a pattern: %s, %d and %f are known`);
}
