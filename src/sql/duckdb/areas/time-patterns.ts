import { binary, call, numberOf, textOf } from '../../build.ts';
import { SqlError } from '../../errors.ts';
import { constantText } from '../../literal.ts';
import { fromJoda, fromMysql, type PatternPiece, type TimeField } from '../../time-pattern.ts';
import { type Ast, type AstObject, placeOf } from '../../tree.ts';
import type { Area, RewrittenCall } from './area.ts';

/** Names of days and months, short or long: Joda reads them either way. */
const WEEKDAYS =
  'mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?';
const MONTH_NAMES =
  'jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:tember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?';

/** Times written and read by a pattern that is written out. */
export const TIME_PATTERNS: Area = {
  macros: [
    `trino_written_time(t, letters) AS strftime(t, letters)`,
    // What a pattern leaves out is of the first day of 1970, or of 2000 where it names a month or a day without a year.
    `trino_date_parse(x, re, g, year) AS CASE WHEN NOT regexp_full_match(x, re)
       THEN error('Could not parse string: a text does not fit the pattern by which it is read as a time.')
       WHEN x IS NOT NULL THEN trino_weekday_parsed(g, trino_day_parsed(g, year)) + to_hours(trino_hour_parsed(g))
         + to_minutes(trino_parsed(g.minute, 0, 59)) + to_seconds(trino_parsed(g.second, 0, 59))
         + to_milliseconds(coalesce(TRY_CAST(left(rpad(g.fraction, 3, '0'), 3) AS BIGINT), 0)) END`,
    `trino_parsed(g, least, most) AS CASE WHEN g = '' THEN least
       WHEN CAST(g AS BIGINT) BETWEEN least AND most THEN CAST(g AS BIGINT)
       ELSE error('Could not parse string: a part of a time is out of its range.') END`,
    `trino_day_parsed(g, year) AS make_timestamp(trino_year_parsed(g, year),
       CASE WHEN g.month_name <> ''
         THEN list_position(['jan','feb','mar','apr','may','jun','jul','aug','sep','oct','nov','dec'], lower(left(g.month_name, 3)))
         ELSE trino_parsed(g.month, 1, 12) END, trino_parsed(g.day, 1, 31), 0, 0, 0)
       + to_days(CAST(trino_parsed(g.day_of_year, 1, trino_days_of(trino_year_parsed(g, year))) - 1 AS INTEGER))`,
    // The day of the week is set last: it moves the day within its week.
    `trino_weekday_parsed(g, t) AS CASE WHEN g.weekday = '' THEN t ELSE t + to_days(CAST(
       list_position(['mon','tue','wed','thu','fri','sat','sun'], lower(left(g.weekday, 3))) - isodow(t) AS INTEGER)) END`,
    `trino_days_of(year) AS CASE WHEN year % 4 = 0 AND (year % 100 <> 0 OR year % 400 = 0) THEN 366 ELSE 365 END`,
    `trino_year_parsed(g, year) AS CASE WHEN g.year <> '' THEN CAST(g.year AS BIGINT)
       WHEN g.year2 = '' THEN year WHEN CAST(g.year2 AS BIGINT) < 70 THEN 2000 + CAST(g.year2 AS BIGINT)
       ELSE 1900 + CAST(g.year2 AS BIGINT) END`,
    `trino_hour_parsed(g) AS CASE WHEN g.hour12 = '' THEN trino_parsed(g.hour, 0, 23)
       ELSE trino_parsed(g.hour12, 1, 12) % 12 + CASE WHEN lower(g.half) = 'pm' THEN 12 ELSE 0 END END`,
    `trino_groups(x, re, names) AS regexp_extract(x, re, names)`,
    `trino_pad(n, digits) AS lpad(CAST(n AS VARCHAR), digits, '0')`,
    `trino_hour11(t) AS hour(t) % 12`,
    `trino_hour24(t) AS CASE WHEN hour(t) = 0 THEN 24 ELSE hour(t) END`,
    `trino_microseconds(t) AS strftime(t, '%g') || '000'`,
  ],
  calls: {
    date_format: (called) => formatted(called, fromMysql, 'date_format'),
    format_datetime: (called) => formatted(called, fromJoda, 'format_datetime'),
    date_parse: (called) => parsed(called, fromMysql, 'date_parse'),
  },
};

type FromPattern = (pattern: string) => readonly PatternPiece[] | undefined;

function piecesOf(
  { args, node, text }: RewrittenCall,
  from: FromPattern,
  name: string,
): readonly PatternPiece[] {
  const pattern = constantText(args[1]);
  const found = pattern === undefined ? undefined : from(pattern);
  if (found !== undefined && found.length > 0) return found;
  throw unknownPattern(name, node, text);
}

const unknownPattern = (name: string, node: AstObject, text: string): SqlError =>
  new SqlError(`The pattern of ${name} is not one that every engine understands.`, {
    place: placeOf(node, text),
    hint: 'docs/sql.md lists the letters; the pattern must be written out as a text',
  });

/** Fields by C's letters, or by what has to be computed. Digits beyond the millisecond are zeros. */
const WRITTEN: { readonly [field in TimeField]: string | ((time: Ast) => Ast) } = {
  year: '%Y',
  year1: (t) => call('year', t),
  year2: '%y',
  month: '%m',
  month1: '%-m',
  monthName: '%B',
  monthShort: '%b',
  day: '%d',
  day1: '%-d',
  dayOfYear: '%j',
  dayOfYear1: '%-j',
  isoDay: '%u',
  isoWeek: '%V',
  isoWeek1: (t) => call('week', t),
  isoYear: '%G',
  weekdayName: '%A',
  weekdayShort: '%a',
  hour: '%H',
  hour1: '%-H',
  hour12: '%I',
  hour121: '%-I',
  hour24: (t) => call('trino_pad', call('trino_hour24', t), numberOf(2)),
  hour241: (t) => call('trino_hour24', t),
  hour11: (t) => call('trino_pad', call('trino_hour11', t), numberOf(2)),
  hour111: (t) => call('trino_hour11', t),
  minute: '%M',
  minute1: '%-M',
  second: '%S',
  second1: '%-S',
  milliseconds: '%g',
  microseconds: (t) => call('trino_microseconds', t),
  half: '%p',
};

/** One `strftime` of as many pieces as it knows, joined with what it does not. */
function formatted(called: RewrittenCall, from: FromPattern, name: string): Ast {
  const time = called.args[0] ?? null;
  const parts: Ast[] = [];
  let letters = '';
  const close = () => {
    if (letters !== '') parts.push(call('trino_written_time', time, textOf(letters)));
    letters = '';
  };
  for (const piece of piecesOf(called, from, name)) {
    const written = 'field' in piece ? WRITTEN[piece.field] : piece.text.replaceAll('%', '%%');
    if (typeof written === 'string') letters += written;
    else {
      close();
      parts.push({ concat: { left: textOf(''), right: written(time) } });
    }
  }
  close();
  return parts.reduce((before, part) => binary('concat', before, part));
}

/** How a field is read: its name among the groups, and its digits at most. */
const READ: { readonly [field in TimeField]?: readonly [group: string, digits: number] } = {
  year: ['year', 4],
  year1: ['year', 4],
  year2: ['year2', 2],
  month: ['month', 2],
  month1: ['month', 2],
  monthName: ['month_name', 0],
  monthShort: ['month_name', 0],
  day: ['day', 2],
  day1: ['day', 2],
  dayOfYear: ['day_of_year', 3],
  hour: ['hour', 2],
  hour1: ['hour', 2],
  hour12: ['hour12', 2],
  hour121: ['hour12', 2],
  minute: ['minute', 2],
  minute1: ['minute', 2],
  second: ['second', 2],
  second1: ['second', 2],
  milliseconds: ['fraction', 3],
  microseconds: ['fraction', 9],
  half: ['half', 0],
  weekdayName: ['weekday', 0],
  weekdayShort: ['weekday', 0],
};
const GROUPS = [...new Set(Object.values(READ).map(([group]) => group))];
/** Fields that say the same twice: which of them wins differs. */
const EXCLUSIVE = [
  ['year', 'year2'],
  ['month', 'month_name', 'day_of_year'],
  ['day', 'day_of_year'],
  ['hour', 'hour12'],
  ['hour', 'half'],
];

/** Joda reads as many digits as a field has at most, and goes back over none of them. */
function parsed(called: RewrittenCall, from: FromPattern, name: string): Ast {
  const pieces = piecesOf(called, from, name);
  const read = pieces.map((piece) => ('field' in piece ? READ[piece.field] : undefined));
  const groups = read.flatMap((field) => field?.[0] ?? []);
  const isTwice = (some: readonly string[]) => groups.filter((group) => some.includes(group)).length > 1;
  if (
    pieces.some((piece, i) => 'field' in piece && !read[i]) ||
    GROUPS.some((group) => isTwice([group])) ||
    EXCLUSIVE.some(isTwice) ||
    (groups.includes('weekday') && !groups.includes('day'))
  ) {
    throw unknownPattern(name, called.node, called.text);
  }
  const matched = pieces.map((piece, i) => {
    if ('text' in piece) return piece.text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const [group = '', digits = 0] = read[i] ?? [];
    if (group === 'month_name') return `(${MONTH_NAMES})`;
    if (group === 'weekday') return `(${WEEKDAYS})`;
    if (group === 'half') return '(am|pm)';
    const next = pieces[i + 1];
    const isTight =
      next !== undefined && ('text' in next ? /^\d/.test(next.text) : (read[i + 1]?.[1] ?? 0) > 0);
    return isTight || group === 'year2' ? `(\\d{${digits}})` : `(\\d{1,${digits}})`;
  });
  const absent = GROUPS.filter((group) => !groups.includes(group));
  const pattern = textOf(`(?i)${matched.join('')}${'()'.repeat(absent.length)}`);
  const names = {
    array_func: {
      expressions: [...groups, ...absent].map(textOf),
      bracket_notation: false,
      use_list_keyword: false,
    },
  };
  const year = ['month', 'month_name', 'day', 'day_of_year'].some((group) => groups.includes(group))
    ? 2000
    : 1970;
  const [text = null] = called.args;
  return call('trino_date_parse', text, pattern, call('trino_groups', text, pattern, names), numberOf(year));
}
