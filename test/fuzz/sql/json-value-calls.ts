import { type FormsByType, times } from './form.ts';

const PATHS = ['$', '$.a', '$.a.b', '$.c', '$[0]', '$[1]', '$["a b"]'];

/** Values of JSON, between the text that they are read from and the CAST that ends them. */
export const JSON_VALUE_CALLS: FormsByType = {
  boolean: [
    ['($0 IS NULL)', 'json'],
    ['TRY_CAST($0 AS boolean)', 'json'],
    ['CAST($0 AS boolean)', 'json'],
    ['any_match(CAST($0 AS array(json)), e -> e IS NULL)', 'json'],
  ],
  integer: [
    ['TRY_CAST($0 AS integer)', 'json'],
    ['CAST($0 AS row(a integer, c varchar)).a', 'json'],
  ],
  bigint: [
    ['TRY_CAST($0 AS bigint)', 'json'],
    ['json_array_length($0)', 'json'],
    ...times("json_size($0, 'UNIT')", ['$', '$.a', '$[0]'], 'json'),
    ['cardinality(CAST($0 AS array(json)))', 'json'],
    ['cardinality(CAST($0 AS map(varchar, json)))', 'json'],
  ],
  double: [
    ['TRY_CAST($0 AS double)', 'json'],
    ['CAST($0 AS double)', 'json'],
    ['array_max(transform(CAST($0 AS array(json)), e -> TRY_CAST(e AS double)))', 'json'],
  ],
  'decimal(9,2)': [['TRY_CAST($0 AS decimal(9,2))', 'json']],
  'decimal(38,2)': [['TRY_CAST($0 AS decimal(38,2))', 'json']],
  varchar: [
    ['TRY_CAST($0 AS varchar)', 'json'],
    ...times("json_extract_scalar($0, 'UNIT')", PATHS, 'json'),
    ...times("json_format(json_extract($0, 'UNIT'))", PATHS, 'json text'),
    ["element_at(CAST($0 AS map(varchar, varchar)), 'a')", 'json'],
  ],
  'array(bigint)': [
    ['CAST($0 AS array(bigint))', 'json'],
    ['transform(CAST($0 AS array(json)), e -> TRY_CAST(e AS bigint))', 'json'],
  ],
  'array(varchar)': [
    ['CAST($0 AS array(varchar))', 'json'],
    ["transform(CAST($0 AS array(json)), e -> json_extract_scalar(e, '$.a'))", 'json'],
  ],
  'array(double)': [['CAST($0 AS array(double))', 'json']],
  'map(varchar,bigint)': [['CAST($0 AS map(varchar, bigint))', 'json']],
  'row(id integer,name varchar)': [['CAST($0 AS row(id integer, name varchar))', 'json']],
  json: [
    ['json_parse($0)', 'json text'],
    ...times("json_extract($0, 'UNIT')", PATHS, 'json text'),
    ...times("json_extract($0, 'UNIT')", PATHS, 'json'),
    ['if($0, $1, $2)', 'boolean', 'json', 'json'],
    ['element_at(CAST($0 AS array(json)), 2)', 'json'],
    ["element_at(CAST($0 AS map(varchar, json)), 'a')", 'json'],
  ],
};
