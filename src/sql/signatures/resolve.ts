import type { SqlType } from '../types/sql-type.ts';
import { typeText } from '../types/type-text.ts';
import { type Argument, type Bound, bind, isLambda } from './bind.ts';
import { isVariable, partsOf, type Signature, signaturesOf } from './signature.ts';

/** What Trino makes of a call. */
export type Resolution =
  /** `type` is undefined where it cannot be told, because those of the arguments cannot. */
  | { readonly found: 'one'; readonly type: SqlType | undefined; readonly bound?: Bound }
  | { readonly found: 'none' | 'several'; readonly signatures: readonly Signature[] };

/**
 * Which of a function's signatures a call means, as Trino chooses: one that takes the arguments as they are, before
 * those with variables, before those that want arguments to become other types; of these the most specific one.
 * Source: Trino's `FunctionBinder`.
 */
export function resolve(name: string, args: readonly Argument[]): Resolution {
  const signatures = signaturesOf(name);
  if (args.some((argument) => argument === undefined)) return resolvePartly(signatures, args);
  const plain = signatures.filter(({ parameters }) => !parameters.some(hasVariables));
  const generic = signatures.filter(({ parameters }) => parameters.some(hasVariables));
  for (const candidates of [plain, generic]) {
    const [exact] = boundOf(candidates, args, false);
    if (exact) return { found: 'one', type: exact.result, bound: exact };
  }
  const applicable = boundOf(signatures, args, true);
  if (applicable.length === 0) return { found: 'none', signatures };
  const best = mostSpecific(applicable, args);
  return best ? { found: 'one', type: best.result, bound: best } : { found: 'several', signatures };
}

/** With arguments of unknown types: what all signatures that may be meant have in common. */
function resolvePartly(signatures: readonly Signature[], args: readonly Argument[]): Resolution {
  const applicable = boundOf(signatures, args, true);
  if (applicable.length === 0) return { found: 'none', signatures };
  const results = new Set(applicable.map(({ result }) => result));
  return { found: 'one', type: results.size === 1 ? [...results][0] : undefined };
}

const boundOf = (signatures: readonly Signature[], args: readonly Argument[], coerce: boolean): Bound[] =>
  signatures.map((signature) => bind(signature, args, coerce)).filter((bound) => bound !== undefined);

function hasVariables(type: string): boolean {
  if (isVariable(type)) return true;
  return typeText(type).parts.length > 0 && partsOf(type).some(hasVariables);
}

function mostSpecific(bounds: readonly Bound[], args: readonly Argument[]): Bound | undefined {
  const best: Bound[] = [];
  for (const bound of bounds) {
    const worse = best.findIndex((other) => isMoreSpecific(bound, other));
    if (worse >= 0) best[worse] = bound;
    else if (!best.some((other) => isMoreSpecific(other, bound))) best.push(bound);
  }
  if (best.length < 2 || args.some(isLambda)) return best[0];
  const castsOnlyNulls = best.filter(({ parameters }) =>
    parameters.every((type, i) => type === args[i] || args[i] === 'unknown'),
  );
  const left = castsOnlyNulls.length > 0 ? castsOnlyNulls : best;
  if (left.length === 1) return left[0];
  const isAggregate = left.some(({ signature }) => signature.kind !== 'scalar');
  const results = new Set(
    left.map(({ result, signature }) => `${result} ${signature.exactResult.length > 8}`),
  );
  return results.size === 1 && !isAggregate ? left[0] : undefined;
}

/** Whether whatever the one takes could also be given to the other. */
function isMoreSpecific(one: Bound, other: Bound): boolean {
  const types = one.parameters;
  if (types.some((type) => type === undefined || type.startsWith('function('))) return false;
  return bind(other.signature, types, true) !== undefined;
}
