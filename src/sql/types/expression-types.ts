import { callOf } from '../calls.ts';
import { type Ast, type AstObject, isObject, listOf } from '../tree.ts';
import { commonOf, compared, mustBeTrue, type NodeContext, rowFrom, together } from './agreement.ts';
import { typeOfCallNode, typeOfJoined } from './call-types.ts';
import { canCast } from './casts.ts';
import { canBecome } from './coercion.ts';
import { typeOfColumnNode, typeOfDot } from './column-types.ts';
import { isSameExpression, typeOfBetween, typeOfIn, typeOfQuantified } from './comparison-types.ts';
import { typeOfLiteral } from './literal-types.ts';
import { typeOfArithmetic } from './operator-types.ts';
import type { Scope } from './scope.ts';
import {
  arrayOf,
  elementOf,
  entryOf,
  fieldsOf,
  isInterval,
  isNumber,
  type SqlType,
  typeOfCast,
} from './sql-type.ts';
import type { Typing } from './typing.ts';
import { typeOfWindow } from './window-types.ts';

type Rule = (data: AstObject, place: NodeContext) => SqlType | undefined;

const RULES: { readonly [kind: string]: Rule } = {
  column: (data, { node, scope, typing }) => typeOfColumnNode(node, data, scope, typing),
  dot: (_data, { node, scope, typing }) => typeOfDot(node, scope, typing),
  literal: (data, place) => typeOfLiteral(data, place),
  boolean: () => 'boolean',
  interval: (data, { scope, typing }) => {
    if (isObject(data.this) && !('literal' in data.this) && !('neg' in data.this))
      typing.type(data.this, scope);
    return /year|month|quarter/i.test(JSON.stringify(data.unit ?? ''))
      ? 'interval year to month'
      : 'interval day to second';
  },
  cast: casted,
  try_cast: casted,
  extract: (data, { node, scope, typing }) => {
    const type = typing.type(data.this, scope);
    if (type !== undefined && !/^(date|time|interval|unknown)/.test(type))
      typing.refuse(node, {
        what: `nothing can be extracted from ${type}`,
        portable: 'CAST it to a date or a timestamp first',
        code: 'sql-types',
      });
    return 'bigint';
  },
  paren: (data, { scope, typing }) => typing.type(data.this, scope),
  alias: (data, { scope, typing }) => typing.type(data.this, scope),
  neg: (data, { node, scope, typing }) => {
    // The smallest of each type: without the minus its number is one too many.
    const digits = isObject(data.this) && isObject(data.this.literal) ? data.this.literal.value : undefined;
    if (digits === '9223372036854775808') return 'bigint';
    if (digits === '2147483648') return 'integer';
    const type = typing.type(data.this, scope);
    if (type === undefined || isNumber(type) || isInterval(type)) return type;
    typing.refuse(node, {
      what: type === 'unknown' ? 'the type of -NULL is unknown' : `${type} has no negative`,
      portable: type === 'unknown' ? 'say it: CAST(NULL AS integer)' : 'CAST it to a number',
      code: 'sql-types',
    });
    return undefined;
  },
  filter: (data, { scope, typing }) => {
    if (isObject(data.expression))
      mustBeTrue(data.expression, typing.type(data.expression, scope), 'the condition of FILTER', typing);
    return typing.type(data.this, scope);
  },
  // A word that is a keyword elsewhere, as the name of a column.
  identifier: (data, { node, scope, typing }) =>
    typeOfColumnNode(node, { name: data, table: null }, scope, typing),
  within_group: (data, { scope, typing }) => {
    for (const item of listOf(data.order_by)) typing.type(isObject(item) ? item.this : undefined, scope);
    return typing.type(data.this, scope);
  },
  window_function: (data, { node, scope, typing }) => typeOfWindow(node, data, scope, typing),
  subscript: subscripted,
  concat: (data, { node, scope, typing }) => typeOfJoined(node, data, scope, typing),
  unicode_string: () => 'varchar',
  ...all('json_query json_object json_array', () => 'varchar'),
  array_func: (data, place) => {
    const element = together(listOf(data.expressions), place, 'the elements of an array');
    return element && arrayOf(element);
  },
  tuple: (data, { scope, typing }) => rowFrom(listOf(data.expressions), scope, typing),
  case: typeOfCase,
  exists: (data, { scope, typing }) => {
    typing.query(data.this, scope);
    return 'boolean';
  },
  any: typeOfQuantified,
  all: typeOfQuantified,
  in: typeOfIn,
  between: typeOfBetween,
  like: (data, { node, scope, typing }) => {
    for (const side of [data.left, data.right, data.escape]) {
      const type = typing.type(side, scope);
      if (type === undefined || type === 'varchar' || type === 'char' || type === 'unknown') continue;
      typing.refuse(node, {
        what: `LIKE compares texts, and this is ${type}`,
        portable: 'CAST it to varchar',
        code: 'sql-types',
      });
    }
    return 'boolean';
  },
  is_null: (data, { scope, typing }) => {
    typing.type(data.this, scope);
    return 'boolean';
  },
  ...all('and or not is_true is_false', (data, { scope, typing }) => {
    for (const side of [data.this, data.left, data.right]) {
      if (isObject(side)) mustBeTrue(side, typing.type(side, scope), 'a condition', typing);
    }
    return 'boolean';
  }),
  ...all('eq neq lt lte gt gte null_safe_eq null_safe_neq is_distinct_from', (data, place) => {
    const { scope, typing, node } = place;
    const [a, b] = [
      typing.type(data.left ?? data.this, scope),
      typing.type(data.right ?? data.expression, scope),
    ];
    compared(
      a,
      b,
      ['lt', 'lte', 'gt', 'gte'].some((kind) => kind in node),
      place,
    );
    return 'boolean';
  }),
  ...Object.fromEntries(
    (['add', 'sub', 'mul', 'div', 'mod'] as const).map((kind): [string, Rule] => [
      kind,
      (data, { node, scope, typing }) => {
        const [a, b] = [typing.type(data.left, scope), typing.type(data.right, scope)];
        const outcome = typeOfArithmetic(kind, a, b);
        if ('type' in outcome) return outcome.type;
        typing.refuse(node, outcome.refused);
        return undefined;
      },
    ]),
  ),
};

function all(kinds: string, rule: Rule): { readonly [kind: string]: Rule } {
  return Object.fromEntries(kinds.split(' ').map((kind) => [kind, rule]));
}

/** The type of an expression by its kind, then by the function that it calls. */
export function typeOfExpression(node: AstObject, scope: Scope, typing: Typing): SqlType | undefined {
  for (const [kind, data] of Object.entries(node)) {
    if (kind === 'null' && !isObject(data)) return 'unknown';
    const rule = Object.hasOwn(RULES, kind) ? RULES[kind] : undefined;
    if (rule && isObject(data)) return rule(data, { node, scope, typing });
  }
  const call = callOf(node);
  if (call) return typeOfCallNode(node, call, scope, typing);
  for (const value of Object.values(node)) typeInside(value, scope, typing);
  return undefined;
}

/** Types what stands inside of a node whose kind says nothing, so that all names in it are looked up. */
function typeInside(value: Ast | undefined, scope: Scope, typing: Typing): void {
  if (Array.isArray(value)) for (const item of value) typeInside(item, scope, typing);
  else if (isObject(value)) {
    const [kind = ''] = Object.keys(value);
    if (Object.keys(value).length === 1 && (Object.hasOwn(RULES, kind) || callOf(value)))
      typing.type(value, scope);
    else for (const item of Object.values(value)) typeInside(item, scope, typing);
  }
}

function casted(data: AstObject, { node, scope, typing }: NodeContext): SqlType | undefined {
  const from = typing.type(data.this, scope);
  const to = typeOfCast(data.to);
  if (from !== undefined && to !== undefined && !canCast(from, to)) {
    typing.refuse(node, {
      what: `Athena has no cast from ${from} to ${to}`,
      portable: castBy(from, to),
      code: 'sql-types',
    });
  }
  return to;
}

function castBy(from: SqlType, to: SqlType): string {
  if (elementOf(from) !== undefined && to === 'varchar') return "write array_join(x, ',')";
  if (from === 'varbinary') return 'write from_utf8(x) or to_hex(x)';
  if (from === 'date' && isNumber(to)) return "write date_diff('day', DATE '1970-01-01', x)";
  if (from.startsWith('timestamp') && isNumber(to)) return 'write to_unixtime(x)';
  if (to.startsWith('timestamp') && isNumber(from)) return 'write from_unixtime(x)';
  return 'take another function, or another type on the way';
}

function subscripted(data: AstObject, { node, scope, typing }: NodeContext): SqlType | undefined {
  const [value, index] = [typing.type(data.this, scope), typing.type(data.index, scope)];
  const entry = entryOf(value);
  const fields = fieldsOf(value);
  if (value === undefined) return undefined;
  if (fields) {
    const literal =
      isObject(data.index) && isObject(data.index.literal) ? Number(data.index.literal.value) : 0;
    const field = fields[literal - 1];
    if (field) return field.type;
    return refuse(`a row of ${fields.length} fields has no such field`, 'count the fields from 1');
  }
  if (elementOf(value) === undefined && !entry)
    return refuse(`${value} is no array, map or row`, 'substr(x, n, 1) takes a character of a text');
  if (index !== undefined && !canBecome(index, entry?.key ?? 'bigint'))
    return refuse(
      `${value} is asked by ${entry?.key ?? 'bigint'}, and this is ${index}`,
      `CAST it to ${entry?.key ?? 'bigint'}`,
    );
  return entry?.value ?? elementOf(value);

  function refuse(what: string, portable: string): undefined {
    typing.refuse(node, { what, portable, code: 'sql-types' });
  }
}

function typeOfCase(data: AstObject, place: NodeContext): SqlType | undefined {
  const { node, scope, typing } = place;
  const operand = data.operand ? typing.type(data.operand, scope) : undefined;
  const results = listOf(data.whens).map((when) => {
    const [condition, result] = listOf(when);
    const type = typing.type(condition, scope);
    if (data.operand) {
      compared(operand, type, false, place);
      // Trino takes such a comparison for true without making it, and so for a null and for NaN too.
      if (condition !== undefined && isSameExpression(data.operand, condition, typing))
        typing.refuse(node, {
          what: 'a CASE compares a value with itself',
          portable: 'write CASE WHEN x IS NOT NULL THEN …, or leave that WHEN out',
          code: 'sql-types',
        });
    }
    if (!data.operand && isObject(condition)) mustBeTrue(condition, type, 'the condition after WHEN', typing);
    return typing.type(result, scope);
  });
  if (data.else_) results.push(typing.type(data.else_, scope));
  return commonOf(results, node, typing, 'the results of CASE');
}
