import { callOf } from './calls.ts';
import { type Ast, type AstObject, isObject } from './tree.ts';
import { isAggregate as isAggregateName, isWindowOnly } from './types/call-types.ts';
import { decimalOf, isFloating, isWhole, type SqlType } from './types/sql-type.ts';

/** What `try` catches in an expression. */
interface Tried {
  /** Nodes that may fail, and give null instead. */
  readonly caught: readonly AstObject[];
  /** A node of which it is not known how it fails, or that makes something of a null. */
  readonly unknown: AstObject | undefined;
}

type TypeOf = (node: Ast | undefined) => SqlType | undefined;

/** Null of a null in every argument, and never an error. */
const STRICT: ReadonlySet<string> = new Set(
  `abs ceil day floor json_extract_scalar length lower ltrim month quarter replace reverse round rtrim starts_with strpos
   substr trim upper year`.split(/\s+/),
);
/** They never fail, whatever they make of a null. */
const SAFE: ReadonlySet<string> = new Set([
  ...STRICT,
  'coalesce',
  'concat',
  'concat_ws',
  'if',
  'infinity',
  'nan',
  'nullif',
]);
const COMPARISONS: ReadonlySet<string> = new Set(['eq', 'neq', 'lt', 'lte', 'gt', 'gte']);
const SAFE_KINDS: ReadonlySet<string> = new Set([
  ...COMPARISONS,
  ...'and array_func or not is_null paren case concat'.split(' '),
]);
const LEAVES: ReadonlySet<string> = new Set(['boolean', 'column', 'literal', 'null']);

/**
 * Trino gives null for an expression that fails. Here its casts and divisions give null, which is the same where all
 * that stands around them makes null of null.
 */
export function tried(expression: Ast | undefined, typeOf: TypeOf): Tried {
  const caught: AstObject[] = [];
  let unknown: AstObject | undefined;
  const isSafe = (node: Ast | undefined): boolean => {
    if (Array.isArray(node)) return node.every(isSafe);
    if (!isObject(node) || isAggregate(node)) return true;
    const call = callOf(node);
    if (overflows(node, typeOf)) return false;
    if (call) return SAFE.has(call.name) && call.args.every(isSafe);
    const [[kind, data] = ['', null]] = Object.entries(node);
    if (LEAVES.has(kind)) return true;
    return SAFE_KINDS.has(kind) && isObject(data) && Object.values(data).every(isSafe);
  };
  const see = (node: Ast | undefined): void => {
    if (!isObject(node) || isAggregate(node) || isSafe(node)) return;
    const [[kind, data] = ['', null]] = Object.entries(node);
    const parts = isObject(data) ? data : {};
    const call = callOf(node);
    const type = typeOf(node);
    if (overflows(node, typeOf)) {
      caught.push(node);
      for (const part of call?.args ?? [parts.this]) see(part);
    } else if (kind === 'paren' || kind === 'neg') see(parts.this);
    else if (kind === 'cast' || kind === 'try_cast') {
      if (kind === 'cast') caught.push(node);
      see(parts.this);
    } else if (COMPARISONS.has(kind) || isCalculated(kind, type)) {
      if (!COMPARISONS.has(kind)) caught.push(node);
      see(parts.left);
      see(parts.right);
    } else if (call && STRICT.has(call.name)) for (const argument of call.args) see(argument);
    else unknown ??= node;
  };
  see(expression);
  return { caught, unknown };
}

/** Whether a node takes the sign off a whole number: the least of each type has no counterpart. */
export function overflows(node: AstObject, typeOf: TypeOf): boolean {
  const isOf = isObject(node.neg) ? !isLiteral(node.neg.this) : callOf(node)?.name === 'abs';
  return isOf && isWhole(typeOf(node));
}

const isLiteral = (node: Ast | undefined): boolean =>
  isObject(node) && (isObject(node.literal) || (isObject(node.paren) && isLiteral(node.paren.this)));

/** Calculations whose failures are those of a zero or of too many digits; of columns that are not known yet, any. */
function isCalculated(kind: string, type: SqlType | undefined): boolean {
  const isDivision = kind === 'div' || kind === 'mod';
  if (!isDivision && !['add', 'sub', 'mul'].includes(kind)) return false;
  const digits = decimalOf(type)?.precision;
  return type === undefined || isWhole(type) || isFloating(type) || (digits !== undefined && digits < 38);
}

/** Aggregates and windows fail before `try` is asked. */
function isAggregate(node: AstObject): boolean {
  const name = callOf(node)?.name;
  return 'window_function' in node || (name !== undefined && (isAggregateName(name) || isWindowOnly(name)));
}
