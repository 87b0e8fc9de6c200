import fc from 'fast-check';
import { type FuzzType, nameOf, quoted, type Sql } from './sql-text.ts';

const among = (...values: readonly string[]): Sql => fc.constantFrom(...values);

/**
 * Values that do not behave: edges, halves, white space, marks of patterns, letters of other scripts, changes of
 * clocks, the ends of a range. Doubles are sums of few powers of two, so that sums of them do not depend on their order.
 */
export const VALUES: { readonly [type in FuzzType]: Sql } = {
  boolean: among('true', 'false'),
  integer: among('0', '1', '-1', '2', '3', '7', '10', '-25', '100', '2147483647'),
  bigint: among(
    ...['0', '1', '-1', '2', '5', '12', '-40', '1000000007', '9007199254740993'].map(
      (value) => `CAST(${value} AS bigint)`,
    ),
  ),
  smallint: among(
    ...['0', '1', '-1', '3', '-25', '100', '32767', '-32768'].map((value) => `CAST(${value} AS smallint)`),
  ),
  tinyint: among(...['0', '1', '-1', '5', '-20', '127', '-128'].map((value) => `CAST(${value} AS tinyint)`)),
  double: among(
    ...['0e0', '1e0', '-1.5e0', '0.5e0', '2.5e0', '-0.25e0', '3e0', '1024.125e0', '-7e0'],
    ...['nan()', 'infinity()', '-infinity()'],
  ),
  'decimal(9,2)': among(
    ...['0', '0.01', '-0.05', '0.5', '1.5', '2.25', '-2.5', '12.345', '99999.99'].map(
      (value) => `CAST(${value} AS decimal(9,2))`,
    ),
  ),
  'decimal(38,2)': among(
    ...[
      '0',
      '0.01',
      '-1.005',
      '12.5',
      '-99.99',
      '123456789012345678.905',
      '999999999999999999999999999999999999.99',
      '-999999999999999999999999999999999999.99',
    ].map((value) => `CAST('${value}' AS decimal(38,2))`),
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
  'row(id integer,name varchar)': among(
    ...["1, 'a'", "2, 'a'", "NULL, 'Zoë'", '-25, NULL', 'NULL, NULL', "1, ''"].map(
      (fields) => `CAST(ROW(${fields}) AS row(id integer, name varchar))`,
    ),
  ),
  'array(double)': among(
    'CAST(ARRAY[] AS array(double))',
    ...[
      '1e0',
      '2.5e0, -0.5e0, 2.5e0',
      '0.5e0, NULL, 0.5e0',
      'nan(), 1e0',
      '-infinity(), 3e0, infinity()',
    ].map((items) => `ARRAY[${items}]`),
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
  'interval day to second': among(
    "INTERVAL '0' SECOND",
    "INTERVAL '90' MINUTE",
    "INTERVAL '-1' DAY",
    "INTERVAL '3 04:05:06.789' DAY TO SECOND",
    "INTERVAL '25:30' HOUR TO MINUTE",
    "INTERVAL '400' DAY",
  ),
  'interval year to month': among(
    "INTERVAL '0' MONTH",
    "INTERVAL '1' MONTH",
    "INTERVAL '-1' YEAR",
    "INTERVAL '1-2' YEAR TO MONTH",
    "INTERVAL '13' MONTH",
  ),
  'json text': among(
    ...[
      '{"a":{"b":[1,"x",null]},"c":2.50}',
      '{"a":1,"c":"2.5","d":true,"e":null}',
      '[1,2,12]',
      '[{"a":"x"},{"a":"Zoë","b":[]},{}]',
      '[true,null,"1",1.0,[1]]',
      '{"a b":{"c":[]},"":0}',
      '{"c":1e3,"a":{"b":-0.50}}',
      ' {"a" : [ 1 , "it\'s" ] } ',
      '"text"',
      '12.340',
      'null',
      'true',
      '{}',
      '[]',
      '',
      '{"a":',
      '[1,2',
      'abc',
    ].map(quoted),
  ),
  json: among(
    ...[
      '{"a":{"b":[1,"x",null]},"c":2.50}',
      '{"a":1,"c":"2.5","d":true,"id":7,"name":"Zoë"}',
      '[1,2,12]',
      '[{"a":"x"},{"a":"Zoë","b":[]},{}]',
      '[true,null,"1",1.0,[1]]',
      '{"a":"12","b":null}',
      '"text"',
      '" 7"',
      '-3',
      '2.5',
      'null',
      'true',
      '{}',
      '[]',
    ].map((value) => `json_parse(${quoted(value)})`),
  ),
  varbinary: among("X''", "X'00'", "X'61ff'", "X'c3a9'"),
};

/** A value, or a null once in six. */
export const valueOrNull = (type: FuzzType): Sql =>
  fc.oneof(
    { weight: 5, arbitrary: VALUES[type] },
    {
      weight: 1,
      arbitrary: fc.constant(type === 'json' ? 'json_parse(NULL)' : `CAST(NULL AS ${nameOf(type)})`),
    },
  );
