import { binaryValue, unaryValue } from './arithmetic.ts';
import {
  type AggregateExpr,
  type BinaryOp,
  type DataExpr,
  type Expr,
  grouping,
  isGrouped,
  rewrite,
  type UnaryOp,
} from './expr.ts';
import type { Query } from './query.ts';
import type { Item } from './stack.ts';
import { asExpr, asQuery } from './stack.ts';
import { type Word, WordFault, word } from './word.ts';

type Plain = AggregateExpr['op'];

const data = (aggregate: DataExpr['aggregate'], does: string): Word =>
  word(aggregate, ['query'], does, ([query]) => [{ kind: 'data', aggregate, query }]);

/** Over the groups of an expression. Of one series it is no change, except that series are counted. */
const aggregate = (op: Plain, does: string): Word =>
  word(op, ['series'], does, ([of]) => [aggregated(op, of)]);

function aggregated(op: Plain, of: Expr): Expr {
  const isOneSeries = of.kind === 'data' && of.keys === undefined && of.aggregate !== 'all';
  return isOneSeries && op !== 'count' ? of : { kind: 'aggregate', op, of };
}

/** What `:sum` and `:count` make of an item: of a query the aggregate of its datapoints. */
const summed = (op: 'sum' | 'count', item: Item): Expr => {
  const query = asQuery(item);
  return query ? { kind: 'data', aggregate: op, query } : aggregated(op, asExpr(item)!);
};

const unary = (op: UnaryOp, does: string): Word =>
  word(op, ['series'], does, ([of]) => [
    of.kind === 'const' && op !== 'per-step'
      ? { kind: 'const', value: unaryValue(op, of.value, 0) }
      : { kind: 'unary', op, of },
  ]);

const clamp = (op: 'clamp-min' | 'clamp-max', does: string): Word =>
  word(op, ['series', 'number'], does, ([of, limit]) => [{ kind: 'unary', op, of, limit }]);

const binary = (op: BinaryOp, does: string): Word =>
  word(op, ['series', 'series'], does, ([a, b]) => [joined(op, a, b)]);

function joined(op: BinaryOp, a: Expr, b: Expr): Expr {
  if (a.kind === 'const' && b.kind === 'const')
    return { kind: 'const', value: binaryValue(op, a.value, b.value) };
  if (isGrouped(a) && isGrouped(b)) {
    const left = grouping(a);
    const right = grouping(b);
    const isPart = (some: readonly string[], all: readonly string[]) =>
      some.every((key) => all.includes(key));
    if (!isPart(left, right) && !isPart(right, left))
      throw new WordFault(
        `joins series by the same tags, or by some of the other side's: one side is by ${left.join(', ')}, the other by ${right.join(', ')}`,
      );
  }
  return { kind: 'binary', op, a, b };
}

const named = (name: string, shown: Expr | Query, of: Expr): Expr => ({ kind: 'rewrite', name, shown, of });

/** Groups every aggregate in an expression that is not grouped yet, else the groups of it once more. */
function groupedBy(of: Expr, keys: readonly string[]): Expr {
  if (of.kind === 'aggregate' && isGrouped(of.of)) return regrouped(of, keys);
  if (isGrouped(of)) return regrouped({ kind: 'aggregate', op: 'sum', of }, keys);
  return rewrite(of, (expr) => {
    if (expr.kind === 'data' && expr.aggregate !== 'all') return { ...expr, keys };
    if (expr.kind === 'aggregate' && isGrouped(expr.of)) return regrouped(expr, keys);
    return undefined;
  });
}

function regrouped(of: AggregateExpr, keys: readonly string[]): Expr {
  const before = grouping(of.of);
  const unknown = keys.filter((key) => !before.includes(key));
  if (unknown.length > 0)
    throw new WordFault(`groups what is by ${before.join(', ')}, which has no ${unknown.join(', ')}`);
  return { kind: 'regroup', of, keys };
}

/** Words that make series of datapoints, and series of series. */
export const SERIES_WORDS: readonly Word[] = [
  data('sum', 'the sum of the datapoints of a step'),
  data('count', 'how many series have a datapoint'),
  data('min', 'the least'),
  data('max', 'the greatest'),
  data('all', 'every series by itself'),
  aggregate('sum', 'the sum of the groups'),
  aggregate('count', 'how many groups have a value'),
  aggregate('min', 'the least of the groups'),
  aggregate('max', 'the greatest of the groups'),
  word(
    'by',
    ['series', 'texts'],
    'a series for each combination of values of these tags',
    ([of, keys]) => [groupedBy(of, keys)],
    ([of]) => !(of.kind === 'data' && of.aggregate === 'all'),
  ),
  word(
    'avg',
    ['any'],
    'the mean of what is aggregated',
    ([item]) => [
      named('avg', asQuery(item) ?? asExpr(item)!, joined('div', summed('sum', item), summed('count', item))),
    ],
    ([item]) => asExpr(item) !== undefined,
  ),
  word('pct', ['series'], 'each group in percent of their sum', ([of]) => [
    named('pct', of, joined('mul', joined('div', of, aggregated('sum', of)), { kind: 'const', value: 100 })),
  ]),
  word('stddev', ['series'], 'the standard deviation of the groups', ([of]) => {
    // Added to zero, so that one series of datapoints counts as one group.
    const each = joined('fadd', of, { kind: 'const', value: 0 });
    const count = aggregated('count', each);
    const sum = aggregated('sum', each);
    const squares = aggregated('sum', joined('mul', each, each));
    const spread = joined('sub', joined('mul', count, squares), joined('mul', sum, sum));
    const variance = joined('div', spread, joined('mul', count, count));
    return [named('stddev', of, { kind: 'unary', op: 'sqrt', of: variance })];
  }),
  word('const', ['number'], 'a number as a series', ([value]) => [{ kind: 'const', value }]),
  word('as', ['series', 'text', 'text'], 'gives a tag another name', ([of, from, to]) => [
    { kind: 'as', of, from, to },
  ]),
  unary('abs', 'without its sign'),
  unary('neg', 'with the other sign'),
  unary('sqrt', 'the square root'),
  unary('per-step', 'a rate a second as the amount of a step'),
  clamp('clamp-min', 'at least this'),
  clamp('clamp-max', 'at most this'),
  binary('add', 'a + b; without one of them, the other'),
  binary('sub', 'a − b; without one of them, the other'),
  binary('mul', 'a × b'),
  binary('div', 'a ÷ b; 0 ÷ 0 is 0, anything else ÷ 0 is no value'),
  binary('pow', 'a to the power of b'),
  binary('fadd', 'a + b by IEEE 754'),
  binary('fsub', 'a − b by IEEE 754'),
  binary('fmul', 'a × b by IEEE 754'),
  binary('fdiv', 'a ÷ b by IEEE 754'),
  binary('gt', '1 where a > b, else 0'),
  binary('ge', '1 where a ≥ b, else 0'),
  binary('lt', '1 where a < b, else 0'),
  binary('le', '1 where a ≤ b, else 0'),
  binary('and', '1 where both are true'),
  binary('or', '1 where one is true'),
];
