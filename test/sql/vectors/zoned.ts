import type { Vectors } from './vectors.ts';

/**
 * Instants around the changes of clocks, half-hour ones and those of the south among them, with zones, the offset of
 * an hour that comes twice, and nothing.
 */
const ROWS = `(VALUES (TIMESTAMP '2026-03-08 07:59:59.999', 'America/Chicago', TIMESTAMP '2026-03-08 08:00:00.000', 1),
  (TIMESTAMP '2026-03-07 08:30:00.000', 'America/Chicago', TIMESTAMP '2026-03-09 07:30:00.000', 1),
  (TIMESTAMP '2026-11-01 06:30:00.000', 'America/Chicago', TIMESTAMP '2026-11-01 07:30:00.000', 0),
  (TIMESTAMP '2026-11-01 07:30:00.000', 'America/Chicago', TIMESTAMP '2026-10-31 07:30:00.000', 0),
  (TIMESTAMP '2026-10-31 06:30:00.000', 'America/Chicago', TIMESTAMP '2026-12-01 07:30:00.000', 1),
  (TIMESTAMP '2026-11-02 07:30:00.000', 'America/Chicago', TIMESTAMP '2026-11-01 00:00:00.000', -1),
  (TIMESTAMP '2026-10-25 00:30:00.000', 'Europe/Berlin', TIMESTAMP '2026-10-25 01:30:00.000', 0),
  (TIMESTAMP '2027-01-25 01:30:00.000', 'Europe/London', TIMESTAMP '2026-10-25 00:30:00.000', -1),
  (TIMESTAMP '2026-04-04 14:45:00.000', 'Australia/Lord_Howe', TIMESTAMP '2026-04-04 15:15:00.000', 2),
  (TIMESTAMP '2026-10-03 15:45:00.000', 'Australia/Lord_Howe', TIMESTAMP '2026-10-04 15:45:00.000', -1),
  (TIMESTAMP '2026-01-31 20:00:00.000', 'Asia/Kathmandu', TIMESTAMP '2026-02-28 18:00:00.000', 1),
  (TIMESTAMP '2026-01-31 20:00:00.000', '-03:30', TIMESTAMP '2026-02-28 23:30:00.000', 1),
  (TIMESTAMP '1880-01-01 00:00:00.000', 'America/Chicago', TIMESTAMP '1890-01-01 00:00:00.000', 3),
  (NULL, 'UTC', TIMESTAMP '2026-01-01 00:00:00.000', 1),
  (TIMESTAMP '2026-01-01 00:00:00.000', 'UTC', NULL, NULL)) AS v(t, z, u, n)`;
const ZONED = `(SELECT t, z, u, n, at_timezone(t, z) AS a, at_timezone(u, 'America/New_York') AS b FROM ${ROWS}) AS s`;
const UNITS = ['millisecond', 'second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'];
const columns = (say: (unit: string) => string): string => UNITS.map(say).join(', ');
const C = "TIMESTAMP '2026-03-08 07:30:00' AT TIME ZONE 'America/Chicago'";

export const ZONED_TIMES: Vectors = {
  answered: {
    'the clock of a zone': `SELECT CAST(a AS timestamp), CAST(a AS date), CAST(a AS time), date(a), year(a), quarter(a),
      month(a), week(a), day(a), day_of_week(a), day_of_year(a), year_of_week(a), hour(a), minute(a), second(a),
      millisecond(a), last_day_of_month(a), EXTRACT(HOUR FROM a), EXTRACT(YOW FROM a) FROM ${ZONED}`,
    'the instant of a zoned time': `SELECT to_unixtime(a), CAST(a AT TIME ZONE 'UTC' AS timestamp),
      CAST(at_timezone(a, 'Asia/Tokyo') AS timestamp) FROM ${ZONED}`,
    'how far the clock is ahead': `SELECT timezone_hour(a), timezone_minute(a), EXTRACT(TIMEZONE_HOUR FROM a),
      EXTRACT(TIMEZONE_MINUTE FROM b) FROM ${ZONED}`,
    'written by the clock': `SELECT date_format(a, '%Y-%m-%d %H:%i:%s.%f'), format_datetime(a, 'EEE d MMM yyyy, h:mm a') FROM ${ZONED}`,
    'every unit cut off': `SELECT ${columns((unit) => `to_unixtime(date_trunc('${unit}', a))`)} FROM ${ZONED}`,
    'every unit put to it': `SELECT ${columns((unit) => `to_unixtime(date_add('${unit}', n, a))`)} FROM ${ZONED}`,
    'complete units between': `SELECT ${columns((unit) => `date_diff('${unit}', a, b)`)},
      date_diff('day', a, u), date_diff('day', t, b), date_diff('hour', a, u) FROM ${ZONED}`,
    'compared by the instant': `SELECT a = t, a < b, a >= u, a <> b, a IS DISTINCT FROM t, a IS NOT DISTINCT FROM b,
      a BETWEEN t AND b, b NOT BETWEEN a AND a, a IN (b, t), a NOT IN (u), a IS NULL FROM ${ZONED}`,
    'compared with a date': `SELECT ${C} > DATE '2026-03-08', ${C} = TIMESTAMP '2026-03-08 07:30:00'`,
    'one of several': `SELECT to_unixtime(greatest(a, b)), to_unixtime(least(a, b, t)), to_unixtime(coalesce(a, b)),
      CAST(coalesce(a, u) AS timestamp), nullif(a, t) IS NULL, CAST(nullif(a, b) AS timestamp),
      CAST(if(n > 0, a, u) AS timestamp), hour(CASE WHEN n = 0 THEN b WHEN n > 0 THEN a END),
      hour(CASE n WHEN 0 THEN u ELSE a END) FROM ${ZONED}`,
    'intervals put to it': `SELECT to_unixtime(a + INTERVAL '1' DAY), to_unixtime(a - INTERVAL '1' MONTH),
      to_unixtime(INTERVAL '3' HOUR + a), to_unixtime(a + n * INTERVAL '1' HOUR), CAST(a + INTERVAL '1' YEAR AS date)
      FROM ${ZONED}`,
    'a clock read as that of a zone': `SELECT to_unixtime(with_timezone(t, z)), CAST(with_timezone(t, z) AS timestamp) FROM ${ROWS}`,
    'aggregated and in windows': `SELECT n, count(a), to_unixtime(max(a)), to_unixtime(min(b)), hour(max_by(a, t)) FROM ${ZONED} GROUP BY n`,
    'rows before and after': `SELECT to_unixtime(lag(a) OVER (ORDER BY a, u)), to_unixtime(max(a) OVER (PARTITION BY n)),
      row_number() OVER (ORDER BY a DESC, u) FROM ${ZONED}`,
    'no rows': `SELECT to_unixtime(max(a)), count(a) FROM ${ZONED} WHERE n > 99`,
    'in order': `SELECT t FROM ${ZONED} WHERE t IS NOT NULL ORDER BY a, u`,
    'through WITH and UNION ALL': `WITH x AS (SELECT a FROM ${ZONED} UNION ALL SELECT b FROM ${ZONED})
      SELECT hour(a), count(*) FROM x GROUP BY hour(a)`,
    'cut, moved and read in one': `SELECT CAST(date_add('hour', 25, date_trunc('day', a)) AT TIME ZONE 'UTC' AS timestamp) FROM ${ZONED}`,
    'written with a zone': `SELECT CAST(TIMESTAMP '2026-01-01 00:00:00 America/Chicago' AS timestamp),
      to_unixtime(TIMESTAMP '2026-11-01 01:30:00 America/Chicago'), to_unixtime(TIMESTAMP '2026-10-25 02:30:00 Europe/Berlin'),
      hour(TIMESTAMP '2026-01-01 08:00:00.250 +05:30'), to_unixtime(TIMESTAMP '2026-01-01 08:00 UTC')`,
    'written at an hour that the clock left out':
      "to_unixtime(TIMESTAMP '2026-03-08 02:30:00 America/Chicago')",
    'read at an hour that the clock left out': `SELECT CAST(with_timezone(TIMESTAMP '2026-03-08 02:30:00', 'America/Chicago') AS timestamp),
      to_unixtime(with_timezone(TIMESTAMP '2026-03-29 02:30:00', 'Europe/Berlin')),
      to_unixtime(with_timezone(TIMESTAMP '2026-10-25 02:30:00', 'Europe/Berlin'))`,
    'seconds since 1970': `SELECT CAST(from_unixtime(x) AS timestamp), CAST(from_unixtime(x, 'America/Chicago') AS timestamp),
      to_unixtime(from_unixtime(x)) FROM (VALUES 0e0, -1.25e0, 1700000000.5e0, 1700000000.0004999e0, NULL) AS t(x)`,
    'seconds that are no number': 'CAST(from_unixtime(nan()) AS timestamp)',
    'texts of ISO 8601': `SELECT CAST(from_iso8601_timestamp(x) AS timestamp), to_unixtime(from_iso8601_timestamp(x))
      FROM (VALUES '2026-01-05T09:00:00.1239Z', '2026-01-05T09', '2026-01-05', '2026-01-05T09:00+0230', '2026-01-05T09:00-05',
        '2026-1-5T9:00', '2026-W02-1T09Z', '2026-005T09:00', '2026-01-05T09:00:00,5+05:45', '2026-01-05t09:00:00z', NULL) AS t(x)`,
    'a blank for a T': "to_unixtime(from_iso8601_timestamp('2026-01-05 09:00:00'))",
    'the twenty-fourth hour': "to_unixtime(from_iso8601_timestamp('2026-01-05T24:00:00'))",
    'a day with a zone and no time': "to_unixtime(from_iso8601_timestamp('2026-01-05Z'))",
    'the sixtieth second': "to_unixtime(from_iso8601_timestamp('2026-01-05T09:00:60'))",
    'nothing as ISO 8601': "to_unixtime(from_iso8601_timestamp(''))",
    'a zone without its capitals':
      "CAST(TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'america/chicago' AS timestamp)",
    'an abbreviation as a zone': "CAST(TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'EST' AS timestamp)",
    'an abbreviation in a column':
      "SELECT hour(at_timezone(TIMESTAMP '2026-01-01 00:00:00', z)) FROM (VALUES 'EST') AS t(z)",
    'no zone at all': "hour(at_timezone(TIMESTAMP '2026-01-01 00:00:00', ''))",
    'a null as a zone': "hour(at_timezone(TIMESTAMP '2026-01-01 00:00:00', CAST(NULL AS varchar)))",
    'a date in a zone': "hour(DATE '2026-01-01' AT TIME ZONE 'America/Chicago')",
    'now is UTC':
      "SELECT timezone_hour(now()), date_diff('day', now(), current_timestamp), now() = current_timestamp",
    'in a list of values': `SELECT to_unixtime(max(x)) FROM (VALUES TIMESTAMP '2026-01-01 00:00:00 +02:00', TIMESTAMP '2026-01-01 00:00:00 UTC') AS t(x)`,
    'in a lambda': `cardinality(filter(ARRAY[TIMESTAMP '2026-01-01 05:30:00', TIMESTAMP '2026-01-01 12:00:00'], x -> hour(x AT TIME ZONE 'America/Chicago') < 3))`,
    'times between': `SELECT z, to_milliseconds(at_timezone(t, z) - TIMESTAMP '2026-01-01 00:00:00 America/Chicago') AS a,
      to_milliseconds(t - at_timezone(t, z)) AS b, at_timezone(t, z) - DATE '2026-03-08' > INTERVAL '8' HOUR AS c,
      current_timestamp - t > INTERVAL '1' DAY AS d FROM ${ROWS}`,
    'a time that is not there, taken away': `to_milliseconds(CAST(NULL AS timestamp) - ${C})`,
    'written around the hours that the clock left out': `SELECT to_unixtime(TIMESTAMP '2026-03-08 01:59:59.999 America/Chicago') AS a,
      to_unixtime(TIMESTAMP '2026-03-08 03:00 America/Chicago') AS b, to_unixtime(TIMESTAMP '2026-10-04 01:59 Australia/Lord_Howe') AS c,
      to_unixtime(TIMESTAMP '2026-01-01 00:00 Etc/GMT+5') AS d`,
    'written at an hour that the clock left out, and not needed':
      "SELECT to_unixtime(TIMESTAMP '2026-10-04 02:15 Australia/Lord_Howe') AS a FROM (VALUES 1) AS t(x) WHERE x > 1",
    'written at a day that an island left out':
      "SELECT to_unixtime(TIMESTAMP '2011-12-30 12:00 Pacific/Apia') AS a FROM (VALUES 1) AS t(x) WHERE x > 1",
    'a subquery': `SELECT hour((SELECT max(at_timezone(t, z)) FROM ${ROWS} WHERE n = 1))`,
  },
  refused: {
    'a column': C,
    'a column of now': 'SELECT now() AS t',
    'a column by a star': `SELECT * FROM ${ZONED}`,
    'grouped by it': `SELECT count(*) FROM ${ZONED} GROUP BY a`,
    'grouped by its place': `SELECT count(*) FROM (SELECT date_trunc('day', a) AS d, count(*) AS k FROM ${ZONED} GROUP BY 1) AS x`,
    'distinct rows': `SELECT count(*) FROM (SELECT DISTINCT a FROM ${ZONED}) AS x`,
    'distinct values': `SELECT count(DISTINCT a) FROM ${ZONED}`,
    'a partition': `SELECT row_number() OVER (PARTITION BY a ORDER BY u) FROM ${ZONED}`,
    'a union of rows': `SELECT hour(a) FROM (SELECT a FROM ${ZONED} UNION SELECT b FROM ${ZONED}) AS x`,
    'looked for in a subquery': `SELECT count(*) FROM ${ZONED} WHERE a IN (SELECT b FROM ${ZONED})`,
    'joined by USING': `SELECT count(*) FROM ${ZONED} JOIN (SELECT at_timezone(t, 'UTC') AS a FROM ${ROWS}) AS y USING (a)`,
    'the operand of a CASE': `SELECT CASE a WHEN b THEN 1 END FROM ${ZONED}`,
    'in one column with a time without':
      "SELECT hour(x) FROM (VALUES now(), TIMESTAMP '2026-01-01 00:00:00') AS t(x)",
    'seconds by hours and minutes': 'hour(from_unixtime(0, 5, 30))',
    'an array of them': `SELECT cardinality(array_agg(a)) FROM ${ZONED}`,
    'as a text': `CAST(${C} AS varchar)`,
    'a zone by an interval': "hour(TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE INTERVAL '2' HOUR)",
    'a cast to a zoned type': "hour(CAST('2026-01-01 00:00:00 UTC' AS timestamp with time zone))",
  },
};
