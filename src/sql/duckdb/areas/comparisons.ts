import { binary, call, choose, closed, isNull, lambda, NULL, numberOf, paren, word } from '../../build.ts';
import { derived, existing } from '../../build-query.ts';
import { type Ast, type AstObject, isObject } from '../../tree.ts';
import { elementOf, entryOf, fieldsOf, isFloating, type SqlType } from '../../types/sql-type.ts';
import { fieldAt, isNested } from '../nested-values.ts';
import type { Area, RewrittenNode } from './area.ts';

/**
 * Comparisons of arrays, maps and rows. Trino compares what is in them as if it stood alone: with a null inside nothing
 * can be told, unless another part differs; DuckDB takes one null for the same as another.
 */
export const COMPARISONS: Area = {
  macros: [
    `trino_array_equal(a, b, signs) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN len(a) <> len(b) THEN false
       WHEN list_contains(signs, false) THEN false WHEN len(signs) > list_count(signs) THEN NULL ELSE true END`,
    `trino_map_equal(a, b, signs) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL
       WHEN len(map_keys(a)) <> len(map_keys(b)) OR list_contains(signs, false) THEN false
       WHEN len(signs) > list_count(signs) THEN NULL ELSE true END`,
    `trino_number_equal(a, b) AS a = b AND (NOT isnan(a) OR b IS NULL)`,
    // Of the first two that differ; a null before that has no order.
    `trino_array_order(a, b) AS trino_order_at(a, b, list_position(list_transform(
       list_zip(a[1 : least(len(a), len(b))], b[1 : least(len(a), len(b))]),
       lambda p_order: coalesce(p_order[1] <> p_order[2], true)), true))`,
    `trino_order_at(a, b, place) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL
       WHEN place IS NULL THEN sign(len(a) - len(b))
       WHEN a[place] < b[place] THEN -1 WHEN a[place] > b[place] THEN 1 ELSE trino_no_order() END`,
    `trino_no_order() AS error('Arrays or rows with a null in them have no order.')`,
  ],
  kinds: {
    eq: (given) => compared(given, (a, b, types) => equal(a, b, types)),
    neq: (given) => compared(given, (a, b, types) => not(equal(a, b, types))),
    lt: ordered('lt'),
    lte: ordered('lte'),
    gt: ordered('gt'),
    gte: ordered('gte'),
    in: ({ data, was, typeOf, refuse }) => {
      const type = typeOf(was.this);
      const rows = data.query ? amongRows(data) : undefined;
      if (rows || !isNested(type)) return rows;
      if (data.query) return refuse(...SUBQUERY);
      const options = Array.isArray(data.expressions) ? data.expressions : [];
      const written = Array.isArray(was.expressions) ? was.expressions : [];
      const any = options
        .map((option, i) => equal(data.this!, option, [type, typeOf(written[i])]))
        .reduce((a, b) => binary('or', a, b));
      return data.not === true ? not(any) : paren(any);
    },
    between: ({ was, typeOf, refuse }) =>
      isNested(typeOf(was.this))
        ? refuse('arrays and rows are not compared with BETWEEN here', 'write x >= a AND x <= b')
        : undefined,
    case: ({ was, typeOf, refuse }) =>
      isNested(typeOf(was.operand))
        ? refuse('CASE does not look for an array or a row here', 'write CASE WHEN x = y THEN …')
        : undefined,
  },
  calls: {
    greatest: unordered('greatest'),
    least: unordered('least'),
    nullif: ({ args, argType }) =>
      isNested(argType(0))
        ? choose(equal(args[0]!, args[1]!, [argType(0), argType(1)]), NULL, args[0]!)
        : undefined,
  },
};

const SUBQUERY = [
  'arrays and rows that are columns are not looked for in a subquery here',
  'compare their parts: (r.a, r.b) IN (SELECT a, b FROM …), or EXISTS',
] as const;

type Types = readonly (SqlType | undefined)[];

function unordered(name: string): NonNullable<Area['calls']>[string] {
  return ({ argType, refuse }) =>
    isNested(argType(0))
      ? refuse(`${name} of arrays or rows is not known here`, 'write CASE WHEN a < b THEN … END')
      : undefined;
}

function compared(
  { data, was, typeOf }: RewrittenNode,
  say: (a: Ast, b: Ast, types: Types) => Ast,
): Ast | undefined {
  const types = [typeOf(was.left), typeOf(was.right)];
  return types.some(isNested) ? say(data.left!, data.right!, types) : undefined;
}

const not = (value: Ast): AstObject => ({ not: { this: paren(value) } });

/** Whether two values are equal, as far as that can be told: true, false or null. */
function equal(a: Ast, b: Ast, [one, other]: Types, depth = 0): Ast {
  const [elements, others] = [elementOf(one), elementOf(other)];
  if (elements !== undefined || others !== undefined) {
    const pair = `c${depth}`;
    const parts = [fieldAt(word(pair), 0), fieldAt(word(pair), 1)] as const;
    const sign = equal(...parts, [elements ?? others, others ?? elements], depth + 1);
    return call(
      'trino_array_equal',
      a,
      b,
      call('list_transform', call('trino_zip', a, b), lambda([pair], closed(sign))),
    );
  }
  const [entry, otherEntry] = [entryOf(one), entryOf(other)];
  if (entry || otherEntry) {
    const key = `c${depth}`;
    const [left, right] = [a, b].map((map) => call('trino_map_value', map, word(key))) as [Ast, Ast];
    const sign = choose(
      call('trino_map_has', b, word(key)),
      equal(left, right, [entry?.value, otherEntry?.value], depth + 1),
      { boolean: { value: false } },
    );
    return call(
      'trino_map_equal',
      a,
      b,
      call('list_transform', call('trino_map_keys', a), lambda([key], closed(sign))),
    );
  }
  const [fields, otherFields] = [fieldsOf(one) ?? fieldsOf(other), fieldsOf(other) ?? fieldsOf(one)];
  if (fields && otherFields) {
    return fields
      .map((field, i) => equal(fieldAt(a, i), fieldAt(b, i), [field.type, otherFields[i]?.type], depth))
      .reduce((x, y) => binary('and', x, y));
  }
  return isFloating(one) || isFloating(other) ? call('trino_number_equal', a, b) : binary('eq', a, b);
}

type Order = 'lt' | 'lte' | 'gt' | 'gte';

function ordered(kind: Order): (given: RewrittenNode) => Ast | undefined {
  return (given) =>
    compared(given, (a, b, [type, other]) => {
      const element = elementOf(type);
      if (element !== undefined && !isNested(element) && !isFloating(element)) {
        return binary(kind, call('trino_array_order', a, b), numberOf(0));
      }
      const fields = fieldsOf(type);
      if (!fields || fields.some((field) => isNested(field.type) || isFloating(field.type))) {
        return given.refuse(
          `${type} is not put in an order here`,
          'compare their parts: a[1] < b[1] OR (a[1] = b[1] AND a[2] < b[2])',
        );
      }
      return fieldsOf(other)?.length === fields.length ? orderedRows(kind, a, b, fields.length) : NULL;
    });
}

/** The first fields that differ decide. */
function orderedRows(kind: Order, a: Ast, b: Ast, count: number): Ast {
  const whens: Ast[] = [];
  for (let i = 0; i < count; i++) {
    const [left, right] = [fieldAt(a, i), fieldAt(b, i)];
    whens.push([binary('or', isNull(left), isNull(right)), call('trino_no_order')]);
    whens.push([binary('neq', left, right), binary(kind, left, right)]);
  }
  const isNothing = binary('or', isNull(a), isNull(b));
  const whole = {
    case: { operand: null, whens, else_: { boolean: { value: kind.endsWith('e') } }, comments: [] },
  };
  return choose(isNothing, NULL, whole);
}

/** `(x, y) IN (SELECT …)`: Trino takes one null for the same as another there, and always knows. */
function amongRows(data: AstObject): Ast | undefined {
  const left = isObject(data.this) ? data.this : {};
  const called = isObject(left.function) && /^row$/i.test(String(left.function.name)) ? left.function : {};
  const row = isObject(left.tuple) ? left.tuple.expressions : called.args;
  if (!Array.isArray(row)) return undefined;
  const names = row.map((_, i) => `trino_c${i + 1}`);
  const same = row.map((value, i): Ast => binary('null_safe_eq', value, word(names[i]!)));
  const source = derived(data.query!, 'trino_among', names);
  const found = existing(
    source,
    same.reduce((a, b) => binary('and', a, b)),
  );
  return data.not === true ? { not: { this: found } } : found;
}
