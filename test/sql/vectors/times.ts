import type { Vectors } from './vectors.ts';

/** Ends of months, leap days, ends of ISO years, edges of the calendar, and nothing. */
const DAYS = `(VALUES DATE '2026-01-31', DATE '2024-02-29', DATE '2025-12-29', DATE '2027-01-03', DATE '2020-12-31',
  DATE '0001-01-01', DATE '1582-10-10', DATE '1900-02-28', DATE '9998-12-31', CAST(NULL AS date)) AS t(d)`;
const TIMES_OF_DAYS = `(VALUES TIMESTAMP '2026-01-31 23:59:59.999', TIMESTAMP '2024-02-29 12:30:15.250',
  TIMESTAMP '1969-12-31 23:59:59.500', TIMESTAMP '0001-01-01 00:00:00.000', TIMESTAMP '1582-10-10 05:06:07.008',
  TIMESTAMP '2027-01-03 00:00:00.001', TIMESTAMP '9998-12-31 12:00:00.000', CAST(NULL AS timestamp)) AS t(t)`;
const UNITS_OF_DAYS = ['day', 'week', 'month', 'quarter', 'year'];
const UNITS = ['millisecond', 'second', 'minute', 'hour', ...UNITS_OF_DAYS];
const columns = (units: readonly string[], say: (unit: string) => string): string =>
  units.map(say).join(', ');

const PAIRS = `(VALUES (TIMESTAMP '2026-01-31 10:00:00.000', TIMESTAMP '2026-02-28 09:59:59.999'),
  (TIMESTAMP '2026-02-28 10:00:00.000', TIMESTAMP '2026-01-31 10:00:00.001'),
  (TIMESTAMP '2024-02-29 00:00:00.000', TIMESTAMP '2025-02-28 00:00:00.000'),
  (TIMESTAMP '2025-12-31 23:59:59.999', TIMESTAMP '2026-01-01 00:00:00.000'),
  (TIMESTAMP '2026-03-31 12:00:00.000', TIMESTAMP '2026-06-30 12:00:00.000'),
  (TIMESTAMP '1969-12-31 23:00:00.000', TIMESTAMP '1970-01-01 01:00:00.000'),
  (TIMESTAMP '1500-01-01 00:00:00.000', TIMESTAMP '1600-01-01 00:00:00.000'),
  (TIMESTAMP '2026-01-01 00:00:00.000', CAST(NULL AS timestamp))) AS t(a, b)`;

export const TIMES: Vectors = {
  answered: {
    'how far a time is from the one before':
      "WITH e AS (SELECT * FROM (VALUES (1, TIMESTAMP '2026-03-08 01:59:59.750'), (1, TIMESTAMP '2026-03-08 02:30:00.000'), (1, TIMESTAMP '2026-03-08 02:30:00.000'), (2, NULL)) AS t(u, ts)) SELECT u, ts, ts - lag(ts) OVER (PARTITION BY u ORDER BY ts) > INTERVAL '30' MINUTE AS isfar, to_milliseconds(ts - lag(ts) OVER (PARTITION BY u ORDER BY ts)) AS ms FROM e",
    'differences of dates and timestamps':
      "SELECT to_milliseconds(b - a) AS n, to_milliseconds(a - b) AS m, b - a = INTERVAL '31' DAY AS c, a + (b - a) = a AS d, to_milliseconds(max(b - a) OVER ()) AS e FROM (VALUES (DATE '2026-01-01', TIMESTAMP '2026-02-01 00:00:00.000'), (DATE '0001-01-01', NULL), (DATE '1900-01-01', TIMESTAMP '2026-02-01 01:02:03.004')) AS t(a, b)",
    'a date put to a difference of dates':
      "SELECT DATE '2026-01-01' + (DATE '2026-03-01' - DATE '2026-02-01') AS a, TIMESTAMP '2026-01-01 00:00:00.000' + (DATE '2026-03-01' - TIMESTAMP '2026-02-01 01:02:03.004') AS b, -(DATE '2026-01-05' - DATE '2026-01-01') < INTERVAL '1' HOUR AS c, 2 * (DATE '2026-01-05' - DATE '2026-01-01') = INTERVAL '8' DAY AS d",
    'hours put to a date by a difference':
      "SELECT DATE '2026-01-01' + (TIMESTAMP '2026-03-01 01:00:00.000' - DATE '2026-02-01') AS a",
    'differences of times of the day':
      "SELECT to_milliseconds(TIME '10:00:00.000' - TIME '10:00:00.500') AS a",
    'differences as groups':
      "SELECT count(*) AS n FROM (SELECT b - a AS d FROM (VALUES (DATE '2026-01-01', DATE '2026-01-05'), (DATE '2026-02-26', DATE '2026-03-02')) AS t(a, b)) AS s GROUP BY d",
    'fields of days': `SELECT d, year(d), quarter(d), month(d), week(d), day(d), day_of_week(d), day_of_year(d),
      year_of_week(d), last_day_of_month(d) FROM ${DAYS}`,
    'fields of timestamps': `SELECT t, year(t), week(t), yow(t), doy(t), hour(t), minute(t), second(t), millisecond(t),
      date(t), to_unixtime(t), CAST(t AS date) FROM ${TIMES_OF_DAYS}`,
    'EXTRACT of every field': `SELECT EXTRACT(YEAR FROM t), EXTRACT(QUARTER FROM t), EXTRACT(MONTH FROM t),
      EXTRACT(WEEK FROM t), EXTRACT(DAY FROM t), EXTRACT(DAY_OF_MONTH FROM t), EXTRACT(DAY_OF_WEEK FROM t),
      EXTRACT(DOW FROM t), EXTRACT(DAY_OF_YEAR FROM t), EXTRACT(DOY FROM t), EXTRACT(YEAR_OF_WEEK FROM t),
      EXTRACT(YOW FROM t), EXTRACT(HOUR FROM t), EXTRACT(MINUTE FROM t), EXTRACT(SECOND FROM t) FROM ${TIMES_OF_DAYS}`,
    'fields that Trino has not': "EXTRACT(EPOCH FROM TIMESTAMP '2026-01-01 00:00:00')",
    'the ISO year as PostgreSQL calls it': "EXTRACT(ISOYEAR FROM DATE '2026-01-01')",
    'fields of no rows': `SELECT max(year(d)), count(week(d)) FROM ${DAYS} WHERE d IS NULL`,
    'every unit cut off a timestamp': `SELECT ${columns(UNITS, (u) => `date_trunc('${u}', t)`)} FROM ${TIMES_OF_DAYS}`,
    'every unit cut off a date': `SELECT ${columns(UNITS_OF_DAYS, (u) => `date_trunc('${u}', d)`)} FROM ${DAYS}`,
    'a unit in capitals': "date_trunc('MONTH', DATE '2026-01-31')",
    'an hour cut off a date': "date_trunc('hour', DATE '2026-01-31')",
    'a decade': "date_trunc('decade', DATE '2026-01-31')",
    'units in the plural': "date_diff('days', DATE '2026-01-01', DATE '2026-01-31')",
    'every unit put to a timestamp': `SELECT ${columns(UNITS, (u) => `date_add('${u}', n, t)`)}
      FROM (VALUES (TIMESTAMP '2026-01-31 23:59:59.999', 1), (TIMESTAMP '2024-02-29 12:00:00.000', -1),
        (TIMESTAMP '2026-03-31 00:00:00.000', 0), (TIMESTAMP '1970-01-01 00:00:00.000', -13), (NULL, 1),
        (TIMESTAMP '2026-01-01 00:00:00.000', NULL)) AS t(t, n)`,
    'every unit put to a date': `SELECT ${columns(UNITS_OF_DAYS, (u) => `date_add('${u}', n, d)`)}
      FROM (VALUES (DATE '2026-01-31', 1), (DATE '2024-02-29', -4), (DATE '2026-03-31', 0), (NULL, 1)) AS t(d, n)`,
    'an hour put to a date': "date_add('hour', 1, DATE '2026-01-31')",
    'more seconds than an integer holds': "date_add('second', 3000000000, TIMESTAMP '2026-01-01 00:00:00')",
    'complete units between timestamps': `SELECT ${columns(UNITS, (u) => `date_diff('${u}', a, b)`)} FROM ${PAIRS}`,
    'complete units between dates': `SELECT ${columns(UNITS_OF_DAYS, (u) => `date_diff('${u}', CAST(a AS date), CAST(b AS date))`)} FROM ${PAIRS}`,
    'seconds between dates': "date_diff('second', DATE '2026-01-01', DATE '2026-01-02')",
    'hours between a date and a timestamp':
      "date_diff('hour', DATE '2026-01-01', TIMESTAMP '2026-01-02 01:59:00')",
    'dates and timestamps compared': `SELECT d < TIMESTAMP '2024-02-29 00:00:01', d = TIMESTAMP '2024-02-29 00:00:00',
      d BETWEEN DATE '2024-02-29' AND TIMESTAMP '2025-12-29 00:00:00', greatest(d, DATE '2000-01-01') FROM ${DAYS}`,
    'the date of a text': "SELECT date(x) FROM (VALUES '2026-01-31', '2024-02-29', NULL) AS t(x)",
    'the date of a text with a time': "date('2026-01-31 08:00:00')",
    'a date that there is not': "DATE '2026-02-30'",
    'a timestamp with a T': "TIMESTAMP '2026-01-31T08:00:00'",
    'twenty-four hours on the clock': "TIMESTAMP '2026-01-31 24:00:00'",
    'a leap second': "TIMESTAMP '2016-12-31 23:59:60'",
    'a timestamp without a time, and without seconds':
      "SELECT TIMESTAMP '2026-01-31', TIMESTAMP '2026-01-31 08:15'",
    'the time of day': `SELECT TIME '08:15:30', hour(TIME '23:59:00'), minute(TIME '23:59:00'), CAST(t AS time)
      FROM ${TIMES_OF_DAYS} WHERE t IS NULL OR year(t) > 1970`,
    'the hour of a date': "EXTRACT(HOUR FROM DATE '2026-01-01')",
    'the month of a time of day': "EXTRACT(MONTH FROM TIME '08:15:30')",
    'the zone of a timestamp': "EXTRACT(TIMEZONE_HOUR FROM TIMESTAMP '2026-01-01 00:00:00')",
    'times of day cut, moved and compared': `SELECT date_trunc('hour', x), date_trunc('second', x), date_add('hour', 2, x),
      date_add('millisecond', -1, x), date_diff('minute', TIME '01:00:00', x), EXTRACT(SECOND FROM x), x < TIME '12:00:00'
      FROM (VALUES TIME '23:59:59.999', TIME '00:00:00.000', NULL) AS t(x)`,
    'a time of day past midnight':
      "SELECT TIME '23:00:00' + INTERVAL '2' HOUR, TIME '01:00:00' - INTERVAL '90' MINUTE",
    'today and now agree':
      'SELECT current_date = date(now()), localtimestamp = CAST(current_timestamp AS timestamp)',
    'the zone of the session': 'current_timezone()',

    'intervals put to days': `SELECT d + INTERVAL '1' MONTH, d - INTERVAL '1' DAY, d + INTERVAL -'1' DAY,
      d - INTERVAL '1-1' YEAR TO MONTH, d + 3 * INTERVAL '1' DAY, INTERVAL '2' DAY * 2 + d, d + INTERVAL '48' HOUR
      FROM ${DAYS} WHERE year(d) < 9000 AND year(d) > 1`,
    'intervals put to timestamps': `SELECT t + INTERVAL '3 04:05:06.789' DAY TO SECOND, t - INTERVAL '1:30' HOUR TO MINUTE,
      t + INTERVAL '1.5' SECOND, t + INTERVAL '-2 3' DAY TO HOUR, t - -(INTERVAL '2' HOUR), t + INTERVAL '14' MONTH,
      t + (INTERVAL '1' DAY + INTERVAL '1' HOUR), t - 2 * INTERVAL '10:30' MINUTE TO SECOND
      FROM ${TIMES_OF_DAYS} WHERE year(t) BETWEEN 2 AND 9000`,
    'hours put to a date': "DATE '2026-01-01' + INTERVAL '1' HOUR",
    'hours put to a date of a table': `SELECT d + INTERVAL '25' HOUR FROM ${DAYS}`,
    'seconds put to a date, and taken away': "DATE '2026-01-01' + INTERVAL '1' SECOND - INTERVAL '1' SECOND",
    'a month put to a time of day': "TIME '08:00:00' + INTERVAL '1' MONTH",
    'a week as an interval': "DATE '2026-01-10' + INTERVAL '1' WEEK",
    'an interval that is no number': "DATE '2026-01-10' + INTERVAL 'one' DAY",
    'half a day as an interval': "TIMESTAMP '2026-01-10 00:00:00' + INTERVAL '1.5' DAY",
    'intervals compared': `SELECT INTERVAL '24' HOUR = INTERVAL '1' DAY, INTERVAL '90' MINUTE > INTERVAL '1' HOUR,
      INTERVAL '12' MONTH = INTERVAL '1' YEAR, INTERVAL '-1' DAY < INTERVAL '0' DAY`,
    'intervals as milliseconds': `SELECT to_milliseconds(INTERVAL '1' DAY), to_milliseconds(INTERVAL '-1.25' SECOND),
      to_milliseconds(INTERVAL '2 00:00:00.001' DAY TO SECOND)`,

    'days as ISO 8601 has them': `SELECT from_iso8601_date(x) FROM (VALUES '2026-01-31', '2026-1-5', '2026-W10',
      '2026-W53-7', '2026-W01-1', '2026-100', '2026-01', '2026', NULL) AS t(x)`,
    'a day that ISO 8601 has not': "from_iso8601_date('2026-02-30')",
    'a day with a time': "from_iso8601_date('2026-01-05T00:00:00')",
    'a day after a blank': "from_iso8601_date(' 2026-01-05')",
    'a day of nothing': "from_iso8601_date('')",

    'texts by a pattern': `SELECT date_parse(x, '%Y-%m-%d %H:%i:%s') FROM (VALUES '2026-01-31 08:05:09',
      '2026-1-5 8:5:9', '26-01-05 00:00:00', '2024-02-29 23:59:59', NULL) AS t(x)`,
    'years of two digits': `SELECT date_parse(x, '%m/%d/%y')
      FROM (VALUES '01/05/00', '01/05/50', '01/05/69', '01/05/70', '12/31/99') AS t(x)`,
    'a year of two digits and more': "date_parse('01/05/2026', '%m/%d/%y')",
    'parts that a pattern leaves out': `SELECT date_parse('08:15', '%H:%i'), date_parse('31', '%d'),
      date_parse('03', '%m'), date_parse('2026', '%Y'), date_parse('02-29', '%m-%d'), date_parse('100', '%j'),
      date_parse('2026-03', '%Y-%m'), date_parse('26', '%y')`,
    'names of months, long and short, in any case': `SELECT date_parse(x, '%e %M %Y'), date_parse(x, '%d %b %Y')
      FROM (VALUES '5 January 2026', '05 jan 2026', '5 MARCH 2026', '5 Sep 2026', '5 september 2026', '5 may 2026') AS t(x)`,
    'the day of the week moves the day': "date_parse('Monday 2026-01-06', '%W %Y-%m-%d')",
    'the clock of twelve hours': `SELECT date_parse(x, '%Y-%m-%d %h:%i %p'), date_parse(x, '%Y-%m-%d %l:%i %p')
      FROM (VALUES '2026-01-31 12:05 AM', '2026-01-31 12:05 pm', '2026-01-31 8:05 PM', '2026-01-31 11:59 am') AS t(x)`,
    'twelve without its half of the day': "SELECT date_parse('12', '%h'), date_parse('3', '%l')",
    'the thirteenth hour of twelve': "date_parse('2026-01-05 13 am', '%Y-%m-%d %h %p')",
    'fractions of a second': `SELECT date_parse(x, '%Y-%m-%d %H:%i:%s.%f') FROM (VALUES '2026-01-31 08:15:30.1',
      '2026-01-31 08:15:30.123456', '2026-01-31 08:15:30.999999999') AS t(x)`,
    'the day of a year': "SELECT date_parse('2024-366', '%Y-%j'), date_parse('2026-001', '%Y-%j')",
    'a day that the year has not': "date_parse('2026-366', '%Y-%j')",
    'digits without separators':
      "SELECT date_parse('20260105', '%Y%m%d'), date_parse('202601050930', '%Y%m%d%H%i')",
    'too few digits without separators': "date_parse('2026105', '%Y%m%d')",
    'the thirtieth of February': "date_parse('2026-02-30', '%Y-%m-%d')",
    'the thirteenth month': "date_parse('2026-13-01', '%Y-%m-%d')",
    'text behind the pattern': "date_parse('2026-01-31 x', '%Y-%m-%d')",
    'a blank before the pattern': "date_parse(' 2026-01-31', '%Y-%m-%d')",
    'two blanks for one': "date_parse('2026  01', '%Y %m')",
    'the empty text by a pattern': "date_parse('', '%Y-%m-%d')",
    'letters of a pattern in any case':
      "SELECT date_parse('2026x01', '%Yx%m'), date_parse('2026X01', '%Yx%m')",
    'signs that mean something in other patterns': "date_parse('(2026).[01]', '(%Y).[%m]')",
    'the clock in one letter': "SELECT date_parse('23:59:59', '%T'), date_parse('08:15:30 PM', '%r')",

    'timestamps by MySQL letters': `SELECT date_format(t, '%Y %y %m %c %M %b %d %e %j %W %a %H %k %h %I %l %i %s %S %f %p %T %r %v %x %%') FROM ${TIMES_OF_DAYS}`,
    'days by MySQL letters': `SELECT date_format(d, '%Y-%m-%d %x-%v %T'), date_format(d, 'no letters') FROM ${DAYS}`,
    'timestamps by Joda letters': `SELECT format_datetime(t, 'yyyy y yy YYYY xxxx ww w DDD D e EEEE EEE E MMMM MMM MM M dd d'),
      format_datetime(t, 'HH H hh h kk k KK K mm m ss s SSS SSSSSS a') FROM ${TIMES_OF_DAYS}`,
    'texts in a pattern of Joda': `SELECT format_datetime(t, '''at'' HH ''o''''clock'''), format_datetime(t, 'yyyy''s'),
      format_datetime(t, 'yyyy年MM月'), format_datetime(t, 'HH''''mm') FROM ${TIMES_OF_DAYS}`,
    'a letter that Joda has not': "format_datetime(TIMESTAMP '2026-01-05 00:05:07', 'yyyy b')",
    'the zone of a time without one': "format_datetime(TIMESTAMP '2026-01-05 00:05:07', 'HH Z')",
    'a day that its month has not, and that is not needed':
      "SELECT DATE '2026-02-30' AS a FROM (VALUES 1) AS t(x) WHERE x > 1",
    'a leap day of a century':
      "SELECT TIMESTAMP '2100-02-29 00:00:00' AS a FROM (VALUES 1) AS t(x) WHERE x > 1",
    'leap days of the first years': "SELECT DATE '0004-02-29' AS a, DATE '2000-2-29' AS b",
    'an interval of too many seconds': "TIMESTAMP '2026-01-01 00:00:00' + INTERVAL '2147483648' SECOND",
    'an interval of too many months': "DATE '2026-01-01' + INTERVAL '178956971' YEAR",
    'the day of the week by number': "date_format(DATE '2026-01-05', '%w')",
  },
  refused: {
    'an interval longer than every engine keeps': "to_milliseconds(INTERVAL '2147483647' DAY)",
    'the days of an interval': "EXTRACT(DAY FROM INTERVAL '49' HOUR)",
    'a difference as a column': "SELECT TIMESTAMP '2026-01-02 00:00:00.000' - DATE '2026-01-01' AS d",
    'a unit of a column': "SELECT date_trunc(u, DATE '2026-01-31') FROM (VALUES 'day', 'month') AS t(u)",
    'a pattern of a column': "SELECT date_parse('2026', p) FROM (VALUES '%Y') AS t(p)",
    'weeks read by a pattern': "date_parse('2026 05', '%x %v')",
    'a month and the day of the year': "date_parse('2026 01 005', '%Y %m %j')",
    'a year of five digits': "DATE '10000-01-01'",
    'a year before the first': "DATE '-0001-01-01'",
    'digits beyond the millisecond': "TIMESTAMP '2026-01-31 08:00:00.1234'",
    'an interval as a column': "INTERVAL '1' DAY",
    'a field of an interval': "day(INTERVAL '36' HOUR)",
    'half an interval': "TIMESTAMP '2026-01-01 00:00:00' + INTERVAL '1' DAY / 2",
    'one and a half intervals': "TIMESTAMP '2026-01-01 00:00:00' + 1.5e0 * INTERVAL '1' DAY",
    'an array of intervals': "SELECT cardinality(ARRAY[INTERVAL '1' DAY])",
    'a text in ISO 8601': "to_iso8601(TIMESTAMP '2026-01-31 08:00:00')",
    'fields without their signs': `date_format(TIMESTAMP '2026-01-31 08:00:00', 'yyyy-MM-dd')`,
    'fields without their signs that are read': `date_parse('2026-01-31', 'YYYY-MM-DD')`,
  },
};
