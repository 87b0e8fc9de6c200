import { ZONE_NAMES } from '../../time-zones.ts';

const NAMES = [...ZONE_NAMES].map((name) => name.replaceAll('+', '\\+')).join('|');

const CLOCK = '[0-9]{1,2}(?::[0-9]{1,2}(?::[0-9]{1,2}(?:[.,][0-9]+)?)?)?';

/**
 * A zoned time is an instant, a timestamp in UTC, and the zone whose clock it is read by: DuckDB's own type knows the
 * instant alone. Going from a clock to the instant follows Joda, by which Trino counts: forward where the clock was put
 * forward over the time, and where it shows the time twice, as the western and the eastern zones of Joda do.
 * Source: org.joda.time.DateTimeZone.convertLocalToUTC.
 */
export const ZONE_MACROS: readonly string[] = [
  `trino_zoned(t, z) AS CASE WHEN t IS NOT NULL AND z IS NOT NULL THEN {'t': CAST(t AS TIMESTAMP), 'z': z} END`,
  `trino_instant_of(x) AS struct_extract(x, 't')`,
  `trino_wall_of(x) AS list_transform([x], lambda own: trino_wall(own['t'], own['z']))[1]`,
  `trino_zone(z) AS CASE WHEN NOT regexp_full_match(z, '${NAMES}|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00')
     THEN error('Unknown TimeZone: a text that names no zone is used as one.') ELSE z END`,
  // What the clock of a zone shows at an instant.
  `trino_wall_named(t, z) AS timezone(z, make_timestamptz(epoch_us(t)))`,
  `trino_wall(t, z) AS CASE WHEN starts_with(z, '+') OR starts_with(z, '-')
     THEN t + to_microseconds(trino_offset_us(z)) ELSE trino_wall_named(t, z) END`,
  `trino_offset_us(z) AS CAST(z[1:1] || '1' AS BIGINT) * 60000000
     * (60 * CAST(z[2:3] AS BIGINT) + CAST(z[5:6] AS BIGINT))`,
  // How far, in microseconds, the clock of a zone is ahead of UTC at an instant.
  `trino_ahead(t, z) AS epoch_us(trino_wall(t, z)) - epoch_us(t)`,
  `trino_utc(w, z) AS list_transform([{'w': w, 'z': z}],
     lambda there: trino_utc_from(there['w'], there['z'], [trino_ahead(there['w'], there['z'])]))[1]`,
  `trino_utc_from(w, z, guesses) AS list_transform(guesses,
     lambda guess: trino_utc_then(w, z, guess, [trino_ahead(w - to_microseconds(guess), z)]))[1]`,
  `trino_utc_then(w, z, guess, seconds) AS list_transform(seconds, lambda better: w - to_microseconds(
     CASE WHEN guess <> better AND guess < 0 AND trino_ahead(w - to_microseconds(better), z) <> better
       THEN guess ELSE better END))[1]`,
  // Where the clock shows it twice, the one whose distance from UTC is that of the time before.
  `trino_utc_near(w, z, t) AS list_transform([{'w': w, 'z': z, 't': t}],
     lambda near: trino_utc_kept(near['w'], near['z'], [trino_ahead(near['t'], near['z'])]))[1]`,
  `trino_utc_kept(w, z, distances) AS list_transform(distances,
     lambda kept: CASE WHEN trino_ahead(w - to_microseconds(kept), z) = kept
       THEN w - to_microseconds(kept) ELSE trino_utc(w, z) END)[1]`,
  // Where the clock shows it twice, the first: so Joda adds quarters.
  `trino_utc_first(w, z) AS list_transform([{'w': w, 'z': z}], lambda there: trino_utc_or_first(there['w'], there['z'],
     [trino_ahead(there['w'] - INTERVAL 1 DAY, there['z'])]))[1]`,
  `trino_utc_or_first(w, z, distances) AS list_transform(distances,
     lambda before: CASE WHEN trino_ahead(w - to_microseconds(before), z) = before
       THEN w - to_microseconds(before) ELSE trino_utc(w, z) END)[1]`,
  `trino_zoned_add_quarters(n, x) AS list_transform([{'x': x, 'n': n}], lambda given: trino_zoned(
     trino_utc_first(trino_date_add('quarter', given['n'], trino_wall_of(given['x'])), given['x']['z']),
     given['x']['z']))[1]`,
  // A written time that the clock shows twice is the first; one that it never shows is none.
  `trino_utc_written(w, z) AS CASE
     WHEN trino_wall(w - to_microseconds(trino_ahead(w - INTERVAL 1 DAY, z)), z) = w
       THEN w - to_microseconds(trino_ahead(w - INTERVAL 1 DAY, z))
     WHEN trino_wall(w - to_microseconds(trino_ahead(w + INTERVAL 1 DAY, z)), z) = w
       THEN w - to_microseconds(trino_ahead(w + INTERVAL 1 DAY, z))
     ELSE error('The clock of the zone never showed this time: it was put forward over it.') END`,
  // Hours move the instant; days and months move the clock of the zone, and so does a year-month interval.
  `trino_zoned_add(unit, n, x) AS list_transform([{'x': x, 'n': n}], lambda given: trino_zoned(
     trino_date_add(unit, given['n'], given['x']['t']), given['x']['z']))[1]`,
  `trino_zoned_add_by_clock(unit, n, x) AS list_transform([{'x': x, 'n': n}], lambda given: trino_zoned(
     trino_utc_near(trino_date_add(unit, given['n'], trino_wall_of(given['x'])), given['x']['z'], given['x']['t']),
     given['x']['z']))[1]`,
  `trino_zoned_plus(x, i) AS list_transform([{'x': x, 'i': i}], lambda given: trino_zoned(
     CASE WHEN datepart('year', given['i']) <> 0 OR datepart('month', given['i']) <> 0
       THEN trino_utc_near(trino_wall_of(given['x']) + given['i'], given['x']['z'], given['x']['t'])
       ELSE given['x']['t'] + given['i'] END, given['x']['z']))[1]`,
  // Within an hour that the clock shows twice the distance from UTC stays.
  `trino_zoned_trunc(unit, x) AS list_transform([x], lambda given: trino_zoned(
     trino_date_trunc(unit, trino_wall_of(given)) - to_microseconds(trino_ahead(given['t'], given['z'])), given['z']))[1]`,
  `trino_zoned_trunc_by_clock(unit, x) AS list_transform([x], lambda given: trino_zoned(
     trino_utc_near(trino_date_trunc(unit, trino_wall_of(given)), given['z'], given['t']), given['z']))[1]`,
  // Days between are counted on the clock of the first time.
  `trino_zoned_diff_by_clock(unit, a, b) AS list_transform([{'a': a, 'b': b}], lambda given: trino_date_diff(unit,
     trino_wall_of(given['a']), trino_wall(given['b']['t'], given['a']['z'])))[1]`,
  `trino_zone_hour(w, t) AS CAST((epoch_us(w) - epoch_us(t)) // 3600000000 AS BIGINT)`,
  `trino_zone_minute(w, t) AS CAST(((epoch_us(w) - epoch_us(t)) // 60000000) % 60 AS BIGINT)`,
  // A text of ISO 8601: a day, or a day and a time, by the clock of the offset after it, or of UTC.
  `trino_from_iso8601(x) AS CASE WHEN NOT regexp_full_match(x, '(?i)[0-9]{4}[-0-9W]*(T${CLOCK}(Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?')
       THEN error('A text is read as a timestamp, which it is not as ISO 8601 has it.')
     WHEN x IS NOT NULL THEN trino_iso_zoned(trino_iso_clock(upper(x)), trino_iso_offset(regexp_extract(upper(x), 'T.*?((Z|[+-].*)?)$', 1))) END`,
  `trino_iso_zoned(w, z) AS trino_zoned(CASE WHEN z = 'UTC' THEN w ELSE w - to_microseconds(trino_offset_us(z)) END, z)`,
  `trino_iso_offset(z) AS CASE WHEN z IN ('', 'Z') OR regexp_full_match(z, '[+-]00(:?00)?') THEN 'UTC'
     WHEN length(z) = 3 THEN z || ':00' WHEN length(z) = 5 THEN z[1:3] || ':' || z[4:5] ELSE z END`,
  `trino_iso_clock(x) AS CAST(trino_iso_date(string_split(x, 'T')[1]) AS TIMESTAMP)
     + trino_iso_time(regexp_extract(x, 'T(${CLOCK})', 1))`,
  `trino_iso_time(x) AS to_hours(trino_iso_clock_part(x, 1, 23)) + to_minutes(trino_iso_clock_part(x, 2, 59))
     + to_seconds(trino_iso_clock_part(x, 3, 59))
     + to_milliseconds(coalesce(TRY_CAST(left(rpad(regexp_extract(x, '[.,]([0-9]+)', 1), 3, '0'), 3) AS BIGINT), 0))`,
  `trino_iso_clock_part(x, n, most) AS CASE WHEN TRY_CAST(regexp_split_to_array(x, '[:.,]')[n] AS BIGINT) > most
     THEN error('A text is read as a timestamp, which it is not as ISO 8601 has it.')
     ELSE coalesce(TRY_CAST(regexp_split_to_array(x, '[:.,]')[n] AS BIGINT), 0) END`,
  `trino_now() AS make_timestamp(epoch_ms(now()) * 1000)`,
  // No number is no second for Java's rounding.
  `trino_from_unixtime(x) AS make_timestamp(CASE WHEN isnan(CAST(x AS DOUBLE)) THEN 0
     ELSE CAST(floor(CAST(x AS DOUBLE) * 1000 + 0.5) AS BIGINT) * 1000 END)`,
];
