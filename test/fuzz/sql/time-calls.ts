import { DATE_UNITS, type FormsByType, TIME_UNITS, times } from './form.ts';

const OTHER_FIELDS = ['day_of_month', 'dow', 'doy', 'yow', 'week_of_year'];
const ZONED_FIELDS = ['year', 'month', 'day', 'hour', 'minute', 'second', 'millisecond', 'day_of_week'];

/** Dates and times, with a zone too. */
export const TIME_CALLS: FormsByType = {
  boolean: [
    ["($0 - $1 > INTERVAL '2' DAY)", 'timestamp', 'date'],
    ['($0 = $1)', 'timestamp with time zone', 'timestamp with time zone'],
    ['($0 < $1)', 'timestamp with time zone', 'timestamp with time zone'],
    ['($0 BETWEEN $1 AND $2)', 'date', 'timestamp', 'date'],
    ['($0 >= $1)', 'timestamp', 'date'],
    ["($0 > current_date - INTERVAL '1' DAY AND $0 < now())", 'date'],
    ["(localtimestamp > $0 AND current_timestamp > TIMESTAMP '2020-01-01 00:00:00.000 UTC')", 'timestamp'],
  ],
  bigint: [
    ...times('UNIT($0)', OTHER_FIELDS, 'date'),
    ...times('UNIT($0)', ['millisecond', 'dow', 'week_of_year'], 'timestamp'),
    ...times('UNIT($0)', ZONED_FIELDS, 'timestamp with time zone'),
    ...times('EXTRACT(UNIT FROM $0)', ['YEAR', 'DAY_OF_WEEK', 'YOW', 'WEEK', 'QUARTER'], 'date'),
    ...times('EXTRACT(UNIT FROM $0)', ['HOUR', 'SECOND', 'DOY', 'MONTH'], 'timestamp'),
    ...times("date_diff('UNIT', $0, $1)", TIME_UNITS, 'timestamp with time zone', 'timestamp with time zone'),
    ['timezone_hour($0)', 'timestamp with time zone'],
    ['timezone_minute($0)', 'timestamp with time zone'],
    ['to_milliseconds($0 - $1)', 'timestamp', 'timestamp'],
    ['to_milliseconds($0 - $1)', 'date', 'timestamp'],
    ["to_milliseconds(INTERVAL '90' MINUTE * ($0 % 100))", 'integer'],
    ['CAST(to_unixtime($0) AS bigint)', 'timestamp'],
    ["date_diff('day', $0, $1)", 'date', 'timestamp'],
    ['length(current_timezone())'],
  ],
  double: [['to_unixtime($0)', 'timestamp with time zone']],
  varchar: [
    ...times(
      "date_format($0, '%UNIT')",
      ['a', 'b', 'e', 'h', 'j', 'p', 'r', 'T', 'v', 'W', 'x', 'y', 'M', 'f'],
      'timestamp',
    ),
    ["date_format($0, '%d.%m.%y')", 'date'],
    ...times(
      "format_datetime($0, 'UNIT')",
      ['xxxx-ww-e', 'EEE, d MMM yy', 'h:mm a', 'DDD', 'SSS', 'K k'],
      'timestamp',
    ),
    ["format_datetime($0, 'yyyy-MM-dd HH:mm')", 'timestamp with time zone'],
  ],
  date: [
    ['date($0)', 'timestamp'],
    ['CAST($0 AS date)', 'timestamp with time zone'],
    ['from_iso8601_date(CAST($0 AS varchar))', 'date'],
    ["CAST(date_parse(CAST($0 AS varchar), '%Y-%m-%d') AS date)", 'date'],
    ["($0 + INTERVAL '1' DAY * ($1 % 50))", 'date', 'integer'],
    ["($0 - INTERVAL '1-1' YEAR TO MONTH)", 'date'],
    ['last_day_of_month($0)', 'timestamp'],
    ['nullif($0, $1)', 'date', 'date'],
    ['if($0, $1, $2)', 'boolean', 'date', 'date'],
    ["element_at(sequence($0, $0 + INTERVAL '3' MONTH, INTERVAL '1' MONTH), 3)", 'date'],
  ],
  timestamp: [
    ['CAST($0 AS timestamp)', 'timestamp with time zone'],
    ["CAST($0 AT TIME ZONE 'Asia/Tokyo' AS timestamp)", 'timestamp with time zone'],
    ["date_parse(date_format($0, '%Y-%m-%d %H:%i:%s'), '%Y-%m-%d %H:%i:%s')", 'timestamp'],
    [
      "CAST(from_iso8601_timestamp(format_datetime($0, 'yyyy-MM-dd''T''HH:mm:ss')) AS timestamp)",
      'timestamp',
    ],
    ['CAST(from_unixtime($0 % 100000) AS timestamp)', 'bigint'],
    ["($0 - INTERVAL '1 02:03:04.5' DAY TO SECOND)", 'timestamp'],
    ['coalesce($0, $1)', 'date', 'timestamp'],
    ['least($0, $1)', 'timestamp', 'date'],
    ['if($0, $1)', 'boolean', 'timestamp'],
  ],
  'timestamp with time zone': [
    ["($0 AT TIME ZONE 'America/Chicago')", 'timestamp'],
    ["($0 AT TIME ZONE 'Europe/Berlin')", 'timestamp with time zone'],
    ["with_timezone($0, 'Asia/Kolkata')", 'timestamp'],
    ["at_timezone($0, 'UTC')", 'timestamp with time zone'],
    ...times("date_add('UNIT', $0 % 50, $1)", TIME_UNITS, 'integer', 'timestamp with time zone'),
    ...times("date_trunc('UNIT', $0)", [...DATE_UNITS, 'hour', 'minute'], 'timestamp with time zone'),
    ["($0 + INTERVAL '1' MONTH)", 'timestamp with time zone'],
    ["($0 - INTERVAL '25' HOUR)", 'timestamp with time zone'],
    ['from_unixtime($0 * 1000)', 'double'],
    ['if($0, $1, $2)', 'boolean', 'timestamp with time zone', 'timestamp with time zone'],
    ['coalesce($0, $1)', 'timestamp with time zone', 'timestamp with time zone'],
  ],
};
