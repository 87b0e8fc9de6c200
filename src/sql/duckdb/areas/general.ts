import { binary, call, cast, choose, closed, isNull, NULL, textOf } from '../../build.ts';
import { lookedFor } from '../../nan-comparisons.ts';
import type { Ast } from '../../tree.ts';
import { decimalOf, isFloating } from '../../types/sql-type.ts';
import { withoutNan } from '../rewriting.ts';
import type { Area, CallRewriting, RewrittenNode } from './area.ts';

/** What takes values of any type. */
export const GENERAL: Area = {
  macros: [],
  kinds: {
    case: (given) => {
      const compared = lookedFor(given);
      const whole = inDecimal('case', { ...given, data: compared ?? given.data });
      return whole ?? (compared && { case: compared });
    },
    if_func: chosen,
    coalesce: (given) => inDecimal('coalesce', given),
  },
  calls: {
    // What may fail inside of it gives null by itself; see catch-errors.ts.
    try: ({ args }) => closed(args[0] ?? null),
    greatest: extreme('greatest'),
    least: extreme('least'),
    // NaN is not equal to NaN; see not-a-number.ts.
    nullif: ({ args, argType }) => {
      const [a, b] = args as [Ast, Ast];
      if (!isFloating(argType(0)) || !isFloating(argType(1))) return undefined;
      const isSame = binary('and', binary('eq', a, b), { not: { this: call('isnan', a) } });
      return choose(isSame, NULL, a);
    },
  },
};

/** DuckDB gives the digits of what is written to whole numbers among decimals, Trino those of their types. */
function inDecimal(kind: string, { data, type }: RewrittenNode): Ast | undefined {
  return type !== undefined && decimalOf(type) ? cast({ [kind]: data }, type) : undefined;
}

/** IF as CASE: the generator leaves one of two arguments as it is within some calls, which DuckDB does not read. */
function chosen({ data, type }: RewrittenNode): Ast | undefined {
  if (type?.includes('zone')) return undefined;
  const answer = choose(data.condition ?? null, data.true_value ?? null, data.false_value ?? NULL);
  return type !== undefined && decimalOf(type) ? cast(answer, type) : answer;
}

/** Null as soon as one is null; what is no number counts only where there is nothing else. */
function extreme(name: 'greatest' | 'least'): CallRewriting {
  return ({ args, type }) => {
    const isNothing = args.map((arg) => isNull(arg)).reduce((a, b) => binary('or', a, b));
    const mayBeNan = name === 'greatest' && isFloating(type);
    const kept = mayBeNan ? args.map((arg) => withoutNan(cast(arg, type!))) : args;
    const found = kept.length === 1 ? kept[0]! : call(name, ...kept);
    const whole = mayBeNan ? call('coalesce', found, cast(textOf('NaN'), type!)) : found;
    const answer = choose(isNothing, NULL, whole);
    return type !== undefined && decimalOf(type) ? cast(answer, type) : answer;
  };
}
