import {
  aggregate,
  binary,
  call,
  cast,
  choose,
  isNull,
  lambda,
  NULL,
  numberOf,
  textOf,
  word,
} from '../build.ts';
import { constantNumber } from '../literal.ts';
import { type Ast, type AstObject, isObject } from '../tree.ts';
import { commonType, decimalOf, isFloating } from '../types/sql-type.ts';
import { doubleOf, numbersOf } from './numbers.ts';
import { type SparkCall, type SparkRewriting, sparkType } from './spark-call.ts';

/** Spark gives some aggregates in another type. */
const asGiven: SparkRewriting = ({ node, type, types }) =>
  decimalOf(types[0]) && type ? cast(node, sparkType(type)) : node;
const inBigint: SparkRewriting = ({ node }) => cast(node, 'BIGINT');

/** `max(x)`, `max_by(x, y)`; the first n of a group are another function. Spark takes NaN for the greatest. */
const oneOfGroup =
  (count: number): SparkRewriting =>
  ({ name, node, args, types, data, refuse }) => {
    if (args.length !== count) {
      return refuse(
        'Spark gives one value of a group, not the first n',
        'number the rows with row_number() OVER (…)',
      );
    }
    const by = args[count - 1]!;
    const type = types[count - 1];
    if (!isFloating(type) || !name.startsWith('max')) return node;
    if (count === 1) return call('coalesce', aggregate('max', [numbersOf(by, type!)], data), node);
    const number = call('named_struct', textOf('n'), not(call('isnan', by)), textOf('x'), by);
    return aggregate(name, [args[0]!, choose(isNull(by, true), number, NULL)], data);
  };

const not = (value: Ast): AstObject => ({ not: { this: value } });

/** Statistics of pairs of doubles; of whole numbers and decimals Trino makes reals. */
const ofPairs =
  (rewriting: SparkRewriting): SparkRewriting =>
  (given) =>
    given.type === 'double'
      ? rewriting(given)
      : given.refuse(`${given.name} of other numbers than doubles is a real`, 'CAST both to double');

/** A part of the statistics of pairs: sums of squares and products about the means, and the means. */
const part = ({ args, data }: SparkCall, name: string): Ast => aggregate(`regr_${name}`, args, data);

/** Null, not NaN or an error, where one side does not vary. */
const quotient = (one: Ast, other: Ast): Ast => numbersOf(call('try_divide', one, other), 'double');

const slope = (given: SparkCall): Ast => quotient(part(given, 'sxy'), part(given, 'sxx'));

const field = (struct: Ast, name: string): AstObject => ({
  dot: { this: struct, field: { name, quoted: false, trailing_comments: [] } },
});

interface Order {
  readonly by: Ast;
  readonly desc: boolean;
  readonly nullsFirst: boolean;
}

function ordersOf(list: Ast | undefined): Order[] {
  return (Array.isArray(list) ? list : []).filter(isObject).map((order) => ({
    by: order.this ?? null,
    desc: order.desc === true,
    nullsFirst: order.nulls_first === true,
  }));
}

/**
 * The values of a group as a list, in order. Spark's own aggregate leaves nulls out and knows no order: values are
 * collected in structs, behind what they are ordered by, and sorted as such.
 */
function collected(given: Pick<SparkCall, 'data' | 'refuse'>, value: Ast, orders: readonly Order[]): Ast {
  const down = orders[0]?.desc ?? false;
  if (orders.some(({ desc }) => desc !== down)) {
    given.refuse('a list is ordered up by one column and down by another', 'order by one direction');
  }
  const keys = orders.flatMap(({ by, nullsFirst }, i) => [
    textOf(`n${i}`),
    nullsFirst === down ? isNull(by) : isNull(by, true),
    textOf(`o${i}`),
    by,
  ]);
  const collect = given.data.distinct === true ? 'collect_set' : 'collect_list';
  const list = aggregate(collect, [call('named_struct', ...keys, textOf('x'), value)], {
    filter: given.data.filter ?? null,
  });
  const sorted = orders.length === 0 ? list : call('sort_array', list, { boolean: { value: !down } });
  return call('transform', sorted, lambda(['s'], field(word('s'), 'x')));
}

/** `listagg(x, ',') WITHIN GROUP (ORDER BY …)`: nulls are left out; of nothing but nulls comes null. */
export function listed(given: SparkCall, orderBy: Ast | undefined): Ast {
  const [value, separator] = given.args;
  if (isObject(given.data.on_overflow)) given.refuse('Spark cuts no long lists', 'leave ON OVERFLOW out');
  const filter = isObject(given.data.filter)
    ? binary('and', given.data.filter, isNull(value!, true))
    : isNull(value!, true);
  const list = collected({ ...given, data: { ...given.data, filter } }, value!, ordersOf(orderBy));
  return choose(
    binary('eq', call('size', list), numberOf(0)),
    NULL,
    call('array_join', list, separator ?? textOf('')),
  );
}

/** How many of the grouping columns are not grouped by, as bits from the left. */
const grouping: SparkRewriting = ({ args }) =>
  args
    .map((argument) => cast(call('grouping', argument), 'INT'))
    .reduce((left, right) => binary('add', binary('mul', numberOf(2), left), right));

/** Of what is not greater than zero Spark has none. */
function logarithm(x: Ast): Ast {
  const special = choose(binary('lt', x, numberOf(0)), doubleOf('NaN'), NULL);
  const zero = choose(binary('eq', x, numberOf(0)), doubleOf('-Infinity'), special);
  return choose(binary('gt', x, numberOf(0)), call('ln', x), zero);
}

/** Spark keeps the type of the neighbours; Trino finds one for what stands for them too. */
const neighbour: SparkRewriting = ({ name, node, types, refuse }) =>
  types[2] === undefined || commonType(types[0], types[2]) === types[0]
    ? node
    : refuse(`${name} stands for a value with one of another type`, 'CAST both to one type');

/** Aggregates and functions of windows, where Spark has other names or gives other types. */
export const AGGREGATES: { readonly [name: string]: SparkRewriting } = {
  arbitrary: ({ args, data }) => aggregate('any_value', [args[0]!, { boolean: { value: true } }], data),
  array_agg: (given) => collected(given, given.args[0]!, ordersOf(given.data.order_by)),
  avg: ({ node, types, refuse }) =>
    types[0] === 'real' || decimalOf(types[0])
      ? refuse('avg of a decimal or a real is rounded differently', 'CAST it to double')
      : node,
  bitwise_and_agg: ({ args, data }) => cast(aggregate('bit_and', args, data), 'BIGINT'),
  bitwise_or_agg: ({ args, data }) => cast(aggregate('bit_or', args, data), 'BIGINT'),
  corr: ofPairs((given) => {
    const [x, y] = [call('sqrt', part(given, 'sxx')), call('sqrt', part(given, 'syy'))];
    return quotient(part(given, 'sxy'), binary('mul', x, y));
  }),
  covar_pop: ofPairs(({ node }) => node),
  covar_samp: ofPairs(({ node }) => node),
  count: ({ node, args, types, refuse }) =>
    types[0]?.startsWith('row(') || (isObject(args[0]) && args[0].tuple)
      ? refuse('Spark counts no row with a null in it', 'count one column, or put the columns into one text')
      : node,
  dense_rank: inBigint,
  bitwise_xor_agg: ({ args, data }) => cast(aggregate('bit_xor', args, data), 'BIGINT'),
  geometric_mean: ({ args, data }) => call('exp', aggregate('avg', [logarithm(args[0]!)], data)),
  grouping,
  lag: neighbour,
  lead: neighbour,
  max: oneOfGroup(1),
  max_by: oneOfGroup(2),
  min: oneOfGroup(1),
  min_by: oneOfGroup(2),
  nth_value: ({ node, args, refuse }) =>
    constantNumber(args[1]) === undefined
      ? refuse('Spark takes the place of nth_value from no row', 'write the place out')
      : node,
  ntile: inBigint,
  rank: inBigint,
  regr_intercept: ofPairs((given) =>
    numbersOf(binary('sub', part(given, 'avgy'), binary('mul', slope(given), part(given, 'avgx'))), 'double'),
  ),
  regr_slope: ofPairs(slope),
  row_number: inBigint,
  sum: (given) =>
    given.types[0] === 'real'
      ? given.refuse('the sum of a real has other digits in Spark', 'CAST it to double')
      : asGiven(given),
};
