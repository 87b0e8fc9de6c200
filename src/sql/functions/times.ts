import type { FunctionGroup } from './group.ts';

/** Functions of dates and times. */
export const TIMES: FunctionGroup = {
  supported: `
    at_timezone current_date current_timestamp current_timezone date date_add date_diff date_format date_parse
    date_trunc day day_of_month day_of_week day_of_year dow doy extract format_datetime from_iso8601_date
    from_iso8601_timestamp from_unixtime hour last_day_of_month localtimestamp millisecond minute month now
    quarter second timezone_hour timezone_minute to_milliseconds to_unixtime week week_of_year with_timezone year
    year_of_week yow
  `,
  notInSpark: 'current_timezone timezone_hour timezone_minute to_milliseconds with_timezone',
  refused: {
    parse_datetime: [
      'it gives a time with a zone, by patterns of Joda',
      "write date_parse(x, '%Y-%m-%d %H:%i:%s'), or from_iso8601_timestamp(x)",
    ],
    to_iso8601: [
      'it writes as many digits as the timestamp was declared with',
      "write format_datetime(t, 'yyyy-MM-dd''T''HH:mm:ss'), or CAST(d AS varchar) for a date",
    ],
  },
};
