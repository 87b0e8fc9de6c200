/** MySQL's letters, which Athena's date_format and date_parse use, as DuckDB's; those that are the same are left out. */
const MYSQL: { readonly [letter: string]: string } = {
  i: '%M',
  s: '%S',
  c: '%-m',
  e: '%-d',
  h: '%I',
  k: '%-H',
  l: '%-I',
  M: '%B',
  W: '%A',
  T: '%H:%M:%S',
  r: '%I:%M:%S %p',
  v: '%V',
  x: '%G',
};
const MYSQL_SAME = new Set(['Y', 'm', 'd', 'H', 'S', 'f', 'y', 'b', 'a', 'p', 'j', 'I', '%']);

/** A MySQL pattern as DuckDB's; undefined where a letter has no counterpart. */
export function fromMysqlPattern(pattern: string): string | undefined {
  let known = true;
  const translated = pattern.replaceAll(/%(.)/g, (_, letter: string) => {
    if (MYSQL[letter]) return MYSQL[letter];
    if (!MYSQL_SAME.has(letter)) known = false;
    return `%${letter}`;
  });
  return known ? translated : undefined;
}

/** Joda's runs of letters, which format_datetime and parse_datetime use. */
const JODA: { readonly [run: string]: string } = {
  yyyy: '%Y',
  YYYY: '%Y',
  y: '%Y',
  yy: '%y',
  MMMM: '%B',
  MMM: '%b',
  MM: '%m',
  M: '%-m',
  dd: '%d',
  d: '%-d',
  HH: '%H',
  H: '%-H',
  hh: '%I',
  h: '%-I',
  mm: '%M',
  m: '%-M',
  ss: '%S',
  s: '%-S',
  SSS: '%g',
  a: '%p',
  EEEE: '%A',
  EEE: '%a',
  E: '%a',
  e: '%u',
  ww: '%V',
  xxxx: '%G',
  DDD: '%j',
};

/** A Joda pattern as DuckDB's; undefined where a run of letters has no counterpart. */
export function fromJodaPattern(pattern: string): string | undefined {
  let known = true;
  const translated = pattern.replaceAll(
    /'((?:[^']|'')*)'|([A-Za-z])\2*|%/g,
    (run, quoted: string | undefined) => {
      if (quoted !== undefined)
        return quoted === '' ? "'" : quoted.replaceAll("''", "'").replaceAll('%', '%%');
      if (run === '%') return '%%';
      const found = JODA[run];
      if (!found) known = false;
      return found ?? run;
    },
  );
  return known ? translated : undefined;
}
