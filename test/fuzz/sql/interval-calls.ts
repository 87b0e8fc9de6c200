import type { FormsByType } from './form.ts';

/** Intervals, and times with a zone moved by them. */
export const INTERVAL_CALLS: FormsByType = {
  boolean: [
    ['($0 = $1)', 'interval day to second', 'interval day to second'],
    ['($0 < $1)', 'interval day to second', 'interval day to second'],
    ['($0 >= $1)', 'interval year to month', 'interval year to month'],
    ['($0 BETWEEN $1 AND $2)', 'interval day to second', 'interval day to second', 'interval day to second'],
    ['($0 IS NULL)', 'interval year to month'],
    ['($0 - $1 < $2)', 'timestamp with time zone', 'timestamp with time zone', 'interval day to second'],
    ['($0 + $1 > $2)', 'timestamp', 'interval day to second', 'timestamp'],
  ],
  bigint: [
    ['to_milliseconds($0)', 'interval day to second'],
    ['to_milliseconds($0 - $1)', 'timestamp with time zone', 'timestamp with time zone'],
    ['to_milliseconds(coalesce($0, $1))', 'interval day to second', 'interval day to second'],
  ],
  date: [
    ['($0 + $1)', 'date', 'interval year to month'],
    ['($0 - $1)', 'date', 'interval year to month'],
  ],
  timestamp: [
    ['($0 + $1)', 'timestamp', 'interval day to second'],
    ['($0 - $1)', 'timestamp', 'interval year to month'],
    ['CAST($0 + $1 AS timestamp)', 'timestamp with time zone', 'interval year to month'],
    ['(CAST($0 AS timestamp) + $1)', 'date', 'interval day to second'],
  ],
  'timestamp with time zone': [
    ['($0 + $1)', 'timestamp with time zone', 'interval day to second'],
    ['($0 - $1)', 'timestamp with time zone', 'interval year to month'],
  ],
  'interval day to second': [
    ['($0 + $1)', 'interval day to second', 'interval day to second'],
    ['($0 - $1)', 'interval day to second', 'interval day to second'],
    ['($0 * ($1 % 20))', 'interval day to second', 'integer'],
    ['($0 - $1)', 'timestamp', 'timestamp'],
    ['($0 - $1)', 'date', 'date'],
    ['if($0, $1, $2)', 'boolean', 'interval day to second', 'interval day to second'],
  ],
  'interval year to month': [
    ['($0 + $1)', 'interval year to month', 'interval year to month'],
    ['($0 * ($1 % 20))', 'interval year to month', 'integer'],
  ],
};
