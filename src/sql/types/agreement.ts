import type { Ast, AstObject } from '../tree.ts';
import { canBecome } from './coercion.ts';
import { whyNotCompared } from './operator-types.ts';
import type { Scope } from './scope.ts';
import { commonType, isNumber, rowOf, type SqlType } from './sql-type.ts';
import type { Typing } from './typing.ts';

/** Where an expression stands that is given its type. */
export interface NodeContext {
  /** The whole node, of which `data` is what its kind holds. */
  readonly node: AstObject;
  readonly scope: Scope;
  readonly typing: Typing;
}

/** Refuses what is no condition where one is wanted. */
export function mustBeTrue(node: AstObject, type: SqlType | undefined, where: string, typing: Typing): void {
  if (type === undefined || canBecome(type, 'boolean')) return;
  typing.refuse(node, {
    what: `${where} must be true or false, and this is ${type}`,
    portable: isNumber(type) ? 'compare it: x <> 0' : 'compare it with something',
    code: 'sql-types',
  });
}

/** Refuses values that Athena does not compare. */
export function compared(
  a: SqlType | undefined,
  b: SqlType | undefined,
  inOrder: boolean,
  { node, typing }: NodeContext,
): void {
  const why = whyNotCompared(a, b, inOrder);
  if (why) typing.refuse(node, why);
}

/** The common type of several expressions, which must have one. */
export function together(
  nodes: readonly Ast[],
  { node, scope, typing }: NodeContext,
  what: string,
): SqlType | undefined {
  const types = nodes.map((item) => typing.type(item, scope));
  return commonOf(types, node, typing, what);
}

/** The common type of several; where two have none, the statement is refused. */
export function commonOf(
  types: readonly (SqlType | undefined)[],
  node: AstObject,
  typing: Typing,
  what: string,
): SqlType | undefined {
  if (types.length === 0) return 'unknown';
  let common = types[0];
  for (const type of types.slice(1)) {
    const next = commonType(common, type);
    if (next === undefined && common !== undefined && type !== undefined) {
      typing.refuse(node, {
        what: `${what} are of one type, and these are ${common} and ${type}`,
        portable: 'CAST one to the type of the other',
        code: 'sql-types',
      });
    }
    common = next;
  }
  return common;
}

/** `(1, 'a')` and `ROW(1, 'a')`: a row of fields without names. */
export function rowFrom(nodes: readonly Ast[], scope: Scope, typing: Typing): SqlType | undefined {
  const types = nodes.map((item) => typing.type(item, scope));
  return types.every((type) => type !== undefined)
    ? rowOf(types.map((type) => ({ name: undefined, type })))
    : undefined;
}
