import type { Vectors } from './vectors.ts';

/** Texts that are JSON, begin as JSON, or are none. */
const ROWS = `(VALUES '{"a":1,"b":[1,2,{"c":"x"}]}', '', 'not json', NULL, '{"a":7.50}', '{"a":"z"', '{"a":1} x', '{"a":1,}',
  '{"b":2,"a":', '{"b":,"a":1}', '{"a":null}', '[1,2', '[1,2]x', 'null', '5', '{''a'':1}', '{"a":NaN}', '[1,]', '{"a":[1}', '1:', '-2.5 x') AS t(j)`;

export const JSON_TEXTS: Vectors = {
  answered: {
    'texts that are JSON or not': `SELECT j, json_extract_scalar(j, '$.a') FROM ${ROWS}`,
    'elements and roots of such texts': `SELECT json_extract_scalar(j, '$[1]'), json_extract_scalar(j, '$'), json_extract_scalar(j, '$.b[2].c') FROM ${ROWS}`,
    'lengths of such texts': `SELECT json_array_length(j) FROM ${ROWS}`,
    'a broken number': `SELECT json_extract_scalar(j, '$.a') FROM (VALUES '{"a":1x}', '{"a":1.}', '{"a":01}', '{"a":-}', '{"a":1e}', '{"a":truex}', '{"a":12') AS t(j)`,
    'a broken text': `SELECT json_extract_scalar(j, '$.a') FROM (VALUES '{"a":"x', '{"a":"x"y', '{"a":"x\\q"}', '{"a":"x"}}') AS t(j)`,
    'numbers as they were written': `SELECT json_extract_scalar(j, '$.a') FROM (VALUES '{"a":1.50}', '{"a":1e3}', '{"a":-0}', '{"a":1.0E+2}', '{"a":12345678901234567890123}', '{"a":1e999}', '{"a":-0.0}', '{"a":"1.50"}', '{"s":"2.50","a":[1.5]}') AS t(j)`,
    'numbers become numbers': `SELECT CAST(json_extract_scalar(j, '$.a') AS double), TRY_CAST(json_extract_scalar(j, '$.a') AS integer), TRY_CAST(json_extract_scalar(j, '$.a') AS decimal(5,2)) FROM (VALUES '{"a":7.5}', '{"a":"7"}', '{"a":7}', '{}') AS t(j)`,
    'truths and nulls': `SELECT json_extract_scalar(j, '$.a') FROM (VALUES '{"a":true}', '{"a":null}', '{"a":{}}', '{"a":[]}', '{"a":""}') AS t(j)`,
    'names with other signs': `SELECT json_extract_scalar(j, '$["a b"]'), json_extract_scalar(j, '$["a.b"].c'), json_extract_scalar(j, '$["a/b"]["~"]'), json_extract_scalar(j, '$[""]'), json_extract_scalar(j, '$["q\\"r"]'), json_extract_scalar(j, '$.é'), json_extract_scalar(j, '$.a:b')
      FROM (VALUES '{"a b":1,"a.b":{"c":2},"a/b":{"~":3},"":4,"q\\"r":5,"é":6,"a:b":7}') AS t(j)`,
    'places and names of digits': `SELECT json_extract_scalar(j, '$.a.0'), json_extract_scalar(j, '$.a[0]'), json_extract_scalar(j, '$["a"]["0"]'), json_extract_scalar(j, '$.a[9]') FROM (VALUES '{"a":["x"]}', '{"a":{"0":"y"}}', '{"a":"z"}') AS t(j)`,
    'a path that is null': `SELECT json_extract_scalar(j, NULL), json_extract_scalar(j, CAST(NULL AS varchar)), json_size(j, NULL), CAST(json_extract(j, NULL) AS bigint), json_extract_scalar(json_parse(j), NULL), json_size(json_extract(j, '$'), NULL) FROM (VALUES '{"":5}', NULL) AS t(j)`,
    'a name twice': `json_extract_scalar('{"a":1,"a":2}', '$.a')`,
    'signs that are escaped': `json_extract_scalar('{"a":"\\ud83d\\ude00 \\u00e9 \\n \\/ \\""}', '$.a')`,
    'a path with a hyphen': `json_extract_scalar('{"f-g":3}', '$.f-g')`,
    'a path in quotes after a point': `json_extract_scalar('{"a b":3}', '$."a b"')`,
    'a path without its start': `json_extract_scalar('{"a":3}', 'a')`,
    'a path from the end': `json_extract_scalar('[1]', '$[-1]')`,
    'a path over everything': `json_extract_scalar('{"a":3}', '$.*')`,
    'an empty path': `json_extract_scalar('{"a":3}', '')`,
    'sizes of parts': `SELECT json_size(j, '$'), json_size(j, '$.a') FROM (VALUES '{"a":[1,2],"b":1}', '{"a":{"b":1}}', '{"a":5}', '{"a":null}', '[]', 'x', '', NULL) AS t(j)`,
    'lists that hold a value': `SELECT json_array_contains(j, 2), json_array_contains(j, '2'), json_array_contains(j, true), json_array_contains(j, CAST(NULL AS bigint)) FROM (VALUES '[1,2]', '["2",true]', '[2.0]', '[[2]]', '{"a":2}', '[2', '[3', 'x', '', '[]', NULL) AS t(j)`,
    'scalars and others': `SELECT is_json_scalar(j) FROM (VALUES '1', 'null', '"a"', ' {}', '[1]', NULL) AS t(j)`,
    'values by paths of the standard': `SELECT json_value(j, 'lax $.a'), json_exists(j, 'lax $.a'), json_value(j, 'lax $'), json_value(j, 'lax $.a[0]'), json_value(j, 'lax $.a' RETURNING double), json_value(j, 'lax $.a' RETURNING bigint), json_value(j, 'lax $.a' RETURNING boolean), json_value(j, 'lax $.a' RETURNING decimal(5,2))
      FROM (VALUES '{"a":1}', '{"a":"x"}', '{"a":null}', '{"a":true}', '{"a":[1,2]}', '{"a":[5]}', '{"a":{"b":1}}', 'x', '', NULL, '{}', '5', '{"a":12345678901234567890}', '{"a":""}', 'null', '{"a":1} x', '{"a":[]}', ' {"b" : 1 , "a" : { } } ', '{"a":-0}', '{"a":" 7 "}', '{"a":"true"}', '{"a":"1e2"}', '{"a":1', '{"a":1,', '{"a":1]', 'nullx', '12x', '{"a":0}', '{"a":"é"}') AS t(j)`,
    'fractions by paths of the standard': `SELECT json_value(j, 'lax $.a' RETURNING double), json_value(j, 'lax $.a' RETURNING bigint), json_value(j, 'lax $.a' RETURNING smallint), json_value(j, 'lax $.a' RETURNING decimal(5,2)), json_value(j, 'lax $.a' RETURNING boolean) FROM (VALUES '{"a":1.5}', '{"a":1e3}', '{"a":1.555}', '{"a":-2.5}', '{"a":99999.5}', '{"a":0.0}') AS t(j)`,
    'lists on the way of lax paths': `SELECT json_value(j, 'lax $.a'), json_value(j, 'lax $.a.b' RETURNING double), json_value(j, 'lax $.a[1]'), json_value(j, 'lax $.a[0].b'), json_exists(j, 'lax $.a'), json_exists(j, 'lax $.a.b'), json_exists(j, 'lax $[1].a')
      FROM (VALUES '[{"a":1},{"a":2}]', '[{"a":1},{"b":2}]', '[[{"a":1}]]', '{"a":[{"b":1},{"b":2},3]}', '{"a":[{"b":5},3,null]}', '{"a":[[1,2],[3]]}', '[]', '[{"a":null}]', '[{"a":null},{"a":"x"}]', '[{"a":{"b":25}}]', '[1,2') AS t(j)`,
    'values by strict paths': `SELECT json_value(j, 'strict $.a'), json_exists(j, 'strict $.a'), json_value(j, 'strict $.a[0]') FROM (VALUES '{"a":1}', '{"b":1}', '[{"a":1}]', '{"a":[1]}', 'x', NULL, '') AS t(j)`,
    'steps of paths of the standard': `SELECT json_value('[1,2]', 'lax $[0]'), json_value('[1,2]', 'lax $[5]'), json_value('{"a b":3}', 'lax $."a b"'), json_value('5', 'lax $[0]'), json_value('{"a":{"b":[{"c":7}]}}', 'lax $.a.b[0].c'), json_exists('{"a":{"b":[{"c":7}]}}', 'lax $.a.b[0].d'), json_value('{"a":[1,[2]]}', 'lax $.a[1][0]'), json_value('{"a":{}}', 'lax $.a[0].b'), json_value('{"A":1}', 'lax $.a'), json_value('{"a/b~":1}', 'lax $."a/b~"'), json_value('{"size":1}', 'lax $.size')`,
    'a condition by a path of the standard': `SELECT j FROM (VALUES '{"a":1}', '{"a":2}') AS t(j) WHERE json_value(j, 'lax $.a' RETURNING integer) = 1 AND json_exists(j, 'lax $.a')`,
    'a path without a mode': `json_value('{"a":1}', '$.a')`,
    'a scalar of no JSON': "is_json_scalar('abc')",
  },
  refused: {
    'a path over everything of the standard': `json_value('{"a":1}', 'lax $.*')`,
    'a filter in a path': `json_exists('{"a":1}', 'lax $.a ? (@ > 1)')`,
    'an error where there is an error': `json_value('{"a":1}', 'lax $.a' ERROR ON ERROR)`,
    'a default where there is nothing': `json_value('{"a":1}', 'lax $.b' DEFAULT 'x' ON EMPTY)`,
    'null where there is nothing': `json_value('{"a":1}', 'lax $.b' NULL ON EMPTY NULL ON ERROR)`,
    'what is true of an error': `json_exists('x', 'lax $.b' TRUE ON ERROR)`,
    'a date by a path of the standard': `json_value('{"a":"2026-01-31"}', 'lax $.a' RETURNING date)`,
    'a long decimal by a path of the standard': `json_value('{"a":1}', 'lax $.a' RETURNING decimal(38,2))`,
    'whether there is all': `json_exists('{}', 'lax $')`,
    'a path of the standard that is a value of the row': `SELECT json_value(j, p) FROM (VALUES ('{"a":1}', 'lax $.a')) AS t(j, p)`,
    'a part by a path of the standard': `json_query('{"a":[1]}', 'lax $.a')`,
    'a path of the row': `SELECT json_extract_scalar(j, p) FROM (VALUES ('{"a":1}', '$.a')) AS t(j, p)`,
  },
};
