import { call, castBy, lambda, NULL, numberOf, textOf, word } from '../../build.ts';
import { type Ast, isObject } from '../../tree.ts';
import {
  decimalOf,
  elementOf,
  entryOf,
  fieldsOf,
  isWhole,
  type SqlType,
  typeOfCast,
} from '../../types/sql-type.ts';
import { duckType } from '../duck-type.ts';
import { isNested, withValue } from '../nested-values.ts';
import type { Area, RewrittenCall, RewrittenNode } from './area.ts';
import { atPath, jsonPathOf } from './json.ts';

const TWICE = "error('An object of JSON has the same key twice.')";
const OTHER = "error('JSON is cast to a type that Athena does not make of such a value.')";
const FRACTION =
  "error('A number of JSON is written as text, which Athena writes differently. CAST the JSON to double.')";

const WIDE = "error('A number of JSON has more than eighteen digits before its point.')";

/**
 * Values of JSON: what `json_parse` and `json_extract` give, on the way to a CAST. In DuckDB they are JSON, too. Source:
 * `JsonUtil` of Trino. Numbers with a point or an exponent are doubles there, and an object that has a key twice stops
 * the statement, since `json_parse` keeps the last one and `json_extract` both.
 */
export const JSON_VALUES: Area = {
  macros: [
    `trino_json_parse(j) AS CASE WHEN trino_json_is_right(j) THEN CAST(j AS JSON)
       WHEN j IS NOT NULL THEN error('A text that is no JSON is parsed.') END`,
    // Athena stops reading where the value ends, so a text that breaks off may hold it.
    `trino_json_extract(j, path) AS CASE WHEN trino_json_is_right(j) THEN json_extract(j, path)
       WHEN j IS NOT NULL AND json_type(trino_json_begun(j), path) IS NOT NULL
       THEN error('A part is taken out of a text that is no JSON.') END`,
    `trino_json_part(j, path) AS json_extract(trino_json_once(j), path)`,
    `trino_json_values(j) AS json_extract(j, '$.*')`,
    `trino_json_root(j) AS json_extract_string(j, '')`,
    `trino_json_once(j) AS CASE WHEN json_type(j) = 'OBJECT' AND len(list_distinct(json_keys(j))) < len(json_keys(j))
       THEN ${TWICE} ELSE j END`,
    `trino_json_double_text(d) AS CASE WHEN d = 0 OR abs(d) >= 1e-3 AND abs(d) < 1e7 THEN CAST(d AS VARCHAR) ELSE ${FRACTION} END`,
    `trino_json_value_scalar(j) AS CASE json_type(j) WHEN 'VARCHAR' THEN trino_json_root(j) WHEN 'BOOLEAN' THEN trino_json_root(j)
       WHEN 'UBIGINT' THEN trino_json_root(j) WHEN 'BIGINT' THEN CAST(CAST(trino_json_root(j) AS BIGINT) AS VARCHAR)
       WHEN 'DOUBLE' THEN trino_json_double_text(CAST(j AS DOUBLE)) END`,
    `trino_json_format(j) AS CASE WHEN regexp_matches(regexp_replace(CAST(j AS VARCHAR), '"(?:[^"\\\\]|\\\\.)*"', '""', 'g'),
         '[0-9][eE]|[0-9]{8,}[.]|[0-9]{19,}|(?:^|[^0-9])0[.]000') OR regexp_matches(CAST(j AS VARCHAR), '[\\x7F]|\\\\u|[^\\x00-\\x{FFFF}]')
       THEN error('JSON is written as text, which Athena writes differently.') ELSE CAST(j AS VARCHAR) END`,
    `trino_not_json(j) AS ${OTHER}`,
    `trino_json_whole(j, bad) AS CASE json_type(j) WHEN 'BIGINT' THEN trino_json_root(j) WHEN 'UBIGINT' THEN trino_json_root(j)
       WHEN 'DOUBLE' THEN coalesce(CAST(TRY_CAST(round(CAST(j AS DOUBLE)) AS HUGEINT) AS VARCHAR), bad)
       WHEN 'BOOLEAN' THEN CASE trino_json_root(j) WHEN 'true' THEN '1' ELSE '0' END
       WHEN 'VARCHAR' THEN trino_integer_text(trino_json_root(j), bad) WHEN 'ARRAY' THEN bad WHEN 'OBJECT' THEN bad END`,
    `trino_json_double(j, bad) AS CASE json_type(j) WHEN 'BIGINT' THEN trino_json_root(j) WHEN 'UBIGINT' THEN trino_json_root(j)
       WHEN 'DOUBLE' THEN trino_json_root(j) WHEN 'BOOLEAN' THEN CASE trino_json_root(j) WHEN 'true' THEN '1' ELSE '0' END
       WHEN 'VARCHAR' THEN trino_double_text(trino_json_root(j), bad) WHEN 'ARRAY' THEN bad WHEN 'OBJECT' THEN bad END`,
    `trino_json_decimal(j, bad) AS CASE json_type(j) WHEN 'BIGINT' THEN trino_json_root(j) WHEN 'UBIGINT' THEN trino_json_root(j)
       WHEN 'DOUBLE' THEN CASE WHEN abs(CAST(j AS DOUBLE)) >= 1e18
         THEN ${WIDE} ELSE trino_digits_of(CAST(j AS DOUBLE)) END
       WHEN 'BOOLEAN' THEN CASE trino_json_root(j) WHEN 'true' THEN '1' ELSE '0' END
       WHEN 'VARCHAR' THEN trino_decimal_text(trino_json_root(j), bad) WHEN 'ARRAY' THEN bad WHEN 'OBJECT' THEN bad END`,
    `trino_json_truth(j, bad) AS CASE json_type(j) WHEN 'BOOLEAN' THEN trino_json_root(j)
       WHEN 'BIGINT' THEN CAST(CAST(j AS BIGINT) <> 0 AS VARCHAR) WHEN 'UBIGINT' THEN CASE WHEN CAST(j AS UBIGINT) > 9223372036854775807 THEN bad ELSE CAST(CAST(j AS UBIGINT) <> 0 AS VARCHAR) END
       WHEN 'DOUBLE' THEN CASE WHEN abs(CAST(j AS DOUBLE)) >= 1e18 THEN ${WIDE} ELSE CAST(CAST(j AS DOUBLE) <> 0 AS VARCHAR) END
       WHEN 'VARCHAR' THEN trino_truth_text(trino_json_root(j), bad) WHEN 'ARRAY' THEN bad WHEN 'OBJECT' THEN bad END`,
    `trino_json_text(j, bad) AS CASE json_type(j) WHEN 'VARCHAR' THEN trino_json_root(j) WHEN 'BOOLEAN' THEN trino_json_root(j)
       WHEN 'UBIGINT' THEN trino_json_root(j) WHEN 'BIGINT' THEN CAST(CAST(trino_json_root(j) AS BIGINT) AS VARCHAR)
       WHEN 'DOUBLE' THEN ${FRACTION} WHEN 'ARRAY' THEN bad WHEN 'OBJECT' THEN bad END`,
    `trino_json_elements(j) AS CASE json_type(j) WHEN 'ARRAY' THEN json_extract(j, '$[*]')
       WHEN 'NULL' THEN NULL ELSE CASE WHEN j IS NOT NULL THEN ${OTHER} END END`,
    `trino_json_object(j) AS CASE json_type(j) WHEN 'OBJECT' THEN trino_json_once(j)
       WHEN 'NULL' THEN NULL ELSE CASE WHEN j IS NOT NULL THEN ${OTHER} END END`,
    // A key is the field of its name, in capitals or not.
    `trino_json_field(j, name) AS list_transform([list_filter(json_keys(j), lambda j_key: j_key = name OR lower(j_key) = name)],
       lambda j_found: CASE len(j_found) WHEN 0 THEN NULL WHEN 1
         THEN list_extract(json_extract(j, '$.*'), list_position(json_keys(j), j_found[1])) ELSE ${TWICE} END)[1]`,
    `trino_json_fields(j, names) AS CASE json_type(j)
       WHEN 'OBJECT' THEN list_transform(names, lambda j_name: trino_json_field(j, j_name))
       WHEN 'ARRAY' THEN CASE WHEN json_array_length(j) = len(names) THEN json_extract(j, '$[*]') ELSE ${OTHER} END
       WHEN 'NULL' THEN NULL ELSE CASE WHEN j IS NOT NULL THEN ${OTHER} END END`,
    // No list of fields where there is no object.
    `trino_json_row(j, names) AS list_filter([trino_json_fields(j, names)], lambda j_fields: j_fields IS NOT NULL)`,
    `trino_json_entries(j) AS list_filter([trino_json_object(j)], lambda j_object: j_object IS NOT NULL)`,
  ],
  kinds: {
    cast: (node) => castOf(node, 'cast'),
    try_cast: (node) => castOf(node, 'try_cast'),
  },
  calls: {
    json_parse: ({ args }) => call('trino_json_parse', args[0]),
    json_extract: (given) =>
      atPath(given, (path) =>
        given.argType(0) === 'json' ? partOf(given) : call('trino_json_extract', given.args[0], path),
      ),
    json_extract_scalar: (given) =>
      given.argType(0) === 'json'
        ? atPath(given, () => call('trino_json_value_scalar', partOf(given)))
        : undefined,
    json_size: (given) =>
      given.argType(0) === 'json'
        ? atPath(given, () => call('trino_json_parts', partOf(given), textOf('')))
        : undefined,
    json_array_length: ({ args, argType }) =>
      argType(0) === 'json' ? call('trino_json_length', args[0]) : undefined,
    json_format: ({ args }) => call('trino_json_format', args[0]),
  },
};

/** The part of a value that a path leads to, step by step: an object on the way has each key once. */
function partOf(given: RewrittenCall): Ast {
  const steps = jsonPathOf(given).split('/').slice(1);
  const names = steps.map((_, i) => `j_step_${i}`);
  return [...steps.entries()].reduce<Ast>(
    (whole, [i, step]) =>
      withValue(whole, names[i]!, call('trino_json_part', word(names[i]!), textOf(`/${step}`))),
    call('trino_json_once', given.args[0]),
  );
}

/** A cast out of JSON. */
function castOf({ data, was, typeOf, refuse }: RewrittenNode, kind: 'cast' | 'try_cast'): Ast | undefined {
  const [from, to] = [typeOf(was.this), typeOfCast(data.to)];
  if (from !== 'json' || to === undefined) return undefined;
  if (hasLength(data.to)) return refuse('a text of JSON is cast to a varchar of a length', 'write varchar');
  if (kind === 'try_cast' && isNested(to))
    return refuse(
      'TRY_CAST of JSON to arrays, maps and rows is not known here',
      'CAST to array(json), and TRY_CAST each value: transform(CAST(j AS array(json)), x -> TRY_CAST(x AS integer))',
    );
  const value = withValue(data.this ?? null, 'j_0', readAs(word('j_0'), to, 1, { kind, refuse }));
  return isNested(to) ? castBy('cast', value, duckType(to)) : value;
}

interface Reading {
  readonly kind: 'cast' | 'try_cast';
  refuse(what: string, portable: string): never;
}

/** A value of JSON, found without effort, as the type; rows have no names yet. The translator reads 32 levels and no more. */
function readAs(value: Ast, to: SqlType, depth: number, read: Reading): Ast {
  const name = `j_${depth}`;
  const inner = (part: Ast, type: SqlType): Ast => readAs(part, type, depth + 1, read);
  const first = (list: Ast, body: Ast): Ast =>
    call('list_extract', call('list_transform', list, lambda([name], body)), numberOf(1));
  const element = elementOf(to);
  if (element !== undefined)
    return call(
      'list_transform',
      call('trino_json_elements', value),
      lambda([name], inner(word(name), element)),
    );
  const entry = entryOf(to);
  if (entry) {
    const [key, part] = [`k_${depth}`, `v_${depth}`];
    const keys = call(
      'list_transform',
      call('json_keys', word(name)),
      lambda([key], keyOf(word(key), entry.key, read)),
    );
    const values = call(
      'list_transform',
      call('trino_json_values', word(name)),
      lambda([part], inner(word(part), entry.value)),
    );
    return first(call('trino_json_entries', value), call('trino_map', keys, values));
  }
  const fields = fieldsOf(to);
  if (!fields) return scalarOf(value, to, read);
  const names = fields.map(({ name: field }) =>
    textOf(field ?? read.refuse('a row without names is read from JSON', 'name the fields: ROW(id integer)')),
  );
  const parts = fields.map(({ type }, i) => inner(call('list_extract', word(name), numberOf(i + 1)), type));
  return first(call('trino_json_row', value, call('list_value', ...names)), call('row', ...parts));
}

/** A key of an object, which is a text, as the key of a map. */
function keyOf(key: Ast, to: SqlType, read: Reading): Ast {
  if (to === 'varchar') return key;
  if (isWhole(to)) return castBy('cast', call('trino_integer_text', key, call('trino_not_cast', key)), to);
  return read.refuse(
    `keys of JSON become no ${to} here`,
    'take them as texts: CAST(j AS map(varchar, …)), and CAST the keys',
  );
}

function scalarOf(value: Ast, to: SqlType, read: Reading): Ast {
  if (to === 'json') return value;
  const bad = read.kind === 'cast' ? call('trino_not_json', value) : NULL;
  const as = (macro: string): Ast => castBy(read.kind, call(macro, value, bad), to);
  if (isWhole(to)) return as('trino_json_whole');
  if (to === 'double') return as('trino_json_double');
  if (decimalOf(to)) return as('trino_json_decimal');
  if (to === 'boolean') return as('trino_json_truth');
  if (to === 'varchar') return as('trino_json_text');
  return read.refuse(
    `JSON becomes no ${to} here`,
    'CAST it to boolean, integer, bigint, double, decimal(p,s) or varchar, and that to the type',
  );
}

/** Whether a type names texts of a length: Athena fails where one of JSON is longer. */
const hasLength = (to: Ast | undefined): boolean =>
  Array.isArray(to)
    ? to.some(hasLength)
    : isObject(to) &&
      ((to.data_type === 'var_char' && typeof to.length === 'number') || Object.values(to).some(hasLength));
