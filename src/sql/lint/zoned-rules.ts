import { callOf } from '../calls.ts';
import { constantNumber } from '../literal.ts';
import { type Ast, type AstObject, isObject, listOf } from '../tree.ts';
import type { Types } from '../types/infer.ts';
import { typedParts } from '../types/parts.ts';
import { isInterval, type SqlType } from '../types/sql-type.ts';
import { type Finding, namesIn } from './finding.ts';

const ZONED = 'timestamp with time zone';

/** What a time with a zone, or an interval, may stand under: kinds of nodes. */
const UNDER_KINDS =
  namesIn(`cast try_cast eq neq lt lte gt gte null_safe_eq null_safe_neq between in is_null paren alias
  case select subquery extract add sub window_function values with cte union exists dot column join`);
/** Functions that take a time with a zone. */
const OF_ZONED =
  namesIn(`at_timezone to_unixtime year quarter month week day day_of_week day_of_year year_of_week hour
  minute second millisecond date last_day_of_month date_format format_datetime date_add date_trunc date_diff
  timezone_hour timezone_minute coalesce if nullif greatest least max min max_by min_by arbitrary any_value count lag
  lead first_value last_value nth_value`);
const OF_INTERVALS = namesIn('to_milliseconds sequence coalesce if max min count arbitrary');
const UNDER_INTERVALS = namesIn('neg mul div');

const TAKE =
  "take what you need of it: CAST(x AT TIME ZONE 'America/Chicago' AS timestamp), or date_trunc, hour, …";
const KEPT: Finding = ['a time with a zone cannot be kept in a table', TAKE];
const INTERVAL_KEPT: Finding = [
  'an interval cannot be kept in a table',
  "write date_diff('day', from, to), or to_milliseconds(i)",
];
/** Trino keeps one of the zones, and which one is not said. */
const GROUPED: Finding = ['rows are put together by a time with a zone', `${TAKE}, and group by that`];

const MIXED: Finding = [
  'times with and without a zone are put into one column',
  'CAST the one with a zone to timestamp',
];

const isZoned = (type: SqlType | undefined): boolean => type === ZONED;
const isNested = (type: SqlType): boolean =>
  type !== ZONED && /with time zone|\binterval /.test(type) && type.includes('(');

/** Uses of times with a zone, and of intervals, that mean something else elsewhere or cannot be kept. */
export function findZoned(object: AstObject, above: readonly AstObject[], types: Types): Finding | undefined {
  const [[kind, data] = ['', undefined], ...others] = Object.entries(object);
  // The data of a node may hold nothing but what it is about.
  if (others.length > 0 || !isObject(data) || kind === 'this') return undefined;
  if (above.length === 0) {
    const kept = types.columns?.map(({ type }) => type) ?? columnsOf(object, types);
    if (kept.some(isZoned)) return KEPT;
    if (kept.some(isInterval)) return INTERVAL_KEPT;
  }
  if (isNested(types.of(object) ?? '')) return ['an array holds times with a zone, or intervals', TAKE];
  const distinct = distinctRows(kind, data, types);
  if (distinct) return distinct;
  const parts = typedParts(data, types);
  const zoned = parts.filter(({ type }) => isZoned(type));
  if (zoned.some(({ key }) => key === 'partition_by')) return GROUPED;
  const call = callOf(object);
  if (call?.name === 'at_timezone') return clockOf(types.of(call.args[0]), types.of(call.args[1]));
  const intervals = parts.filter(({ type }) => isInterval(type));
  if (zoned.length > 0) {
    if (call ? !OF_ZONED.has(call.name) || call.data.distinct === true : !UNDER_KINDS.has(kind))
      return [
        `${call?.name ?? kind.replaceAll('_', ' ')} of a time with a zone is not the same everywhere`,
        TAKE,
      ];
    if ((kind === 'cast' || kind === 'try_cast') && !/^(timestamp|date|time)$/.test(types.of(object) ?? ''))
      return ['a time with a zone is written differently by every engine', TAKE];
    if (kind === 'case' && data.operand && zoned.some(({ node }) => isCompared(node, data)))
      return ['a CASE compares a time with a zone', 'write CASE WHEN t = … THEN …'];
    if (kind === 'values' && isMixed(data, types)) return MIXED;
    if (kind === 'in' && data.query) return ['a time with a zone is looked for in a subquery', TAKE];
  }
  if (
    intervals.length > 0 &&
    (call
      ? !OF_INTERVALS.has(call.name)
      : kind === 'extract' || (!UNDER_KINDS.has(kind) && !UNDER_INTERVALS.has(kind)))
  )
    return [
      `${call?.name ?? kind} of an interval is not the same everywhere`,
      "use to_milliseconds(i), or date_diff('day', from, to)",
    ];
  return undefined;
}

/** DISTINCT, GROUP BY and set operations compare whole rows. */
function distinctRows(kind: string, data: AstObject, types: Types): Finding | undefined {
  if (kind === 'select') {
    const expressions = listOf(data.expressions);
    if (data.distinct === true && expressions.some((one) => isZoned(types.of(one)))) return GROUPED;
    const groups = isObject(data.group_by) ? listOf(data.group_by.expressions) : [];
    const keys = groups.map((key) => types.of(expressions[(constantNumber(key) ?? 0) - 1] ?? key));
    return keys.some(isZoned) ? GROUPED : undefined;
  }
  if (!['union', 'intersect', 'except'].includes(kind)) return undefined;
  const [left, right] = [columnsOf(data.left, types), columnsOf(data.right, types)];
  if (![...left, ...right].some(isZoned)) return undefined;
  if (kind !== 'union' || data.all !== true) return GROUPED;
  return left.some((type, i) => isZoned(type) !== isZoned(right[i])) ? MIXED : undefined;
}

/** The types of the columns of a query as they are written, without those of a star. */
function columnsOf(query: Ast | undefined, types: Types): (SqlType | undefined)[] {
  if (!isObject(query)) return [];
  const [data] = Object.values(query);
  if (!isObject(data)) return [];
  if ('select' in query) return listOf(data.expressions).map((one) => types.of(one));
  return columnsOf(data.left ?? data.this, types);
}

/** Whether a value is the operand of a CASE, or one that it is compared with. */
const isCompared = (value: Ast, { operand, whens }: AstObject): boolean =>
  value === operand || listOf(whens).some((when) => listOf(when)[0] === value);

/** Whether a column of VALUES has times with a zone and others. */
function isMixed(data: AstObject, types: Types): boolean {
  const rows = listOf(data.expressions).map((row) => (isObject(row) ? listOf(row.expressions) : []));
  return (rows[0] ?? []).some((_, i) => {
    const column = rows.map((row) => types.of(row[i])).filter((type) => type !== 'unknown');
    return column.some(isZoned) && !column.every(isZoned);
  });
}

const clockOf = (type: SqlType | undefined, zone: SqlType | undefined): Finding | undefined =>
  zone !== undefined && zone !== 'varchar'
    ? ['a zone is given by what is no text', "name it: 'America/Chicago', or '+02:00' for an offset"]
    : type === undefined || type === 'timestamp' || type === ZONED || type === 'unknown'
      ? undefined
      : [`a ${type} is read by the clock of a zone`, 'CAST it to timestamp first'];
