import { type FormsByType, times } from './form.ts';

const PATHS = [
  '$',
  '$.a',
  '$.a.b',
  '$.a.b[0]',
  '$.c',
  '$[0]',
  '$[1].a',
  '$["a b"].c',
  '$.d',
  '$.e',
  '$[4][0]',
];

/** JSON, well made and not. */
export const JSON_CALLS: FormsByType = {
  boolean: [
    ['is_json_scalar($0)', 'json text'],
    ['json_array_contains($0, $1)', 'json text', 'bigint'],
    ['json_array_contains($0, $1)', 'json text', 'varchar'],
    ['json_array_contains($0, $1)', 'json text', 'boolean'],
    ["CAST(json_extract_scalar($0, '$.d') AS boolean)", 'json text'],
  ],
  integer: [["TRY_CAST(json_extract_scalar($0, '$.a') AS integer)", 'json text']],
  bigint: [
    ['json_array_length($0)', 'json text'],
    ...times("json_size($0, 'UNIT')", PATHS, 'json text'),
    ["TRY_CAST(json_extract_scalar($0, '$[2]') AS bigint)", 'json text'],
  ],
  double: [["TRY_CAST(json_extract_scalar($0, '$.a.b') AS double)", 'json text']],
  'decimal(9,2)': [["TRY_CAST(json_extract_scalar($0, '$.c') AS decimal(9,2))", 'json text']],
  varchar: [
    ...times("json_extract_scalar($0, 'UNIT')", PATHS, 'json text'),
    ["coalesce(json_extract_scalar($0, '$.a'), $1)", 'json text', 'varchar'],
  ],
  'json text': [
    ['if($0, $1, $2)', 'boolean', 'json text', 'json text'],
    [`('{"a":' || $0 || ',"c":2}')`, 'json text'],
    ["('[' || $0 || ',' || $1 || ']')", 'json text', 'json text'],
    [`('{"a":{"b":' || CAST($0 AS varchar) || '}}')`, 'bigint'],
    [`('["' || $0 || '"]')`, 'varchar'],
  ],
};
