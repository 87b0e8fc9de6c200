import { call, numberOf } from '../../build.ts';
import { NAN_COMPARISONS } from '../../nan-comparisons.ts';
import { type Ast, isObject } from '../../tree.ts';
import { isFloating } from '../../types/sql-type.ts';
import type { Area, KindRewriting, RewrittenNode } from './area.ts';

/**
 * Comparisons and orders of doubles, among which DuckDB knows one place for NaN: the greatest number. Trino puts it
 * before all numbers with NULLS FIRST, and behind them with DESC NULLS FIRST.
 */
export const NOT_A_NUMBER: Area = {
  macros: ['trino_nan_first(x) AS CASE WHEN x IS NULL THEN NULL ELSE row(NOT isnan(x), x) END'],
  kinds: { ...NAN_COMPARISONS, ordered: inOrder },
};

function inOrder({ data, was, typeOf, refuse }: RewrittenNode): ReturnType<KindRewriting> {
  const type = typeOf(was.this);
  if (data.nulls_first === true && isFloating(type))
    return { ...data, this: call('trino_nan_first', data.this ?? null) };
  if (data.nulls_first === true && /\b(double|real)\b/.test(type ?? ''))
    return refuse(
      'NULLS FIRST also changes the place of NaN among arrays and rows',
      'order by the parts, or leave NULLS FIRST out',
    );
  // A constant gives no order, and DuckDB takes none but a whole number.
  return isConstant(was.this) ? { ...data, this: numberOf(1) } : undefined;
}

function isConstant(node: Ast | undefined): boolean {
  if (!isObject(node)) return false;
  const inner = [node.cast, node.try_cast, node.paren].find(isObject);
  if (inner) return isConstant(inner.this);
  const literal = isObject(node.literal) ? node.literal : undefined;
  return 'null' in node || 'boolean' in node || (literal !== undefined && literal.literal_type !== 'number');
}
