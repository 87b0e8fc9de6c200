/** A part of a pattern of times: a text that stands for itself, or a field, by the name that this project gives it. */
export type PatternPiece = { readonly text: string } | { readonly field: TimeField };

type TimeField =
  | 'year'
  | 'year2'
  | 'month'
  | 'month1'
  | 'monthName'
  | 'monthShort'
  | 'day'
  | 'day1'
  | 'dayOfYear'
  | 'weekdayName'
  | 'weekdayShort'
  | 'hour'
  | 'hour1'
  | 'hour12'
  | 'hour121'
  | 'minute'
  | 'second'
  | 'milliseconds'
  | 'microseconds'
  | 'half';

const text = (value: string): PatternPiece => ({ text: value });
const field = (name: TimeField): PatternPiece => ({ field: name });
const CLOCK = [field('minute'), text(':'), field('second')];

/** MySQL's letters, which date_format and date_parse use. Those of weeks are left out: Spark has none. */
const MYSQL: { readonly [letter: string]: readonly PatternPiece[] } = {
  Y: [field('year')],
  y: [field('year2')],
  m: [field('month')],
  c: [field('month1')],
  M: [field('monthName')],
  b: [field('monthShort')],
  d: [field('day')],
  e: [field('day1')],
  j: [field('dayOfYear')],
  W: [field('weekdayName')],
  a: [field('weekdayShort')],
  H: [field('hour')],
  k: [field('hour1')],
  h: [field('hour12')],
  I: [field('hour12')],
  l: [field('hour121')],
  i: [field('minute')],
  s: [field('second')],
  S: [field('second')],
  f: [field('microseconds')],
  p: [field('half')],
  T: [field('hour'), text(':'), ...CLOCK],
  r: [field('hour12'), text(':'), ...CLOCK, text(' '), field('half')],
  '%': [text('%')],
};

/** Joda's runs of letters, which format_datetime uses. */
const JODA: { readonly [run: string]: TimeField } = {
  yyyy: 'year',
  yy: 'year2',
  MMMM: 'monthName',
  MMM: 'monthShort',
  MM: 'month',
  M: 'month1',
  dd: 'day',
  d: 'day1',
  DDD: 'dayOfYear',
  EEEE: 'weekdayName',
  EEE: 'weekdayShort',
  E: 'weekdayShort',
  HH: 'hour',
  H: 'hour1',
  hh: 'hour12',
  h: 'hour121',
  mm: 'minute',
  ss: 'second',
  SSS: 'milliseconds',
  a: 'half',
};

/** Undefined where a letter has no counterpart in every engine. */
export function fromMysql(pattern: string): PatternPiece[] | undefined {
  const pieces: PatternPiece[] = [];
  for (const [part, letter] of pattern.matchAll(/%([\s\S])|[^%]+|%$/g)) {
    const known =
      letter === undefined ? [text(part)] : Object.hasOwn(MYSQL, letter) ? MYSQL[letter] : undefined;
    if (!known || part === '%') return undefined;
    pieces.push(...known);
  }
  return pieces;
}

/** Undefined where a run of letters has no counterpart in every engine. */
export function fromJoda(pattern: string): PatternPiece[] | undefined {
  const pieces: PatternPiece[] = [];
  for (const [part, quoted] of pattern.matchAll(/'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+|'/g)) {
    if (quoted !== undefined) pieces.push(text(quoted === '' ? "'" : quoted.replaceAll("''", "'")));
    else if (/^[A-Za-z]/.test(part)) {
      const known = Object.hasOwn(JODA, part) ? JODA[part] : undefined;
      if (!known) return undefined;
      pieces.push(field(known));
    } else if (part === "'") return undefined;
    else pieces.push(text(part));
  }
  return pieces;
}

const JAVA: { readonly [name in TimeField]: string } = {
  year: 'yyyy',
  year2: 'yy',
  month: 'MM',
  month1: 'M',
  monthName: 'MMMM',
  monthShort: 'MMM',
  day: 'dd',
  day1: 'd',
  dayOfYear: 'DDD',
  weekdayName: 'EEEE',
  weekdayShort: 'EEE',
  hour: 'HH',
  hour1: 'H',
  hour12: 'hh',
  hour121: 'h',
  minute: 'mm',
  second: 'ss',
  milliseconds: 'SSS',
  microseconds: 'SSSSSS',
  half: 'a',
};

/** The pattern in Java's letters, as Spark understands them; texts in quotes. */
export const toJava = (pieces: readonly PatternPiece[]): string =>
  pieces.map((piece) => ('field' in piece ? JAVA[piece.field] : quotedText(piece.text))).join('');

const quotedText = (value: string): string =>
  /[A-Za-z'[\]{}#]/.test(value) ? `'${value.replaceAll("'", "''")}'` : value;

const STRFTIME: { readonly [name in TimeField]: string } = {
  year: '%Y',
  year2: '%y',
  month: '%m',
  month1: '%-m',
  monthName: '%B',
  monthShort: '%b',
  day: '%d',
  day1: '%-d',
  dayOfYear: '%j',
  weekdayName: '%A',
  weekdayShort: '%a',
  hour: '%H',
  hour1: '%-H',
  hour12: '%I',
  hour121: '%-I',
  minute: '%M',
  second: '%S',
  milliseconds: '%g',
  microseconds: '%f',
  half: '%p',
};

/** The pattern in C's letters, as DuckDB understands them. */
export const toStrftime = (pieces: readonly PatternPiece[]): string =>
  pieces
    .map((piece) => ('field' in piece ? STRFTIME[piece.field] : piece.text.replaceAll('%', '%%')))
    .join('');
