import type { FormsByType } from './form.ts';

/** What gives null where it fails. */
export const TRY_CALLS: FormsByType = {
  boolean: [
    ['try(CAST($0 AS boolean))', 'varchar'],
    ['try(CAST($0 AS integer) > $1)', 'varchar', 'bigint'],
    ['(try(CAST($0 AS date)) IS NULL)', 'varchar'],
  ],
  integer: [
    ['try($0 / $1)', 'integer', 'integer'],
    ['try($0 * $1)', 'integer', 'integer'],
    ['try(-(CAST($0 AS integer) - 1))', 'varchar'],
    ['try(CAST($0 AS integer))', 'bigint'],
  ],
  bigint: [
    ['try($0 + $1)', 'bigint', 'bigint'],
    ['try($0 * $1 + 1)', 'bigint', 'integer'],
    ['try($0 % $1)', 'bigint', 'integer'],
    ['try(abs(CAST($0 AS bigint)) / $1)', 'varchar', 'integer'],
    ['try(CAST($0 AS bigint))', 'double'],
    ["try(CAST(json_extract_scalar($0, '$.a') AS bigint))", 'json text'],
  ],
  double: [['try(CAST($0 AS double) / $1)', 'varchar', 'integer']],
  'decimal(9,2)': [
    ['try(CAST($0 AS decimal(9,2)))', 'double'],
    ['try(CAST($0 AS decimal(9,2)))', 'varchar'],
    ['try(CAST($0 / $1 AS decimal(9,2)))', 'decimal(9,2)', 'integer'],
  ],
  varchar: [
    ['try(lower(CAST($0 AS varchar(3))))', 'integer'],
    ['try(substr($0, CAST($1 AS integer)))', 'varchar', 'varchar'],
  ],
  date: [['try(CAST(trim($0) AS date))', 'varchar']],
  timestamp: [['try(CAST($0 AS timestamp))', 'varchar']],
  'array(bigint)': [['transform($0, e -> try(CAST(e AS bigint)))', 'array(varchar)']],
};
