import { aggregate, binary, call, isNull, textOf } from '../../build.ts';
import { type Ast, type AstObject, isObject, listOf } from '../../tree.ts';
import { isFloating } from '../../types/sql-type.ts';
import { withoutNan } from '../rewriting.ts';
import type { Area, RewrittenCall } from './area.ts';

/** What is the longest text that Athena's listagg gives, in bytes. */
const LONGEST = 1_048_576;

/** Aggregates that give a list: listagg, and the first n of a group. */
export const GROUPS_TO_LISTS: Area = {
  macros: [
    `trino_listed(x) AS CASE WHEN strlen(x) > ${LONGEST}
       THEN error('listagg gives at most 1,048,576 bytes.') ELSE x END`,
  ],
  kinds: {
    // The translator would put a comma where no separator is written.
    list_agg: ({ data }) => ({
      list_agg: { ...data, separator: data.separator ?? textOf(''), on_overflow: null },
    }),
    within_group: ({ data }) =>
      isObject(data.this) && isObject(data.this.list_agg)
        ? call('trino_listed', inOrder(data.this.list_agg, data.order_by))
        : undefined,
    filter: ({ data }) =>
      withFilter(data.this, data.expression) ??
      around(
        data.this,
        (inner) => withFilter(inner, data.expression) ?? { filter: { ...data, this: inner } },
      ),
    window_function: ({ data }) =>
      around(data.this, (inner) => ({ window_function: { ...data, this: inner } })),
  },
  calls: {
    max: firstOf('max'),
    min: firstOf('min'),
    max_by: firstOf('arg_max_nulls_last'),
    min_by: firstOf('arg_min_nulls_last'),
  },
};

/** The translator would say so itself, but does not look into every function of a window. */
function inOrder({ this: value, separator, distinct, filter }: AstObject, order: Ast | undefined): AstObject {
  const { aggregate_function: listed } = aggregate('string_agg', [value ?? null, separator ?? null], {
    distinct: distinct ?? null,
    filter: filter ?? null,
  });
  // What is listed once is ordered by itself, in the same words.
  const items = listOf(order).map((item) =>
    distinct === true && isObject(item) && !(isObject(item.this) && item.this.literal)
      ? { ...item, this: value ?? null }
      : item,
  );
  return { aggregate_function: { ...(listed as AstObject), order_by: items } };
}

/** An aggregate that leaves some rows out by itself, with what the query leaves out. */
function withFilter(node: Ast | undefined, condition: Ast | undefined): Ast | undefined {
  const aggregate = isObject(node) && isObject(node.aggregate_function) ? node.aggregate_function : undefined;
  return isObject(aggregate?.filter) && condition
    ? { aggregate_function: { ...aggregate, filter: binary('and', condition, aggregate.filter) } }
    : undefined;
}

/** Macros around an aggregate. */
const AROUND: ReadonlySet<string> = new Set(
  'trino_listed trino_map_agg trino_map_union trino_multimap_of_rows trino_histogram'.split(' '),
);

/** What is made of an aggregate's value stands outside of what belongs to the aggregate. */
function around(node: Ast | undefined, say: (inner: Ast) => Ast): Ast | undefined {
  const given = isObject(node) && isObject(node.function) ? node.function : undefined;
  const name = String(given?.name);
  return given && AROUND.has(name) && Array.isArray(given.args)
    ? call(name, say(given.args[0] ?? null))
    : undefined;
}

/** `max(x, n)`, `max_by(x, y, n)`: the first n of a group, as an array; undefined where no n is written. */
function firstOf(name: string): (given: RewrittenCall) => Ast | undefined {
  return ({ node, args, written, argType, refuse }) => {
    const count = name.startsWith('arg_') ? 3 : 2;
    if (args.length !== count) return undefined;
    const n = written.at(-1);
    const literal = isObject(n) && isObject(n.literal) ? String(n.literal.value) : '';
    if (!/^[1-9]\d{0,3}$/.test(literal)) {
      return refuse(
        'how many are wanted of a group is a number from 1 to 9,999',
        'write the number itself: max(x, 3)',
      );
    }
    const data = [node.function, node.aggregate_function].find(isObject) ?? {};
    const place = name.startsWith('arg_') ? 1 : 0;
    const key = args[place]!;
    const isThere = isNull(key, true);
    // What is no number stands behind all others, up and down; to DuckDB it is the greatest.
    const ranked = name.includes('max') && isFloating(argType(place)) ? withoutNan(key) : key;
    return {
      aggregate_function: {
        name: name.startsWith('arg_') ? name : `arg_${name}_nulls_last`,
        args: [args[0]!, ranked, args.at(-1)!],
        distinct: data.distinct === true,
        filter: isObject(data.filter) ? binary('and', data.filter, isThere) : isThere,
        order_by: [],
      },
    };
  };
}
