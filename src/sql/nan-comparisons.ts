import { binary, call, isNull } from './build.ts';
import { type Ast, type AstObject, isObject } from './tree.ts';
import { isFloating, type SqlType } from './types/sql-type.ts';

/** A comparison: written for the engine already, and as it was, with the types that Trino gives its parts. */
interface Compared {
  readonly data: AstObject;
  readonly was: AstObject;
  readonly typeOf: (node: Ast | undefined) => SqlType | undefined;
}

type Comparison = (given: Compared) => Ast | undefined;

/**
 * NaN is neither equal to, less nor greater than anything in Trino; in DuckDB and in Spark it is equal to itself and
 * greater than all others. A comparison of doubles keeps its form, so that files are still skipped by their least and
 * greatest values and joins still hash, and gets a condition more for the side that may be NaN. By kind of node;
 * undefined: the comparison is left as it is.
 */
export const NAN_COMPARISONS = {
  eq: comparison('eq', 'left'),
  neq: ({ data, was, typeOf }: Compared): Ast | undefined => {
    const side = mayBeNan(was.left, typeOf) && mayBeNan(was.right, typeOf) ? data.left : undefined;
    if (side === undefined) return undefined;
    const isNan = binary('and', call('isnan', side), isNull(data.right ?? null, true));
    return { paren: { this: binary('or', { neq: data }, isNan), trailing_comments: [] } };
  },
  gt: comparison('gt', 'left'),
  gte: comparison('gte', 'left'),
  lt: comparison('lt', 'right'),
  lte: comparison('lte', 'right'),
  in: ({ data, was, typeOf }: Compared): Ast | undefined =>
    mayBeNan(was.this, typeOf) ? corrected({ in: data }, data.this ?? null, data.not === true) : undefined,
  between: ({ data, was, typeOf }: Compared): Ast | undefined =>
    mayBeNan(was.high, typeOf)
      ? corrected({ between: data }, data.high ?? null, data.not === true)
      : undefined,
};

/** Whether a value is of a type that knows NaN, and is not written out as a number. */
const mayBeNan = (node: Ast | undefined, typeOf: Compared['typeOf']): boolean =>
  isFloating(typeOf(node)) && !isWrittenOut(node);

function isWrittenOut(node: Ast | undefined): boolean {
  if (!isObject(node)) return false;
  const inner = [node.neg, node.paren].find(isObject);
  return isObject(node.literal) || (inner !== undefined && isWrittenOut(inner.this));
}

/** @param side the one whose NaN the engine would take for the greatest; for equality either will do */
function comparison(kind: string, side: 'left' | 'right'): Comparison {
  const otherSide = side === 'left' ? 'right' : 'left';
  return ({ data, was, typeOf }) => {
    // Two values are equal and NaN only if both may be it.
    const isMeant = mayBeNan(was[side], typeOf) && (kind !== 'eq' || mayBeNan(was[otherSide], typeOf));
    if (!isMeant) return undefined;
    const isNumber: Ast = { not: { this: call('isnan', data[side]) } };
    const other = data[otherSide] ?? null;
    // A null beside NaN still makes the comparison null.
    const condition = isWrittenOut(was[otherSide]) ? isNumber : binary('or', isNumber, isNull(other));
    return { paren: { this: binary('and', { [kind]: data }, condition), trailing_comments: [] } };
  };
}

/** A membership that NaN has in the engine alone. */
function corrected(node: AstObject, value: Ast, isNot: boolean): Ast {
  const isNan = call('isnan', value);
  const whole = isNot ? binary('or', node, isNan) : binary('and', node, { not: { this: isNan } });
  return { paren: { this: whole, trailing_comments: [] } };
}
