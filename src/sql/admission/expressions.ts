import { CALL_KINDS } from '../calls.ts';
import { type Ast, isObject } from '../tree.ts';
import { subqueries } from './queries.ts';
import {
  either,
  flag,
  later,
  list,
  matching,
  maybe,
  node,
  oneOf,
  pair,
  record,
  refuse,
  type Shape,
  text,
} from './shape.ts';
import { dataType } from './types.ts';
import { over, within } from './windows.ts';

/** A name: `{ name, quoted }`. */
export const identifier: Shape = record({ name: text, quoted: flag });

/** A value: what may stand in a condition, in the SELECT list, in an argument. */
export const expression: Shape = later(() => anyExpression);

/** What may be passed to a function: a value, or a function of values. */
const argument: Shape = later(() => anyArgument);

/** `ORDER BY x DESC NULLS FIRST`, of a query, a window or an aggregate. */
export const ordered: Shape = record({ this: expression, desc: flag, nulls_first: flag, explicit_asc: flag });

/** Whole numbers, decimals and doubles as Trino writes them: no `1_000`, no `0x1F`. */
const NUMBER = /^(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

const literal: Shape = (value, at) =>
  record({
    literal_type: oneOf('string', 'number', 'date', 'time', 'timestamp', 'hex_string'),
    value: isObject(value) && value.literal_type === 'number' ? matching(NUMBER) : text,
  })(value, at);

const literalText = node({ literal: record({ literal_type: oneOf('string'), value: text }) }, 'a text');

const UNIT = oneOf('Year', 'Month', 'Day', 'Hour', 'Minute', 'Second');
const interval: Shape = record({
  this: (value, at) => {
    const signed = isObject(value) && isObject(value.neg) ? value.neg.this : value;
    if (!isObject(signed) || !isObject(signed.literal)) refuseInterval(at);
    literalText(signed, at);
  },
  unit: (value, at) => {
    const isSpan = isObject(value) && value.type === 'span';
    record(isSpan ? { type: text, this: UNIT, expression: UNIT } : { type: oneOf('simple'), unit: UNIT })(
      value,
      {
        ...at,
        part: 'interval.unit',
      },
    );
  },
});

const refuseInterval = (at: Parameters<Shape>[1]): never =>
  refuse(
    [
      'the number of an interval is a text that is written out',
      "write INTERVAL '2' DAY, or date_add('day', n, d) for a number that is computed",
    ],
    at,
  );

const FIELDS = [
  'Year',
  'Quarter',
  'Month',
  'Week',
  'Day',
  'DayOfWeek',
  'DayOfYear',
  'Hour',
  'Minute',
  'Second',
  'TimezoneHour',
  'TimezoneMinute',
];
/** Fields of EXTRACT that the parser has no name for. */
const MORE_FIELDS = /^(?:day_of_month|day_of_week|day_of_year|dow|doy|year_of_week|yow)$/i;

const extract: Shape = record({
  this: expression,
  field: either(isObject, record({ Custom: matching(MORE_FIELDS) }), oneOf(...FIELDS)),
});

const trim: Shape = record({
  this: expression,
  characters: maybe(expression),
  position: oneOf('Both', 'Leading', 'Trailing'),
  sql_standard_syntax: flag,
  position_explicit: flag,
});

const binary: Shape = record({ left: expression, right: expression });
const unary: Shape = record({ this: expression });
const castTo: Shape = record({ this: expression, to: dataType });

/** Names that are called without parentheses, and only so. */
const BARE = /^(?:current_(?:date|time|timestamp|user|catalog|schema)|localtime|localtimestamp)$/i;
/** Written like functions, and elements of GROUP BY (see `grouping` in queries.ts). */
export const GROUPING = /^(?:rollup|cube|grouping sets)$/i;
const FUNCTION_NAME = /^[a-z_][a-z0-9_]*$/i;

const called: Shape = (value, at) => {
  const data = isObject(value) ? value : {};
  const name = String(data.name);
  if (GROUPING.test(name))
    refuse([`${name.toUpperCase()} is a part of GROUP BY`, 'write GROUP BY ROLLUP (a, b)'], at, value);
  const isBare = BARE.test(name);
  if (isBare !== (data.no_parens === true)) {
    refuse(
      [
        `${name} is written ${isBare ? 'without' : 'with'} parentheses`,
        isBare ? `write ${name}` : `write ${name}()`,
      ],
      at,
      value,
    );
  }
  record({
    name: matching(FUNCTION_NAME),
    args: list(argument),
    distinct: flag,
    no_parens: flag,
    ...ofAggregates,
  })(value, at);
};

/** What an aggregate or a window function may have behind its arguments. */
const ofAggregates = {
  filter: maybe(expression),
  order_by: maybe(list(ordered)),
  ignore_nulls: flag,
};

/** A call that the parser makes a kind of its own: its arguments, as src/sql/calls.ts names them, and what an aggregate may have. */
const callShape = (parts: readonly string[]): Shape => {
  const fields = Object.fromEntries(
    parts.map((part) => [part, maybe(either((value) => Array.isArray(value), list(argument), argument))]),
  );
  const shape = record({
    name: maybe(text),
    original_name: maybe(text),
    distinct: flag,
    ...ofAggregates,
    ...fields,
  });
  return (value, at) => {
    // A call without arguments may have no data at all.
    if (value !== null) shape(value, at);
  };
};

/**
 * Kinds of calls with parts that are no arguments. Every other kind of call that src/sql/calls.ts names is admitted
 * with its arguments alone.
 */
const SPECIAL_CALLS: { readonly [kind: string]: Shape } = {
  count: record({
    this: maybe(expression),
    star: flag,
    original_name: maybe(text),
    distinct: flag,
    ...ofAggregates,
  }),
  substring: record({
    this: expression,
    start: expression,
    length: maybe(expression),
    from_for_syntax: flag,
  }),
  trim,
};

const calls = (): { [kind: string]: Shape } =>
  Object.fromEntries(Object.entries(CALL_KINDS).map(([kind, parts]) => [kind, callShape(parts)]));

const BINARY = [
  'and',
  'or',
  'add',
  'sub',
  'mul',
  'div',
  'mod',
  'concat',
  'eq',
  'neq',
  'lt',
  'lte',
  'gt',
  'gte',
  'null_safe_eq',
  'null_safe_neq',
];

const quantified: Shape = record({
  this: expression,
  subquery: later(() => subqueries),
  op: oneOf('Eq', 'Neq', 'Lt', 'Lte', 'Gt', 'Gte'),
});

/** Every kind of node that may stand where a value does. */
export const EXPRESSIONS: { readonly [kind: string]: Shape } = {
  ...calls(),
  ...SPECIAL_CALLS,
  ...Object.fromEntries(BINARY.map((kind) => [kind, binary])),
  literal,
  boolean: record({ value: flag }),
  null: () => {},
  unicode_string: record({ this: literalText }),
  column: record({ name: identifier, table: maybe(identifier) }),
  dot: record({ this: expression, field: identifier }),
  subscript: record({ this: expression, index: expression }),
  paren: unary,
  tuple: record({ expressions: list(expression) }),
  array_func: record({ expressions: list(expression), bracket_notation: flag }),
  neg: unary,
  not: unary,
  between: record({ this: expression, low: expression, high: expression, not: flag }),
  in: record({
    this: expression,
    expressions: list(expression),
    query: maybe(later(() => subqueries)),
    not: flag,
  }),
  is_null: record({ this: expression, not: flag }),
  like: record({ left: expression, right: expression, escape: maybe(expression) }),
  exists: record({ this: later(() => subqueries), not: flag }),
  any: quantified,
  all: quantified,
  subquery: (value, at) => subqueries({ subquery: value ?? null }, at),
  case: record({
    operand: maybe(expression),
    whens: list(pair(expression, expression)),
    else_: maybe(expression),
  }),
  cast: castTo,
  try_cast: castTo,
  interval,
  extract,
  function: called,
  aggregate_function: called,
  within_group: within,
  filter: record({ this: expression, expression }),
  window_function: record({ this: expression, over }),
};

const lambda: Shape = record({ parameters: list(identifier), body: expression });
const anyExpression: Shape = node(EXPRESSIONS, 'a value');
const anyArgument: Shape = node({ ...EXPRESSIONS, lambda }, 'an argument');

/** One entry of a SELECT list. */
export const selected: Shape = node(
  {
    ...EXPRESSIONS,
    star: record({ table: maybe(identifier) }),
    alias: record({
      this: expression,
      alias: identifier,
      alias_explicit_as: flag,
      alias_keyword: maybe(text),
    }),
  },
  'a column',
);

/** A part of GROUP BY: a value, or sets of values. */
export const grouping: Shape = (value, at) => {
  const sets = isObject(value) && isObject(value.function) ? value.function : undefined;
  if (sets && GROUPING.test(String(sets.name))) {
    record({ function: record({ name: matching(GROUPING), args: list(grouping) }) })(value, at);
  } else {
    expression(value as Ast, at);
  }
};
