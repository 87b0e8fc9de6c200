import { paren } from '../build.ts';
import { type Ast, type AstObject, isObject, listOf, nameOf, visit } from '../tree.ts';

/**
 * Writes what the SELECT list calls by a name out in the expressions of ORDER BY, as in `ORDER BY abs(n)`: Trino looks
 * for the name in the list before it looks in the tables, and DuckDB takes no name there of what may stop with an error.
 * A name by itself is left as it is, and so is one of an expression in which DuckDB would take a column for a name again.
 */
export function withoutAliasesInOrderBy(select: AstObject): AstObject {
  const order = isObject(select.order_by) ? select.order_by : undefined;
  const named = new Map<string, Ast>();
  for (const expression of listOf(select.expressions)) {
    const alias = isObject(expression) && isObject(expression.alias) ? expression.alias : undefined;
    const name = nameOf(alias?.alias)?.toLowerCase();
    if (alias && name !== undefined) named.set(name, paren(alias.this ?? null));
  }
  if (!order || named.size === 0) return select;
  const free = new Map([...named].filter(([, value]) => !usesAny(value, named)));
  const expressions = listOf(order.expressions).map((item) =>
    isObject(item) && !(isObject(item.this) && item.this.column)
      ? { ...item, this: writtenOut(item.this ?? null, free) }
      : item,
  );
  return { ...select, order_by: { ...order, expressions } };
}

/** Whether an expression has a column without its table that is called like one of the list. */
function usesAny(expression: Ast, named: ReadonlyMap<string, Ast>): boolean {
  let isUsed = false;
  visit(expression, ({ column }) => {
    isUsed ||= isObject(column) && !column.table && named.has(nameOf(column.name)?.toLowerCase() ?? '');
  });
  return isUsed;
}

function writtenOut(node: Ast, named: ReadonlyMap<string, Ast>): Ast {
  if (Array.isArray(node)) return node.map((item) => writtenOut(item, named));
  if (!isObject(node) || isObject(node.select)) return node;
  if (isObject(node.lambda)) {
    const own = new Set(listOf(node.lambda.parameters).map((one) => nameOf(one)?.toLowerCase()));
    const others = new Map([...named].filter(([name]) => !own.has(name)));
    return { lambda: { ...node.lambda, body: writtenOut(node.lambda.body ?? null, others) } };
  }
  const column = isObject(node.column) && !node.column.table ? node.column : undefined;
  const value = column && named.get(nameOf(column.name)?.toLowerCase() ?? '');
  if (value !== undefined) return value;
  return Object.fromEntries(Object.entries(node).map(([key, part]) => [key, writtenOut(part, named)]));
}
