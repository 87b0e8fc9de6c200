import { paren } from '../build.ts';
import { type Ast, type AstObject, isObject, nameOf } from '../tree.ts';

/** The lambda that a node is: its parameters in small letters, and its body. */
export interface Lambda {
  readonly parameters: readonly string[];
  readonly body: Ast;
}

export function lambdaOf(node: Ast | undefined): Lambda | undefined {
  const data = isObject(node) && isObject(node.lambda) ? node.lambda : undefined;
  return data && { parameters: parametersOf(data), body: data.body ?? null };
}

const parametersOf = (data: AstObject): string[] =>
  (Array.isArray(data.parameters) ? data.parameters : []).map((p) => nameOf(p)?.toLowerCase() ?? '');

/**
 * An expression in which other expressions stand for the parameters of a lambda: as `x`, and where a field of `x` is
 * asked for. A lambda inside that has a parameter of the same name hides it.
 */
export function substitute(node: Ast, values: ReadonlyMap<string, Ast>): Ast {
  if (values.size === 0) return node;
  if (Array.isArray(node)) return node.map((item) => substitute(item, values));
  if (!isObject(node)) return node;
  if (isObject(node.lambda)) {
    const hidden = new Set(parametersOf(node.lambda));
    const rest = new Map([...values].filter(([name]) => !hidden.has(name)));
    return { lambda: { ...node.lambda, body: substitute(node.lambda.body ?? null, rest) } };
  }
  if (isObject(node.column)) {
    const qualifier = isObject(node.column.table) ? nameOf(node.column.table)?.toLowerCase() : undefined;
    const value = values.get(qualifier ?? nameOf(node.column.name)?.toLowerCase() ?? '');
    if (value === undefined) return node;
    return qualifier === undefined ? value : { dot: { this: paren(value), field: node.column.name ?? null } };
  }
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, substitute(value, values)]));
}
