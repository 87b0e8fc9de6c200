import { type Ast, isObject } from '../tree.ts';
import { CALLS, GROUPING } from './calls.ts';
import { interval, literal, literalText } from './literals.ts';
import { identifier } from './names.ts';
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

/** A value: what may stand in a condition, in the SELECT list, in an argument. */
export const expression: Shape = later(() => anyExpression);

/** What may be passed to a function: a value, or a function of values. */
export const argument: Shape = later(() => anyArgument);

/** `ORDER BY x DESC NULLS FIRST`, of a query, a window or an aggregate. */
export const ordered: Shape = record({ this: expression, desc: flag, nulls_first: flag, explicit_asc: flag });

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

const binary: Shape = record({ left: expression, right: expression });
const unary: Shape = record({ this: expression });
const castTo: Shape = record({ this: expression, to: dataType });

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

/** A call, as the lists of a group and windows are made by: nothing else may stand in front of OVER or WITHIN GROUP. */
const computed: Shape = later(() => anyCall);

const windowed: Shape = (value, at) => {
  const inner = isObject(value) && isObject(value.this) ? Object.values(value.this)[0] : undefined;
  if (isObject(inner) && isObject(inner.filter)) {
    refuse(
      ['Athena has no FILTER in front of OVER', 'write CASE WHEN condition THEN x END as the argument'],
      at,
      value,
    );
  }
  record({ this: computed, over })(value, at);
};

const quantified: Shape = record({
  this: expression,
  subquery: later(() => subqueries),
  op: oneOf('Eq', 'Neq', 'Lt', 'Lte', 'Gt', 'Gte'),
});

/** Every kind of node that may stand where a value does. */
export const EXPRESSIONS: { readonly [kind: string]: Shape } = {
  ...CALLS,
  ...Object.fromEntries(BINARY.map((kind) => [kind, binary])),
  literal,
  boolean: record({ value: flag }),
  null: () => {},
  unicode_string: record({ this: literalText, escape: maybe(literalText) }),
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
  within_group: within,
  filter: record({ this: computed, expression }),
  window_function: windowed,
};

/** Every kind of node that may be passed to a function. */
export const ARGUMENTS: { readonly [kind: string]: Shape } = {
  ...EXPRESSIONS,
  lambda: record({ parameters: list(identifier), body: expression }),
};

/** Every kind of node that may be an entry of a SELECT list. */
export const SELECTED: { readonly [kind: string]: Shape } = {
  ...EXPRESSIONS,
  star: record({ table: maybe(identifier) }),
  alias: record({
    this: expression,
    alias: identifier,
    alias_explicit_as: flag,
    alias_keyword: maybe(text),
  }),
};

const anyCall: Shape = node({ ...CALLS, within_group: within }, 'a call');
const anyExpression: Shape = node(EXPRESSIONS, 'a value');
const anyArgument: Shape = node(ARGUMENTS, 'an argument');
/** One entry of a SELECT list. */
export const selected: Shape = node(SELECTED, 'a column');

/** A part of GROUP BY: a value, or sets of values. */
export const grouping: Shape = (value, at) => {
  const sets = isObject(value) && isObject(value.function) ? value.function : undefined;
  if (sets && GROUPING.test(String(sets.name))) {
    record({ function: record({ name: matching(GROUPING), args: list(grouping) }) })(value, at);
  } else {
    expression(value as Ast, at);
  }
};
