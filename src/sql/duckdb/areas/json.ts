import { call, cast, NULL, textOf } from '../../build.ts';
import { jsonPointer, parseJsonPath } from '../../json-path.ts';
import { constantText } from '../../literal.ts';
import { type Ast, isObject } from '../../tree.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { duckType } from '../duck-type.ts';
import { macro, refused } from '../rewriting.ts';
import type { Area, RewrittenCall } from './area.ts';

/** A text in quotes, and what stands between two of the signs that give JSON its form. */
const STRING = '"(?:[^"\\\\]|\\\\.)*"';
const TOKEN = `${STRING}|[{}\\[\\]:,]|\\s+|-?[0-9]+(?:\\.[0-9]*)?(?:[eE][+-]?[0-9]*)?|[^\\s{}\\[\\]:,"0-9-]+|(?s:.)`;
/** What DuckDB takes for JSON and Athena does not. */
const LENIENT = ',\\s*[\\]}]|[nN][aA][nN]|[iI][nN][fF]';
/** A sign beyond the first plane, escaped, and half of one. */
const PAIR = '\\\\u[dD][89abAB][0-9a-fA-F]{2}\\\\u[dD][c-fC-F]';
const HALF = '\\\\u[dD][89a-fA-F]';
/** The pieces of a broken text are tried one after the other. */
const MOST_TOKENS = 2000;

/** JSON in texts, read as far as it goes: Athena stops reading where it has found what is asked for. */
export const JSON_TEXTS: Area = {
  macros: [
    `trino_json_is_right(j) AS json_valid(j) AND NOT (regexp_matches(j, '${LENIENT}')
       AND regexp_matches(regexp_replace(j, '${STRING}', '""', 'g'), '${LENIENT}'))`,
    `trino_json_tokens(j) AS CASE
       WHEN regexp_matches(regexp_replace(j, '${PAIR}', '', 'g'), '${HALF}') THEN error('A text holds half a sign of JSON, which every engine reads otherwise.')
       -- A number that is all there is must be followed by a blank.
       WHEN regexp_matches(j, '^\\s*-?[0-9][0-9.eE+-]*[^\\s0-9.eE+-]') THEN NULL
       WHEN len(regexp_extract_all(j, '${TOKEN}')) > ${MOST_TOKENS} THEN error('A text that is no JSON is too long to be read as far as it goes.')
       ELSE regexp_extract_all(j, '${TOKEN}') END`,
    // The longest beginning of a broken text that is JSON once its lists and objects are closed.
    `trino_json_begun(j) AS list_transform([trino_json_tokens(j)], lambda tokens: trino_json_closed(tokens))[1]`,
    `trino_json_closed(tokens) AS list_filter(list_transform(range(len(tokens), 0, -1),
       lambda n: array_to_string(tokens[1:n], '') || trino_json_closers(tokens[1:n])), lambda c: trino_json_is_right(c))[1]`,
    `trino_json_closers(tokens) AS list_reduce(list_concat([''], list_filter(tokens, lambda t: t IN ('{', '}', '[', ']'))),
       lambda closers, t: CASE t WHEN '{' THEN '}' || closers WHEN '[' THEN ']' || closers ELSE substr(closers, 2) END)`,
    // The longest beginning that is JSON as it stands.
    `trino_json_first(j) AS list_transform([trino_json_tokens(j)], lambda tokens: trino_json_longest(tokens))[1]`,
    `trino_json_longest(tokens) AS list_filter(list_transform(range(len(tokens), 0, -1),
       lambda n: array_to_string(tokens[1:n], '')), lambda c: trino_json_is_right(c))[1]`,
    // Numbers in quotes stay as they were written: signs that JSON cannot hold stand for those quotes at first.
    `trino_json_quoted(j) AS replace(replace(replace(
       regexp_replace(j, '(${STRING})|(-?[0-9][0-9.eE+-]*)', '\\1' || chr(1) || '\\2' || chr(2), 'g'),
       chr(1) || chr(2), ''), chr(1), '"'), chr(2), '"')`,
    `trino_json_scalar(j, path) AS CASE json_type(j, path)
       WHEN 'VARCHAR' THEN json_extract_string(j, path) WHEN 'BOOLEAN' THEN json_extract_string(j, path)
       WHEN 'UBIGINT' THEN json_extract_string(j, path) WHEN 'BIGINT' THEN json_extract_string(trino_json_quoted(j), path)
       WHEN 'DOUBLE' THEN json_extract_string(trino_json_quoted(j), path) END`,
    `trino_json_extract_scalar(j, path) AS CASE WHEN trino_json_is_right(j) THEN trino_json_scalar(j, path)
       WHEN j IS NOT NULL THEN list_transform([trino_json_begun(j)], lambda begun: trino_json_scalar(begun, path))[1] END`,
    `trino_json_length(j) AS CASE json_type(j) WHEN 'ARRAY' THEN CAST(json_array_length(j) AS BIGINT) END`,
    `trino_json_array_length(j) AS CASE WHEN trino_json_is_right(j) THEN trino_json_length(j)
       WHEN j IS NOT NULL THEN list_transform([trino_json_first(j)], lambda first: trino_json_length(first))[1] END`,
    `trino_json_size(j, path) AS CASE WHEN trino_json_is_right(j) THEN trino_json_parts(j, path)
       WHEN json_type(trino_json_begun(j), path) IS NOT NULL
       THEN error('The size of a part of a text that is no JSON is unknown.') END`,
    `trino_json_parts(j, path) AS CASE json_type(j, path) WHEN 'ARRAY' THEN CAST(json_array_length(j, path) AS BIGINT)
       WHEN 'OBJECT' THEN CAST(len(json_keys(j, path)) AS BIGINT) WHEN NULL THEN NULL
       ELSE CASE WHEN json_type(j, path) IS NOT NULL THEN 0 END END`,
    // A broken text may hold the value where it cannot be read: null, unless it was found before.
    `trino_json_array_contains(j, kind, value) AS CASE WHEN trino_json_is_right(j) THEN trino_json_holds(j, kind, value)
       WHEN list_transform([trino_json_begun(j)], lambda begun: trino_json_holds(begun, kind, value))[1] THEN true END`,
    `trino_json_holds(j, kind, value) AS CASE json_type(j) WHEN 'ARRAY' THEN CASE WHEN value IS NOT NULL
       THEN len(list_filter(json_extract(j, '$[*]'), lambda e: replace(json_type(e), 'UBIGINT', 'BIGINT') = kind
         AND json_extract_string(e, '') = CAST(value AS VARCHAR))) > 0 END END`,
    `trino_is_json_scalar(j) AS CASE WHEN trino_json_is_right(j) THEN json_type(j) NOT IN ('OBJECT', 'ARRAY')
       WHEN j IS NOT NULL THEN error('A text that is no JSON is read as JSON.') END`,
  ],
  calls: {
    is_json_scalar: macro('trino_is_json_scalar'),
    json_array_contains: (given) => {
      const kind = kindOf(given.argType(1));
      return kind === undefined
        ? refused(
            given.node,
            given.text,
            'only texts, truths and whole numbers are looked for in JSON here',
            'CAST the value to bigint or varchar',
          )
        : call('trino_json_array_contains', given.args[0], textOf(kind), given.args[1]);
    },
    json_array_length: macro('trino_json_array_length'),
    json_extract_scalar: (given) =>
      atPath(given, (path) => call('trino_json_extract_scalar', given.args[0], path)),
    json_size: (given) => atPath(given, (path) => call('trino_json_size', given.args[0], path)),
  },
};

/** What DuckDB calls values of JSON. */
function kindOf(type: SqlType | undefined): string | undefined {
  if (/^(tinyint|smallint|integer|bigint)$/.test(type ?? '')) return 'BIGINT';
  if (type === 'boolean') return 'BOOLEAN';
  return type === 'varchar' ? 'VARCHAR' : undefined;
}

/**
 * What is read at the path of a call, given as a pointer, which DuckDB reads as Athena reads its paths. Null where the
 * path is null.
 * @throws SqlError as `jsonPathOf` does
 */
export const atPath = (given: RewrittenCall, read: (pointer: Ast) => Ast): Ast =>
  isNull(given.written[1])
    ? cast(NULL, given.type === 'json' ? 'JSON' : duckType(given.type ?? 'varchar'))
    : read(textOf(jsonPathOf(given)));

const isNull = (node: Ast | undefined): boolean => {
  if (!isObject(node)) return false;
  const inner = [node.cast, node.paren].find(isObject);
  return 'null' in node || (inner !== undefined && isNull(inner.this));
};

/**
 * The path as a JSON pointer.
 * @throws SqlError where the path is not written out, or is none that every engine reads
 */
export function jsonPathOf(given: RewrittenCall): string {
  const written = given.args[1];
  const path = constantText(written);
  const steps = path === undefined ? undefined : parseJsonPath(path);
  if (steps === undefined || steps.some((step) => /^0\d/.test(step))) {
    return refused(
      given.node,
      given.text,
      'the path into the JSON is none that every engine reads',
      `write it out: '$.a.b[0]', and '$["a b"]' for a name with other signs than letters, digits and _`,
    );
  }
  return jsonPointer(steps);
}
