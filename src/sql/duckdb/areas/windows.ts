import { call } from '../../build.ts';
import { type Ast, isObject } from '../../tree.ts';
import { inCastableType } from '../rewriting.ts';
import type { Area, KindRewriting, RewrittenNode } from './area.ts';

/** Functions that take the value of another row: how far away it is, and what stands for it where there is none. */
export const WINDOWS: Area = {
  macros: [
    `trino_distance(n) AS CASE WHEN n >= 0 THEN n ELSE error('The distance of lag or lead is null or negative.') END`,
    // A null gives null.
    `trino_place(n) AS CASE WHEN n < 1 THEN error('The place of nth_value is before the first row.') ELSE n END`,
  ],
  kinds: {
    lag: away('lag'),
    lead: away('lead'),
    nth_value: ({ data }) => ({ nth_value: { ...data, offset: checked('trino_place', data.offset) } }),
  },
};

/** DuckDB turns what stands for a missing row into the type of the value, Trino both into the type they have in common. */
function away(kind: 'lag' | 'lead'): KindRewriting {
  return ({ data, was, type, typeOf, refuse }: RewrittenNode) => {
    const isZoned =
      type?.includes('zone') && [was.this, was.default].some((part) => part && typeOf(part) !== type);
    if (isZoned)
      refuse(`${kind} takes a time with a zone and a value of another type`, 'CAST both to timestamp');
    const inCommon = (value: Ast | undefined, written: Ast | undefined): Ast | undefined =>
      value === undefined || value === null || type === undefined || typeOf(written) === type
        ? value
        : inCastableType(value, type);
    const named = {
      ...data,
      this: inCommon(data.this, was.this) ?? null,
      default: inCommon(data.default, was.default) ?? null,
    };
    const { offset } = data;
    return { [kind]: offset ? { ...named, offset: checked('trino_distance', offset) } : named };
  };
}

/** A number that is written out needs no check while rows are read, if it is one of those that are allowed. */
function checked(macro: string, n: Ast | undefined): Ast {
  const literal = isObject(n) && isObject(n.literal) ? n.literal : undefined;
  const isSafe = literal?.literal_type === 'number' && /^[1-9]\d*$/.test(String(literal.value));
  return isSafe ? n! : call(macro, n ?? null);
}
