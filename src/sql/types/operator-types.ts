import { isOrderable } from './coercion.ts';
import type { Finding } from './finding.ts';
import {
  asDecimal,
  commonType,
  decimal,
  decimalOf,
  isFloating,
  isInterval,
  isNumber,
  isTime,
  isWhole,
  type SqlType,
} from './sql-type.ts';

/** What an operator gives: a type (undefined where those of its sides are not known), or why it gives nothing. */
export type Outcome = { readonly type: SqlType | undefined } | { readonly refused: Finding };

type Arithmetic = 'add' | 'sub' | 'mul' | 'div' | 'mod';

const SIGNS: { readonly [operator: string]: string } = { add: '+', sub: '-', mul: '*', div: '/', mod: '%' };

export const refusal = (what: string, portable: string): { readonly refused: Finding } => ({
  refused: { what, portable, code: 'sql-types' },
});

/** The type of `a + b` and its like. Source: Trino's operators, https://trino.io/docs/current/functions/decimal.html */
export function typeOfArithmetic(
  operator: Arithmetic,
  a: SqlType | undefined,
  b: SqlType | undefined,
): Outcome {
  if (a === undefined || b === undefined) return { type: undefined };
  const type = typeOfTimes(operator, a, b) ?? typeOfNumbers(operator, a, b);
  if (type) return { type };
  if (a === 'unknown' && b === 'unknown')
    return refusal(`the type of NULL ${SIGNS[operator]} NULL is unknown`, 'say it: CAST(NULL AS integer)');
  return refusal(`Athena has no ${a} ${SIGNS[operator]} ${b}`, wayOf(operator, a, b));
}

function wayOf(operator: Arithmetic, a: SqlType, b: SqlType): string {
  if ((isTime(a) && isNumber(b)) || (isNumber(a) && isTime(b)))
    return operator === 'sub'
      ? "write x - INTERVAL '1' DAY, or date_add('day', -n, x)"
      : "write x + INTERVAL '1' DAY, or date_add('day', n, x)";
  if (operator === 'add' && a === 'varchar' && b === 'varchar') return 'texts are joined by a || b';
  return 'CAST one side to the type of the other';
}

function typeOfNumbers(operator: Arithmetic, a: SqlType, b: SqlType): SqlType | undefined {
  if (a === 'unknown')
    return isNumber(b) ? typeOfNumbers(operator, isWhole(b) ? b : likeNull(b), b) : undefined;
  if (b === 'unknown')
    return isNumber(a) ? typeOfNumbers(operator, a, isWhole(a) ? a : likeNull(a)) : undefined;
  if (!isNumber(a) || !isNumber(b)) return undefined;
  const isDecimal = decimalOf(a) !== undefined || decimalOf(b) !== undefined;
  if (!isDecimal || isFloating(a) || isFloating(b)) return commonType(a, b);
  const [left, right] = [asDecimal(a)!, asDecimal(b)!];
  const scale = Math.max(left.scale, right.scale);
  const [before, after] = [left.precision - left.scale, right.precision - right.scale];
  switch (operator) {
    case 'mul':
      return decimal(left.precision + right.precision, left.scale + right.scale);
    case 'div':
      return decimal(left.precision + right.scale + Math.max(0, right.scale - left.scale), scale);
    case 'mod':
      return decimal(Math.min(before, after) + scale, scale);
    default:
      return decimal(scale + Math.max(before, after) + 1, scale);
  }
}

/** A NULL among decimals has one digit. */
const likeNull = (type: SqlType): SqlType => (decimalOf(type) ? 'decimal(1,0)' : type);

function typeOfTimes(operator: Arithmetic, a: SqlType, b: SqlType): SqlType | undefined {
  if (operator === 'add' || operator === 'sub') {
    if (isInterval(a) && a === b) return a;
    if (isInterval(b) && takesInterval(a, b)) return a;
    if (operator === 'add' && isInterval(a) && takesInterval(b, a)) return b;
    const isPair = isTime(a) && isTime(b);
    return operator === 'sub' && (isPair || (a === 'time' && b === 'time'))
      ? 'interval day to second'
      : undefined;
  }
  if (operator === 'mul' && isInterval(b) && isNumber(a)) return b;
  return (operator === 'mul' || operator === 'div') && isInterval(a) && isNumber(b) ? a : undefined;
}

const takesInterval = (type: SqlType, interval: SqlType): boolean =>
  isTime(type) || (type.startsWith('time') && interval === 'interval day to second');

/** Why values of two types cannot be compared; undefined where they can, or where a type is not known. */
export function whyNotCompared(
  a: SqlType | undefined,
  b: SqlType | undefined,
  inOrder: boolean,
): Finding | undefined {
  if (a === undefined || b === undefined) return undefined;
  const common = commonType(a, b);
  if (common === undefined) {
    const [text, other] = a === 'varchar' ? [a, b] : [b, a];
    const what = text === 'varchar' ? `a text is compared with ${other}` : `${a} is compared with ${b}`;
    return { what, portable: compareBy(text, other), code: 'sql-types' };
  }
  return inOrder && !isOrderable(common)
    ? { what: `values of ${common} have no order`, portable: 'compare a part of them', code: 'sql-types' }
    : undefined;
}

function compareBy(text: SqlType, other: SqlType): string {
  if (text === 'varchar' && (other === 'date' || other.startsWith('timestamp'))) {
    const type = other === 'date' ? 'date' : 'timestamp';
    return `CAST one side to the type of the other: CAST(x AS ${type}), or ${type.toUpperCase()} '…' for what is written out`;
  }
  return 'CAST one side to the type of the other';
}
