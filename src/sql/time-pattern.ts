/** A part of a pattern of times: a text that stands for itself, or a field, by the name that this project gives it. */
export type PatternPiece = { readonly text: string } | { readonly field: TimeField };

export type TimeField =
  | 'year'
  | 'year1'
  | 'year2'
  | 'month'
  | 'month1'
  | 'monthName'
  | 'monthShort'
  | 'day'
  | 'day1'
  | 'dayOfYear'
  | 'dayOfYear1'
  | 'isoDay'
  | 'isoWeek'
  | 'isoWeek1'
  | 'isoYear'
  | 'weekdayName'
  | 'weekdayShort'
  | 'hour'
  | 'hour1'
  | 'hour12'
  | 'hour121'
  | 'hour24'
  | 'hour241'
  | 'hour11'
  | 'hour111'
  | 'minute'
  | 'minute1'
  | 'second'
  | 'second1'
  | 'milliseconds'
  | 'microseconds'
  | 'half';

const text = (value: string): PatternPiece => ({ text: value });
const field = (name: TimeField): PatternPiece => ({ field: name });
const CLOCK = [field('minute'), text(':'), field('second')];

/** MySQL's letters, which date_format and date_parse use. */
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
  v: [field('isoWeek')],
  x: [field('isoYear')],
  T: [field('hour'), text(':'), ...CLOCK],
  r: [field('hour12'), text(':'), ...CLOCK, text(' '), field('half')],
  '%': [text('%')],
};

/** Joda's runs of letters, which format_datetime uses. */
const JODA: { readonly [run: string]: TimeField } = {
  yyyy: 'year',
  y: 'year1',
  yy: 'year2',
  YYYY: 'year',
  xxxx: 'isoYear',
  ww: 'isoWeek',
  w: 'isoWeek1',
  MMMM: 'monthName',
  MMM: 'monthShort',
  MM: 'month',
  M: 'month1',
  dd: 'day',
  d: 'day1',
  DDD: 'dayOfYear',
  D: 'dayOfYear1',
  e: 'isoDay',
  EEEE: 'weekdayName',
  EEE: 'weekdayShort',
  EE: 'weekdayShort',
  E: 'weekdayShort',
  HH: 'hour',
  H: 'hour1',
  hh: 'hour12',
  h: 'hour121',
  kk: 'hour24',
  k: 'hour241',
  KK: 'hour11',
  K: 'hour111',
  mm: 'minute',
  m: 'minute1',
  ss: 'second',
  s: 'second1',
  SSS: 'milliseconds',
  SSSSSS: 'microseconds',
  a: 'half',
  aa: 'half',
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
  for (const [part, quoted] of pattern.matchAll(/'((?:[^']|'')*)(?:'|$)|([A-Za-z])\2*|[^A-Za-z']+/g)) {
    // A quote that is not closed reaches to the end.
    if (quoted !== undefined) pieces.push(text(part === "''" ? "'" : quoted.replaceAll("''", "'")));
    else if (/^[A-Za-z]/.test(part)) {
      const known = Object.hasOwn(JODA, part) ? JODA[part] : undefined;
      if (!known) return undefined;
      pieces.push(field(known));
    } else pieces.push(text(part));
  }
  return pieces;
}

/** Java has no letters for the rest. */
const JAVA: { readonly [name in TimeField]?: string } = {
  year: 'yyyy',
  year1: 'y',
  year2: 'yy',
  month: 'MM',
  month1: 'M',
  monthName: 'MMMM',
  monthShort: 'MMM',
  day: 'dd',
  day1: 'd',
  dayOfYear: 'DDD',
  dayOfYear1: 'D',
  weekdayName: 'EEEE',
  weekdayShort: 'EEE',
  hour: 'HH',
  hour1: 'H',
  hour12: 'hh',
  hour121: 'h',
  hour24: 'kk',
  hour241: 'k',
  hour11: 'KK',
  hour111: 'K',
  minute: 'mm',
  minute1: 'm',
  second: 'ss',
  second1: 's',
  milliseconds: 'SSS',
  microseconds: 'SSSSSS',
  half: 'a',
};

/** The pattern in Java's letters, as Spark understands them; texts in quotes. Undefined where Spark has none. */
export function toJava(pieces: readonly PatternPiece[]): string | undefined {
  const parts = pieces.map((piece) => ('field' in piece ? JAVA[piece.field] : quotedText(piece.text)));
  return parts.includes(undefined) ? undefined : parts.join('');
}

const quotedText = (value: string): string =>
  /[A-Za-z'[\]{}#]/.test(value) ? `'${value.replaceAll("'", "''")}'` : value;
