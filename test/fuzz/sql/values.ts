import fc from 'fast-check';
import { type FuzzType, quoted, type Sql } from './sql-text.ts';

const among = (...values: readonly string[]): Sql => fc.constantFrom(...values);

/**
 * Values that do not behave: edges, halves, white space, marks of patterns, letters of other scripts, changes of
 * clocks. Doubles are sums of few powers of two, so that sums of them do not depend on their order.
 */
export const VALUES: { readonly [type in FuzzType]: Sql } = {
  boolean: among('true', 'false'),
  integer: among('0', '1', '-1', '2', '3', '7', '10', '-25', '100', '2147483647'),
  bigint: among(
    ...['0', '1', '-1', '2', '5', '12', '-40', '1000000007', '9007199254740993'].map(
      (value) => `CAST(${value} AS bigint)`,
    ),
  ),
  double: among('0e0', '1e0', '-1.5e0', '0.5e0', '2.5e0', '-0.25e0', '3e0', '1024.125e0', '-7e0'),
  'decimal(9,2)': among(
    ...['0', '0.01', '-0.05', '0.5', '1.5', '2.25', '-2.5', '12.345', '99999.99'].map(
      (value) => `CAST(${value} AS decimal(9,2))`,
    ),
  ),
  varchar: among(
    ...[
      '',
      ' ',
      'a',
      'A',
      'abc',
      ' padded ',
      '\ttab\n',
      'a,b,,c',
      'Zoë',
      'straße',
      '李雷',
      '😀a',
      '0',
      '12',
      ' 7',
      '-3.50',
      '1e3',
      'true',
      '2026-03-08',
      '2026-03-08 02:30:00',
      'x.y*z',
      '100%',
      'a_b',
      "it's",
      'Doe, Jane',
      '{"a":{"b":[1,"x",null]},"c":2.50}',
      '[1,2]',
      '{"a":',
    ].map(quoted),
  ),
  date: among(
    ...['1970-01-01', '2024-02-29', '2026-01-31', '2026-03-08', '2026-11-01', '2025-12-29', '1999-12-31'].map(
      (day) => `DATE '${day}'`,
    ),
  ),
  timestamp: among(
    ...[
      '1970-01-01 00:00:00.000',
      '2024-02-29 23:59:59.999',
      '2026-03-08 07:59:59.500',
      '2026-03-08 08:00:00.000',
      '2026-11-01 06:30:00.000',
      '2026-01-31 12:00:00.250',
    ].map((time) => `TIMESTAMP '${time}'`),
  ),
  'array(bigint)': among(
    'CAST(ARRAY[] AS array(bigint))',
    ...['1', '3,1,2,1', '1,NULL,1,NULL', 'NULL', '5,-5'].map(
      (items) => `CAST(ARRAY[${items}] AS array(bigint))`,
    ),
  ),
  'array(varchar)': among(
    'CAST(ARRAY[] AS array(varchar))',
    ...["'a'", "'b','a','b'", "'x',NULL,''", 'NULL', "'Zoë','z'"].map(
      (items) => `CAST(ARRAY[${items}] AS array(varchar))`,
    ),
  ),
  'map(varchar,bigint)': among(
    'CAST(MAP() AS map(varchar, bigint))',
    ...["'a'], ARRAY[1", "'b','a'], ARRAY[2,NULL", "'','Zoë'], ARRAY[-1,0"].map(
      (entries) => `CAST(MAP(ARRAY[${entries}]) AS map(varchar, bigint))`,
    ),
  ),
  'timestamp with time zone': among(
    ...[
      '2026-03-08 01:59:59.500 America/Chicago',
      '2026-11-01 01:30:00.000 America/Chicago',
      '2026-03-08 08:00:00.000 UTC',
      '1970-01-01 05:30:00.000 +05:30',
      '2024-02-29 23:59:59.999 Asia/Tokyo',
    ].map((time) => `TIMESTAMP '${time}'`),
  ),
  varbinary: among("X''", "X'00'", "X'61ff'", "X'c3a9'"),
};

/** A value, or a null once in six. */
export const valueOrNull = (type: FuzzType): Sql =>
  fc.oneof(
    { weight: 5, arbitrary: VALUES[type] },
    { weight: 1, arbitrary: fc.constant(`CAST(NULL AS ${type})`) },
  );
