import { CALL_KINDS } from '../calls.ts';
import { isObject } from '../tree.ts';
import { argument, expression, ordered } from './expressions.ts';
import {
  either,
  flag,
  later,
  list,
  matching,
  maybe,
  oneOf,
  record,
  refuse,
  type Shape,
  text,
} from './shape.ts';
import { dataType } from './types.ts';

const value: Shape = later(() => expression);
const inArgument: Shape = later(() => argument);

/** Names that are called without parentheses, and only so. */
const BARE = /^(?:current_(?:date|time|timestamp|user|catalog|schema)|localtime|localtimestamp)$/i;
/** Written like functions, and elements of GROUP BY (see `grouping` in queries.ts). */
export const GROUPING = /^(?:rollup|cube|grouping sets)$/i;
const FUNCTION_NAME = /^[a-z_][a-z0-9_]*$/i;

const called: Shape = (given, at) => {
  const data = isObject(given) ? given : {};
  const name = String(data.name);
  if (GROUPING.test(name))
    refuse([`${name.toUpperCase()} is a part of GROUP BY`, 'write GROUP BY ROLLUP (a, b)'], at, given);
  const isBare = BARE.test(name);
  if (isBare !== (data.no_parens === true)) {
    refuse(
      [
        `${name} is written ${isBare ? 'without' : 'with'} parentheses`,
        isBare ? `write ${name}` : `write ${name}()`,
      ],
      at,
      given,
    );
  }
  record({
    name: matching(FUNCTION_NAME),
    args: list(inArgument),
    distinct: flag,
    no_parens: flag,
    ...ofAggregates,
  })(given, at);
};

/** What an aggregate or a window function may have behind its arguments. */
const ofAggregates = {
  filter: maybe(value),
  order_by: maybe(list(later(() => ordered))),
  ignore_nulls: flag,
};

/** A call that the parser makes a kind of its own: its arguments, as src/sql/calls.ts names them, and what an aggregate may have. */
const callShape = (parts: readonly string[]): Shape => {
  const fields = Object.fromEntries(
    parts.map((part) => [part, maybe(either((given) => Array.isArray(given), list(inArgument), inArgument))]),
  );
  const shape = record({
    name: maybe(text),
    original_name: maybe(text),
    distinct: flag,
    ...ofAggregates,
    ...fields,
  });
  return (given, at) => {
    // A call without arguments may have no data at all.
    if (given !== null) shape(given, at);
  };
};

/**
 * Kinds of calls with parts that are no arguments. Every other kind of call that src/sql/calls.ts names is admitted
 * with its arguments alone.
 */
const SPECIAL_CALLS: { readonly [kind: string]: Shape } = {
  count: record({
    this: maybe(value),
    star: flag,
    original_name: maybe(text),
    distinct: flag,
    ...ofAggregates,
  }),
  json_value: record({ this: value, path: value, returning: maybe(later(() => dataType)) }),
  list_agg: record({
    this: value,
    separator: maybe(value),
    distinct: flag,
    on_overflow: maybe(
      either(
        isObject,
        record({ Truncate: record({ filler: maybe(value), with_count: flag }) }),
        oneOf('Error'),
      ),
    ),
  }),
  // The form is a bare word, which the parser takes for a column.
  normalize: record({ this: value, form: maybe(value) }),
  substring: record({
    this: value,
    start: value,
    length: maybe(value),
    from_for_syntax: flag,
  }),
  trim: record({
    this: value,
    characters: maybe(value),
    position: oneOf('Both', 'Leading', 'Trailing'),
    sql_standard_syntax: flag,
    position_explicit: flag,
  }),
};

/** Every kind of node that is a call. */
export const CALLS: { readonly [kind: string]: Shape } = {
  ...Object.fromEntries(Object.entries(CALL_KINDS).map(([kind, parts]) => [kind, callShape(parts)])),
  ...SPECIAL_CALLS,
  function: called,
  aggregate_function: called,
};
