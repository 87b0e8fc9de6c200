import { call } from '../../build.ts';
import { macro } from '../rewriting.ts';
import type { Area } from './area.ts';

/**
 * Arrays that are counted out: of numbers, of days and of times. Trino gives at most 10,000 values and stops where the
 * step leads away from the end, DuckDB gives none there; months are counted from the first day, so that a short month
 * does not shorten those after it.
 */
export const SEQUENCES: Area = {
  macros: [
    `trino_numbers(a, b, step) AS CASE WHEN a IS NULL OR b IS NULL OR step IS NULL THEN NULL
       WHEN step = 0 THEN error('The step of a sequence is not zero.')
       WHEN (step > 0 AND a > b) OR (step < 0 AND a < b) THEN error('The step of a sequence leads away from its end.')
       WHEN (CAST(b AS HUGEINT) - CAST(a AS HUGEINT)) // step >= 10000 THEN error('A sequence has at most 10,000 values.')
       ELSE generate_series(CAST(a AS BIGINT), CAST(b AS BIGINT), CAST(step AS BIGINT)) END`,
    `trino_sequence(a, b) AS trino_numbers(a, b, CASE WHEN a <= b THEN 1 ELSE -1 END),
       (a, b, step) AS trino_numbers(a, b, step)`,
    `trino_sequence_days(a, b) AS list_transform(
       trino_numbers(0, CAST(b AS DATE) - CAST(a AS DATE), CASE WHEN a <= b THEN 1 ELSE -1 END),
       lambda i_day: CAST(a AS DATE) + CAST(i_day AS INTEGER)),
       (a, b, step) AS CASE WHEN epoch_us(step) % 86400000000 <> 0
       THEN error('The step between dates is one of whole days or months.')
       ELSE list_transform(trino_numbers(0, CAST(b AS DATE) - CAST(a AS DATE), epoch_us(step) // 86400000000),
       lambda i_day: CAST(a AS DATE) + CAST(i_day AS INTEGER)) END`,
    `trino_sequence_times(a, b, step) AS list_transform(
       trino_numbers(epoch_us(CAST(a AS TIMESTAMP)), epoch_us(CAST(b AS TIMESTAMP)), epoch_us(step)),
       lambda i_time: make_timestamp(i_time))`,
    `trino_months(step) AS datepart('year', step) * 12 + datepart('month', step)`,
    `trino_sequence_months(a, b, step) AS CASE
       WHEN (trino_months(step) > 0 AND a > b) OR (trino_months(step) < 0 AND a < b)
       THEN error('The step of a sequence leads away from its end.')
       ELSE list_transform(list_filter(
         trino_numbers(0, datediff('month', CAST(a AS TIMESTAMP), CAST(b AS TIMESTAMP)), trino_months(step)),
         lambda i_whole: CASE WHEN trino_months(step) > 0
           THEN CAST(a AS TIMESTAMP) + to_months(CAST(i_whole AS INTEGER)) <= b
           ELSE CAST(b AS TIMESTAMP) + to_months(CAST(-i_whole AS INTEGER)) <= a END),
         lambda i_month: CAST(a AS TIMESTAMP) + to_months(CAST(i_month AS INTEGER))) END`,
    `trino_sequence_month_days(a, b, step) AS CAST(trino_sequence_months(a, b, step) AS DATE[])`,
    `trino_repeat(x, n) AS CASE WHEN n < 0 THEN error('repeat gives no fewer than no values.')
       WHEN n > 10000 THEN error('repeat gives at most 10,000 values.')
       WHEN n IS NOT NULL THEN list_transform(generate_series(1, n), lambda i_repeat: x) END`,
  ],
  calls: {
    repeat: macro('trino_repeat'),
    sequence: ({ args, argType }) => {
      const isDates = argType(0) === 'date' && argType(1) === 'date';
      if (argType(2) === 'interval year to month')
        return call(isDates ? 'trino_sequence_month_days' : 'trino_sequence_months', ...args);
      if (isDates) return call('trino_sequence_days', ...args);
      return call(
        argType(2) === 'interval day to second' ? 'trino_sequence_times' : 'trino_sequence',
        ...args,
      );
    },
  },
};
