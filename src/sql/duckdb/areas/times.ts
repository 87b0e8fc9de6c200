import { call, cast, textOf } from '../../build.ts';
import { SqlError } from '../../errors.ts';
import { type Ast, type AstObject, isObject, placeOf } from '../../tree.ts';
import { macro, refused } from '../rewriting.ts';
import type { Area, RewrittenCall } from './area.ts';
import { unitOf } from './units.ts';

/** Dates, timestamps and times of day without a zone. */
export const TIMES: Area = {
  macros: [
    `trino_date_trunc(unit, d) AS cast_to_type(date_trunc(unit, d), d)`,
    `trino_time_trunc(unit, t) AS CAST(date_trunc(unit, DATE '2000-01-01' + t) AS TIME)`,
    // Complete units between two moments, not boundaries crossed.
    `trino_date_diff(unit, a, b) AS date_sub(unit, a, b)`,
    `trino_date_add(unit, n, d) AS cast_to_type(d + CASE unit
       WHEN 'millisecond' THEN to_microseconds(1000 * CAST(CAST(n AS INTEGER) AS BIGINT))
       WHEN 'second' THEN to_seconds(CAST(n AS INTEGER))
       WHEN 'minute' THEN to_minutes(CAST(n AS INTEGER)) WHEN 'hour' THEN to_hours(CAST(n AS INTEGER))
       WHEN 'day' THEN to_days(CAST(n AS INTEGER)) WHEN 'week' THEN to_days(7 * CAST(n AS INTEGER))
       WHEN 'month' THEN to_months(CAST(n AS INTEGER)) WHEN 'quarter' THEN to_months(3 * CAST(n AS INTEGER))
       ELSE to_months(12 * CAST(n AS INTEGER)) END, d)`,
    `trino_millisecond(t) AS CAST(datepart('millisecond', t) % 1000 AS BIGINT)`,
    `trino_to_unixtime(t) AS epoch(t)`,
    `trino_iso_year(d) AS isoyear(d)`,
    `trino_iso_day(d) AS isodow(d)`,
    `trino_day_of_year(d) AS dayofyear(d)`,
    `trino_iso_date(x) AS CASE
       WHEN regexp_full_match(x, '\\d{4}(-\\d{1,2}(-\\d{1,2})?)?')
         THEN make_date(trino_iso_part(x, 1), trino_iso_part(x, 2), trino_iso_part(x, 3))
       WHEN regexp_full_match(x, '\\d{4}-W\\d{1,2}(-[1-7])?')
         THEN CAST(strptime(CASE WHEN length(x) < 9 THEN x || '-1' ELSE x END, '%G-W%V-%u') AS DATE)
       WHEN regexp_full_match(x, '\\d{4}-\\d{3}') THEN CAST(strptime(x, '%Y-%j') AS DATE)
       WHEN x IS NOT NULL THEN error('A text is read as a date, which it is not as ISO 8601 has it.') END`,
    `trino_iso_part(x, n) AS coalesce(TRY_CAST(string_split(x, '-')[n] AS BIGINT), 1)`,
  ],
  kinds: {
    extract: ({ data, was, typeOf, text, refuse }) => {
      const called = fieldCall(fieldOf(data), data, text);
      const type = typeOf(was.this) ?? 'timestamp';
      const isOfClock = OF_CLOCKS.has(called.name);
      if (isOfClock ? type === 'date' : type === 'time' || called.name.startsWith('timezone'))
        refuse(`a ${type} has no ${called.name}`, 'CAST it to timestamp first');
      return TIMES.calls?.[called.name]?.(called) ?? call(called.name, ...called.args);
    },
  },
  calls: {
    date_add: (called) => call('trino_date_add', textOf(unitOf(called)), ...called.args.slice(1)),
    date_diff: (called) => call('trino_date_diff', textOf(unitOf(called)), ...called.args.slice(1)),
    date_trunc: (called) =>
      call(
        called.argType(1) === 'time' ? 'trino_time_trunc' : 'trino_date_trunc',
        textOf(unitOf(called)),
        ...called.args.slice(1),
      ),
    day_of_week: macro('trino_iso_day'),
    day_of_year: macro('trino_day_of_year'),
    year_of_week: macro('trino_iso_year'),
    millisecond: macro('trino_millisecond'),
    date: ({ args, argType }) => {
      const text = args[0] ?? null;
      const read = call('trino_date_text', text, call('trino_not_cast', cast(text, 'DATE')));
      return cast(argType(0) === 'varchar' ? read : text, 'DATE');
    },
    from_iso8601_date: macro('trino_iso_date'),
    last_day_of_month: macro('last_day'),
    current_timezone: () => textOf('UTC'),
  },
};

const OF_CLOCKS: ReadonlySet<string> = new Set(['hour', 'minute', 'second']);
const FIELDS: ReadonlySet<string> = new Set(
  `year quarter month week day day_of_week day_of_year year_of_week hour minute second timezone_hour
  timezone_minute`.split(/\s+/),
);
const SHORT: { readonly [field: string]: string } = {
  day_of_month: 'day',
  dow: 'day_of_week',
  doy: 'day_of_year',
  yow: 'year_of_week',
};

/** The field that EXTRACT names, as the function of the same meaning is called. */
export function fieldOf(data: AstObject): string {
  const word = String(isObject(data.field) ? Object.values(data.field)[0] : data.field);
  const field = word.replaceAll(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
  return SHORT[field] ?? field;
}

/** EXTRACT as the call of the function that it stands for. @throws SqlError for fields that Trino has not */
export function fieldCall(
  name: string,
  data: AstObject,
  text: string,
): RewrittenCall & { readonly name: string } {
  if (!FIELDS.has(name)) {
    throw new SqlError('EXTRACT names a field that Athena does not know.', {
      place: placeOf(data, text),
      hint: `write one of ${[...FIELDS].join(', ').toUpperCase()}, or to_unixtime(t) for seconds since 1970`,
    });
  }
  const args: readonly Ast[] = [data.this ?? null];
  const refuse = (what: string, portable: string): never => refused(data, text, what, portable);
  const unknown = () => undefined;
  return {
    name,
    node: data,
    args,
    written: args,
    data,
    argType: unknown,
    typeOf: unknown,
    type: 'bigint',
    text,
    refuse,
  };
}
