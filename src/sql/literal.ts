import { type Ast, isObject } from './tree.ts';

/**
 * The text that an expression is, whatever row it stands in: a literal, or several put together by `||`; undefined for
 * anything else.
 */
export function constantText(node: Ast | undefined): string | undefined {
  if (!isObject(node)) return undefined;
  const { literal, paren, concat } = node;
  if (isObject(literal)) return literal.literal_type === 'string' ? String(literal.value) : undefined;
  if (isObject(paren)) return constantText(paren.this);
  if (!isObject(concat)) return undefined;
  const [left, right] = [constantText(concat.left), constantText(concat.right)];
  return left === undefined || right === undefined ? undefined : left + right;
}

/** The whole number that an expression is, whatever row it stands in. */
export function constantNumber(node: Ast | undefined): number | undefined {
  if (!isObject(node)) return undefined;
  const { literal, paren, neg } = node;
  if (isObject(paren)) return constantNumber(paren.this);
  if (isObject(neg)) {
    const inner = constantNumber(neg.this);
    return inner === undefined ? undefined : -inner;
  }
  const value = isObject(literal) && literal.literal_type === 'number' ? String(literal.value) : '';
  return /^-?\d{1,9}$/.test(value) ? Number(value) : undefined;
}
