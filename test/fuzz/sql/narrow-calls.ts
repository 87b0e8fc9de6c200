import type { Form, FormsByType } from './form.ts';
import type { FuzzType } from './sql-text.ts';

const ofEach = (type: 'smallint' | 'tinyint'): Form[] => [
  ['($0 + $1)', type, type],
  ['($0 - $1)', type, type],
  ['($0 * $1)', type, type],
  ['($0 / nullif($1, 0))', type, type],
  ['($0 % nullif($1, 0))', type, type],
  ['(-$0)', type],
  ['abs($0)', type],
  ['sign($0)', type],
  ['coalesce($0, $1)', type, type],
  ['greatest($0, $1)', type, type],
  ['nullif($0, $1)', type, type],
  ['if($0, $1, $2)', 'boolean', type, type],
  ['try($0 * $1)', type, type],
  ...(['integer', 'bigint', 'double', 'decimal(9,2)', 'varchar', 'boolean'] as const).map(
    (from): Form => [`TRY_CAST($0 AS ${type})`, from],
  ),
];

const comparisons = (one: FuzzType, other: FuzzType): Form[] => [
  ['($0 = $1)', one, other],
  ['($0 < $1)', one, other],
  ['($0 IS DISTINCT FROM $1)', one, other],
  ['($0 IN ($1, 1))', one, other],
  ['($0 BETWEEN $1 AND $2)', one, other, 'integer'],
];

/** Whole numbers of 8 and of 16 bits. */
export const NARROW_CALLS: FormsByType = {
  boolean: [
    ...comparisons('smallint', 'smallint'),
    ...comparisons('tinyint', 'smallint'),
    ...comparisons('smallint', 'double'),
    ['CAST($0 AS boolean)', 'tinyint'],
    ['contains(ARRAY[$0, $1], $2)', 'smallint', 'tinyint', 'smallint'],
  ],
  integer: [
    ['CAST($0 AS integer)', 'smallint'],
    ['($0 + $1)', 'smallint', 'integer'],
    ['coalesce($0, $1)', 'tinyint', 'integer'],
  ],
  bigint: [
    ['CAST($0 AS bigint)', 'tinyint'],
    ['($0 * ($1 % 1000))', 'smallint', 'bigint'],
    ['array_position(ARRAY[$0, $1], $2)', 'tinyint', 'tinyint', 'tinyint'],
  ],
  double: [
    ['CAST($0 AS double)', 'tinyint'],
    ['($0 * 0.5e0)', 'smallint'],
  ],
  'decimal(9,2)': [
    ['CAST($0 AS decimal(9,2))', 'smallint'],
    ['CAST($0 * 0.25 AS decimal(9,2))', 'tinyint'],
  ],
  varchar: [
    ['CAST($0 AS varchar)', 'smallint'],
    ['CAST($0 AS varchar)', 'tinyint'],
  ],
  'array(bigint)': [['CAST(ARRAY[$0, $1] AS array(bigint))', 'smallint', 'tinyint']],
  smallint: [
    ...ofEach('smallint'),
    ['CAST($0 AS smallint)', 'tinyint'],
    ['($0 + $1)', 'tinyint', 'smallint'],
  ],
  tinyint: [...ofEach('tinyint'), ['TRY_CAST($0 AS tinyint)', 'smallint']],
};
