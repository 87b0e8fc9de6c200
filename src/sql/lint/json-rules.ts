import { callOf } from '../calls.ts';
import { type Ast, type AstObject, isObject, listOf } from '../tree.ts';
import type { Types } from '../types/infer.ts';
import { elementOf, entryOf, fieldsOf, type SqlType, typeOfCast } from '../types/sql-type.ts';
import { type Finding, namesIn } from './finding.ts';

/** What takes a value of JSON, or hands it on. */
const TAKES_JSON = namesIn(
  `all_match any_match cardinality coalesce element_at filter if json_array_length json_extract json_extract_scalar
   json_format json_size map_filter map_keys map_values none_match slice transform transform_values`,
);
const HANDS_ON: ReadonlySet<string> = new Set(
  'alias case cast column dot is_null lambda paren select subquery subscript try_cast unnest'.split(' '),
);

const WAY =
  'CAST it: CAST(json_parse(j) AS array(varchar)), map(varchar, bigint) or ROW(id bigint, name varchar)';
const RESULT: Finding = ['the result has JSON in a column, which no table can hold', WAY];
const MADE: Finding = [
  'a value is made JSON, which every engine writes in its own way',
  'keep the value, or read JSON out of a text: json_parse(j)',
];
const PARTS: Finding = [
  'an array or a map of JSON is cast as a whole',
  'CAST the JSON itself, CAST(json_parse(j) AS array(integer)), or its parts: transform(a, x -> CAST(x AS integer))',
];
const USED: Finding = [
  'a value of JSON is compared, grouped, or given to what every engine does otherwise',
  WAY,
];
const PARSED: Finding = [
  'JSON that was parsed or cast is written as text, and its keys have another order in every engine',
  "write json_format(json_extract(j, '$.a')) of the text, or keep the text",
];

/** Uses of JSON as a value that have another meaning in another engine, or that cannot be kept. */
export function findJson(object: AstObject, above: readonly AstObject[], types: Types): Finding | undefined {
  if (above.length === 0 && types.columns?.some(({ type }) => holdsJson(type))) return RESULT;
  const [[kind, data] = ['', undefined], ...others] = Object.entries(object);
  if (others.length > 0) {
    const ordered = 'desc' in object ? [object.this] : listOf(object.partition_by);
    return ordered.some((one) => holdsJson(types.of(one))) ? USED : undefined;
  }
  if (!isObject(data)) return undefined;
  if (kind === 'cast' || kind === 'try_cast') return cast(data, types);
  if (kind === 'select') return selected(data, above, types);
  const call = callOf(object);
  if (call?.name === 'json_format' && !isPartOfText(call.args[0], types)) return PARSED;
  if (call ? TAKES_JSON.has(call.name) : HANDS_ON.has(kind)) return undefined;
  const parts = call ? call.args : Object.values(data).flat();
  return parts.some((part) => holdsJson(types.of(part))) ? USED : undefined;
}

function holdsJson(type: SqlType | undefined): boolean {
  if (type === undefined) return false;
  const element = elementOf(type);
  if (element !== undefined) return holdsJson(element);
  const entry = entryOf(type);
  if (entry) return holdsJson(entry.key) || holdsJson(entry.value);
  return fieldsOf(type)?.some((field) => holdsJson(field.type)) ?? type === 'json';
}

function cast(data: AstObject, types: Types): Finding | undefined {
  const [from, to] = [types.of(data.this), typeOfCast(data.to)];
  if (from === 'json' || from === to) return undefined;
  if (holdsJson(from)) return PARTS;
  return holdsJson(to) ? MADE : undefined;
}

function selected(select: AstObject, above: readonly AstObject[], types: Types): Finding | undefined {
  const keys = isObject(select.group_by) ? listOf(select.group_by.expressions) : [];
  const isSet = above.slice(0, 2).some((one) => 'union' in one || 'intersect' in one || 'except' in one);
  const distinct = select.distinct === true || isSet ? listOf(select.expressions) : [];
  return [...keys, ...distinct].some((one) => holdsJson(types.of(one))) ? USED : undefined;
}

const isPartOfText = (node: Ast | undefined, types: Types): boolean => {
  const call = isObject(node) ? callOf(node) : undefined;
  return call?.name === 'json_extract' && types.of(call.args[0]) === 'varchar';
};
