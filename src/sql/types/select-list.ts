import { type Ast, isObject, nameOf } from '../tree.ts';

/** `*` or `t.*`, which is a star of its own or a column of that name to the parser. */
export function starOf(expression: Ast): { readonly qualifier: string | undefined } | undefined {
  if (!isObject(expression)) return undefined;
  const { star, column } = expression;
  if (isObject(star))
    return { qualifier: isObject(star.table) ? nameOf(star.table)?.toLowerCase() : undefined };
  if (!isObject(column) || nameOf(column.name) !== '*') return undefined;
  return { qualifier: isObject(column.table) ? nameOf(column.table)?.toLowerCase() : undefined };
}

/** What stands in the SELECT list, without the name that it is given there. */
export const unaliased = (expression: Ast): Ast =>
  isObject(expression) && isObject(expression.alias) && expression.alias.this !== undefined
    ? expression.alias.this
    : expression;

/** The alias that the SELECT list gives. */
export const aliasOf = (expression: Ast): string | undefined =>
  isObject(expression) && isObject(expression.alias)
    ? nameOf(expression.alias.alias)?.toLowerCase()
    : undefined;

/** The name that a column of the SELECT list gives or has; none for an expression without an alias. */
export function givenName(expression: Ast): string | undefined {
  const data = isObject(expression)
    ? (expression.alias ?? expression.column ?? (isNames(expression) ? expression.dot : undefined))
    : undefined;
  const name = isObject(data) ? (nameOf(data.alias) ?? nameOf(data.name) ?? nameOf(data.field)) : undefined;
  return name?.toLowerCase();
}

/** `r.x`, `t.r.x`: a field of what is no column, `f(x).y`, gives no name. */
const isNames = (node: Ast | undefined): boolean =>
  isObject(node) && (isObject(node.column) || (isObject(node.dot) && isNames(node.dot.this)));
