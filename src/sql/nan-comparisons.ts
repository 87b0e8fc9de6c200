import { binary, call, choose, isNull, NULL, paren } from './build.ts';
import { type Ast, type AstObject, isObject, listOf } from './tree.ts';
import { isFloating, type SqlType } from './types/sql-type.ts';

/** A comparison: written for the engine already, and as it was, with the types that Trino gives its parts. */
interface Compared {
  readonly data: AstObject;
  readonly was: AstObject;
  readonly typeOf: (node: Ast | undefined) => SqlType | undefined;
}

type Comparison = (given: Compared) => Ast | undefined;

/** What is not less, and what is not greater, each with its condition. */
const GTE: Comparison = comparison('gte', 'left');
const LTE: Comparison = comparison('lte', 'right');

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
  gte: GTE,
  lt: comparison('lt', 'right'),
  lte: LTE,
  in: ({ data, was, typeOf }: Compared): Ast | undefined => {
    // In a subquery Trino looks for NaN as the engines do.
    return !data.query && mayBeNan(was.this, typeOf) ? member(data, listOf(was.expressions)) : undefined;
  },
  // A value between two others is two comparisons. Only an upper end that may be NaN is met by what is not below it.
  between: ({ data, was, typeOf }: Compared): Ast | undefined => {
    if (!mayBeNan(was.high, typeOf)) return undefined;
    const [value, low, high] = [data.this ?? null, data.low ?? null, data.high ?? null];
    const compared = (kind: 'gte' | 'lte', right: Ast, written: Ast | undefined): Ast => {
      const node = binary(kind, value, right);
      const given = { data: node[kind] as AstObject, was: { left: was.this!, right: written! }, typeOf };
      return (kind === 'gte' ? GTE : LTE)(given) ?? node;
    };
    const whole = paren(binary('and', compared('gte', low, was.low), compared('lte', high, was.high)));
    return data.not === true ? paren({ not: { this: whole } }) : whole;
  },
} satisfies { readonly [kind: string]: Comparison };

/** Whether a value that may be NaN is in a list: it never is, and with a null in the list nothing can be told. */
function member(data: AstObject, written: readonly Ast[]): Ast {
  const isNot = data.not === true;
  const isNan = call('isnan', data.this);
  const nulls = listOf(data.expressions)
    .filter((_, i) => !isWrittenOut(written[i]))
    .map((item) => isNull(item));
  const answer: Ast = { boolean: { value: isNot } };
  const known =
    nulls.length === 0
      ? answer
      : choose(
          nulls.reduce((a, b) => binary('or', a, b)),
          NULL,
          answer,
        );
  const nanOr = binary(isNot ? 'and' : 'or', isNot ? isNan : { not: { this: isNan } }, known);
  return paren(binary(isNot ? 'or' : 'and', { in: data }, nanOr));
}

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

/**
 * `CASE x WHEN y` compares as `=` does: where both may be NaN, every value is compared by itself. Undefined: the engine
 * compares alike.
 */
export function lookedFor({ data, was, typeOf }: Compared): AstObject | undefined {
  const written = listOf(was.whens).map((when) => listOf(when)[0]);
  if (!mayBeNan(was.operand, typeOf) || !written.some((value) => mayBeNan(value, typeOf))) return undefined;
  const whens = listOf(data.whens).map((when, i): Ast => {
    const [value, result] = listOf(when);
    const equal = binary('eq', data.operand!, value!);
    const given = { data: equal.eq as AstObject, was: { left: was.operand!, right: written[i]! }, typeOf };
    return [NAN_COMPARISONS.eq(given) ?? equal, result!];
  });
  return { ...data, operand: null, whens };
}
