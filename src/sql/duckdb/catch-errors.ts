import { binary, call, cast, castBy, numberOf } from '../build.ts';
import { callOf } from '../calls.ts';
import { type Ast, type AstObject, isObject, visit } from '../tree.ts';
import { overflows, tried } from '../tries.ts';
import type { Types } from '../types/infer.ts';
import { isFloating, isNarrow, isWhole } from '../types/sql-type.ts';

/** The nodes of a statement that give null where they fail, since a `try` stands around them. */
export function caughtIn(statement: Ast, types: Types): ReadonlySet<AstObject> {
  const found = new Set<AstObject>();
  visit(statement, (object) => {
    const call = callOf(object);
    if (call?.name === 'try') for (const node of tried(call.args[0], types.of).caught) found.add(node);
  });
  return found;
}

/** A node to be said in DuckDB's words, and the same as it was; without that where it is said already. */
interface Catching {
  readonly object: AstObject;
  readonly was?: AstObject;
}

/** A node that is caught, over its rewritten parts, as one that gives null where it would fail. */
export function catching(object: AstObject, was: AstObject, types: Types): Catching {
  if (isObject(object.cast))
    return { object: { try_cast: object.cast }, was: { try_cast: was.cast ?? null } };
  const [[kind, data] = ['', null]] = Object.entries(object);
  const type = types.of(was);
  if (!isObject(data) || type === undefined || isFloating(type)) return { object, was };
  if (overflows(was, types.of)) {
    const [number] = callOf(object)?.args ?? [data.this ?? null];
    const wide = cast(number ?? null, 'hugeint');
    return { object: castBy('try_cast', kind === 'neg' ? { neg: { this: wide } } : call('abs', wide), type) };
  }
  if (kind === 'div' || kind === 'mod') {
    const right = call('nullif', data.right, numberOf(0));
    if (kind === 'div' && isWhole(type) && !isNarrow(type))
      return {
        object: castBy('try_cast', call('trino_divide', cast(data.left ?? null, 'hugeint'), right), type),
      };
    return { object: { [kind]: { ...data, right } }, was };
  }
  if (!isWhole(type)) return { object, was };
  // No two numbers of 64 bits have a result of more than 128.
  const sides = [data.left ?? null, data.right ?? null].map((side) => cast(side, 'hugeint'));
  return { object: castBy('try_cast', binary(kind, sides[0]!, sides[1]!), type) };
}
