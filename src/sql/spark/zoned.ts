import { callOf } from '../calls.ts';
import { SqlError } from '../errors.ts';
import type { ParsedStatement } from '../parse.ts';
import { isOffset } from '../time-zones.ts';
import { type Ast, type AstObject, isObject, placeOf, visit } from '../tree.ts';
import type { Types } from '../types/infer.ts';
import { typedParts } from '../types/parts.ts';
import { literalText } from './times.ts';

/**
 * What a zoned time of Trino is in Spark, a timestamp without a zone either way: an instant by the clock of UTC, one
 * whose zone was not kept, or what the clock of another zone shows.
 */
type Form = 'utc' | 'instant' | 'clock';

const ZONED = 'timestamp with time zone';
const words = (list: string): readonly string[] => list.trim().split(/\s+/);

const READ_A_CLOCK =
  words(`cast try_cast extract paren date_trunc year quarter month week day day_of_week day_of_year
  year_of_week hour minute second millisecond date last_day_of_month date_format format_datetime`);
const READ_AN_INSTANT = words('paren at_timezone to_unixtime');
const READ_BOTH = words('date_add date_diff add sub eq neq lt lte gt gte between is_null');
const READERS: { readonly [form in Form]: readonly string[] } = {
  clock: READ_A_CLOCK,
  instant: READ_AN_INSTANT,
  utc: [...READ_A_CLOCK, ...READ_AN_INSTANT, ...READ_BOTH],
};

/** @throws SqlError for a use of a time with a zone that a timestamp without one would answer otherwise */
export function checkZones({ ast, text }: ParsedStatement, types: Types): void {
  visit(ast, (object) => {
    const [[kind, data] = ['', undefined], ...others] = Object.entries(object);
    if (others.length > 0 || !isObject(data) || kind === 'this') return;
    const reader = callOf(object)?.name ?? kind;
    for (const { node, type } of typedParts(data, types)) {
      if (type !== ZONED) continue;
      const form = formOf(node, types);
      if (form !== undefined && READERS[form].includes(reader)) continue;
      throw new SqlError('A time with a zone is used in a way that is not translated for Spark.', {
        place: placeOf(object, text),
        hint: "CAST(t AT TIME ZONE '…' AS timestamp) first, or leave `-- engine: glue` out, so that Athena builds the model",
      });
    }
  });
}

function formOf(node: AstObject, types: Types): Form | undefined {
  if (isObject(node.paren)) return formUnder(node.paren.this, types);
  if (isObject(node.add) || isObject(node.sub)) {
    const { left, right } = (node.add ?? node.sub) as AstObject;
    return formUnder(types.of(left) === ZONED ? left : right, types) === 'utc' ? 'utc' : undefined;
  }
  const call = callOf(node);
  switch (call?.name) {
    case 'now':
    case 'current_timestamp':
      return call.args.length === 0 ? 'utc' : undefined;
    case 'from_unixtime':
      return call.args.length === 1 ? 'utc' : undefined;
    case 'from_iso8601_timestamp':
      return 'instant';
    case 'at_timezone':
      return clockOf(call.args, types);
    case 'date_trunc':
      return formUnder(call.args[1], types);
    case 'date_add':
      return formUnder(call.args[2], types) === 'utc' ? 'utc' : undefined;
    default:
      return undefined;
  }
}

function clockOf([time, zone]: readonly Ast[], types: Types): Form | undefined {
  const before = types.of(time) === ZONED ? formUnder(time, types) : 'utc';
  const name = literalText(zone);
  if (before === undefined || before === 'clock' || (name !== undefined && isOffset(name))) return undefined;
  return name === 'UTC' ? 'utc' : 'clock';
}

const formUnder = (node: Ast | undefined, types: Types): Form | undefined =>
  isObject(node) ? formOf(node, types) : undefined;
