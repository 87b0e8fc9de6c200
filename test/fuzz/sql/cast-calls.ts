import type { Form, FormsByType } from './form.ts';
import type { FuzzType } from './sql-text.ts';

/** What is cast to what, where every engine means the same: no double and no timestamp becomes a text. */
const CASTS: { readonly [to in FuzzType]?: readonly FuzzType[] } = {
  boolean: ['integer', 'double', 'decimal(9,2)', 'decimal(38,2)', 'varchar'],
  integer: ['bigint', 'double', 'decimal(9,2)', 'decimal(38,2)', 'varchar'],
  bigint: ['double', 'decimal(38,2)', 'varchar'],
  double: ['boolean', 'bigint', 'decimal(38,2)', 'varchar'],
  'decimal(9,2)': ['boolean', 'bigint', 'double', 'decimal(38,2)', 'varchar'],
  'decimal(38,2)': ['boolean', 'integer', 'bigint', 'double', 'decimal(9,2)', 'varchar'],
  varchar: ['boolean', 'integer', 'bigint', 'decimal(38,2)', 'date'],
  date: ['varchar', 'timestamp', 'timestamp with time zone'],
  timestamp: ['varchar', 'date', 'timestamp with time zone'],
  'array(bigint)': ['array(varchar)', 'array(double)'],
  'array(varchar)': ['array(bigint)'],
  'array(double)': ['array(bigint)', 'array(varchar)'],
};

const casts: FormsByType = Object.fromEntries(
  Object.entries(CASTS).map(([to, from]) => [
    to,
    from.flatMap((type): Form[] => [
      [`TRY_CAST($0 AS ${to})`, type],
      // Few texts are a number or a date, and where one is none the whole statement fails.
      ...(/varchar/.test(type) ? [] : [[`CAST($0 AS ${to})`, type] as const]),
    ]),
  ]),
);

const others: FormsByType = {
  boolean: [['(CAST($0 AS real) = CAST($1 AS real))', 'double', 'decimal(9,2)']],
  bigint: [
    ['CAST(CAST($0 AS row(a bigint, b varchar)).a AS bigint)', 'row(id integer,name varchar)'],
    ['CAST(TRY_CAST($0 AS decimal(18,4)) AS bigint)', 'varchar'],
  ],
  varchar: [
    ['CAST($0 AS varchar(3))', 'integer'],
    ['TRY_CAST($0 AS varchar(3))', 'bigint'],
    ['TRY_CAST($0 AS varchar(5))', 'date'],
    ['CAST(CAST($0 AS decimal(5,1)) AS varchar)', 'decimal(9,2)'],
    ['CAST(TRY_CAST($0 AS decimal(20,5)) AS varchar)', 'varchar'],
  ],
};

/** Casts of values of every type, and of texts of every kind. */
export const CAST_CALLS: readonly FormsByType[] = [casts, others];
