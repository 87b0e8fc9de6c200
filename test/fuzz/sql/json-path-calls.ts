import { type FormsByType, times } from './form.ts';

/** Paths of the SQL standard that lead to one value. */
const PATHS = [
  'lax $',
  'lax $.a',
  'lax $.a.b',
  'lax $.a.b[0]',
  'lax $.a[1]',
  'lax $.c',
  'lax $[0]',
  'lax $[2]',
  'lax $[1].a',
  'lax $."a b".c',
  'lax $.d',
  'strict $',
  'strict $.a',
  'strict $.a.b[1]',
  'strict $.c',
  'strict $[0].a',
  'strict $[4][0]',
];
/** The whole of a text is no question for json_exists. */
const PARTS = PATHS.filter((path) => !path.endsWith('$'));

const PATHS_OF_NUMBERS = [
  'lax $',
  'lax $.a',
  'lax $.c',
  'lax $[0]',
  'lax $[3]',
  'strict $.a.b',
  'strict $[2]',
];

const returning = (type: string) =>
  times(`json_value($0, 'UNIT' RETURNING ${type})`, PATHS_OF_NUMBERS, 'json text');

/** `json_value` and `json_exists`, of JSON that is well made and not. */
export const JSON_PATH_CALLS: FormsByType = {
  boolean: [...times("json_exists($0, 'UNIT')", PARTS, 'json text'), ...returning('boolean')],
  integer: returning('integer'),
  bigint: returning('bigint'),
  smallint: returning('smallint'),
  tinyint: returning('tinyint'),
  double: returning('double'),
  'decimal(9,2)': returning('decimal(9,2)'),
  varchar: [
    ...times("json_value($0, 'UNIT')", PATHS, 'json text'),
    ...returning('varchar'),
    ["json_value($0, 'lax §.a')", 'varchar'],
  ],
};
