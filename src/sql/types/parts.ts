import { type Ast, type AstObject, isObject } from '../tree.ts';
import type { Types } from './infer.ts';
import type { SqlType } from './sql-type.ts';

/** An expression right below a node, its type, and the key of the node's data under which it lies. */
export interface TypedPart {
  readonly key: string;
  readonly node: AstObject;
  readonly type: SqlType;
}

/** The expressions of a known type right below a node: those inside of them are theirs. */
export function typedParts(data: AstObject, types: Types): TypedPart[] {
  const found: TypedPart[] = [];
  const look = (value: Ast, key: string): void => {
    if (Array.isArray(value)) for (const item of value) look(item, key);
    if (!isObject(value)) return;
    const type = types.of(value);
    if (type !== undefined) found.push({ key, node: value, type });
    else if (!isNode(value)) for (const [inner, below] of Object.entries(value)) look(below, inner);
  };
  for (const [key, value] of Object.entries(data)) look(value, key);
  return found;
}

const isNode = (value: AstObject): boolean => {
  const [only, ...others] = Object.values(value);
  return others.length === 0 && isObject(only) && !('this' in value);
};
