import { call } from '../../build.ts';
import { SqlError } from '../../errors.ts';
import { fromJoda, fromMysql, type PatternPiece, toStrftime } from '../../time-pattern.ts';
import { type Ast, type AstObject, isObject, placeOf } from '../../tree.ts';
import { macro } from '../rewriting.ts';
import type { Area, RewrittenCall } from './area.ts';

/** Dates, times and their zones. */
export const TIMES: Area = {
  macros: [
    // A date and an interval give a date in Trino, a timestamp in DuckDB.
    `trino_plus(a, b) AS cast_to_type(a + b, a)`,
    `trino_minus_interval(a, b) AS cast_to_type(a - b, a)`,
    `trino_minus(a, b) AS CASE WHEN typeof(a) = 'DATE' AND typeof(b) = 'DATE'
       THEN error('Two dates are subtracted: Athena gives an interval. Write date_diff(''day'', from, to).')
       ELSE a - b END`,
    `trino_date_trunc(unit, d) AS cast_to_type(date_trunc(unit, d), d)`,
    // Complete units between two moments, not boundaries crossed.
    `trino_date_diff(unit, a, b) AS date_sub(unit, a, b)`,
    `trino_date_add(unit, n, d) AS cast_to_type(d + CASE lower(unit)
       WHEN 'millisecond' THEN to_milliseconds(n) WHEN 'second' THEN to_seconds(n)
       WHEN 'minute' THEN to_minutes(n) WHEN 'hour' THEN to_hours(n)
       WHEN 'day' THEN to_days(CAST(n AS INTEGER)) WHEN 'week' THEN to_weeks(CAST(n AS INTEGER))
       WHEN 'month' THEN to_months(CAST(n AS INTEGER)) WHEN 'quarter' THEN to_months(3 * CAST(n AS INTEGER))
       WHEN 'year' THEN to_years(CAST(n AS INTEGER)) ELSE error('Unknown unit of time.') END, d)`,
    // A time without a zone is UTC for Athena; the wall clock of the zone is what is asked for.
    `trino_at_timezone(t, zone) AS timezone(zone, CAST(t AS TIMESTAMPTZ))`,
    `from_iso8601_timestamp(x) AS CAST(x AS TIMESTAMPTZ)`,
    `from_iso8601_date(x) AS CAST(x AS DATE)`,
    `from_unixtime(x) AS to_timestamp(x)`,
    `to_unixtime(x) AS epoch(x)`,
    `year_of_week(d) AS isoyear(d)`,
    `yow(d) AS isoyear(d)`,
    `day_of_week(d) AS isodow(d)`,
    `day_of_year(d) AS dayofyear(d)`,
    `day_of_month(d) AS dayofmonth(d)`,
    `week_of_year(d) AS week(d)`,
  ],
  kinds: {
    add: ({ data: { left, right } }) =>
      isInterval(right)
        ? call('trino_plus', left, right)
        : isInterval(left)
          ? call('trino_plus', right, left)
          : undefined,
    sub: ({ data: { left, right } }) =>
      call(isInterval(right) ? 'trino_minus_interval' : 'trino_minus', left, right),
    extract: ({ data }) =>
      /dow|dayofweek|day_of_week/i.test(fieldOf(data)) ? call('day_of_week', data.this) : undefined,
  },
  calls: {
    at_timezone: macro('trino_at_timezone'),
    date_add: macro('trino_date_add'),
    date_diff: macro('trino_date_diff'),
    date_trunc: macro('trino_date_trunc'),
    day_of_week: macro('day_of_week'),
    day_of_year: macro('day_of_year'),
    date_format: (called) => call('strftime', called.args[0], pattern(called, fromMysql, 'date_format')),
    format_datetime: (called) =>
      call('strftime', called.args[0], pattern(called, fromJoda, 'format_datetime')),
    date_parse: (called) => call('strptime', called.args[0], pattern(called, fromMysql, 'date_parse')),
  },
};

const fieldOf = (data: AstObject): string =>
  String(isObject(data.field) ? Object.values(data.field)[0] : data.field);

const isInterval = (value: Ast | undefined): boolean => isObject(value) && 'interval' in value;

function pattern(
  { args, node, text }: RewrittenCall,
  translated: (pattern: string) => readonly PatternPiece[] | undefined,
  name: string,
): Ast {
  const argument = args[1];
  const literal = isObject(argument) && isObject(argument.literal) ? argument.literal : undefined;
  const found = literal?.literal_type === 'string' ? translated(String(literal.value)) : undefined;
  if (found === undefined) {
    throw new SqlError(`The pattern of ${name} is not one that both homes understand.`, {
      place: placeOf(node, text),
      hint: 'docs/sql.md lists the letters; the pattern must be written out as a text',
    });
  }
  return { literal: { literal_type: 'string', value: toStrftime(found) } };
}
